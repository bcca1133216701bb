"""Our routes on MLflow's origin, all below {static prefix}/ajax-api/2.0/isoflop/."""

import gzip
import math
import threading
from typing import Callable

import flask
import grpc

from isoflop.v1 import check_pb2_grpc, pages_pb2, pages_pb2_grpc
from isoflop_mlflow import plan_check
from isoflop_mlflow.assets import Assets
from isoflop_mlflow.guard import log_seldom
from isoflop_mlflow.permission import Permission, error
from isoflop_mlflow.sidecar import Sidecar
from isoflop_mlflow.trade_offs_question import read_question

BASE = "/ajax-api/2.0/isoflop"

_ENDPOINT_PREFIX = "isoflop_"
_DEADLINE_SEC = 2.0
_CHECK_DEADLINE_SEC = 10.0  # A sweep of 1,000 runs takes a second or two.
# Threads of the web server that may wait for the sidecar at once; the rest of its small pool stays with MLflow.
_MAX_WAITING = 8
_MAX_BUDGETS = 1000
_MAX_ITEMS = 1000
# A document of numbers takes a third of its size; higher levels cost more than they save.
_GZIP_LEVEL = 5

_PAGES = {
    "panel": pages_pb2.PANEL,
    "law": pages_pb2.LAW,
    "laws": pages_pb2.LAW_VERSIONS,
    "runs": pages_pb2.RUNS,
    "advice": pages_pb2.ADVICE,
    "trade_offs": pages_pb2.TRADE_OFFS,
    "next_runs": pages_pb2.NEXT_RUNS,
    "advice_grid": pages_pb2.ADVICE_GRID,
    "other_sizes": pages_pb2.OTHER_SIZES,
    "exclusion": pages_pb2.EXCLUSION,
    "forecasts": pages_pb2.FORECASTS,
    "planned_runs": pages_pb2.PLANNED_RUNS,
    "finding_codes": pages_pb2.FINDING_CODES,
}


def add_routes(
    app: flask.Flask,
    add_static_prefix: Callable[[str], str],
    channel: grpc.Channel,
    sidecar: Sidecar,
    permission: Permission,
    assets: Assets,
    status: Callable[[], dict],
) -> None:
    pages = pages_pb2_grpc.PageServiceStub(channel)
    checks = check_pb2_grpc.CheckServiceStub(channel)
    room = threading.BoundedSemaphore(_MAX_WAITING)

    def add(path: str, view, method: str = "GET") -> None:
        endpoint = _ENDPOINT_PREFIX + path.partition("/")[0]
        app.add_url_rule(add_static_prefix(f"{BASE}/{path}"), endpoint, view, methods=[method])

    def page_view(kind):
        def view():
            arguments = flask.request.args
            refused = permission.refusal(arguments.get("experiment_id"), flask.request.headers)
            return refused or _answer_page(pages, sidecar, room, kind, arguments)

        return view

    def check_plans() -> flask.Response:
        request = flask.request
        if refused := plan_check.refusal(request):
            return refused
        question = plan_check.read_check(request.get_data())
        refused = permission.refusal(question.study.removeprefix("studies/"), request.headers)
        return refused or _answer_check(checks, sidecar, room, question)

    for name, kind in _PAGES.items():
        add(name, page_view(kind))
    add("plan/check", check_plans, "POST")
    add("status", lambda: permission.login_refusal(flask.request.headers) or flask.jsonify(status()))
    # Anyone's, as MLflow's own static files are.
    add("assets/<version>/<path:name>", lambda version, name: assets.answer(name, version))
    # Where the server can't stream, a page polls; uvicorn's own route stands before this one.
    add("events", lambda: error(501, "UNAVAILABLE", "this server can't push events; poll instead"))
    app.before_request(_answer_first)


def _answer_first() -> flask.Response | None:
    """Answers our own routes before the hooks of an authentication app, which may refuse all routes that it does not know.

    basic-auth does so for all users but administrators. The views ask MLflow themselves, with the caller's credentials.
    """
    request = flask.request
    if request.method == "OPTIONS" or not (request.endpoint or "").startswith(_ENDPOINT_PREFIX):
        return None
    try:
        return flask.current_app.view_functions[request.endpoint](**request.view_args)
    except ValueError as invalid:
        return error(400, "INVALID", str(invalid))
    except Exception:
        log_seldom("route", "isoflop: a route failed", exc_info=True)
        return error(500, "INTERNAL", "isoflop failed; see the server's log")


