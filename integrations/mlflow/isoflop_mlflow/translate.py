"""MLflow's REST bodies as run events."""

import json
import math
import sys
from dataclasses import dataclass, field
from typing import Any

from isoflop.v1 import run_events_pb2 as pb

# How the names of an experiment's tags start that are settings of the study.
SETTING_PREFIX = "isoflop."

_ENDED = {"FINISHED": pb.FINISHED, "FAILED": pb.FAILED, "KILLED": pb.KILLED}
_STARTED = ("RUNNING", "SCHEDULED")
# MLflow's clients may also send the number of the enum, which is ours too.
_STATUS_NAMES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}


@dataclass
class Translation:
    events: list[pb.RunEvent] = field(default_factory=list)
    # Experiments to be read back from the store, since the request says too little.
    experiment_ids: list[str] = field(default_factory=list)


def translate(endpoint: str, body: bytes, response: bytes) -> Translation:
    """Translates one successful request.

    Args:
        endpoint: a key of ENDPOINTS.
        body: as the client sent it.
        response: MLflow's answer, for the endpoints in NEEDS_RESPONSE.

    Raises:
        ValueError: the body is not what MLflow accepts; the run must be read back instead.
    """
    try:
        translation = Translation()
        ENDPOINTS[endpoint](_parse(body), _parse(response) if response else {}, translation)
        return translation
    except (AttributeError, KeyError, TypeError, OverflowError, UnicodeError, RecursionError) as error:
        raise ValueError(f"{endpoint}: {type(error).__name__}: {error}") from error


def stored_value(value: Any) -> float:
    """The number that MLflow keeps for a logged value: it has no infinities, and reads back the largest double."""
    number = float(value)
    if math.isinf(number):
        return math.copysign(sys.float_info.max, number)
    return number


def _parse(text: bytes) -> dict[str, Any]:
    message = json.loads(text)
    if isinstance(message, str):  # Old clients encode twice, and MLflow lets them.
        message = json.loads(message)
    if not isinstance(message, dict):
        raise ValueError("body must be a JSON object")
    return message


def _get(message: dict[str, Any], name: str) -> Any:
    """Protobuf's JSON allows both run_id and runId."""
    value = message.get(name)
    if value is None and "_" in name:
        head, *tail = name.split("_")
        value = message.get(head + "".join(word.capitalize() for word in tail))
    return value


def _run_id(message: dict[str, Any]) -> str:
    run_id = _get(message, "run_id") or _get(message, "run_uuid")
    if not run_id:
        raise ValueError("run_id is missing")
    return run_id


def _pairs(items: list[dict[str, Any]] | None) -> dict[str, str]:
    return {item["key"]: str(item.get("value", "")) for item in items or ()}


def _metric_events(run_id: str, metrics: list[dict[str, Any]]) -> list[pb.RunEvent]:
    columns: dict[str, tuple[list[int], list[int], list[float]]] = {}
    for metric in metrics:
        column = columns.get(metric["key"])
        if column is None:
            column = columns[metric["key"]] = ([], [], [])
        column[0].append(int(metric.get("step") or 0))
        column[1].append(int(metric.get("timestamp") or 0))
        column[2].append(stored_value(metric["value"]))
    return [
        pb.RunEvent(run_id=run_id, metric_points=pb.MetricPoints(key=key, steps=steps, times_ms=times, values=values))
        for key, (steps, times, values) in columns.items()
    ]


def _create(body, response, translation: Translation) -> None:
    info = response["run"]["info"]
    run_id = _run_id(info)
    started = pb.RunStarted(
        study_id=str(_get(info, "experiment_id")),
        run_name=_get(info, "run_name") or "",
        start_time_ms=int(_get(info, "start_time") or 0),
    )
    translation.events.append(pb.RunEvent(run_id=run_id, started=started))
    tags = _pairs(response["run"].get("data", {}).get("tags"))
    if tags:
        translation.events.append(pb.RunEvent(run_id=run_id, params_and_tags=pb.ParamsAndTags(tags=tags)))


