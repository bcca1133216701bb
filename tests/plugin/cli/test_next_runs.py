"""`isoflop advise --next-runs`: what to launch next, as a table, as JSON and as a plan."""

import json
import os
import pathlib
import subprocess

import pytest
import yaml

BINARY = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
RUNS = pathlib.Path(__file__).parents[2] / "data" / "chinchilla_figure4_subset.csv"


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def fit() -> str:
    return isoflop("fit", RUNS, "--bootstrap", 0, "--format", "json").stdout


def advise(fit: str, *arguments: object) -> subprocess.CompletedProcess:
    return isoflop("advise", "--fit", "-", *arguments, stdin=fit)


def test_plan_holds_the_runs_of_the_json(fit, tmp_path):
    plan = tmp_path / "plan.yaml"
    done = advise(fit, "--budget", "1e23", "--next-runs", "--sweep", "2e21", "--format", "json", "--plan", plan)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["advice"][0]["budget_flops"] == 1e23
    next_runs = answer["next_runs"]
    assert next_runs["state"] == "ready"
    assert sum(run["training_flops"] for run in next_runs["next_runs"] if run["kind"] == "INFORMATION") <= 2e21
    fields = ("name", "parameter_count", "token_count", "training_flops")
    planned = yaml.safe_load(plan.read_text())["runs"]
    for run, written in zip(next_runs["next_runs"], planned, strict=True):
        # YAML 1.1 reads 1e+18 as text, so numbers are compared as such.
        assert (written["name"], *(float(written[field]) for field in fields[1:])) == tuple(run[field] for field in fields)
    assert plan.read_text() == "runs:\n" + "".join(next_runs["plan"])
    selections = next_runs["interval_after_selection"]["loss_upper"]
    assert len(selections) == 2 ** len(next_runs["next_runs"])
    assert selections[0] == next_runs["interval_before"]["loss_nats_per_token"][1]


def test_what_noise_and_drift_forbid_is_said(fit):
    sweep = ("--budget", "1e23", "--next-runs", "--sweep", "1e20", "--precision")
    limited = json.loads(advise(fit, *sweep, 0.003, "--format", "json").stdout)["next_runs"]["precision"]
    assert limited["state"] == "NOISE_LIMITED" and limited["wanted"] < limited["best"] < limited["now"]
    assert limited["needed_flops"] > 1e20 and limited["enough_noise"] < limited["log_loss_noise"]
    assert limited["message"] in advise(fit, *sweep, 0.003).stdout
    # Hoffmann et al.'s law says 2 % less loss once it trusts large runs more: its own interval of .4 % is no promise.
    drifting = json.loads(advise(fit, *sweep, 0.01, "--format", "json").stdout)["next_runs"]["precision"]
    assert drifting["state"] == "DRIFTING" and drifting["drift"] == pytest.approx(-0.021, abs=0.004)
    wide = json.loads(advise(fit, *sweep, 0.05, "--format", "json").stdout)["next_runs"]["precision"]
    assert wide["state"] == "REACHED" and wide["needed_flops"] is None


def test_a_users_candidates_are_ranked_by_name(fit, tmp_path):
    candidates = tmp_path / "candidates.csv"
    candidates.write_text("name,N,D\nsmall,1e8,2e9\nlarge,4e9,8e10\nlong,1e8,1e11\n")
    done = advise(fit, "--next-runs", "--count", 3, "--candidates", candidates, "--format", "json")
    names = [run["name"] for run in json.loads(done.stdout)["next_runs"]["next_runs"]]
    assert sorted(names) == ["large", "long", "small"]
    candidates.write_text("name,N,D\nsmall,1e8,-1\n")
    bad = advise(fit, "--next-runs", "--candidates", candidates)
    assert bad.returncode == 2 and "candidates.csv:2" in bad.stderr


def test_too_few_runs_for_a_law_get_a_first_design(tmp_path):
    table = tmp_path / "few.csv"
    table.write_text("N,D,loss\n1e8,2e9,3.5\n2e8,4e9,3.2\n")
    few = isoflop("fit", table, "--format", "json")
    assert few.returncode == 3
    done = advise(few.stdout, "--next-runs", "--budget", "1e21")
    assert done.returncode == 0 and "Too few runs" in done.stdout
    assert len(yaml.safe_load(advise(few.stdout, "--next-runs", "--plan", "-").stdout)["runs"]) == 6  # Eight with those that are done.
    assert advise(few.stdout, "--budget", "1e21").returncode == 3


def test_wrong_use_is_refused(fit):
    assert advise(fit).returncode == 2
    assert advise(fit, "--sweep", "1e20", "--budget", "1e21").returncode == 2
    assert advise(fit, "--next-runs", "--budget", "1e21,1e22").returncode == 2
    document = json.loads(fit)
    del document["runs"]  # Written before fits kept their runs.
    old = advise(json.dumps(document), "--next-runs")
    assert old.returncode == 3 and "fit them again" in old.stderr
