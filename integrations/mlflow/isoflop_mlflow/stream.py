"""One worker's stream of run events to the sidecar: at least once, in order, resent after a break."""

import random
import threading
from collections import deque
from dataclasses import dataclass
from typing import Callable, Iterator

import grpc

from isoflop.v1 import ingest_pb2, ingest_pb2_grpc, run_events_pb2, server_pb2, server_pb2_grpc
from isoflop_mlflow import __version__
from isoflop_mlflow.event_queue import EventQueue, Item, TappedRequest
from isoflop_mlflow.guard import log_seldom
from isoflop_mlflow.sidecar import Sidecar
from isoflop_mlflow.translate import translate

_BATCH_BYTES = 1 << 20  # Of JSON, which is larger than the message made of it; the sidecar takes 4 MiB.
_MAX_UNACKNOWLEDGED_BATCHES = 32
_WELCOME_DEADLINE_SEC = 10.0
_FIRST_PAUSE_SEC = 0.1
_LONGEST_PAUSE_SEC = 5.0
_ATTEMPTS_WHEN_STUCK = 3
# Codes that say nothing about what was sent.
_BREAKS = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED)
# Nor do these when they are the store's: its disk is full, or its file damaged. gRPC itself says the first of large messages.
_STORE_FAILURES = (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.DATA_LOSS)
_STORE_PREFIX = "store:"
_MISMATCH_PAUSE_SEC = 30.0  # Someone must install another version first.


@dataclass(frozen=True)
class _Batch:
    events: list[run_events_pb2.RunEvent]
    on_disk: list[threading.Event]


class _Connection:
    """Where one stream stands in the batches not acknowledged."""

    def __init__(self):
        self.welcomed = False
        self.closed = False
        self.acknowledged_number = 0  # The last sequence number acknowledged.
        self.sent_count = 0  # Batches sent and not acknowledged.


class VersionMismatch(Exception):
    pass


def versions_fit(one: str, other: str) -> bool:
    """Whether major and minor are equal."""
    return one.split(".")[:2] == other.split(".")[:2]


