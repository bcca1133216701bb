"""Settings of a study, kept as tags of its experiment: a real MLflow, and the real sidecar that heeds them."""

import json
import os
import signal
import sqlite3
import subprocess

import pytest
from mlflow.entities import Metric, Param
from mlflow_server import BINARY, MlflowServer, wait_until
from planted_runs import log_run, planted_losses

LOSS = "isoflop.mapping.loss_nats_per_token"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = MlflowServer(tmp_path_factory.mktemp("settings"), workers=2)
    try:
        server.wait_ready().wait_online()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def experiment(server):
    """Runs of two losses, and of sizes in billions under a name that nobody knows."""
    experiment_id = server.client.create_experiment("odd names")
    for parameters, tokens, loss in planted_losses(12, seed=1):
        run_id = server.client.create_run(experiment_id).info.run_id
        metrics = [Metric("loss", loss, 1_700_000_000_000, 1), Metric("quality/final", 1.02 * loss, 1_700_000_000_000, 1)]
        server.client.log_batch(run_id, metrics, [Param("size_b", repr(parameters / 1e9)), Param("seen", str(tokens))])
        server.client.set_terminated(run_id)
    return experiment_id


def panel_when(server, experiment_id, condition, what) -> dict:
    def found():
        answer = server.route("panel", experiment_id)
        return answer.status == 200 and condition(answer.json) and answer.json

    return wait_until(found, what)


def sources(panel) -> dict[str, str]:
    return {source["quantity"]: f"{source['kind']} {source['key']}" for source in panel["mapping"]}


def test_tags_say_which_name_is_which_quantity(server, experiment):
    found = panel_when(server, experiment, lambda panel: panel["study"]["run_count"] == 12, "12 runs")
    assert found["state"] == "no_mapping" and set(found["missing"]) >= {"parameter_count", "token_count"}
    server.client.set_experiment_tag(experiment, "isoflop.mapping.parameter_count", "param:size_b * 1e9")
    server.client.set_experiment_tag(experiment, "isoflop.mapping.token_count", "seen")
    panel = panel_when(server, experiment, lambda panel: panel["law"] and panel["intervals_ready"], "a law")
    assert sources(panel) | {"parameter_count": "param size_b", "token_count": "param seen", "loss_nats_per_token": "metric loss"} == sources(panel)
    by_hand = {source["quantity"]: (source["by_hand"], source["unit"]) for source in panel["mapping"]}
    assert by_hand["parameter_count"] == (True, 1e9) and by_hand["loss_nats_per_token"] == (False, 1)
    assert panel["setting_issues"] == []


def test_a_change_refits_is_recorded_and_taken_back_when_the_tag_goes(server, experiment):
    before = panel_when(server, experiment, lambda panel: panel["law"], "a law")
    server.client.set_experiment_tag(experiment, LOSS, "quality/final")
    after = panel_when(server, experiment, lambda panel: panel["version"] > before["version"], "a newer law")
    assert sources(after)["loss_nats_per_token"] == "metric quality/final"
    assert server.route("laws", experiment).json["versions"][0]["refit"]["mapping_changed"] is True
    server.client.delete_experiment_tag(experiment, LOSS)
    back = panel_when(server, experiment, lambda panel: panel["version"] > after["version"], "the former reading")
    assert sources(back)["loss_nats_per_token"] == "metric loss"
    assert back["law"]["observations_hash"] == before["law"]["observations_hash"]


def test_a_bad_setting_is_told_and_not_used(server, experiment):
    before = panel_when(server, experiment, lambda panel: panel["law"], "a law")
    server.client.set_experiment_tag(experiment, LOSS, "param:loss")
    panel = panel_when(server, experiment, lambda panel: panel["setting_issues"], "the issue")
    assert panel["setting_issues"] == [{"name": LOSS, "value": "param:loss", "reason": "must be read from a metric, got a param"}]
    assert panel["version"] == before["version"] and sources(panel) == sources(before)
    server.client.set_experiment_tag(experiment, LOSS, "quality/finl")
    panel = panel_when(server, experiment, lambda panel: [issue["value"] for issue in panel["setting_issues"]] == ["quality/finl"], "the other issue")
    assert panel["setting_issues"][0]["reason"] == "none of 12 finished runs has `quality/finl`"
    server.client.delete_experiment_tag(experiment, LOSS)
    panel_when(server, experiment, lambda panel: not panel["setting_issues"], "no issue")