def _update(body, response, translation: Translation) -> None:
    run_id = _run_id(body)
    status = _get(body, "status")
    status = _STATUS_NAMES.get(status, status)
    name = _get(body, "run_name")
    if status in _ENDED:
        ended = pb.RunEnded(status=_ENDED[status], end_time_ms=int(_get(body, "end_time") or 0))
        translation.events.append(pb.RunEvent(run_id=run_id, ended=ended))
    elif status in _STARTED:
        translation.events.append(pb.RunEvent(run_id=run_id, started=pb.RunStarted(run_name=name or "")))
    elif status is not None:
        raise ValueError(f"status must be one of MLflow's, got {status!r}")
    if name:
        tags = {"mlflow.runName": name}  # Where MLflow itself keeps the name besides.
        translation.events.append(pb.RunEvent(run_id=run_id, params_and_tags=pb.ParamsAndTags(tags=tags)))


def _log_metric(body, response, translation: Translation) -> None:
    translation.events.extend(_metric_events(_run_id(body), [body]))


def _log_batch(body, response, translation: Translation) -> None:
    run_id = _run_id(body)
    params, tags = _pairs(body.get("params")), _pairs(body.get("tags"))
    if params or tags:
        translation.events.append(pb.RunEvent(run_id=run_id, params_and_tags=pb.ParamsAndTags(params=params, tags=tags)))
    translation.events.extend(_metric_events(run_id, body.get("metrics") or []))


def _log_parameter(body, response, translation: Translation) -> None:
    change = pb.ParamsAndTags(params=_pairs([body]))
    translation.events.append(pb.RunEvent(run_id=_run_id(body), params_and_tags=change))


def _set_tag(body, response, translation: Translation) -> None:
    change = pb.ParamsAndTags(tags=_pairs([body]))
    translation.events.append(pb.RunEvent(run_id=_run_id(body), params_and_tags=change))


def _delete_tag(body, response, translation: Translation) -> None:
    change = pb.ParamsAndTags(removed_tags=[body["key"]])
    translation.events.append(pb.RunEvent(run_id=_run_id(body), params_and_tags=change))


def _delete(body, response, translation: Translation) -> None:
    translation.events.append(pb.RunEvent(run_id=_run_id(body), deleted=pb.RunDeleted()))


def _restore(body, response, translation: Translation) -> None:
    translation.events.append(pb.RunEvent(run_id=_run_id(body), restored=pb.RunRestored()))


def _experiment(body, response, translation: Translation) -> None:
    """Deleting or restoring an experiment does so to its runs, which the request doesn't name; its name is not in run events."""
    experiment_id = _get(body, "experiment_id") or _get(response, "experiment_id")
    if not experiment_id:
        raise ValueError("experiment_id is missing")
    translation.experiment_ids.append(str(experiment_id))


def _experiment_tag(body, response, translation: Translation) -> None:
    if body["key"].startswith(SETTING_PREFIX):
        _experiment(body, response, translation)


# By MLflow's path below .../mlflow/.
ENDPOINTS = {
    "runs/create": _create,
    "runs/update": _update,
    "runs/log-metric": _log_metric,
    "runs/log-batch": _log_batch,
    "runs/log-parameter": _log_parameter,
    "runs/set-tag": _set_tag,
    "runs/delete-tag": _delete_tag,
    "runs/delete": _delete,
    "runs/restore": _restore,
    "experiments/create": _experiment,
    "experiments/update": _experiment,
    "experiments/delete": _experiment,
    "experiments/restore": _experiment,
    "experiments/set-experiment-tag": _experiment_tag,
    "experiments/delete-experiment-tag": _experiment_tag,
}

# MLflow gives the new id in its answer.
NEEDS_RESPONSE = frozenset({"runs/create", "experiments/create"})
