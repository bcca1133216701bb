"""Makes up the training curves that the sidecar lacks: a snapshot brings only the last point of each metric."""

import time
from dataclasses import dataclass
from typing import Callable

import grpc

from isoflop.v1 import ingest_pb2, ingest_pb2_grpc, run_events_pb2
from isoflop_mlflow.tracker import Tracker

_TRY_PERIOD_SEC = 2.0  # Until the sidecar has recognised what it was sent.
_TRIES = 5  # In a row; then once with each pass.
_RUNS_A_CALL = 100
_DEADLINE_SEC = 10.0


@dataclass(frozen=True)
class _Wish:
    goes_on: bool
    count: bool  # Whether more than one known point may be too few.


class CurveReader:
    """Reads back curves of runs of which a snapshot was sent, once, and once more when a run that went on has ended.

    Of a run that had ended before, the sidecar has heard all points or the last one only. Where a run went on, or events of it were dropped,
    the store's points are counted.
    """

    def __init__(self, ingest: ingest_pb2_grpc.IngestServiceStub, deliver: Callable[[list[run_events_pb2.RunEvent]], None]):
        self._ingest = ingest
        self._deliver = deliver
        self._compared: dict[str, bool] = {}  # By run: whether it went on then.
        self._wanted: dict[str, dict[str, _Wish]] = {}  # By study and run.
        self._tries_left = 0
        self._try_time = 0.0

    def forget(self) -> None:
        """Another sidecar may know less."""
        self._compared.clear()

    def want(self, study_id: str, run_id: str, goes_on: bool, dropped: bool) -> None:
        went_on = self._compared.get(run_id)
        ended = went_on is True and not goes_on
        if went_on is not None and not (ended or dropped):
            return
        runs = self._wanted.setdefault(study_id, {})
        earlier = runs.get(run_id)
        runs[run_id] = _Wish(goes_on, goes_on or ended or dropped or (earlier is not None and earlier.count))
        self._tries_left = _TRIES
        self._try_time = time.monotonic()

    def next_time(self) -> float:
        """When to call `read_back` next."""
        return self._try_time if self._wanted and self._tries_left else float("inf")

    def read_back(self, tracker: Tracker) -> None:
        self._tries_left = max(0, self._tries_left - 1)
        self._try_time = time.monotonic() + _TRY_PERIOD_SEC
        for study_id, runs in list(self._wanted.items()):
            for run_ids in _chunks(list(runs)):
                if not self._read_back_runs(tracker, study_id, {run_id: runs[run_id] for run_id in run_ids}):
                    break  # Not recognised yet.
                for run_id in run_ids:
                    self._compared[run_id] = runs.pop(run_id).goes_on
            if not runs:
                del self._wanted[study_id]

    def _read_back_runs(self, tracker: Tracker, study_id: str, runs: dict[str, _Wish]) -> bool:
        request = ingest_pb2.ListCurveCountsRequest(study_id=study_id, run_ids=runs)
        try:
            known = self._ingest.ListCurveCounts(request, timeout=_DEADLINE_SEC)
        except grpc.RpcError as error:
            if error.code() == grpc.StatusCode.NOT_FOUND:
                return False
            raise
        if not known.keys:
            return False
        suspects = {(curve.run_id, curve.key): curve.point_count for curve in known.curves if curve.point_count <= 1 or runs[curve.run_id].count}
        if suspects:
            lengths = tracker.curve_lengths({run_id for run_id, _ in suspects}, known.keys)
            for (run_id, key), known_count in suspects.items():
                length = lengths.get((run_id, key), 0)
                if length > known_count:
                    self._deliver([tracker.curve(run_id, key, length)])
        return True


def _chunks(run_ids: list[str]) -> list[list[str]]:
    return [run_ids[start : start + _RUNS_A_CALL] for start in range(0, len(run_ids), _RUNS_A_CALL)]
