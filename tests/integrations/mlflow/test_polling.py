"""Where the web server cannot push: a page that polls with an entity tag gets each update once, and 304 between."""

import pytest
from mlflow_server import MlflowServer, wait_until
from planted_runs import log_run, planted_losses


@pytest.fixture(scope="module", params=["gunicorn", "waitress"])
def server(request, tmp_path_factory):
    options = {"gunicorn": {"workers": 2, "arguments": ["--gunicorn-opts", "--timeout 60"]}, "waitress": {"waitress": True}}
    server = MlflowServer(tmp_path_factory.mktemp(request.param), **options[request.param])
    try:
        server.wait_ready().wait_online()
        yield server
    finally:
        server.stop()


def settled_panel(server, experiment_id):
    """The first panel whose intervals are ready: nothing is left to change it."""

    def settled():
        panel = server.route("panel", experiment_id)
        if panel.status != 200 or panel.json["study"]["name"] != "polled":  # The name comes with the first reconciliation.
            return None
        return panel.json["version"] > 0 and panel.json["intervals_ready"] and panel

    return wait_until(settled, "a settled panel")


def test_a_poll_with_the_tag_is_answered_anew_exactly_when_something_changed(server):
    experiment_id = server.client.create_experiment("polled")
    for row in planted_losses(8, seed=1):
        log_run(server.client, experiment_id, row)
    wait_until(lambda: server.route("law", experiment_id).json.get("observation_count") == 8, "the law of 8 runs")
    first = settled_panel(server, experiment_id)
    tag = first.headers["ETag"]
    for _ in range(3):  # Whichever worker answers.
        unchanged = server.route("panel", experiment_id, headers={"If-None-Match": tag})
        assert (unchanged.status, unchanged.body) == (304, b"")
    log_run(server.client, experiment_id, planted_losses(1, seed=9)[0])

    def changed():
        answer = server.route("panel", experiment_id, headers={"If-None-Match": tag})
        return answer.status == 200 and answer.json["version"] > first.json["version"] and answer

    answer = wait_until(changed, "the poll brings the new version")
    assert answer.headers["ETag"] != tag


def test_events_are_not_pushed_and_the_page_is_told_so(server):
    answer = server.route("events", "0")
    assert answer.status == 501 and "poll" in answer.json["error"]["message"]