def test_what_counts_as_good_is_a_tag_of_the_experiment(server, experiment):
    before = panel_when(server, experiment, lambda panel: panel["verdict"] and panel["intervals_ready"], "advice")
    assert before["verdict"]["tolerance"]["is_set"] is False
    server.client.set_experiment_tag(experiment, "isoflop.tolerance", "3 %")
    panel = panel_when(server, experiment, lambda panel: panel["law"]["as_good_tolerance"], "the tolerance")
    assert panel["verdict"]["tolerance"] == {"loss_share": 0.03, "is_set": True} and panel["version"] == before["version"]
    wider, noise = panel["verdict"]["as_good_parameter_count"], before["verdict"]["as_good_parameter_count"]
    assert wider["lower"] < noise["lower"] and wider["upper"] > noise["upper"]
    others = server.route("other_sizes", experiment, budget=panel["budget_flops"]).json
    assert others["verdict"]["as_good_parameter_count"] == wider and [size["as_good"] for size in others["sizes"]].count(True) > 1
    server.client.set_experiment_tag(experiment, "isoflop.tolerance", "3")  # Meant in percent.
    panel = panel_when(server, experiment, lambda panel: panel["setting_issues"], "the issue")
    rule = "tolerance must be a share of the loss in (0, 0.1], got 3"
    assert panel["setting_issues"] == [{"name": "isoflop.tolerance", "value": "3", "reason": rule}]
    assert panel["verdict"] == before["verdict"]
    server.client.delete_experiment_tag(experiment, "isoflop.tolerance")
    panel_when(server, experiment, lambda panel: not panel["setting_issues"], "no issue")


def test_a_published_law_stands_in_for_runs_by_name_and_is_taken_back(server):
    experiment_id = server.client.create_experiment("six runs")
    for row in planted_losses(6, seed=4):
        log_run(server.client, experiment_id, row)
    thin = panel_when(server, experiment_id, lambda panel: panel["law"] and panel["law"]["observation_count"] == 6, "six runs")
    assert thin["state"] == "thin" and thin["law"]["published_prior"] is None
    offer = thin["prior_offer"]
    assert offer["name"] == "besiroglu2024" and "Besiroglu et al. 2024" in offer["source"] and 0 < offer["weight"] < 1
    assert thin["needs"][0] == {"need": "7 finished runs with size, tokens and loss", "met": False, "have": 6, "detail": "6 so far."}
    assert len(thin["suggested_runs"]) == 2 and thin["suggested_plan"].count("parameter_count:") == 2

    server.client.set_experiment_tag(experiment_id, "isoflop.prior", offer["name"])
    panel = panel_when(server, experiment_id, lambda panel: panel["verdict"] and panel["intervals_ready"], "advice")
    assert panel["law"]["published_prior"] == offer["name"] and panel["prior_offer"] is None
    title = f"Rests {100 * offer['weight']:.0f} % on besiroglu2024"
    said = [(found["title"], found["evidence"]["weight"]) for found in panel["verdict"]["diagnostics"] if found["code"] == "PRIOR"]
    assert said == [(title, pytest.approx(offer["weight"]))]
    newest, before = server.route("laws", experiment_id).json["versions"][:2]
    assert (newest["published_prior"], before["published_prior"]) == (offer["name"], None)

    # The command line under the same prior: the same law, and the same words.
    table = "".join(f"{n},{d},{loss!r}\n" for n, d, loss in planted_losses(6, seed=4))
    command = [BINARY, "fit", "-", "--published-prior", offer["name"], "--format", "json"]
    by_hand = json.loads(subprocess.run(command, input="N,D,loss\n" + table, capture_output=True, text=True, check=True, timeout=60).stdout)
    assert by_hand["parameters"] == panel["law"]["parameters"] and title in [found["title"] for found in by_hand["diagnostics"]]

    server.client.set_experiment_tag(experiment_id, "isoflop.prior", "chinchilla")
    panel = panel_when(server, experiment_id, lambda panel: panel["setting_issues"], "the issue")
    assert panel["setting_issues"][0]["reason"].startswith("published law must be one of hoffmann2022, besiroglu2024") and panel["state"] == "thin"
    server.client.delete_experiment_tag(experiment_id, "isoflop.prior")
    back = panel_when(server, experiment_id, lambda panel: not panel["setting_issues"], "no issue")
    assert back["state"] == "thin" and back["prior_offer"] == offer


def test_what_is_set_straight_in_mlflows_database_is_found_and_outlives_the_sidecar(server, experiment):
    with sqlite3.connect(server.store_uri.removeprefix("sqlite:///"), timeout=20) as database:
        database.execute("INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)", (experiment, LOSS, "quality/final"))
    read = panel_when(server, experiment, lambda panel: sources(panel)["loss_nats_per_token"] == "metric quality/final", "the change")
    killed = server.sidecar_process_id()
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: server.sidecar_process_id() not in (None, killed), "another sidecar")
    again = panel_when(server, experiment, lambda panel: panel["law"], "its law")
    assert sources(again) == sources(read)
