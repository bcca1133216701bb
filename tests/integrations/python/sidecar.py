"""A real `isoflop serve` and what it is told."""

import contextlib
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "integrations" / "python"))

import grpc  # noqa: E402
from isoflop.v1 import (  # noqa: E402
    fitted_laws_pb2,
    fitted_laws_pb2_grpc,
    ingest_pb2,
    ingest_pb2_grpc,
    run_events_pb2,
    studies_pb2,
    studies_pb2_grpc,
)

BINARY = os.environ.get("ISOFLOP_BINARY") or str(REPOSITORY / "build" / "isoflop")


def isoflop(*arguments: object) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ISOFLOP_")}
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=120)


@contextlib.contextmanager
def serving(folder: pathlib.Path, laws: str) -> Iterator[str]:
    """A server with a store of its own; yields its address."""
    address = f"unix:{folder}/socket"
    command = [BINARY, "serve", f"--store=sqlite:{folder}/isoflop.db", f"--listen={address}", f"--laws={laws}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            process.stdout.readline()  # It listens.
            yield address
        finally:
            process.terminate()


def snapshot(run_id: str, study_id: str, losses: dict[int, float], *, finished: bool = True, **params: object) -> run_events_pb2.RunEvent:
    """One run with its losses by step, a second each."""
    points = run_events_pb2.MetricPoints(key="loss", steps=list(losses), times_ms=[1000 * step for step in losses], values=list(losses.values()))
    run = run_events_pb2.RunSnapshot(
        study_id=study_id,
        run_name=run_id,
        status=run_events_pb2.FINISHED if finished else run_events_pb2.RUNNING,
        params={name: str(value) for name, value in params.items()},
        metrics=[points],
    )
    return run_events_pb2.RunEvent(run_id=run_id, snapshot=run)


def store(address: str, study_id: str, name: str, runs: list[run_events_pb2.RunEvent], laws: set[str]) -> None:
    """Stores the runs of a study of that name, and waits for the intervals of the laws that all of them led to."""
    finished = sum(run.snapshot.status == run_events_pb2.FINISHED for run in runs)
    requests = [
        ingest_pb2.StreamRunEventsRequest(hello=ingest_pb2.Hello(client_name="test", client_version="0.1.0")),
        ingest_pb2.StreamRunEventsRequest(batch=ingest_pb2.EventBatch(sequence_number=1, events=runs)),
    ]
    with grpc.insecure_channel(address) as channel:
        ingest = ingest_pb2_grpc.IngestServiceStub(channel)
        answers = list(ingest.StreamRunEvents(iter(requests), timeout=60))
        assert answers[-1].acknowledgement.sequence_number == 1 and not answers[-1].acknowledgement.rejected
        ids = [run.run_id for run in runs]
        ingest.RetainRuns(ingest_pb2.RetainRunsRequest(study_id=study_id, display_name=name, run_ids=ids), timeout=60)
        watch = fitted_laws_pb2_grpc.FittedLawServiceStub(channel).WatchFittedLaws(
            fitted_laws_pb2.WatchFittedLawsRequest(study=f"studies/{study_id}"), timeout=120
        )
        for change in watch:
            ready = {law.law for law in change.other_laws if law.intervals_ready} | ({change.law} if change.intervals_ready else set())
            if change.observation_count == finished and laws <= ready:
                break
        watch.cancel()


def set_tags(address: str, study_id: str, tags: dict[str, str]) -> None:
    """Replaces the settings of a study, and waits until its answers follow them."""
    with grpc.insecure_channel(address) as channel:
        studies = studies_pb2_grpc.StudyServiceStub(channel)
        request = ingest_pb2.SetStudySettingsRequest(study_id=study_id, settings=tags)
        ingest_pb2_grpc.IngestServiceStub(channel).SetStudySettings(request, timeout=60)
        watch = fitted_laws_pb2_grpc.FittedLawServiceStub(channel).WatchFittedLaws(
            fitted_laws_pb2.WatchFittedLawsRequest(study=f"studies/{study_id}"), timeout=60
        )
        for _ in watch:
            if studies.GetStudy(studies_pb2.GetStudyRequest(name=f"studies/{study_id}"), timeout=60).settings == tags:
                break
        watch.cancel()
