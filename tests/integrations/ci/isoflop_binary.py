"""The program under test, and laws of its making."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BINARY = os.path.abspath(os.environ.get("ISOFLOP_BINARY", ROOT / "build" / "isoflop"))


def fit_json(source: str, stdin: str = "") -> str:
    return subprocess.run([BINARY, "fit", source, "--format", "json"], input=stdin, capture_output=True, text=True, timeout=120).stdout
