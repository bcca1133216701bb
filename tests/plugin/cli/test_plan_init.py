"""`isoflop plan init`: plans from the advice and from a run in the tracker, read back by `isoflop check`."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "integrations" / "python"))

import grpc  # noqa: E402
from isoflop.v1 import ingest_pb2, ingest_pb2_grpc, run_events_pb2  # noqa: E402

BINARY = os.environ.get("ISOFLOP_BINARY") or str(REPOSITORY / "build" / "isoflop")
RUNS = REPOSITORY / "tests" / "data" / "chinchilla_figure4_subset.csv"


def isoflop(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BINARY, *map(str, arguments)], input=stdin, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def fit(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("fit") / "fit.json"
    path.write_text(isoflop("fit", RUNS, "--bootstrap", 50, "--format", "json").stdout)
    return path


def values(plan: str) -> dict:
    """Numbers as numbers: YAML 1.1 takes 1e+22 for text."""
    return {key: value if key in ("name", "study", "parameter_convention") else float(value) for key, value in yaml.safe_load(plan).items()}


def is_valid(plan: str) -> bool:
    return jsonschema.Draft202012Validator(json.loads(isoflop("plan", "schema").stdout)).is_valid(yaml.safe_load(plan))


def test_the_advice_for_a_budget_becomes_a_plan_that_passes(fit, tmp_path):
    plan = tmp_path / "plan.yaml"
    assert isoflop("plan", "init", "--fit", fit, "--budget", 1e22, "-o", plan).returncode == 0
    advice = json.loads(isoflop("advise", "--fit", fit, "--budget", 1e22, "--format", "json").stdout)["advice"][0]
    written = values(plan.read_text())
    assert written["parameter_count"] == advice["parameter_count"]["estimate"]
    assert written["token_count"] == pytest.approx(advice["token_count"]["estimate"], rel=2e-9)
    assert 6 * written["parameter_count"] * written["token_count"] <= written["budget_flops"] == 1e22
    assert is_valid(plan.read_text())
    done = isoflop("check", plan, "--fit", fit, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = json.loads(done.stdout)["runs"]
    assert not {"OFF_OPTIMUM", "OVER_BUDGET"} & {finding["code"] for finding in run["findings"]}
    for line in plan.read_text().splitlines():
        assert "#" in line or line.startswith("name: ") or not line, line  # Every value but the name says where it comes from.


def test_a_law_of_another_convention_says_so_in_its_plan(tmp_path):
    fit = isoflop("fit", RUNS, "--bootstrap", 0, "--convention", "non_embedding", "--format", "json").stdout
    plan = isoflop("plan", "init", "--fit", "-", "--budget", 1e21, stdin=fit).stdout
    assert values(plan)["parameter_convention"] == "non_embedding" and is_valid(plan)


def test_a_file_that_is_there_is_written_over_by_force_only(fit, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("name: mine\n")
    refused = isoflop("plan", "init", "--fit", fit, "--budget", 1e22, "-o", plan)
    assert refused.returncode == 2 and "--force" in refused.stderr and plan.read_text() == "name: mine\n"
    assert isoflop("plan", "init", "--fit", fit, "--budget", 1e22, "-o", plan, "--force", "--name", "other").returncode == 0
    assert values(plan.read_text())["name"] == "other"


def test_what_cannot_be_planned_is_told_by_its_exit_code(fit, tmp_path):
    few = isoflop("fit", "-", "--format", "json", stdin="N,D,loss\n1e8,2e9,3.5\n2e8,4e9,3.2\n").stdout
    assert isoflop("plan", "init", "--fit", "-", "--budget", 1e22, stdin=few).returncode == 3
    far = isoflop("plan", "init", "--fit", fit, "--budget", 1e26)
    assert far.returncode == 3 and "too far" in far.stderr
    for wrong in (["--budget", 1e22], ["--fit", fit], ["--fit", fit, "--run", "a"], ["--fit", fit, "--budget", -1], ["--fit", fit, "--budget", 1e22, "--run", "a"]):
        assert isoflop("plan", "init", *wrong).returncode == 2, wrong
    assert isoflop("plan", "init", "--server", f"unix:{tmp_path}/nobody", "--study", "7", "--run", "a").returncode == 4


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    listen = f"unix:{folder}/socket"
    command = [BINARY, "serve", f"--store=sqlite:{folder}/isoflop.db", f"--listen={listen}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        process.stdout.readline()  # It listens.
        store_runs(listen)
        yield listen
        process.terminate()


def events_of(run_id: str, name: str, params: dict, loss: float) -> list:
    event, texts = run_events_pb2.RunEvent, {key: f"{value:.17g}" for key, value in params.items()}
    return [
        event(run_id=run_id, started=run_events_pb2.RunStarted(study_id="7", run_name=name)),
        event(run_id=run_id, params_and_tags=run_events_pb2.ParamsAndTags(params=texts)),
        event(run_id=run_id, metric_points=run_events_pb2.MetricPoints(key="loss", steps=[1], times_ms=[1], values=[loss])),
        event(run_id=run_id, ended=run_events_pb2.RunEnded(status=run_events_pb2.FINISHED)),
    ]


def store_runs(address: str) -> None:
    """Forty published runs, two of one name, and one with all that a plan can say; answered when the study's pages hold all of them."""
    with RUNS.open() as table:
        rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(table)][::6]
    events = []
    for i, row in enumerate(rows):
        events += events_of(f"run{i}", f"name {i // 2}", {"parameter_count": row["N"], "token_count": row["D"]}, row["loss"])
    full = {"parameter_count": 1e9, "token_count": 2.0e10, "step_count": 10000, "batch_token_count": 2e6, "learning_rate": 3e-4, "unique_token_count": 1e10}
    events += events_of("full", "nosy-hen: 12 # x", full, 2.6)
    requests = [
        ingest_pb2.StreamRunEventsRequest(hello=ingest_pb2.Hello(client_name="test", client_version="0.1.0")),
        ingest_pb2.StreamRunEventsRequest(batch=ingest_pb2.EventBatch(sequence_number=1, events=events)),
    ]
    with grpc.insecure_channel(address) as channel:
        answers = list(ingest_pb2_grpc.IngestServiceStub(channel).StreamRunEvents(iter(requests)))
    assert answers[-1].acknowledgement.sequence_number == 1
    for _ in range(400):
        studies = json.loads(isoflop("status", "--server", address, "--format", "json").stdout)["studies"]
        if studies and studies[0]["observation_count"] == len(rows) + 1 and studies[0]["laws"]:
            return
    raise AssertionError(studies)


