"""Waits until MLflow answers and its sidecar is online; fails when the server's process ends first or three minutes pass.

    python deploy/await_server.py URL PID
"""

import os
import sys
import time

import requests

_DEADLINE_SEC = 180


def is_ready(url: str) -> bool:
    try:
        answer = requests.get(f"{url}/ajax-api/2.0/isoflop/status", timeout=5)
        return answer.ok and answer.json()["sidecar"] == "online"
    except requests.RequestException:
        return False


def await_server(url: str, process_id: int) -> None:
    deadline = time.monotonic() + _DEADLINE_SEC
    while not is_ready(url):
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            raise SystemExit("MLflow ended while starting; see its log") from None
        if time.monotonic() > deadline:
            raise SystemExit(f"MLflow with isoflop was not ready after {_DEADLINE_SEC} s; see its log")
        time.sleep(0.1)  # Nothing announces a listening socket.


if __name__ == "__main__":
    await_server(sys.argv[1], int(sys.argv[2]))
