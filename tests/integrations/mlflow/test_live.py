"""MLflow with two workers and the real sidecar: what is logged becomes a law at the route."""

import gzip
import os
import signal
import sqlite3
import subprocess

import pytest
from event_stream import EventStream
from mlflow.entities import Metric, Param
from mlflow_server import BINARY, ROUTES, WORKER_HEALTHCHECK_SEC, MlflowServer, wait_until
from planted_runs import evidence, fit_what_mlflow_holds, log_run, planted_losses


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = MlflowServer(tmp_path_factory.mktemp("live"), workers=2)
    try:
        server.wait_ready().wait_online()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def experiment(server):
    """An experiment with twelve finished runs; the tests below change it one after the other."""
    experiment_id = server.client.create_experiment("grown")
    for row in planted_losses(12, seed=1):
        log_run(server.client, experiment_id, row)
    return experiment_id


def wait_for_law(server, experiment_id, deadline_sec=15.0) -> dict:
    """The law at the route once it is, intervals included, that of what MLflow holds now."""
    expected = evidence(fit_what_mlflow_holds(server.direct_client, experiment_id))

    def current():
        answer = server.route("law", experiment_id)
        return answer.status == 200 and evidence(answer.json) == expected and answer.json

    return wait_until(current, f"the law of {expected['observation_count']} runs", deadline_sec)


def run_ids(server, experiment_id):
    return [run.info.run_id for run in server.direct_client.search_runs([experiment_id])]


def test_runs_logged_through_mlflow_become_the_law_that_fit_finds(server, experiment):
    law = wait_for_law(server, experiment)
    assert law["observation_count"] == 12
    panel = server.route("panel", experiment, budget="1e21").json
    assert panel["version"] == law["version"] and panel["study"]["name"] == "grown" and panel["budget_flops"] == 1e21
    advice = server.route("advice", experiment, budget="1e20,1e21").json["advice"]
    assert advice[1] == panel["verdict"]
    assert server.route("laws", experiment).json["versions"][0]["version"] == law["version"]
    assert server.route("law", experiment, version=law["version"]).json == law