def test_a_run_in_the_tracker_becomes_a_plan_by_id_or_name(server, fit, tmp_path):
    plan = tmp_path / "plan.yaml"
    done = isoflop("plan", "init", "--server", server, "--study", "7", "--run", "nosy-hen: 12 # x", "-o", plan)
    assert (done.returncode, done.stderr) == (0, "")
    assert values(plan.read_text()) == {
        "name": "nosy-hen: 12 # x-again", "study": 7, "parameter_count": 1e9, "token_count": 2e10, "unique_token_count": 1e10,
        "step_count": 10000, "batch_token_count": 2e6, "learning_rate": 3e-4,
    }
    assert "run full (nosy-hen: 12 # x)" in plan.read_text() and is_valid(plan.read_text())
    assert isoflop("plan", "init", "--server", server, "--study", "7", "--run", "full").stdout == plan.read_text()
    read = isoflop("check", plan, "--fit", fit, "--format", "json")
    assert read.stderr == "" and len(json.loads(read.stdout)["runs"]) == 1


def test_a_run_that_is_none_or_of_two_is_refused(server):
    for run, count in (("nobody", 0), ("name 3", 2)):
        done = isoflop("plan", "init", "--server", server, "--study", "7", "--run", run)
        assert done.returncode == 2 and f"got {run}, the name of {count} of 40" in done.stderr


def test_the_advice_of_a_study_is_planned_for_that_study(server):
    plan = isoflop("plan", "init", "--server", server, "--study", "7", "--budget", 1e22)
    assert plan.returncode == 0, plan.stderr
    advice = json.loads(isoflop("advise", "--server", server, "--study", "7", "--budget", 1e22, "--format", "json").stdout)["advice"][0]
    assert values(plan.stdout)["study"] == 7
    assert values(plan.stdout)["parameter_count"] == advice["parameter_count"]["estimate"]
