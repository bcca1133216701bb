"""The published schema of plans: it follows from the reader's fields, takes what the reader takes, and refuses what it can."""

import json
import os
import pathlib
import subprocess

import jsonschema
import pytest
import yaml

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
ROOT = pathlib.Path(__file__).parents[3]
PLANS = sorted((ROOT / "tests" / "data" / "plans" / "plan").iterdir())
GOOD = "parameter_count: 1e9\ntoken_count: 2e10\n"
MALFORMED = {
    "a word": "hello",
    "nothing": "",
    "a key mistyped": "paramter_count: 1e9\ntoken_count: 2e10\n",
    "no size": "token_count: 2e10\n",
    "no tokens": "parameter_count: 1e9\nstep_count: 10\n",
    "a batch of unknown tokens": "parameter_count: 1e9\nstep_count: 10\nbatch_sequence_count: 8\n",
    "epochs of what": "parameter_count: 1e9\nepoch_count: 4\n",
    "a field in the wrong map": GOOD + "gpu_count: 8\n",
    "a field of another map": GOOD + "hardware: {layer_count: 8}\n",
    "a unit in the value": "parameter_count: 1e9\ntoken_count: 300 B tokens\n",
    "a small letter": "parameter_count: 1.3m\ntoken_count: 2e10\n",
    "a letter where none is taken": GOOD + "learning_rate: 1K\n",
    "a decimal comma": "parameter_count: 1,3\ntoken_count: 2e10\n",
    "a leading zero": "parameter_count: '0755'\ntoken_count: 2e10\n",
    "a percentage": GOOD + "hardware: {utilisation: 40%}\n",
    "below nothing": "parameter_count: -1000000000\ntoken_count: 2e10\n",
    "past the range": GOOD + "hardware: {utilisation: 1.5}\n",
    "nothing where something must be": GOOD + "learning_rate: 0\n",
    "half a step": "parameter_count: 1e9\nstep_count: 10.5\nbatch_token_count: 1e6\n",
    "a list for a value": "parameter_count: [1e9, 2e9]\ntoken_count: 2e10\n",
    "a word that is none": GOOD + "schedule: cosin\n",
    "a switch that is none": GOOD + "architecture: {layer_count: 2, model_width: 64, vocabulary_size: 64, tied_embeddings: maybe}\n",
    "a month that is none": GOOD + "deadline_date: 2027-13-01\n",
    "an empty name": GOOD + "name: ''\n",
    "a later version": "schema_version: 2\n" + GOOD,
    "runs and a sweep": "runs: [{parameter_count: 1e9, token_count: 2e10}]\nsweep: {token_count: [1e9]}\n",
    "no run": "runs: []\n",
    "a run that is none": "runs: [7b]\n",
    "a sweep of nothing": "parameter_count: 1e9\nsweep: {}\n",
    "a sweep of one value": "parameter_count: 1e9\nsweep: {token_count: 2e10}\n",
    "a waiver without a reason": GOOD + "waive: [{code: OFF_OPTIMUM, until: 2027-01-31}]\n",
    "a waiver of no finding": GOOD + "waive: [{code: OFF_OPTIMUN, reason: ablation, until: 2027-01-31}]\n",
}


class Loader(yaml.SafeLoader):
    """YAML 1.1 but for dates, which are text: PyYAML takes 3e-4 for text, so that the patterns of numbers are tried too."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"] for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def numbers(value):
    """The same as YAML 1.2 has it: what reads as a number is one."""
    if isinstance(value, dict):
        return {key: numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [numbers(inner) for inner in value]
    if isinstance(value, str):
        try:
            return float(value) if "_" not in value else value
        except ValueError:
            pass
    return value


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(isoflop("plan", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def is_refused(text: str, name: str = "-") -> bool:
    """By the reader. A file that is no fit is told after what is wrong with the plan."""
    done = isoflop("check", name, "--fit", os.devnull, stdin=text)
    assert done.returncode == 2
    return not done.stderr.startswith(f"isoflop check: {os.devnull}")


def test_the_published_file_is_what_the_command_prints():
    assert (ROOT / "deploy" / "docs" / "plan.schema.json").read_text() == isoflop("plan", "schema").stdout


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.name)
def test_plans_that_the_reader_takes_are_valid(validator, plan):
    assert not is_refused("", plan)
    read = yaml.load(plan.read_text(), Loader)
    assert [error.message for error in validator.iter_errors(read)] == []
    assert [error.message for error in validator.iter_errors(numbers(read))] == []


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_the_reader_refuses_for_its_form_is_not_valid(validator, text):
    assert is_refused(text)
    assert not validator.is_valid(yaml.load(text, Loader))


def test_every_field_is_described(validator):
    schema = validator.schema
    for name, definition in schema["$defs"].items():
        assert definition.get("description") or name in ("run", "complete_run"), name
