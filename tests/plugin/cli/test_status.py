"""`isoflop status` against a real server, and without one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "integrations" / "python"))

import grpc  # noqa: E402
from isoflop.v1 import ingest_pb2, ingest_pb2_grpc, run_events_pb2  # noqa: E402

BINARY = os.environ.get("ISOFLOP_BINARY") or str(REPOSITORY / "build" / "isoflop")


def status(address, *flags):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ISOFLOP_")}
    return subprocess.run([BINARY, "status", "--server", address, *flags], capture_output=True, text=True, env=environment, timeout=60)


@pytest.fixture
def server(tmp_path):
    listen = f"unix:{tmp_path}/socket"
    command = [BINARY, "serve", f"--store=sqlite:{tmp_path}/isoflop.db", f"--listen={listen}", "--laws=chinchilla,kaplan_nd"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        process.stdout.readline()  # It listens.
        yield listen
        process.terminate()


def store_run(address, run_id, parameters, tokens, loss):
    """One finished run of study 7, acknowledged."""
    started = run_events_pb2.RunStarted(study_id="7")
    names = run_events_pb2.ParamsAndTags(params={"parameter_count": str(parameters), "token_count": str(tokens)})
    points = run_events_pb2.MetricPoints(key="loss", steps=[1], times_ms=[1], values=[loss])
    events = [
        run_events_pb2.RunEvent(run_id=run_id, started=started),
        run_events_pb2.RunEvent(run_id=run_id, params_and_tags=names),
        run_events_pb2.RunEvent(run_id=run_id, metric_points=points),
        run_events_pb2.RunEvent(run_id=run_id, ended=run_events_pb2.RunEnded(status=run_events_pb2.FINISHED)),
    ]
    requests = [
        ingest_pb2.StreamRunEventsRequest(hello=ingest_pb2.Hello(client_name="test", client_version="0.1.0")),
        ingest_pb2.StreamRunEventsRequest(batch=ingest_pb2.EventBatch(sequence_number=1, events=events)),
    ]
    with grpc.insecure_channel(address) as channel:
        answers = list(ingest_pb2_grpc.IngestServiceStub(channel).StreamRunEvents(iter(requests)))
    assert answers[-1].acknowledgement.sequence_number == 1


def test_shows_each_law_of_a_study_and_the_queue(server):
    assert "No studies yet." in status(server).stdout
    store_run(server, "a", 1e8, 2e9, 3.1)
    deadline = 200
    document = {"studies": []}
    while deadline and not (document["studies"] and document["studies"][0]["laws"]):
        deadline -= 1
        document = json.loads(status(server, "--format", "json").stdout)
    assert document["schema_version"] == 1 and document["acknowledged_event_count"] == 4
    (study,) = document["studies"]
    assert (study["study"], study["run_count"], study["observation_count"]) == ("7", 1, 1)
    assert [law["law"] for law in study["laws"]] == ["chinchilla", "kaplan_nd"]
    assert study["laws"][0]["refit"]["added_count"] == 1
    assert document["queue"]["lag_sec"] == 0
    table = status(server).stdout
    assert table.splitlines()[0].split()[:3] == ["study", "name", "runs"]
    assert "chinchilla" in table and "kaplan_nd" in table and "0 studies wait" in table


def test_exits_with_4_where_no_server_answers(tmp_path):
    answer = status(f"unix:{tmp_path}/nobody", "--format", "json")
    assert answer.returncode == 4 and answer.stdout == ""
    assert "no answer from a server at" in answer.stderr


def test_help_has_an_example():
    answer = subprocess.run([BINARY, "status", "--help"], capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0 and "Example:\n  isoflop status --server" in answer.stdout
