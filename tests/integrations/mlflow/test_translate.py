"""MLflow's real client talks to MLflow's real handlers, with the tap in between; its bodies are translated."""

import json
import math
import sys
import threading

import pytest
from isoflop.v1 import run_events_pb2 as pb
from isoflop_mlflow.event_queue import EventQueue
from isoflop_mlflow.translate import ENDPOINTS, NEEDS_RESPONSE, translate
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from werkzeug.serving import make_server

RUN = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def tapped(tmp_path_factory):
    """(client, queue): what the client writes is seen in the queue."""
    folder = tmp_path_factory.mktemp("mlflow")
    patch = pytest.MonkeyPatch()
    patch.setenv("_MLFLOW_SERVER_FILE_STORE", f"sqlite:///{folder}/mlflow.db")
    patch.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", str(folder / "artifacts"))
    patch.delenv("PYTEST_CURRENT_TEST", raising=False)
    from isoflop_mlflow.tap import make_tap
    from mlflow.server import app
    from mlflow.server.handlers import _add_static_prefix

    queue = EventQueue(1 << 20)
    app.after_request(make_tap(_add_static_prefix, queue, lambda run_id: None))
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield MlflowClient(f"http://127.0.0.1:{server.port}"), queue
    server.shutdown()
    thread.join()
    patch.undo()


def events_of(queue: EventQueue) -> list[pb.RunEvent]:
    events = []
    while queue.byte_count:
        for item in queue.take(1 << 20, lambda: False):
            events += translate(item.endpoint, item.body, item.response).events
    return events


@pytest.fixture
def run(tapped):
    client, queue = tapped
    run_id = client.create_run("0", run_name="first").info.run_id
    events_of(queue)
    return run_id


def test_a_created_run_starts_with_its_experiment_name_and_tags(tapped):
    client, queue = tapped
    run = client.create_run("0", start_time=1234, tags={"team": "scaling"}, run_name="big one")
    started, tags = events_of(queue)
    assert started == pb.RunEvent(
        run_id=run.info.run_id, started=pb.RunStarted(study_id="0", run_name="big one", start_time_ms=1234)
    )
    assert tags.params_and_tags.tags["team"] == "scaling"


def test_metrics_of_a_batch_become_one_column_a_key_with_params_and_tags_before_them(tapped, run):
    client, queue = tapped
    metrics = [Metric("loss", 3.5 - step, 1000 + step, step) for step in range(3)] + [Metric("lr", 0.5, 7, -1)]
    client.log_batch(run, metrics, [Param("layers", "12")], [RunTag("a", "b")])
    first, loss, rate = events_of(queue)
    assert dict(first.params_and_tags.params) == {"layers": "12"} and dict(first.params_and_tags.tags) == {"a": "b"}
    assert loss.metric_points == pb.MetricPoints(key="loss", steps=[0, 1, 2], times_ms=[1000, 1001, 1002], values=[3.5, 2.5, 1.5])
    assert rate.metric_points == pb.MetricPoints(key="lr", steps=[-1], times_ms=[7], values=[0.5])


@pytest.mark.parametrize(
    ("logged", "kept"),
    [(math.inf, sys.float_info.max), (-math.inf, -sys.float_info.max), (1.5e308, 1.5e308), (5e-324, 5e-324), (-0.5, -0.5)],
)
def test_a_value_is_what_mlflow_will_read_back(tapped, run, logged, kept):
    client, queue = tapped
    client.log_metric(run, "loss", logged)
    (event,) = events_of(queue)
    assert list(event.metric_points.values) == [kept]
    assert [metric.value for metric in client.get_metric_history(run, "loss")] == [kept]


def test_not_a_number_stays_one(tapped, run):
    client, queue = tapped
    client.log_metric(run, "loss", math.nan, step=4, timestamp=9)
    client.log_batch(run, [Metric("loss", math.nan, 10, 5)])
    single, batch = events_of(queue)
    assert math.isnan(single.metric_points.values[0]) and math.isnan(batch.metric_points.values[0])
    assert list(single.metric_points.steps) == [4] and list(single.metric_points.times_ms) == [9]


