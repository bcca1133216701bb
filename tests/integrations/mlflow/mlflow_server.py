"""A real MLflow server with the plug-in, on a free loopback port, for as long as a test needs it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from mlflow import MlflowClient

REPOSITORY = Path(__file__).resolve().parents[3]
BINARY = os.environ.get("ISOFLOP_BINARY") or str(REPOSITORY / "build" / "isoflop")
ROUTES = "/ajax-api/2.0/isoflop"
# How long uvicorn waits for a sign of life of a worker: its usual 5 s kill workers that still start on a busy machine. A worker that dies
# between its ping and its answer is waited for as long, and only then replaced.
WORKER_HEALTHCHECK_SEC = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what: str, deadline_sec: float = 30.0, pause_sec: float = 0.02):
    """Returns the first true value of `condition()`."""
    deadline = time.monotonic() + deadline_sec
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(pause_sec)
    raise AssertionError(f"not within {deadline_sec} s: {what}")


class Answer:
    def __init__(self, status: int, headers, body: bytes):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class MlflowServer:
    def __init__(self, folder: Path, workers: int = 1, app: str | None = "isoflop", arguments=(), prefix: str = "", waitress=False, **environment):
        """Starts the server. `environment` is added to this process's own, less its ISOFLOP_ variables."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.home = folder / "home"
        self.store_uri = f"sqlite:///{folder}/mlflow.db"
        self.origin = f"http://127.0.0.1:{free_port()}"
        self.url = self.origin + prefix
        self.log = folder / "server.log"
        settings = {name: value for name, value in os.environ.items() if not name.startswith("ISOFLOP_")}
        settings |= {
            "ISOFLOP_HOME": str(self.home),
            "ISOFLOP_BINARY": BINARY,
            "ISOFLOP_RECONCILE_PERIOD_SEC": "1",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        settings |= environment
        command = [sys.executable, "-m", "mlflow", "server", "--port", self.origin.rpartition(":")[2], "--workers", str(workers)]
        command += ["--backend-store-uri", self.store_uri, "--default-artifact-root", str(folder / "artifacts")]
        command += ["--static-prefix", prefix] if prefix else []
        command += ["--app-name", app] if app else []
        if workers > 1 and "--gunicorn-opts" not in arguments:
            command += ["--uvicorn-opts", f"--timeout-worker-healthcheck {WORKER_HEALTHCHECK_SEC}"]
        if waitress:
            # As MLflow starts it on Windows; elsewhere `mlflow server --waitress-opts` asks waitress for "factory()", which it refuses.
            command = [sys.executable, "-m", "waitress", "--host=127.0.0.1", f"--port={self.origin.rpartition(':')[2]}", "--ident=mlflow"]
            command += ["--call", "isoflop_mlflow.app:create_app"]
            settings |= {"_MLFLOW_SGI_NAME": "waitress", "_MLFLOW_SERVER_FILE_STORE": self.store_uri}
            settings |= {"_MLFLOW_SERVER_ARTIFACT_ROOT": str(folder / "artifacts")}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command + list(arguments), env=settings, cwd=folder, stdout=log, stderr=log, start_new_session=True
            )

    def wait_ready(self) -> "MlflowServer":
        def ready():
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            try:
                return self.get("/health").status == 200
            except OSError:
                return False

        wait_until(ready, "MLflow answers", 60)
        return self

    @property
    def client(self) -> MlflowClient:
        return MlflowClient(self.url)

    @property
    def direct_client(self) -> MlflowClient:
        """Writes straight to MLflow's database."""
        return MlflowClient(self.store_uri)

    def get(self, path: str, headers=None, **parameters) -> Answer:
        query = urllib.parse.urlencode({name: value for name, value in parameters.items() if value is not None})
        return self._send(urllib.request.Request(f"{self.url}{path}" + (f"?{query}" if query else ""), headers=headers or {}))

    def check_plans(self, experiment_id: str, plans: dict[str, str], headers=None, **question) -> Answer:
        """What the route says of plans, by the names of their files."""
        question |= {"experiment_id": experiment_id, "plans": [{"file": file, "text": text} for file, text in plans.items()]}
        headers = {"Content-Type": "application/json"} | (headers or {})
        return self._send(urllib.request.Request(f"{self.url}{ROUTES}/plan/check", json.dumps(question).encode(), headers))

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def route(self, name: str, experiment_id: str | None = None, headers=None, **parameters) -> Answer:
        return self.get(f"{ROUTES}/{name}", headers, experiment_id=experiment_id, **parameters)

    def wait_online(self) -> None:
        wait_until(lambda: self.route("status").json["sidecar"] == "online", "the sidecar is online")

    def sidecar_process_id(self) -> int | None:
        """Of the sidecar that listens in this server's home."""
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    arguments = (folder / "cmdline").read_bytes().split(b"\0")
                except OSError:
                    continue
                if b"serve" in arguments and f"unix:{self.home}/isoflop.sock".encode() in arguments:
                    return int(folder.name)
        return None

    def worker_process_ids(self) -> list[int]:
        """Of the web server's workers."""
        uvicorn = _children(self.process.pid)
        return [child for parent in uvicorn for child in _children(parent) if b"spawn_main" in _command(child)]

    def stop(self, deadline_sec: float = 20.0) -> float:
        """Asks the server to end; returns how long it took."""
        start = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(deadline_sec)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
                raise AssertionError(f"MLflow did not end within {deadline_sec} s") from None
        return time.monotonic() - start


def _children(process_id: int) -> list[int]:
    children = []
    for task in Path(f"/proc/{process_id}/task").iterdir():
        children += [int(child) for child in (task / "children").read_text().split()]
    return children


def _command(process_id: int) -> bytes:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return b""