def test_plans_are_checked_as_on_the_command_line(server, experiment, tmp_path):
    wait_for_law(server, experiment)
    plans = {"small.yaml": "parameter_count: 1B\ntoken_count: 20B\n", "sweep.yaml": "token_count: 20B\nsweep:\n  parameter_count: [1B, 300B]\n"}
    answer = server.check_plans(experiment, plans)
    assert answer.status == 200 and answer.headers["Cache-Control"] == "no-store"
    (tmp_path / "law.json").write_bytes(server.route("law", experiment).body)
    for file, text in plans.items():
        (tmp_path / file).write_text(text)
    command = [BINARY, "check", *plans, "--fit", "law.json", "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert answer.body.decode() + "\n" == done.stdout
    assert len(answer.json["runs"]) == 3
    for name in ("grown", experiment):
        assert server.check_plans(experiment, {"a.yaml": f"study: {name}\n" + plans["small.yaml"]}).json["runs"][0]["study"] == name
    other = server.check_plans(experiment, {"a.yaml": "study: other\nparameter_count: 1B\ntoken_cuont: 20B\n"})
    assert other.status == 200 and other.json["verdict"] == "bad_plan"
    assert {(problem["place"]["line"], problem["place"]["column"]) for problem in other.json["problems"]} >= {(3, 1)}
    for question in ({"fail_on": "note"}, {"on_unknown": "never"}, {"version": -1}, {"record": True}):
        refused = server.check_plans(experiment, plans, **question)
        assert refused.status == 400 and next(iter(question)) in refused.json["error"]["message"]
    assert server.route("planned_runs", experiment).json["plan_count"] == 0  # A page records nothing.
    assert server.check_plans(experiment, plans, version=999).status == 404
    assert server.check_plans("999", plans).status == 404
    assert server.check_plans(experiment, {}).status == 400


def test_next_runs_fit_the_sweep_in_less_than_4_kb(server, experiment):
    wait_for_law(server, experiment)
    page = server.route("next_runs", experiment, budget="1e21", sweep="1e19")
    assert page.status == 200 and page.json["state"] == "ready" and page.json["target_flops"] == 1e21
    assert 0 < page.json["training_flops"] <= 1e19
    assert len(page.json["plan"]) == len(page.json["next_runs"]) > 0
    assert len(gzip.compress(page.body)) < 4000  # The panel's budget for a tab.


def test_trade_offs_answer_the_pages_cost_model_in_less_than_4_kb(server, experiment):
    wait_for_law(server, experiment)
    question = {"gpu_count": "64", "gpu_flops_per_sec": "4e14", "gpu_price_per_hour": "2.5", "price_per_billion_tokens": "100", "utilisation": "1",
                "gpu_power_kw": "0.7", "electricity_price_per_kwh": "0.12", "unique_token_count": "1e10", "served_token_count": "1e12",
                "target_loss_nats_per_token": "2.5"}
    page = server.route("trade_offs", experiment, budget="1e21", **question)
    assert page.status == 200 and page.json["question"]["budget_flops"] == 1e21
    assert page.json["question"]["gpu_count"] == 64 and page.json["plan"]["cost"]["total_price"] > 0
    assert all(page.json[part] for part in ("margin", "alternatives", "more_compute", "stopping", "target", "data_limited", "serving"))
    assert len(gzip.compress(page.body)) < 4000  # The panel's budget for a tab.
    other_run = run_ids(server, experiment)[5]
    assert server.route("trade_offs", experiment, run_id=other_run).json["more_compute"]["run_id"] == other_run


def log_part(client, experiment_id, row, fraction):
    """A run of 40 points that falls to the loss of `row`, up to a fraction of its way."""
    parameters, tokens, loss = row
    run_id = client.create_run(experiment_id).info.run_id
    params = [Param("parameter_count", str(parameters)), Param("token_count", str(tokens)), Param("max_steps", "4000")]
    steps = range(100, int(4000 * fraction) + 1, 100)
    client.log_batch(run_id, [Metric("loss", loss * (0.8 + 0.2 * (step / 4000) ** -0.5), 1_700_000_000_000 + 1000 * step, step) for step in steps], params)
    return run_id


def test_forecasts_say_how_a_running_run_will_end_in_less_than_4_kb(server):
    experiment_id = server.client.create_experiment("under way")
    rows = planted_losses(13, seed=3)
    running = log_part(server.client, experiment_id, rows[6], 0.5)
    for row in rows[:6] + rows[7:]:
        server.client.set_terminated(log_part(server.client, experiment_id, row, 1), "FINISHED")
    wait_until(lambda: (law := server.route("law", experiment_id)).status == 200 and law.json["observation_count"] == 12, "the law of 12 runs", 15)
    page = server.route("forecasts", experiment_id)
    assert page.status == 200 and len(gzip.compress(page.body)) < 4000
    (said,) = page.json["forecasts"]
    assert said["run"] == running and said["state"] == "ON_LAW" and said["method"] == "RESIDUAL_CARRY"
    assert said["forecast"]["estimate"] == pytest.approx(rows[6][2], rel=0.005)
    assert said["progress"] == pytest.approx(0.5) and said["remaining_sec"] == pytest.approx(2000)
    assert server.route("forecasts", experiment_id, headers={"If-None-Match": page.headers["ETag"]}).status == 304


def test_codes_of_findings_are_explained_as_on_the_command_line(server, experiment):
    wait_for_law(server, experiment)
    binary = os.environ.get("ISOFLOP_BINARY", "build/isoflop")
    printed = subprocess.run([binary, "check", "--explain", "--format", "json"], capture_output=True, check=True, timeout=30).stdout
    page = server.route("finding_codes", experiment)
    assert page.status == 200 and page.body + b"\n" == printed
    assert server.route("finding_codes", experiment, headers={"If-None-Match": page.headers["ETag"]}).status == 304


def test_an_unchanged_page_is_not_sent_again(server, experiment):
    wait_for_law(server, experiment)
    first = server.route("panel", experiment)
    again = server.route("panel", experiment, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304 and again.body == b""
    assert server.route("panel", experiment, headers={"If-None-Match": '"other"'}).body == first.body


def test_a_document_is_compressed_for_those_who_take_it(server, experiment):
    wait_for_law(server, experiment)
    plain, packed = server.route("panel", experiment), server.route("panel", experiment, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.body) == plain.body
    assert server.route("panel", experiment, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}).status == 304


@pytest.mark.parametrize(
    ("name", "parameters", "status", "code", "words"),
    [
        ("law", {}, 400, "INVALID", "experiment_id is required"),
        ("law", {"experiment_id": "987654"}, 404, "NOT_FOUND", "987654"),
        ("law", {"experiment_id": "../1"}, None, None, "../1"),
        ("law", {"experiment_id": "1", "version": "1.5"}, 400, "INVALID", "version must be a whole number, got '1.5'"),
        ("law", {"experiment_id": "1", "version": "999999"}, 404, "NOT_FOUND", "999999"),
        ("panel", {"experiment_id": "1", "budget": "-1"}, 400, "INVALID", "budget must be positive and finite, got '-1'"),
        ("panel", {"experiment_id": "1", "budget": "1e20,1e21"}, 400, "INVALID", "at most 1, got 2"),
        ("advice", {"experiment_id": "1"}, 400, "INVALID", "budget is required"),
        ("advice", {"experiment_id": "1", "budget": "inf"}, 400, "INVALID", "got 'inf'"),
        ("next_runs", {"experiment_id": "1", "sweep": "-1"}, 400, "INVALID", "sweep must be positive and finite, got '-1'"),
        ("trade_offs", {"experiment_id": "1", "bill": "much"}, 400, "INVALID", "bill must be a finite number, got 'much'"),
        ("trade_offs", {"experiment_id": "1", "days": "-3"}, 400, "INVALID", "days must be positive and finite, got -3"),
        ("events", {}, 400, "INVALID", "experiment_id is required"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong_with_it(server, experiment, name, parameters, status, code, words):
    answer = server.get(f"{ROUTES}/{name}", **parameters)
    assert answer.status >= 400 if status is None else answer.status == status
    error = answer.json["error"]
    assert words in error["message"] and (code is None or error["code"] == code)


def test_an_open_page_hears_of_a_finished_run_of_its_experiment_only(server, experiment):
    version = wait_for_law(server, experiment)["version"]
    other = server.client.create_experiment("other")
    stream = EventStream(f"{server.url}{ROUTES}/events?experiment_id={experiment}")
    assert stream.content_type.startswith("text/event-stream")
    assert stream.next("status") == {"sidecar": "online"}
    for row in planted_losses(8, seed=2):
        log_run(server.client, other, row)
    wait_for_law(server, other)
    log_run(server.client, experiment, planted_losses(1, seed=3)[0])
    law = wait_until(lambda: (event := stream.next("law"))["version"] > version and event, "a newer version")
    assert law["experiment_id"] == experiment
    assert all(data["experiment_id"] == experiment for kind, data in stream.seen() if kind == "law")


def test_a_deleted_run_leaves_the_law_and_a_restored_one_comes_back(server, experiment):
    law = wait_for_law(server, experiment)
    run_id = run_ids(server, experiment)[0]
    server.client.delete_run(run_id)
    assert wait_for_law(server, experiment)["observation_count"] == law["observation_count"] - 1
    server.client.restore_run(run_id)
    assert evidence(wait_for_law(server, experiment)) == evidence(law)


def test_a_run_corrected_after_its_end_changes_the_law(server, experiment):
    before = wait_for_law(server, experiment)
    server.client.log_metric(run_ids(server, experiment)[3], "loss", 2.9, step=1000)
    after = wait_for_law(server, experiment)
    assert after["observations_hash"] != before["observations_hash"]


def test_a_deleted_experiment_loses_its_runs_until_it_is_restored(server):
    experiment_id = server.client.create_experiment("deleted for a while")
    for row in planted_losses(8, seed=4):
        log_run(server.client, experiment_id, row)
    wait_for_law(server, experiment_id)
    server.client.delete_experiment(experiment_id)
    wait_until(lambda: server.route("panel", experiment_id).json["study"]["run_count"] == 0, "no runs")
    server.client.restore_experiment(experiment_id)
    wait_for_law(server, experiment_id)


def test_what_happens_straight_in_mlflows_database_is_found_within_the_period(server, experiment):
    wait_for_law(server, experiment)
    direct = server.direct_client
    added = log_run(direct, experiment, planted_losses(1, seed=5)[0])
    count = wait_for_law(server, experiment)["observation_count"]
    direct.log_metric(added, "loss", 3.1, step=5000)
    wait_for_law(server, experiment)
    direct.delete_run(added)
    assert wait_for_law(server, experiment)["observation_count"] == count - 1
    with sqlite3.connect(server.store_uri.removeprefix("sqlite:///"), timeout=20) as database:  # As `mlflow gc` does.
        for table in ("metrics", "latest_metrics", "params", "tags", "runs"):
            database.execute(f"DELETE FROM {table} WHERE run_uuid = ?", (added,))
    changed = run_ids(server, experiment)[5]
    with sqlite3.connect(server.store_uri.removeprefix("sqlite:///"), timeout=20) as database:
        for table in ("metrics", "latest_metrics"):
            database.execute(f"UPDATE {table} SET value = value + 0.01, timestamp = timestamp + 1 WHERE run_uuid = ?", (changed,))
    assert wait_for_law(server, experiment)["observation_count"] == count - 1


def test_two_interleaved_experiments_each_keep_the_law_of_what_mlflow_holds_however_it_changed(server):
    pair = [server.client.create_experiment(name) for name in ("left", "right")]
    runs = {experiment_id: [] for experiment_id in pair}
    for both in zip(*[planted_losses(10, seed) for seed in (6, 7)]):
        for experiment_id, row in zip(pair, both):
            runs[experiment_id].append(log_run(server.client, experiment_id, row))
    left, right = (runs[experiment_id] for experiment_id in pair)
    log_run(server.client, pair[0], (1e8, 2e9, 3.0), end="FAILED")
    log_run(server.client, pair[1], (1e8, 2e9, float("nan")), end=None)
    server.client.log_metric(left[2], "loss", 3.05, step=2000)  # Corrected after its end.
    server.client.delete_run(right[4])
    server.client.delete_run(left[6])
    server.client.restore_run(left[6])
    log_run(server.direct_client, pair[1], planted_losses(1, seed=11)[0])  # Straight to the database.
    for experiment_id in pair:
        assert wait_for_law(server, experiment_id)["observation_count"] == 10


def test_unusable_losses_never_enter_the_law_and_are_listed_with_the_reason(server):
    experiment_id = server.client.create_experiment("unusable")
    for row in planted_losses(9, seed=12):
        log_run(server.client, experiment_id, row)
    clean = wait_for_law(server, experiment_id)
    reasons = {}
    for loss, reason in [(float("nan"), "is not a number"), (float("inf"), "is infinite"), (float("-inf"), "is infinite"),
                         (1.797e308, "is infinite"), (0.0, "must be positive, got 0"), (-2.5, "must be positive, got -2.5")]:
        reasons[log_run(server.client, experiment_id, (1e8, 2e9, 3.0), end=None)] = reason
        *_, run_id = reasons
        server.client.log_metric(run_id, "loss", loss, step=100)
        server.client.set_terminated(run_id)
    wandering = log_run(server.client, experiment_id, planted_losses(1, seed=13)[0])
    for step, time, value in [(3, 1000, 9.9), (3, 1001, 8.8), (9, 9, 0.1)]:  # Two behind the last step; one at it, but of a lesser value.
        server.client.log_metric(wandering, "loss", value, timestamp=1_700_000_000_000 + time, step=step)
    expected = len(reasons) + 2

    def listed():
        excluded = server.route("law", experiment_id).json["excluded"]
        return len(excluded) >= expected and excluded

    excluded = wait_until(listed, f"{expected} exclusions")
    assert {e["run"]: e["reason"] for e in excluded if not e["point_count"]} == {
        run_id: f"last value of metric `loss` {reason}" for run_id, reason in reasons.items()}
    points = {e["reason"].split("` ")[1]: e["point_count"] for e in excluded if e["run"] == wandering}
    assert points == {"repeat a step that a later point has too": 3, "are out of order: logged after a point of a greater step": 2}
    server.client.delete_run(wandering)
    assert evidence(wait_for_law(server, experiment_id)) == evidence(clean)


def test_a_killed_sidecar_comes_back_by_itself_and_the_law_is_whole(server):
    experiment_id = server.client.create_experiment("survivor")
    stream = EventStream(f"{server.url}{ROUTES}/events?experiment_id={experiment_id}")
    assert stream.next("status") == {"sidecar": "online"}
    for index, row in enumerate(planted_losses(12, seed=8)):
        if index % 4 == 2:
            os.kill(server.sidecar_process_id(), signal.SIGKILL)
        log_run(server.client, experiment_id, row)
        wait_until(server.sidecar_process_id, "a sidecar")
    assert wait_for_law(server, experiment_id)["observation_count"] == 12
    assert stream.next("status") == {"sidecar": "offline"}
    assert stream.next("status") == {"sidecar": "online"}


def test_another_worker_takes_over_when_the_one_with_the_sidecar_dies(server):
    experiment_id = server.client.create_experiment("taken over")
    sidecar = server.sidecar_process_id()
    with open(f"/proc/{sidecar}/stat") as stat:
        owner = int(stat.read().rpartition(")")[2].split()[1])
    assert owner in server.worker_process_ids()
    os.kill(owner, signal.SIGKILL)
    successor = wait_until(lambda: (found := server.sidecar_process_id()) not in (None, sidecar) and found, "another sidecar")
    assert successor != sidecar
    wait_until(lambda: len(server.worker_process_ids()) == 2, "a new worker", WORKER_HEALTHCHECK_SEC + 60)
    server.wait_online()
    for row in planted_losses(8, seed=9):
        log_run(server.client, experiment_id, row)
    assert wait_for_law(server, experiment_id)["observation_count"] == 8


def test_mlflow_and_the_sidecar_end_at_once_with_a_page_open(server, experiment):
    stream = EventStream(f"{server.url}{ROUTES}/events?experiment_id={experiment}")
    stream.next("status")
    server.stop(deadline_sec=60)  # A page would keep it waiting for ever.
    assert stream.ended.wait(5)
    wait_until(lambda: server.sidecar_process_id() is None, "the sidecar has ended", 12)
    assert "Traceback" not in server.log.read_text(errors="replace")