def _answer_page(pages, sidecar: Sidecar, room: threading.BoundedSemaphore, kind, arguments) -> flask.Response:
    request = pages_pb2.GetPageRequest(
        study=f"studies/{arguments['experiment_id']}",
        kind=kind,
        budget_flops=_budgets(arguments.get("budget"), kind),
        sweep_flops=_sweep(arguments.get("sweep")),
        version=_whole("version", arguments.get("version")),
        item_count=min(_whole("count", arguments.get("count")), _MAX_ITEMS),
        if_none_match=_held_entity_tag(),
        run_id=arguments.get("run_id", ""),
        excluded=arguments.get("excluded") == "true",
        drawn_only=arguments.get("drawn") == "true",
        trade_offs=read_question(arguments) if kind == pages_pb2.TRADE_OFFS else None,
    )
    page = _ask(sidecar, room, lambda: pages.GetPage(request, timeout=_DEADLINE_SEC))
    if isinstance(page, flask.Response):
        return page
    response = flask.Response(status=304) if page.not_modified else flask.Response(page.json, mimetype="application/json")
    response.headers["ETag"] = page.entity_tag
    if _compress(response):
        response.headers["ETag"] = f"W/{page.entity_tag}"  # Of the same document, in other bytes.
    # Of this caller only, and asked for again each time: permission and law may have changed.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _answer_check(checks, sidecar: Sidecar, room: threading.BoundedSemaphore, question) -> flask.Response:
    checked = _ask(sidecar, room, lambda: checks.CheckPlans(question, timeout=_CHECK_DEADLINE_SEC))
    if isinstance(checked, flask.Response):
        return checked
    response = flask.Response(checked.document, mimetype="application/json")
    _compress(response)
    response.headers["Cache-Control"] = "no-store"
    return response


def _ask(sidecar: Sidecar, room: threading.BoundedSemaphore, call: Callable):
    """What the sidecar answers, or the response that says why it doesn't."""
    if sidecar.refused:
        return error(503, "OFFLINE", sidecar.message)
    if not room.acquire(blocking=False):
        return error(503, "OFFLINE", "too many requests wait for the sidecar")
    try:
        return call()
    except grpc.RpcError as failure:
        return _answer_failure(failure, sidecar)
    finally:
        room.release()


def _compress(response: flask.Response) -> bool:
    """Compresses a body for those who take it; returns whether it did."""
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or "gzip" not in flask.request.accept_encodings:
        return False
    response.set_data(gzip.compress(response.get_data(), _GZIP_LEVEL, mtime=0))
    response.content_encoding = "gzip"
    return True


def _answer_failure(failure: grpc.RpcError, sidecar: Sidecar) -> flask.Response:
    code = failure.code()
    if code == grpc.StatusCode.NOT_FOUND:
        return error(404, "NOT_FOUND", failure.details())
    if code in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION):
        return error(400, "INVALID", failure.details())
    return error(503, "OFFLINE", sidecar.message or f"{code.name}: {failure.details()}")


def _held_entity_tag() -> str:
    """Of the copy that the caller holds, quoted as the sidecar quotes it; proxies that compress mark it as weak."""
    for tag in flask.request.if_none_match.as_set(include_weak=True):
        return f'"{tag}"'
    return ""


def _budgets(text: str | None, kind) -> list[float]:
    if not text:
        if kind == pages_pb2.ADVICE:
            raise ValueError("budget is required, in FLOPs, such as budget=1e21,1e22")
        return []
    budgets = []
    for part in text.split(","):
        try:
            budget = float(part)
        except ValueError:
            budget = math.nan
        if not math.isfinite(budget) or budget <= 0:
            raise ValueError(f"budget must be positive and finite, got {part!r}")
        budgets.append(budget)
    most = _MAX_BUDGETS if kind == pages_pb2.ADVICE else 1
    if len(budgets) > most:
        raise ValueError(f"budget must hold at most {most}, got {len(budgets)}")
    return budgets


def _sweep(text: str | None) -> float | None:
    if not text:
        return None
    try:
        sweep = float(text)
    except ValueError:
        sweep = math.nan
    if not math.isfinite(sweep) or sweep <= 0:
        raise ValueError(f"sweep must be positive and finite, got {text!r}")
    return sweep


def _whole(name: str, text: str | None) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValueError(f"{name} must be a whole number, got {text!r}")
    return int(text)
