"""With basic-auth inside: who may not read an experiment learns nothing of it here either."""

import base64

import pytest
from event_stream import EventStream
from mlflow import MlflowClient
from mlflow.server import get_app_client
from mlflow_server import ROUTES, MlflowServer, wait_until
from planted_runs import log_run, planted_losses

ADMIN = ("admin", "administrator-of-this-test")
DATA_ROUTES = {"panel": {}, "law": {}, "laws": {}, "advice": {"budget": "1e21"}, "next_runs": {}, "planned_runs": {}, "events": {}}


def credentials(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("auth")
    (folder / "auth.ini").write_text(
        f"[mlflow]\ndefault_permission = NO_PERMISSIONS\ndatabase_uri = sqlite:///{folder}/auth.db\n"
        f"admin_username = {ADMIN[0]}\nauthorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
    )
    server = MlflowServer(
        folder,
        ISOFLOP_INNER_APP="basic-auth",
        MLFLOW_AUTH_CONFIG_PATH=str(folder / "auth.ini"),
        MLFLOW_AUTH_ADMIN_PASSWORD=ADMIN[1],
        MLFLOW_FLASK_SERVER_SECRET_KEY="only for this test",
    )
    try:
        yield server.wait_ready()
    finally:
        server.stop()


@pytest.fixture(scope="module")
def users(server):
    """Each user's credentials; each has an experiment of theirs with eight finished runs."""
    patch = pytest.MonkeyPatch()
    users = {}

    def become(user, password):
        patch.setenv("MLFLOW_TRACKING_USERNAME", user)
        patch.setenv("MLFLOW_TRACKING_PASSWORD", password)

    for name in ("ann", "bob"):
        password = f"{name}-has-a-long-password"
        become(*ADMIN)
        get_app_client("basic-auth", tracking_uri=server.url).create_user(name, password)
        become(name, password)
        client = MlflowClient(server.url)
        experiment_id = client.create_experiment(f"of {name}")
        for row in planted_losses(8, seed=len(users)):
            log_run(client, experiment_id, row)
        users[name] = {"headers": credentials(name, password), "experiment_id": experiment_id, "client": client}
        wait_until(lambda: server.route("law", experiment_id, users[name]["headers"]).status == 200, "a law")
    yield users | {"become": become}
    patch.undo()


@pytest.mark.parametrize("route", DATA_ROUTES)
def test_a_denied_experiment_is_forbidden_at_every_route(server, users, route):
    denied = server.route(route, users["bob"]["experiment_id"], users["ann"]["headers"], **DATA_ROUTES[route])
    assert denied.status == 403
    assert denied.json["error"]["code"] == "FORBIDDEN" and "of bob" not in denied.body.decode()


@pytest.mark.parametrize("route", [*DATA_ROUTES, "status"])
def test_without_credentials_no_route_tells_anything(server, users, route):
    assert server.route(route, users["bob"]["experiment_id"], **DATA_ROUTES.get(route, {})).status == 401
    wrong = credentials("bob", "a wrong password")
    assert server.route(route, users["bob"]["experiment_id"], wrong, **DATA_ROUTES.get(route, {})).status == 401


@pytest.mark.parametrize("route", [route for route in DATA_ROUTES if route != "events"])
def test_the_owner_and_the_administrator_may_read(server, users, route):
    for headers in (users["bob"]["headers"], credentials(*ADMIN)):
        assert server.route(route, users["bob"]["experiment_id"], headers, **DATA_ROUTES[route]).status == 200


def test_only_who_may_read_an_experiment_may_check_plans_against_it(server, users):
    bob, plan = users["bob"], {"plan.yaml": "parameter_count: 1B\ntoken_count: 20B\n"}
    assert server.check_plans(bob["experiment_id"], plan, bob["headers"]).json["verdict"] in ("pass", "violated", "cannot_judge")
    for headers, status in ((users["ann"]["headers"], 403), (None, 401), (credentials("bob", "a wrong password"), 401)):
        refused = server.check_plans(bob["experiment_id"], plan, headers)
        assert (refused.status, refused.json["error"]["code"]) == (status, "FORBIDDEN")


def test_any_user_may_see_the_sidecars_state_and_load_the_panel(server, users):
    assert server.route("status", headers=users["ann"]["headers"]).json["sidecar"] == "online"
    assert server.route("assets/any/boot.js").status == 200


def test_an_event_stream_tells_nothing_of_a_denied_experiment(server, users):
    ann, bob = users["ann"], users["bob"]
    stream = EventStream(f"{server.url}{ROUTES}/events?experiment_id={ann['experiment_id']}", ann["headers"])
    assert stream.next("law")["experiment_id"] == ann["experiment_id"]
    before = server.route("law", bob["experiment_id"], bob["headers"]).json["version"]
    users["become"]("bob", "bob-has-a-long-password")
    log_run(bob["client"], bob["experiment_id"], planted_losses(1, seed=9)[0])
    wait_until(lambda: server.route("law", bob["experiment_id"], bob["headers"]).json["version"] > before, "bob's new law")
    users["become"]("ann", "ann-has-a-long-password")
    log_run(ann["client"], ann["experiment_id"], planted_losses(1, seed=8)[0])
    wait_until(lambda: stream.next("law")["version"] > 1, "ann's new law")
    assert all(data.get("experiment_id") != bob["experiment_id"] for _, data in stream.seen())
