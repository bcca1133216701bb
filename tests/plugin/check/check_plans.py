"""The plans under golden/, which have every severity, waivers of each state and names that need escaping, and `isoflop check` on them."""

import os
import pathlib
import subprocess

BINARY = str(pathlib.Path(os.environ.get("ISOFLOP_BINARY", "build/isoflop")).absolute())
GOLDEN = pathlib.Path(__file__).parent / "golden"
PLANS = {"findings": ["plans/large.yaml", "plans/many.yaml", "plans/settled.yaml"], "bad": ["plans/bad.yaml", "plans/settled.yaml"]}
NEW_YEAR_2027 = "1798761600"  # Between the ends of the plans' waivers.


def check(*arguments: object, directory: pathlib.Path = GOLDEN, stdin: str = "", **environment: str) -> subprocess.CompletedProcess:
    """`isoflop check` with the fit under golden/, outside any CI but that of `environment`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
    return subprocess.run(
        [BINARY, "check", *map(str, arguments), "--fit", GOLDEN / "fit.json"],
        cwd=directory, env=kept | {"SOURCE_DATE_EPOCH": NEW_YEAR_2027} | environment, input=stdin, capture_output=True, text=True, timeout=120,
    )
