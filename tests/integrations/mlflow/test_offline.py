"""Without a sidecar, or with one that does not fit, MLflow works as if isoflop were not there."""

import os
import subprocess

import pytest
from event_stream import EventStream
from mlflow.entities import Metric
from mlflow_server import BINARY, ROUTES, MlflowServer, wait_until
from planted_runs import log_run, planted_losses

PREFIX = "/tracking"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Below a static prefix, with a small queue, and no sidecar program."""
    server = MlflowServer(
        tmp_path_factory.mktemp("offline"), prefix=PREFIX, ISOFLOP_BINARY="/nowhere/isoflop", ISOFLOP_QUEUE_BYTES="65536"
    )
    try:
        yield server.wait_ready()
    finally:
        server.stop()


def test_every_write_succeeds_and_what_the_queue_cannot_hold_is_counted(server):
    client = server.client
    experiment_id = client.create_experiment("alone")
    run_id = log_run(client, experiment_id, planted_losses(1, seed=1)[0])
    for step in range(3):
        client.log_batch(run_id, [Metric("loss", 3.0, index, step * 1000 + index) for index in range(1000)])
    assert client.get_run(run_id).info.status == "FINISHED"
    status = server.route("status").json
    assert status["sidecar"] == "offline" and status["sidecar_version"] is None
    assert status["dropped_event_count"] > 0 and status["queued_bytes"] <= 65536


@pytest.mark.parametrize("route", ["panel", "law", "laws", "advice"])
def test_routes_answer_that_the_sidecar_is_offline(server, route):
    answer = server.route(route, "0", budget="1e21")
    assert answer.status == 503 and answer.json["error"]["code"] == "OFFLINE"


def test_an_open_page_hears_that_the_sidecar_is_offline(server):
    stream = EventStream(f"{server.url}{ROUTES}/events?experiment_id=0")
    assert stream.next("status") == {"sidecar": "offline"}


def test_the_page_asks_for_the_script_below_the_prefix(server):
    page = server.get("/").body.decode()
    _, _, rest = page.partition('<script type="module" src="')
    source = rest.partition('"')[0]
    assert source.startswith("ajax-api/2.0/isoflop/assets/") and source.endswith("/boot.js")
    script = server.get("/" + source)
    assert script.status == 200 and "immutable" in script.headers["Cache-Control"]
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert server.route("assets/any/../../app.py").status == 404


def test_the_law_is_whole_once_a_sidecar_is_there(server, tmp_path):
    """The dropped events are made up from MLflow's store."""
    experiment_id = server.client.create_experiment("made up for")
    for row in planted_losses(8, seed=2):
        log_run(server.client, experiment_id, row)
    stores = ["--store", f"sqlite:{tmp_path}/isoflop.db", "--listen", f"unix:{server.home}/isoflop.sock"]
    with subprocess.Popen([BINARY, "serve", *stores], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as sidecar:
        try:
            wait_until(lambda: server.route("law", experiment_id).status == 200, "a law")
            wait_until(lambda: server.route("law", experiment_id).json["observation_count"] == 8, "the law of 8 runs")
        finally:
            sidecar.terminate()


def test_versions_that_do_not_fit_are_reported_and_mlflow_goes_on(tmp_path):
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "sitecustomize.py").write_text("import isoflop_mlflow\nisoflop_mlflow.__version__ = '0.2.0'\n")
    server = MlflowServer(tmp_path / "server", PYTHONPATH=str(tmp_path / "newer"))
    try:
        server.wait_ready()
        status = wait_until(lambda: (found := server.route("status").json)["sidecar_version"] and found, "the sidecar's version")
        assert status["plugin_version"] == "0.2.0" and status["sidecar_version"] == "0.1.0"
        assert status["sidecar"] == "offline" and "versions do not fit" in status["message"] and "0.2.0" in status["message"]
        run_id = log_run(server.client, "0", planted_losses(1, seed=3)[0])
        assert server.client.get_run(run_id).info.status == "FINISHED"
        refused = server.route("panel", "0")
        assert refused.status == 503 and "versions do not fit" in refused.json["error"]["message"]
    finally:
        server.stop()


def test_a_bad_setting_leaves_mlflow_without_isoflop(tmp_path):
    server = MlflowServer(tmp_path, ISOFLOP_RECONCILE_PERIOD_SEC="often")
    try:
        server.wait_ready()
        log_run(server.client, "0", planted_losses(1, seed=4)[0])
        assert server.route("status").status == 404
        assert b"isoflop" not in server.get("/").body
        assert "ISOFLOP_RECONCILE_PERIOD_SEC must be a number" in server.log.read_text(errors="replace")
    finally:
        server.stop()


def test_an_unknown_inner_app_stops_the_server_rather_than_leave_it_unprotected(tmp_path):
    server = MlflowServer(tmp_path, ISOFLOP_INNER_APP="basic-oath")
    try:
        wait_until(lambda: "ISOFLOP_INNER_APP must be the name" in server.log.read_text(errors="replace"), "the reason", 60)
        with pytest.raises(OSError):
            server.get("/health")
    finally:
        os.killpg(server.process.pid, 9)
        server.process.wait()
