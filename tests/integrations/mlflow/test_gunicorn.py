"""Under gunicorn, with a queue too small for a large batch and no reconciliation by the clock."""

import pytest
from mlflow.entities import Metric, Param
from mlflow_server import MlflowServer, wait_until
from planted_runs import planted_losses


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = MlflowServer(
        tmp_path_factory.mktemp("gunicorn"),
        workers=2,
        arguments=["--gunicorn-opts", "--timeout 60"],
        ISOFLOP_QUEUE_BYTES="65536",
        ISOFLOP_RECONCILE_PERIOD_SEC="3600",
    )
    try:
        server.wait_ready().wait_online()
        yield server
    finally:
        server.stop()


def test_runs_whose_events_were_dropped_are_read_back_at_once(server):
    client = server.client
    experiment_id = client.create_experiment("dropped")
    for parameters, tokens, loss in planted_losses(8, seed=1):
        run_id = client.create_run(experiment_id).info.run_id
        params = [Param("parameter_count", str(parameters)), Param("token_count", str(tokens))]
        client.log_batch(run_id, [Metric("loss", loss, 1000 + step, step) for step in range(900)], params)
        client.set_terminated(run_id)
    law = wait_until(lambda: (answer := server.route("law", experiment_id)).status == 200 and answer.json, "a law")
    assert law["law"] == "chinchilla"
    wait_until(lambda: server.route("law", experiment_id).json["observation_count"] == 8, "the law of 8 runs")
    # Each worker counts for itself.
    assert wait_until(lambda: server.route("status").json["dropped_event_count"] > 0, "a worker that dropped")


def test_events_are_not_pushed_and_the_page_is_told_so(server):
    answer = server.route("events", "0")
    assert answer.status == 501 and "poll" in answer.json["error"]["message"]
    assert b"/boot.js" in server.get("/").body
