"""The program under test, laws of its making, and where jobs find programs."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BINARY = os.path.abspath(os.environ.get("ISOFLOP_BINARY", ROOT / "build" / "isoflop"))
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # `python3` is then the one that runs the tests.


def fit_json(source: str, stdin: str = "") -> str:
    return subprocess.run([BINARY, "fit", source, "--format", "json"], input=stdin, capture_output=True, text=True, timeout=120).stdout