class RunStream:
    def __init__(
        self,
        channel: grpc.Channel,
        queue: EventQueue,
        sidecar: Sidecar,
        on_unreadable: Callable[[list[str]], None],
    ):
        """`on_unreadable` is called with the experiments to read back from the store; with none of them: all."""
        self._ingest = ingest_pb2_grpc.IngestServiceStub(channel)
        self._server = server_pb2_grpc.ServerServiceStub(channel)
        self._queue = queue
        self._sidecar = sidecar
        self._on_unreadable = on_unreadable
        self._batches: deque[_Batch] = deque()  # Not acknowledged, oldest first.
        self._room = threading.Condition()  # Guards _batches and the connection's counters.
        self._filling = threading.Lock()  # Held from taking items to appending their batch, which keeps the order.
        self._stopping = threading.Event()
        self._connection = _Connection()
        self._call: grpc.Call | None = None
        self._stuck_count = 0
        self.rejected_count = 0

    @property
    def unacknowledged_batch_count(self) -> int:
        return len(self._batches)

    def run(self) -> None:
        """Connects, and again after each break, until `stop()`."""
        pause_sec = _FIRST_PAUSE_SEC
        while not self._stopping.is_set():
            connection = self._connection = _Connection()
            mismatch = False
            try:
                self._stream_once(connection)
                self._sidecar.set_offline("the sidecar closed the stream")
            except VersionMismatch as error:
                mismatch = True
                self._report_mismatch(str(error))
            except grpc.RpcError as error:
                mismatch = error.code() == grpc.StatusCode.FAILED_PRECONDITION and not connection.welcomed
                if mismatch:
                    self._report_mismatch(error.details())
                else:
                    self._sidecar.set_offline(f"the sidecar can't be reached ({error.code().name})")
                    if connection.welcomed or pause_sec == _LONGEST_PAUSE_SEC:  # Not while it is still starting.
                        log_seldom("offline", "isoflop: no sidecar: %s: %s", error.code().name, error.details())
                    self._give_up_if_stuck(connection, error)
            except Exception as error:  # Whatever it is, the next connection starts afresh.
                log_seldom("stream", "isoflop: the event stream failed", exc_info=True)
                self._sidecar.set_offline(f"{type(error).__name__}: {error}")
            if connection.welcomed:
                pause_sec = _FIRST_PAUSE_SEC
            self._stopping.wait(_MISMATCH_PAUSE_SEC if mismatch else pause_sec * random.uniform(0.5, 1.0))
            pause_sec = min(pause_sec * 2, _LONGEST_PAUSE_SEC)

    def stop(self) -> None:
        self._stopping.set()
        self._close(self._connection)
        if self._call is not None:
            self._call.cancel()

    def _stream_once(self, connection: _Connection) -> None:
        call = self._call = self._ingest.StreamRunEvents(self._requests(connection))
        deadline = threading.Timer(_WELCOME_DEADLINE_SEC, lambda: connection.welcomed or call.cancel())
        deadline.daemon = True
        deadline.start()
        try:
            for response in call:
                if response.HasField("welcome"):
                    self._welcome(connection, response.welcome.server_version)
                else:
                    self._acknowledge(connection, response.acknowledgement)
        finally:
            deadline.cancel()
            self._close(connection)
            call.cancel()

    def _close(self, connection: _Connection) -> None:
        with self._room:
            connection.closed = True
            self._room.notify_all()

    def _welcome(self, connection: _Connection, server_version: str) -> None:
        if not versions_fit(server_version, __version__):
            raise VersionMismatch(f"the sidecar is {server_version}, the plug-in {__version__}")
        with self._room:
            connection.welcomed = True
            self._room.notify_all()
        self._sidecar.set_online(server_version)

    def _requests(self, connection: _Connection) -> Iterator[ingest_pb2.StreamRunEventsRequest]:
        hello = ingest_pb2.Hello(client_name="isoflop-mlflow", client_version=__version__)
        yield ingest_pb2.StreamRunEventsRequest(hello=hello)
        with self._room:
            self._room.wait_for(lambda: connection.welcomed or connection.closed)
        while True:
            batch, number = self._next_unsent(connection)
            if batch is None:
                return
            yield ingest_pb2.StreamRunEventsRequest(batch=ingest_pb2.EventBatch(sequence_number=number, events=batch.events))

    def _next_unsent(self, connection: _Connection) -> tuple[_Batch | None, int]:
        while not connection.closed:
            with self._room:
                self._room.wait_for(lambda: connection.closed or connection.sent_count < _MAX_UNACKNOWLEDGED_BATCHES)
                if not connection.closed and connection.sent_count < len(self._batches):
                    batch = self._batches[connection.sent_count]
                    connection.sent_count += 1
                    return batch, connection.acknowledged_number + connection.sent_count
            self._fill(connection)
        return None, 0

    def _fill(self, connection: _Connection) -> None:
        with self._filling:
            if connection.sent_count < len(self._batches):
                return  # The connection before this one had taken it already.
            batch = self._translate(self._queue.take(_BATCH_BYTES, lambda: connection.closed))
            if batch.events or batch.on_disk:
                with self._room:
                    self._batches.append(batch)

    def _translate(self, items: list[Item]) -> _Batch:
        batch = _Batch([], [])
        for item in items:
            if not isinstance(item, TappedRequest):
                batch.events.extend(item.events)
                batch.on_disk.append(item.on_disk)
                continue
            try:
                translation = translate(item.endpoint, item.body, item.response)
            except ValueError as error:
                log_seldom("translate", "isoflop: a request could not be read (%s); the store will be", error)
                self._on_unreadable([])
                continue
            batch.events.extend(translation.events)
            if translation.experiment_ids:
                self._on_unreadable(translation.experiment_ids)
        return batch

    def _acknowledge(self, connection: _Connection, acknowledgement: ingest_pb2.Acknowledgement) -> None:
        for rejected in acknowledgement.rejected:
            self.rejected_count += 1
            log_seldom("rejected", "isoflop: the sidecar refused an event: %s", rejected.reason)
        with self._room:
            while connection.acknowledged_number < acknowledgement.sequence_number and connection.sent_count:
                for event in self._batches.popleft().on_disk:
                    event.set()
                connection.acknowledged_number += 1
                connection.sent_count -= 1
            self._room.notify_all()

    def _give_up_if_stuck(self, connection: _Connection, error: grpc.RpcError) -> None:
        """A batch that the sidecar can't take, such as one too large, must not hold up all that follow."""
        code = error.code()
        of_the_store = code in _STORE_FAILURES and (error.details() or "").startswith(_STORE_PREFIX)
        if code in _BREAKS or of_the_store or connection.acknowledged_number or not connection.sent_count:
            self._stuck_count = 0
            return
        self._stuck_count += 1
        if self._stuck_count < _ATTEMPTS_WHEN_STUCK:
            return
        self._stuck_count = 0
        with self._room:
            for event in self._batches.popleft().on_disk:
                event.set()
        log_seldom("stuck", "isoflop: the sidecar refused a batch %d times (%s); the store will be read", _ATTEMPTS_WHEN_STUCK, code)
        self._on_unreadable([])

    def _report_mismatch(self, message: str) -> None:
        version = None
        try:
            version = self._server.GetServerInfo(server_pb2.GetServerInfoRequest(), timeout=2).version
        except grpc.RpcError:
            pass  # Then the message alone has to say it.
        self._sidecar.set_offline(f"versions do not fit: {message}", refused=True, version=version)
        log_seldom("mismatch", "isoflop: versions do not fit: %s", message)