def test_params_tags_and_their_removal_are_seen(tapped, run):
    client, queue = tapped
    client.log_param(run, "width", 64)
    client.set_tag(run, "k", "v")
    client.delete_tag(run, "k")
    param, tag, removed = (event.params_and_tags for event in events_of(queue))
    assert dict(param.params) == {"width": "64"}
    assert dict(tag.tags) == {"k": "v"}
    assert list(removed.removed_tags) == ["k"]


def test_a_run_ends_runs_again_and_is_renamed(tapped, run):
    client, queue = tapped
    client.set_terminated(run, "FAILED", end_time=77)
    client.update_run(run, status="RUNNING")
    client.update_run(run, name="second")
    events = events_of(queue)
    assert events[0].ended == pb.RunEnded(status=pb.FAILED, end_time_ms=77)
    assert events[1].HasField("started") and not events[1].started.study_id
    assert events[-1].params_and_tags.tags["mlflow.runName"] == "second"
    assert all(event.run_id == run for event in events)


def test_a_run_is_deleted_and_restored(tapped, run):
    client, queue = tapped
    client.delete_run(run)
    client.restore_run(run)
    assert [event.WhichOneof("kind") for event in events_of(queue)] == ["deleted", "restored"]


def test_writes_to_experiments_ask_for_the_experiment_to_be_read_back(tapped):
    client, queue = tapped
    experiment = client.create_experiment("read me back")
    client.rename_experiment(experiment, "renamed")
    client.delete_experiment(experiment)
    client.restore_experiment(experiment)
    items = queue.take(1 << 20, lambda: False)
    assert len(items) == 4
    assert {tuple(translate(item.endpoint, item.body, item.response).experiment_ids) for item in items} == {(experiment,)}


def test_settings_of_a_study_ask_for_its_experiment_and_other_tags_do_not(tapped):
    client, queue = tapped
    experiment = client.create_experiment("with settings")
    queue.take(1 << 20, lambda: False)
    for key in ("isoflop.days", "team"):
        client.set_experiment_tag(experiment, key, "30")
        client.delete_experiment_tag(experiment, key)
    items = queue.take(1 << 20, lambda: False)
    assert [translate(item.endpoint, item.body, item.response).experiment_ids for item in items] == [[experiment], [experiment], [], []]


def test_refused_writes_and_reads_are_not_queued(tapped, run):
    client, queue = tapped
    with pytest.raises(Exception):
        client.log_metric("no such run", "loss", 1.0)
    client.get_run(run)
    client.search_runs(["0"])
    assert queue.byte_count == 0


def test_other_spellings_that_mlflow_accepts_are_read():
    camel = translate("runs/log-metric", b'{"runId":"%s","key":"loss","value":"NaN","timestamp":"12","step":"3"}' % RUN.encode(), b"")
    assert camel.events[0].run_id == RUN and list(camel.events[0].metric_points.times_ms) == [12]
    twice = json.dumps(json.dumps({"run_uuid": RUN, "status": 3, "end_time": "5"})).encode()
    assert translate("runs/update", twice, b"").events[0].ended == pb.RunEnded(status=pb.FINISHED, end_time_ms=5)


BROKEN = [
    b"", b"null", b"[]", b"{}", b"{", b'"x"', b"\xff\xfe", b"1" * 5000, b"[" * 100_000, b'{"run_id": 5}', b'{"run_id": "r", "metrics": 1}',
    b'{"run_id": "r", "metrics": [{"key": "k", "value": "many", "timestamp": 0}]}',
    b'{"run_id": "r", "metrics": [{"key": "k", "value": 1, "step": 1e400}]}',
    b'{"run_id": "r", "metrics": [{"key": "k", "value": 1, "step": 99999999999999999999}]}',
    b'{"run_id": "r", "key": "\\ud800", "value": "x", "params": [{"key": "\\ud800"}], "status": "LOST"}',
    b'{"run_id": "r", "experiment_id": {}, "params": [7], "key": {}, "status": {"a": 1}}',
]  # fmt: skip


@pytest.mark.parametrize("endpoint", sorted(ENDPOINTS))
@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_a_malformed_body_is_a_value_error_and_nothing_else(endpoint, body):
    try:
        translate(endpoint, body, body if endpoint in NEEDS_RESPONSE else b"")
    except ValueError:
        pass
