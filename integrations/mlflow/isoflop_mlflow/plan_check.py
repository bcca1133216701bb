"""A page's question about planned runs: a JSON body, from MLflow's own pages only."""

import json
from urllib.parse import urlsplit

import flask

from isoflop.v1 import check_pb2
from isoflop_mlflow.permission import error

# The sidecar takes 4 MiB a message, and no plan of over 1 MiB.
MAX_BODY_BYTES = 2 << 20

_KEYS = {"experiment_id", "plans", "policy", "fail_on", "on_unknown", "version"}


def refusal(request: flask.Request) -> flask.Response | None:
    """None for what one of MLflow's own pages may send, or a client that is no browser; otherwise what to answer.

    A form of another site can't send JSON without the browser asking first, which MLflow answers as its own settings say; the origin is checked besides.
    """
    if not _is_same_origin(request):
        return error(403, "FORBIDDEN", "only pages of this server may ask this")
    if request.mimetype != "application/json":
        return error(415, "INVALID", f"Content-Type must be application/json, got {request.mimetype!r}")
    if request.content_length is None:
        return error(411, "INVALID", "Content-Length is required")
    if request.content_length > MAX_BODY_BYTES:
        return error(413, "INVALID", f"the body must be at most {MAX_BODY_BYTES} bytes, got {request.content_length}")
    return None


def read_check(body: bytes) -> check_pb2.CheckPlansRequest:
    """Reads {"experiment_id": "7", "plans": [{"file": "plan.yaml", "text": "..."}]}, and "policy" (a file likewise), "fail_on", "on_unknown"
    and "version" where they are given.

    What they may be is the sidecar's to say.

    Raises:
        ValueError: names the key and the rule.
    """
    try:
        question = json.loads(body)
    except (ValueError, RecursionError) as invalid:
        raise ValueError(f"the body must be JSON: {invalid}") from invalid
    if not isinstance(question, dict):
        raise ValueError("the body must be a JSON object")
    if unknown := sorted(question.keys() - _KEYS):
        raise ValueError(f"{unknown[0]} is not known; known are {', '.join(sorted(_KEYS))}")
    plans = question.get("plans")
    if not isinstance(plans, list):
        raise ValueError("plans must be a list")
    version = question.get("version", 0)
    if not isinstance(version, int) or not 0 <= version < 2**63:
        raise ValueError(f"version must be a whole number, got {version!r}")
    return check_pb2.CheckPlansRequest(
        study=f"studies/{_text(question, 'experiment_id')}",
        plans=[_named_text(f"plans[{i}]", plan) for i, plan in enumerate(plans)],
        policy=_named_text("policy", question["policy"]) if question.get("policy") is not None else None,
        fail_on=_text(question, "fail_on", ""),
        on_unknown=_text(question, "on_unknown", ""),
        version=version,
    )


def _is_same_origin(request: flask.Request) -> bool:
    # Browsers say it themselves where the page is secure; a proxy may have changed the host.
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _named_text(name: str, value: object) -> check_pb2.NamedText:
    if not isinstance(value, dict) or value.keys() != {"file", "text"}:
        raise ValueError(f'{name} must be {{"file", "text"}}')
    return check_pb2.NamedText(file=_text(value, "file"), text=_text(value, "text").encode())


def _text(question: dict, key: str, default: str | None = None) -> str:
    value = question.get(key, default)
    if not isinstance(value, str):
        raise ValueError(f"{key} must be a text, got {value!r:.100}")
    try:
        value.encode()
    except UnicodeEncodeError as invalid:
        raise ValueError(f"{key} must be text in Unicode, got half of a surrogate pair") from invalid
    return value
