"""Makes up from the tracking store what the stream did not bring."""

import math
import os
import socket
import threading
import time
import uuid
from contextlib import contextmanager
from typing import Callable, Iterator

import grpc

from isoflop.v1 import ingest_pb2, ingest_pb2_grpc, run_events_pb2, studies_pb2, studies_pb2_grpc
from isoflop_mlflow.curves import CurveReader
from isoflop_mlflow.event_queue import EventQueue, ReadEvents
from isoflop_mlflow.guard import log_seldom
from isoflop_mlflow.sidecar import Sidecar
from isoflop_mlflow.tracker import Experiment, Fingerprint, Tracker

_LONGEST_LEASE_SEC = 30.0  # A worker that died leaves its lease behind for so long.
_SHORTEST_LEASE_SEC = 3.0
_FULL_PERIOD_SEC = 600.0
_ROUND_LIMIT = 5
_EVENT_BYTES = 1 << 20  # Of one put; see also the bound on a batch.
_ACKNOWLEDGEMENT_DEADLINE_SEC = 60.0
_RETAIN_DEADLINE_SEC = 10.0
_MAX_WANTED_RUNS = 10_000  # Beyond, a whole pass is cheaper.
_OFFLINE_LOOK_SEC = 5.0
_FAILURE_PAUSE_SEC = 1.0
_RETRY_SEC = 5.0


class Interrupted(Exception):
    """The connection broke during a pass; the next one starts over."""


def _log_failure(error: Exception) -> None:
    if isinstance(error, Interrupted) or (isinstance(error, grpc.RpcError) and error.code() == grpc.StatusCode.UNAVAILABLE):
        return  # The stream reports that the sidecar is gone.
    log_seldom("reconcile", "isoflop: reconciliation failed; it will be tried again", exc_info=True)


@contextmanager
def _refusals_logged(what: str, study_id: str) -> Iterator[None]:
    """One experiment that the sidecar can't take must not keep it from the others."""
    try:
        yield
    except grpc.RpcError as error:
        if error.code() not in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED):
            raise
        log_seldom(what, "isoflop: experiment %s: %s", study_id, error.details())


