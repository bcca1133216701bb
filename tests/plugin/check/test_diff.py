"""`isoflop check --diff`: what changed against the plans as they were, run by run, in text, JSON and Markdown."""

import json
import shutil

import pytest

from check_plans import GOLDEN, PLANS, check

FORMS = {"text": "txt", "json": "json", "markdown": "md"}
ODD = 'a|b `c` <d> "e" & @f #1 ünï ::error::g'


def diff(*arguments: object, **others) -> dict:
    done = check(*arguments, "--format", "json", **others)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)["diff"]


def plan(size: str, tokens: str = "250B", more: str = "") -> str:
    return f"name: run\nparameter_count: {size}\ntoken_count: {tokens}\n{more}"


@pytest.mark.parametrize("form", FORMS)
def test_output_is_the_golden_file(form, request):
    done = check(*PLANS["findings"], "--diff", "base", "--format", form)
    golden = GOLDEN / f"diff.{FORMS[form]}"
    if request.config.getoption("--update-golden", default=False):
        golden.write_bytes(done.stdout.encode())
    assert done.returncode == 1, done.stderr
    assert done.stdout == golden.read_bytes().decode()


def test_every_run_is_told_by_file_and_name():
    states = {(run["file"], run["name"]): run["state"] for run in diff(*PLANS["findings"], "--diff", "base")["runs"]}
    assert states == {
        ("plans/large.yaml", "gopher"): "changed",
        ("plans/many.yaml", "chinchilla"): "changed",
        ("plans/many.yaml", ODD): "changed",
        ("plans/many.yaml", "beyond"): "unchanged",
        ("plans/many.yaml", "costly"): "added",
        ("plans/settled.yaml", "settled"): "added",
        ("plans/many.yaml", "dear"): "removed",
        ("plans/gone.yaml", "gone"): "removed",
    }


def test_figures_before_are_those_of_a_check_of_the_plans_as_they_were():
    before = {run["name"]: run for run in json.loads(check("base/plans/large.yaml", "base/plans/many.yaml", "--format", "json").stdout)["runs"]}
    after = {run["name"]: run for run in json.loads(check(*PLANS["findings"], "--format", "json").stdout)["runs"]}
    answer = diff(*PLANS["findings"], "--diff", "base")
    for run in answer["runs"]:
        for side, runs in (("before", before), ("after", after)):
            if run[side] and run["name"] in runs:
                judged = runs[run["name"]]
                assert all(run[side][key] == judged[key] for key in ("verdict", "parameter_count", "token_count", "training_flops", "fitted", "drift_weighted"))
    flops = answer["training_flops"]
    assert flops["after"] == pytest.approx(sum(run["training_flops"] for run in after.values()), rel=1e-9)
    # The one that is gone has 6 x 3e9 x 60e9.
    assert flops["before"] == pytest.approx(sum(run["training_flops"] for run in before.values()) + 1.08e21, rel=1e-9)
    assert flops["change"] == pytest.approx(flops["after"] - flops["before"], rel=1e-6)


def test_findings_are_added_fixed_waived_and_remain(tmp_path):
    base = tmp_path / "base.yaml"

    def findings(before: str, after: str) -> dict[str, list[str]]:
        base.write_text(before)
        (tmp_path / "plan.yaml").write_text(after)
        (run,) = diff("plan.yaml", "--diff", base, directory=tmp_path)["runs"]
        return {kind: [one["code"] for one in found if one["code"] != "EXTRAPOLATION"] for kind, found in run["findings"].items()}

    waiver = "waive: [{code: OFF_OPTIMUM, reason: fixed hardware, until: 2027-12-01}]\n"
    good, bad, waived = plan("8B"), plan("280B", "300B"), plan("280B", "300B", waiver)
    nothing = {"added": [], "fixed": [], "waived": [], "remaining": []}
    assert findings(good, bad) == nothing | {"added": ["OFF_OPTIMUM"]}
    assert findings(bad, good) == nothing | {"fixed": ["OFF_OPTIMUM"]}
    assert findings(bad, bad) == nothing | {"remaining": ["OFF_OPTIMUM"]}
    assert findings(bad, waived) == nothing | {"waived": ["OFF_OPTIMUM"]}
    assert findings(waived, bad) == nothing | {"added": ["OFF_OPTIMUM"]}


def test_nothing_changed_is_said(tmp_path):
    shutil.copytree(GOLDEN / "plans", tmp_path / "plans", ignore=shutil.ignore_patterns("bad.yaml"))
    done = check(*PLANS["findings"], "--diff", tmp_path)
    assert "changes: compute unchanged, price unchanged, 0 findings added, 0 fixed, 12 remain; no run changed\n" in done.stdout


def test_a_base_that_is_no_plan_is_told_and_its_runs_count_as_added(tmp_path):
    folder = tmp_path / "base"
    folder.mkdir()
    (folder / "plan.yaml").write_text("parameter_count: -5\n")
    (folder / "README.md").write_text("# No plan\n")
    (tmp_path / "plan.yaml").write_text(plan("8B"))
    done = check("plan.yaml", "--diff", folder, "--format", "json", directory=tmp_path)
    assert done.returncode == 0
    answer = json.loads(done.stdout)["diff"]
    assert {problem["place"]["file"] for problem in answer["problems"]} == {"plan.yaml"}
    assert [(run["name"], run["state"]) for run in answer["runs"]] == [("run", "added")]


def test_a_base_that_is_missing_is_wrong_use(tmp_path):
    done = check("plans/large.yaml", "--diff", tmp_path / "missing")
    assert done.returncode == 2 and "missing" in done.stderr
    assert check(*PLANS["findings"], "--diff", "plans/large.yaml").returncode == 2
