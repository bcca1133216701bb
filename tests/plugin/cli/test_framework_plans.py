"""`isoflop check` on the files of training frameworks, as they are."""

import json
import os
import pathlib
import subprocess

import pytest

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
DATA = pathlib.Path(__file__).parents[2] / "data"
PLANS = DATA / "plans"
FILES = [
    "hugging_face/one_document/config.json",
    "hugging_face/pythia-160m/config.json",
    "litgpt/described.yaml",
    "litgpt/tinyllama.yaml",
    "megatron/gpt_345m.yaml",
    "megatron/train_gpt3_175b.sh",
    "megatron/train_llama3_8b.sh",
    "nanogpt/train_gpt2.py",
    "nanogpt/train_shakespeare_char.py",
    "torchtitan/llama3_8b.toml",
    "torchtitan/qwen3_0.6b.toml",
]


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def fit(tmp_path_factory) -> pathlib.Path:
    path = tmp_path_factory.mktemp("fit") / "fit.json"
    path.write_text(isoflop("fit", DATA / "chinchilla_figure4_subset.csv", "--bootstrap", 50, "--format", "json").stdout)
    return path


def test_every_frameworks_file_is_judged_with_places_of_its_own(fit):
    done = isoflop("check", *(PLANS / file for file in FILES), "--fit", fit, "--format", "json")
    assert done.returncode == 1 and done.stderr == ""
    runs = json.loads(done.stdout)["runs"]
    assert len(runs) == len(FILES)
    for file, run in zip(FILES, runs, strict=True):
        folder = str((PLANS / file).parent)
        assert run["parameter_count"] > 1e7 and run["token_count"] > 1e6
        for finding in run["findings"]:
            assert finding["place"]["file"].startswith(folder), (file, finding)
            assert finding["place"]["line"] > 0


@pytest.mark.parametrize(("file", "name"), [("nanogpt/train_gpt2.py", "python"), ("torchtitan/qwen3_0.6b.toml", "toml"), ("megatron/train_gpt3_175b.sh", "shell"),
                                            ("litgpt/tinyllama.yaml", "yaml")])
def test_standard_input_is_told_apart_by_what_it_holds(fit, file, name):
    done = isoflop("check", "-", "--fit", fit, "--format", "json", stdin=(PLANS / file).read_text())
    assert done.stderr == "", name
    named = isoflop("check", PLANS / file, "--fit", fit, "--format", "json")
    counts = [[run[key] for key in ("parameter_count", "token_count", "training_flops")] for answer in (done, named) for run in json.loads(answer.stdout)["runs"]]
    assert counts[0] == counts[1]


def test_training_arguments_may_be_named_too_and_are_no_plan_of_their_own(fit, monkeypatch):
    folder = PLANS / "hugging_face" / "pythia-160m"
    alone = isoflop("check", folder / "config.json", "--fit", fit, "--format", "json")
    both = isoflop("check", folder / "training_args.yaml", folder / "config.json", "--fit", fit, "--format", "json")
    assert both.stdout == alone.stdout and both.stderr == ""
    binary = pathlib.Path(BINARY).resolve()
    monkeypatch.chdir(folder)
    here = subprocess.run([binary, "check", "config.json", "--fit", fit, "--format", "json"], capture_output=True, text=True, timeout=120)
    assert json.loads(here.stdout)["runs"][0]["token_count"] == json.loads(alone.stdout)["runs"][0]["token_count"]


def test_a_configuration_without_arguments_says_what_it_needs(fit, tmp_path):
    config = tmp_path / "config.json"
    config.write_text((PLANS / "hugging_face" / "pythia-160m" / "config.json").read_text())
    done = isoflop("check", config, "--fit", fit)
    assert done.returncode == 2
    assert f"{config}:1:1: per_device_train_batch_size must be given, in the same file, in training_args.json or training_args.yaml beside it" in done.stderr


BOMBS = {
    "ten_megabytes.toml": b"a = 1\n" * 1_700_000,
    "nul.toml": b"a = 1\n\0\n",
    "nul.py": b"max_iters = 1\n\0\n",
    "nul.sh": b"--num-layers 2\n\0\n",
    "not_utf8.toml": b"a = 1\n\xff\n",
    "not_utf8.py": b"max_iters = 1\n\xff\n",
    "not_utf8.sh": b"--num-layers 2\n\xff\n",
    "brackets.toml": b"a = " + b"[" * 900_000,
    "tables.toml": b"a = " + b"{a=" * 300_000,
    "dots.toml": b".".join([b"a"] * 400_000) + b" = 1\n",
    "dots_in_lines.toml": b"\n".join(b"[" + b".".join([b"a"] * 900) + b"]\n" + b".".join([b"a"] * 900) + b" = 1" for _ in range(2)),
    "brackets.py": b"max_iters = " + b"(" * 900_000,
    "signs.py": b"max_iters = " + b"-" * 900_000,
    "powers.py": b"max_iters = 9" + b"**9" * 300_000,
    "names.py": b"a0 = 2\n" + b"".join(b"a%d = a%d * a%d\n" % (i + 1, i, i) for i in range(30_000)) + b"max_iters = a30000\n",
    "quotes.py": b"max_iters = " + b"'''" * 300_001,
    "doubling.sh": b"A=--num-layers\n" + b"A=$A$A\n" * 100_000,
    "expansions.sh": b"--num-layers " + b"$((" * 300_000,
    "nested.sh": b"--num-layers " + b"${A:-" * 200_000,
    "substitutions.sh": b"--num-layers " + b"$(" * 450_000,
    "lines.yaml": b"\n" * 1_000_000 + b"train: x",
    "deep.json": b'{"model_type": ' + b"[" * 900_000,
    "aliases.yaml": b"train: &a {max_tokens: 1}\nb: [*a, *a]\n",
    "comments.py": b"max_iters = 1\n# isoflop: a: &a [1]\n# isoflop: b: [*a, *a]\n",
    "deep_comment.toml": b"# isoflop: " + b"[" * 900_000 + b"\n[training]\nsteps = 1\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_with_their_place_and_at_once(fit, tmp_path, name):
    plan = tmp_path / name
    plan.write_bytes(BOMBS[name])
    done = subprocess.run([BINARY, "check", plan, "--fit", fit], capture_output=True, timeout=10)
    assert done.returncode == 2, done
    assert done.stderr.startswith(str(plan).encode() + b":")
    assert len(done.stderr) < 2_000
