"""Training curves that the sidecar did not hear, or lost, come back from MLflow's store."""

import math
import os
import signal
import sqlite3

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
from mlflow_server import MlflowServer, wait_until
from planted_runs import evidence, fit_what_mlflow_holds, log_run, planted_losses

LONG = 25_000  # Points: more than an event holds.


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("curves")


@pytest.fixture(scope="module")
def experiment(folder):
    """Logged to the database before there is a server: eight runs that have ended and a long one that goes on."""
    client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
    experiment_id = client.create_experiment("before us")
    for row in planted_losses(8, seed=1):
        log_run(client, experiment_id, row)
    run_id = client.create_run(experiment_id).info.run_id
    client.log_batch(run_id, [], [Param("parameter_count", "1e8"), Param("token_count", "2e9")])
    for start in range(0, LONG, 1000):
        client.log_batch(run_id, [loss_at(step) for step in range(start, start + 1000)])
    return experiment_id


@pytest.fixture(scope="module")
def server(folder, experiment):
    server = MlflowServer(folder)
    try:
        yield server.wait_ready()
    finally:
        server.stop()


def loss_at(step: int) -> Metric:
    return Metric("loss", math.nan if step == 7 else 3 + 1 / (1 + step), 1_700_000_000_000 + step, step)


def point_counts(path) -> list[int]:
    """Of each run's loss, as the sidecar has it on disk."""
    with sqlite3.connect(path, timeout=20) as database:
        return sorted(count for (count,) in database.execute("SELECT point_count FROM series WHERE key = 'loss'"))


def wait_for_curves(server):
    """All points of the short runs, and of the long one every third, in which its 25,000 fit an event."""
    wait_until(lambda: point_counts(server.home / "isoflop.db") == [10] * 8 + [-(-LONG // 3)], "the curves")


def test_curves_of_runs_logged_before_are_read_back(server, experiment):
    wait_for_curves(server)
    assert server.route("status").json["rejected_event_count"] == 0


def test_a_damaged_store_is_rebuilt_with_its_curves(server, experiment):
    before = wait_until(lambda: (law := server.route("law", experiment)).status == 200 and law.json, "a law")
    process_id = server.sidecar_process_id()
    path = server.home / "isoflop.db"
    os.kill(process_id, signal.SIGSTOP)  # It writes no more, and is not replaced yet.
    size = path.stat().st_size
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    os.kill(process_id, signal.SIGKILL)
    wait_until(lambda: (server.home / "isoflop.db.damaged-1").exists(), "the damaged file set aside")
    wait_for_curves(server)
    expected = evidence(fit_what_mlflow_holds(server.direct_client, experiment))
    wait_until(lambda: (law := server.route("law", experiment)).status == 200 and evidence(law.json) == expected, "the law")
    assert expected == evidence(before)


def test_what_a_run_logged_past_us_is_read_back_when_it_has_ended(server, experiment):
    client = server.direct_client
    run_id = client.create_run(experiment).info.run_id
    client.log_batch(run_id, [loss_at(step) for step in range(3)], [Param("parameter_count", "2e8"), Param("token_count", "1e9")])
    wait_until(lambda: 3 in point_counts(server.home / "isoflop.db"), "the curve so far")
    client.log_batch(run_id, [loss_at(step) for step in range(3, 7)])
    client.set_terminated(run_id)
    wait_until(lambda: 7 in point_counts(server.home / "isoflop.db"), "the whole curve")
