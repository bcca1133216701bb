"""Reads MLflow's tracking store, in this process, through MLflow's own store object."""

import hashlib
import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Iterable, Iterator

from mlflow.entities import LifecycleStage, Run, RunStatus, ViewType

from isoflop.v1 import run_events_pb2 as pb
from isoflop_mlflow.translate import SETTING_PREFIX

_PAGE_SIZE = 100  # Runs; a page takes some tens of milliseconds, and MLflow's requests come in between.
_MAX_EVENT_BYTES = 3 << 20  # The sidecar takes 4 MiB a message.
_MAX_CURVE_POINTS = 10_000  # An event holds no more; of a longer curve, points evenly spaced by rank.
_LARGE_VALUE = 1e300  # Sums of smaller values can't overflow a database's double.


@dataclass(frozen=True)
class Fingerprint:
    """Changes when the run changes, whoever changed it and however."""

    # Status, stage, name, times, and how many params and tags of which total length.
    state: tuple
    # Number of metrics, and sums over their latest points.
    metrics: tuple


@dataclass
class Experiment:
    experiment_id: str
    name: str
    deleted: bool
    workspace: str | None
    runs: dict[str, Fingerprint] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)  # Its tags that are settings of the study.


class Tracker:
    """Reads a store; for one that isn't SQL every look reads all its runs."""

    def __init__(self, store):
        self._store = store
        self._is_sql = hasattr(store, "ManagedSessionMaker")

    def experiments(self) -> dict[str, Experiment]:
        """All experiments, deleted ones included, with the fingerprints of all their runs."""
        return self._sql_experiments() if self._is_sql else self._plain_experiments()

    def snapshots(self, experiment: Experiment, run_ids: list[str]) -> Iterator[list[pb.RunEvent]]:
        """Pages of snapshots of these runs of one experiment."""
        for start in range(0, len(run_ids), _PAGE_SIZE):
            page = run_ids[start : start + _PAGE_SIZE]
            quoted = ", ".join(f"'{run_id}'" for run_id in page)
            started = time.monotonic()
            runs = self._search(experiment, f"attributes.run_id IN ({quoted})")
            yield [_snapshot(run) for run in runs]
            _give_way(started)

    def curve_lengths(self, run_ids: Iterable[str], keys: Iterable[str]) -> dict[tuple[str, str], int]:
        """How many points the store holds of these metrics, by (run, key)."""
        if not self._is_sql:
            return {(run_id, key): len(self._store.get_metric_history(run_id, key)) for run_id in run_ids for key in keys}
        from mlflow.store.tracking.dbmodels.models import SqlMetric
        from sqlalchemy import func

        run_ids, lengths = list(run_ids), {}
        for start in range(0, len(run_ids), _PAGE_SIZE):
            started = time.monotonic()
            with self._store.ManagedSessionMaker() as session:
                counted = session.query(SqlMetric.run_uuid, SqlMetric.key, func.count()).filter(
                    SqlMetric.run_uuid.in_(run_ids[start : start + _PAGE_SIZE]), SqlMetric.key.in_(list(keys))
                )
                lengths.update(((run_id, key), count) for run_id, key, count in counted.group_by(SqlMetric.run_uuid, SqlMetric.key))
            _give_way(started)
        return lengths

    def curve(self, run_id: str, key: str, length: int) -> pb.RunEvent:
        """All points of one metric of one run, or, of more than an event holds, some of them, the last included."""
        started = time.monotonic()
        points = self._sql_points(run_id, key, length) if self._is_sql else self._plain_points(run_id, key)
        steps, times_ms, values = zip(*points)
        _give_way(started)
        return pb.RunEvent(run_id=run_id, metric_points=pb.MetricPoints(key=key, steps=steps, times_ms=times_ms, values=values))

    def _sql_points(self, run_id: str, key: str, length: int) -> list[tuple[int, int, float]]:
        from mlflow.store.tracking.dbmodels.models import SqlMetric
        from sqlalchemy import func

        stride = -(-length // _MAX_CURVE_POINTS)
        order = (SqlMetric.step.desc(), SqlMetric.timestamp.desc(), SqlMetric.value.desc())
        with self._store.ManagedSessionMaker() as session:
            columns = (SqlMetric.step, SqlMetric.timestamp, SqlMetric.value, SqlMetric.is_nan)
            ranked = (
                session.query(*columns, func.row_number().over(order_by=order).label("rank"))
                .filter(SqlMetric.run_uuid == run_id, SqlMetric.key == key)
                .subquery()
            )
            rows = session.query(ranked.c.step, ranked.c.timestamp, ranked.c.value, ranked.c.is_nan).filter((ranked.c.rank - 1) % stride == 0)
            # Points that came since the count are left to the stream.
            return [(step, time_ms, math.nan if is_nan else value) for step, time_ms, value, is_nan in rows.limit(_MAX_CURVE_POINTS)]

    def _plain_points(self, run_id: str, key: str) -> list[tuple[int, int, float]]:
        points = sorted((metric.step, metric.timestamp, metric.value) for metric in self._store.get_metric_history(run_id, key))
        return points[:: -(-len(points) // _MAX_CURVE_POINTS) * -1]

    def _search(self, experiment: Experiment, filter_string: str) -> list[Run]:
        runs, token = [], None
        with _workspace(experiment.workspace):
            while True:
                page = self._store.search_runs(
                    [experiment.experiment_id], filter_string, ViewType.ALL, max_results=_PAGE_SIZE, page_token=token
                )
                runs.extend(page)
                token = page.token
                if not token:
                    return runs

    def _sql_experiments(self) -> dict[str, Experiment]:
        # Plain columns: building MLflow's entities for thousands of unchanged runs would cost seconds of the interpreter.
        from mlflow.store.tracking.dbmodels.models import SqlExperiment, SqlExperimentTag, SqlLatestMetric, SqlParam, SqlRun, SqlTag
        from sqlalchemy import case, func

        plain_value = case((func.abs(SqlLatestMetric.value) < _LARGE_VALUE, SqlLatestMetric.value), else_=0.0)
        with self._store.ManagedSessionMaker() as session:
            # The parts before the runs: a run that changes in between then differs from its fingerprint and is read again.
            metrics = _by_first(
                session.query(
                    SqlLatestMetric.run_uuid,
                    func.count(),
                    func.max(SqlLatestMetric.timestamp),
                    func.sum(SqlLatestMetric.step),
                    func.sum(plain_value),
                ).group_by(SqlLatestMetric.run_uuid)
            )
            params = _by_first(
                session.query(SqlParam.run_uuid, func.count(), func.sum(func.length(SqlParam.value))).group_by(SqlParam.run_uuid)
            )
            tags = _by_first(
                session.query(SqlTag.run_uuid, func.count(), func.sum(func.length(SqlTag.value))).group_by(SqlTag.run_uuid)
            )
            experiments = {
                str(row[0]): Experiment(str(row[0]), row[1], row[2] == LifecycleStage.DELETED, row[3])
                for row in session.query(
                    SqlExperiment.experiment_id, SqlExperiment.name, SqlExperiment.lifecycle_stage, SqlExperiment.workspace
                )
            }
            settings = session.query(SqlExperimentTag.experiment_id, SqlExperimentTag.key, SqlExperimentTag.value)
            for experiment_id, key, value in settings.filter(SqlExperimentTag.key.startswith(SETTING_PREFIX)):
                if (experiment := experiments.get(str(experiment_id))) and key.startswith(SETTING_PREFIX):  # Some databases ignore case.
                    experiment.settings[key] = value or ""
            runs = session.query(
                SqlRun.experiment_id,
                SqlRun.run_uuid,
                SqlRun.status,
                SqlRun.lifecycle_stage,
                SqlRun.name,
                SqlRun.start_time,
                SqlRun.end_time,
            )
            for experiment_id, run_id, *state in runs:
                if experiment := experiments.get(str(experiment_id)):
                    state += [params.get(run_id), tags.get(run_id)]
                    experiment.runs[run_id] = Fingerprint(tuple(state), metrics.get(run_id, ()))
        return experiments

    def _plain_experiments(self) -> dict[str, Experiment]:
        experiments, token = {}, None
        while True:
            page = self._store.search_experiments(view_type=ViewType.ALL, max_results=_PAGE_SIZE, page_token=token)
            for found in page:
                deleted = found.lifecycle_stage == LifecycleStage.DELETED
                experiment = Experiment(found.experiment_id, found.name, deleted, None)
                experiment.settings = {key: value for key, value in found.tags.items() if key.startswith(SETTING_PREFIX)}
                for run in self._search(experiment, ""):
                    digest = hashlib.sha256(_snapshot(run).SerializeToString(deterministic=True)).digest()
                    experiment.runs[run.info.run_id] = Fingerprint((digest,), ())
                experiments[experiment.experiment_id] = experiment
            token = page.token
            if not token:
                return experiments


def _give_way(started: float) -> None:
    """Leaves at least half of the interpreter to MLflow."""
    time.sleep(min(time.monotonic() - started, 1.0))


def _by_first(rows: Iterable[tuple]) -> dict[str, tuple]:
    return {row[0]: tuple(row[1:]) for row in rows}


@contextmanager
def _workspace(name: str | None):
    """MLflow's store answers for one workspace at a time, where they are switched on."""
    from mlflow.environment_variables import MLFLOW_ENABLE_WORKSPACES
    from mlflow.utils.workspace_context import clear_server_request_workspace, set_server_request_workspace

    if name is None or not MLFLOW_ENABLE_WORKSPACES.get():
        yield
        return
    set_server_request_workspace(name)
    try:
        yield
    finally:
        clear_server_request_workspace()


def _snapshot(run: Run) -> pb.RunEvent:
    info = run.info
    snapshot = pb.RunSnapshot(
        study_id=str(info.experiment_id),
        run_name=info.run_name or "",
        status=RunStatus.from_string(info.status),
        deleted=info.lifecycle_stage == LifecycleStage.DELETED,
        start_time_ms=info.start_time or 0,
        end_time_ms=info.end_time or 0,
        params=run.data.params,
        tags=run.data.tags,
        # The latest points: MLflow's rule for them is the service's, and a law needs no others.
        metrics=[
            pb.MetricPoints(key=metric.key, steps=[metric.step], times_ms=[metric.timestamp], values=[metric.value])
            for metric in run.data.to_proto().metrics
        ],
    )
    _fit_into_message(snapshot)
    return pb.RunEvent(run_id=info.run_id, snapshot=snapshot)


def _fit_into_message(snapshot: pb.RunSnapshot) -> None:
    """Leaves out the longest tags and params of a monstrous run; quantities are short."""
    while snapshot.ByteSize() > _MAX_EVENT_BYTES:
        texts = [(len(value), texts, key) for texts in (snapshot.params, snapshot.tags) for key, value in texts.items()]
        if not texts:
            return
        _, owner, key = max(texts, key=lambda text: text[0])
        del owner[key]