class Reconciler:
    """Passes over the store: what differs from what this worker has sent is sent again as snapshots.

    Whole passes are made by the worker that holds the sidecar's lease, at each connection and then every period; a worker
    that dropped events reads back those runs itself, at once, since only it knows which.
    """

    def __init__(
        self,
        channel: grpc.Channel,
        queue: EventQueue,
        sidecar: Sidecar,
        open_tracker: Callable[[], Tracker],
        period_sec: float,
    ):
        self._ingest = ingest_pb2_grpc.IngestServiceStub(channel)
        self._studies = studies_pb2_grpc.StudyServiceStub(channel)
        self._queue = queue
        self._sidecar = sidecar
        self._open_tracker = open_tracker
        self._period_sec = period_sec
        self._lease_sec = min(max(period_sec, _SHORTEST_LEASE_SEC), _LONGEST_LEASE_SEC)
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._tracker: Tracker | None = None
        self._woken = threading.Condition()
        self._stopping = False
        self._wanted_runs: set[str] = set()
        self._wanted_experiments: set[str] = set()
        self._pass_wanted = False
        self._connection_count = 0
        self._forget_time = 0.0
        self._sent: dict[str, Fingerprint] = {}
        self._retained: dict[str, tuple] = {}
        self._settings: dict[str, dict[str, str]] = {}  # As told, by experiment.
        self._curves = CurveReader(self._ingest, self._deliver)
        self.holds_lease = False
        self.pass_count = 0

    def want_run(self, run_id: str | None) -> None:
        """Asks to read back one run at once, or, where it isn't known which, all."""
        with self._woken:
            if run_id is None or len(self._wanted_runs) >= _MAX_WANTED_RUNS:
                self._pass_wanted = True
            else:
                self._wanted_runs.add(run_id)
            self._woken.notify()

    def want_experiments(self, experiment_ids: list[str]) -> None:
        """Asks to read back these experiments at once, or all with none."""
        with self._woken:
            self._wanted_experiments.update(experiment_ids)
            self._pass_wanted = self._pass_wanted or not experiment_ids
            self._woken.notify()

    def wake(self) -> None:
        with self._woken:
            self._woken.notify()

    def stop(self) -> None:
        with self._woken:
            self._stopping = True
            self._woken.notify()

    def run(self) -> None:
        """Passes until `stop()`."""
        next_pass_time = 0.0
        next_lease_time = 0.0
        while not self._stopping:
            if not self._sidecar.wait_online(_OFFLINE_LOOK_SEC):
                continue
            try:
                if self._connection_count != self._sidecar.connection_count:
                    self._connection_count = self._sidecar.connection_count
                    self._forget()
                    self._curves.forget()
                    # Once more a period later: another worker's backlog may have overtaken the first pass.
                    self._forget_time = time.monotonic() + self._period_sec
                    next_pass_time = next_lease_time = 0.0
                self._read_back_wanted()
                if time.monotonic() >= next_lease_time:
                    self._acquire_lease()
                    next_lease_time = time.monotonic() + self._lease_sec / 3
                if self.holds_lease and (self._pass_wanted or time.monotonic() >= next_pass_time):
                    self._pass_wanted = False
                    next_pass_time = time.monotonic() + self._period_sec
                    if time.monotonic() >= self._forget_time:
                        self._forget()
                        self._forget_time = time.monotonic() + _FULL_PERIOD_SEC
                    self._pass(lambda experiment, run_id: True, whole=True)
                    self.pass_count += 1
                    self._curves.read_back(self._tracker)
                elif time.monotonic() >= self._curves.next_time():
                    self._curves.read_back(self._tracker)
            except Exception as error:
                _log_failure(error)
                self._forget()
                next_pass_time = time.monotonic() + min(self._period_sec, _RETRY_SEC)
                self._pause(_FAILURE_PAUSE_SEC)
            self._wait_until(min(next_lease_time, self._curves.next_time(), next_pass_time if self.holds_lease else math.inf))

    def _pause(self, duration_sec: float) -> None:
        """Waits for a new connection, but not for ever."""
        with self._woken:
            self._woken.wait_for(lambda: self._stopping or self._connection_count != self._sidecar.connection_count, duration_sec)

    def _wait_until(self, deadline: float) -> None:
        def has_work() -> bool:
            return (
                self._stopping
                or bool(self._wanted_runs or self._wanted_experiments)
                or (self._pass_wanted and self.holds_lease)
                or self._connection_count != self._sidecar.connection_count
            )

        with self._woken:
            self._woken.wait_for(has_work, max(0.0, deadline - time.monotonic()))

    def _forget(self) -> None:
        self._sent.clear()
        self._retained.clear()
        self._settings.clear()

    def _acquire_lease(self) -> None:
        request = ingest_pb2.AcquireReconcileLeaseRequest(holder=self._holder, duration_sec=self._lease_sec)
        granted = self._ingest.AcquireReconcileLease(request, timeout=2).granted
        if not granted and self.holds_lease:
            self._forget()  # What another holder does in the meantime isn't known here.
        self.holds_lease = granted

    def _read_back_wanted(self) -> None:
        with self._woken:
            runs, self._wanted_runs = self._wanted_runs, set()
            experiments, self._wanted_experiments = self._wanted_experiments, set()
        if not runs and not experiments:
            return
        for run_id in runs:
            self._sent.pop(run_id, None)
        for experiment_id in experiments:
            self._settings.pop(experiment_id, None)  # Another worker may have told others since.
        try:
            self._pass(lambda experiment, run_id: run_id in runs or experiment in experiments)
        except BaseException:
            with self._woken:
                self._wanted_runs |= runs
                self._wanted_experiments |= experiments
            raise

    def _pass(self, in_scope: Callable[[str, str | None], bool], whole: bool = False) -> None:
        """Sends what has changed, then looks again, until nothing changed while it was sent.

        Each look comes after the acknowledgement of what the one before found. So a change that the last look did not see
        was made after it, and its own event reaches the sidecar after the snapshot, which therefore never hides it.
        """
        if self._tracker is None:
            self._tracker = self._open_tracker()
        for round_number in range(_ROUND_LIMIT):
            changed = False
            experiments = self._tracker.experiments()
            if whole and round_number == 0:
                self._retain_nothing_of(self._known_studies() - experiments.keys())
            for experiment in experiments.values():
                changed = self._tell_settings(experiment, in_scope) or changed
                stale = [
                    run_id
                    for run_id, fingerprint in experiment.runs.items()
                    if in_scope(experiment.experiment_id, run_id) and self._is_stale(run_id, fingerprint, round_number)
                ]
                for events in self._tracker.snapshots(experiment, stale):
                    self._deliver(events)
                    self._sent.update((event.run_id, experiment.runs[event.run_id]) for event in events)
                    for event in events:
                        goes_on = event.snapshot.status in (run_events_pb2.RUNNING, run_events_pb2.SCHEDULED)
                        self._curves.want(experiment.experiment_id, event.run_id, goes_on, dropped=not whole)
                changed = self._retain(experiment, in_scope) or changed or bool(stale)
            if not changed:
                return

    def _is_stale(self, run_id: str, fingerprint: Fingerprint, round_number: int) -> bool:
        sent = self._sent.get(run_id)
        # Points only add up, in any order: those that came in during the pass can wait for the next one.
        return sent is None or sent.state != fingerprint.state or (round_number == 0 and sent != fingerprint)

    def _deliver(self, events: list[run_events_pb2.RunEvent]) -> None:
        """Sends events and waits until they are on disk."""
        waiting = []
        put, put_bytes = [], 0
        for event in events:
            size = event.ByteSize()
            if put and put_bytes + size > _EVENT_BYTES:
                waiting.append(ReadEvents(put, put_bytes, threading.Event()))
                put, put_bytes = [], 0
            put.append(event)
            put_bytes += size
        if put:
            waiting.append(ReadEvents(put, put_bytes, threading.Event()))
        for item in waiting:
            self._queue.put_read(item)
        deadline = time.monotonic() + _ACKNOWLEDGEMENT_DEADLINE_SEC
        for item in waiting:
            while not item.on_disk.wait(0.5):
                if self._connection_count != self._sidecar.connection_count or time.monotonic() > deadline:
                    raise Interrupted

    def _retain(self, experiment: Experiment, in_scope) -> bool:
        """Tells name, stage and runs of an experiment when it is new, or runs were purged, or name or stage changed."""
        if not in_scope(experiment.experiment_id, None):
            return False
        state = (experiment.name, experiment.deleted)
        known = self._retained.get(experiment.experiment_id)
        if known is not None and known[0] == state and known[1] <= experiment.runs.keys():
            self._retained[experiment.experiment_id] = (state, frozenset(experiment.runs))
            return False
        purged = known[1] - experiment.runs.keys() if known else frozenset()
        forgotten_count = self._call_retain(experiment.experiment_id, experiment.name, experiment.deleted, list(experiment.runs))
        # The sidecar keeps runs that it has not known for long, lest the list is older than they are: then ask again next time.
        still_known = purged if forgotten_count < len(purged) else frozenset()
        self._retained[experiment.experiment_id] = (state, still_known.union(experiment.runs))
        for run_id in purged:
            self._sent.pop(run_id, None)
        return not still_known

    def _tell_settings(self, experiment: Experiment, in_scope) -> bool:
        experiment_id, settings = experiment.experiment_id, experiment.settings
        if not in_scope(experiment_id, None) or self._settings.get(experiment_id) == settings:
            return False
        request = ingest_pb2.SetStudySettingsRequest(study_id=experiment_id, settings=settings)
        with _refusals_logged("settings", experiment_id):
            self._ingest.SetStudySettings(request, timeout=_RETAIN_DEADLINE_SEC)
        self._settings[experiment_id] = settings
        return True

    def _known_studies(self) -> set[str]:
        """What the sidecar has, at the first pass after a connection; later, what was sent to it since."""
        if self._retained:
            return set(self._retained)
        studies, token = set(), ""
        while True:
            page = self._studies.ListStudies(studies_pb2.ListStudiesRequest(page_size=1000, page_token=token), timeout=10)
            studies.update(study.name.removeprefix("studies/") for study in page.studies)
            token = page.next_page_token
            if not token:
                return studies

    def _retain_nothing_of(self, purged_experiments: set[str]) -> None:
        for experiment_id in purged_experiments:
            self._call_retain(experiment_id, "", True, [])
            self._retained.pop(experiment_id, None)
            self._settings.pop(experiment_id, None)

    def _call_retain(self, study_id: str, display_name: str, deleted: bool, run_ids: list[str]) -> int:
        request = ingest_pb2.RetainRunsRequest(
            study_id=study_id, display_name=display_name, deleted=deleted, run_ids=run_ids
        )
        with _refusals_logged("retain", study_id):
            return self._ingest.RetainRuns(request, timeout=_RETAIN_DEADLINE_SEC).forgotten_run_count
        return len(run_ids)
