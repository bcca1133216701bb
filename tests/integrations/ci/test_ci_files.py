"""What teams copy or name: valid by the hosts' published schemas, pinned, and nothing of a request in a shell's text."""

import re
import subprocess
import sys

import pytest
import yaml
from isoflop_binary import ROOT

CI = ROOT / "integrations" / "ci"
ACTION, TEMPLATE, HOOKS = CI / "action.yml", CI / "gitlab" / "isoflop.gitlab-ci.yml", ROOT / ".pre-commit-hooks.yaml"
EXAMPLES = re.findall(r"```yaml\n# (\S+)\n(.*?)```", (CI / "README.md").read_text(), re.DOTALL)
SCHEMAS = {".github/workflows/plans.yml": "vendor.github-workflows", ".gitlab-ci.yml": "vendor.gitlab-ci"}


def tool(*arguments: object, stdin: str = "") -> None:
    done = subprocess.run([str(argument) for argument in arguments], input=stdin, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def fits_schema(schema: str, path) -> None:
    tool(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path)


def test_the_files_fit_the_published_schemas():
    fits_schema("vendor.github-actions", ACTION)
    fits_schema("vendor.gitlab-ci", TEMPLATE)
    tool(sys.executable, "-m", "pre_commit", "validate-manifest", HOOKS)


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_examples_fit_the_published_schemas(name, text, tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(text)
    if name in SCHEMAS:
        fits_schema(SCHEMAS[name], path)
    else:
        tool(sys.executable, "-m", "pre_commit", "validate-config", path)


def test_examples_give_what_is_declared_and_pin_what_is_of_others():
    inputs, variables = yaml.safe_load(ACTION.read_text())["inputs"], yaml.safe_load(TEMPLATE.read_text())["isoflop-check"]["variables"]
    workflows = [yaml.safe_load(text) for name, text in EXAMPLES if name.startswith(".github")]
    steps = [step for workflow in workflows for step in workflow["jobs"]["check"]["steps"] if "uses" in step]
    ours = [step for step in steps if "isoflop/integrations/ci" in step["uses"]]
    assert len(ours) == len(workflows) == 3 and all(step["with"].keys() <= inputs.keys() for step in ours)
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]) for step in steps if step not in ours)
    (gitlab,) = [yaml.safe_load(text) for name, text in EXAMPLES if name.startswith(".gitlab")]
    assert gitlab["isoflop-check"]["variables"].keys() <= variables.keys()


def test_the_readme_names_every_input_and_output():
    action = yaml.safe_load(ACTION.read_text())
    text = (CI / "README.md").read_text()
    assert [name for name in [*action["inputs"], *action["outputs"]] if f"`{name}`" not in text] == []


def test_shell_lines_have_nothing_to_object_to_and_nothing_of_an_expression():
    steps = yaml.safe_load(ACTION.read_text())["runs"]["steps"]
    job = yaml.safe_load(TEMPLATE.read_text())["isoflop-check"]
    scripts = [step["run"] for step in steps] + ["\n".join(job[key]) for key in ("script", "after_script")]
    for script in scripts:
        assert "${{" not in script
        tool("shellcheck", "--shell=bash", "-", stdin=script + "\n")
    assert not any("uses" in step for step in steps)
