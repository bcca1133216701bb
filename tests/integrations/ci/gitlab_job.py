"""Runs a job of a GitLab CI file as a runner's shell does: variables, script, then after_script in a shell of its own, whatever came of the first."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml
from isoflop_binary import PATH

VARIABLE = re.compile(r"\$\{?(\w+)\}?")


@dataclass(frozen=True)
class JobRun:
    code: int
    log: str
    after_code: int
    allowed_to_fail: bool
    retried: bool


def run_job(path: Path, name: str, variables: dict[str, str], checkout: Path) -> JobRun:
    """`variables`: what GitLab and the project set, and what an including file sets for the job; both go before the template's."""
    job = yaml.safe_load(path.read_text())[name]
    environment = {"PATH": PATH, "HOME": str(checkout.parent), "CI_PROJECT_DIR": str(checkout)} | job["variables"] | variables
    for variable, value in environment.items():  # A variable may be made of others.
        environment[variable] = VARIABLE.sub(lambda match: environment.get(match[1], ""), value)
    script, after = (_shell("\n".join(job[key]), environment, checkout) for key in ("script", "after_script"))
    return JobRun(
        code=script.returncode,
        log=script.stdout + after.stdout,
        after_code=after.returncode,
        allowed_to_fail=script.returncode in job["allow_failure"]["exit_codes"],
        retried=script.returncode in job["retry"]["exit_codes"],
    )


def _shell(lines: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess:
    command = ["bash", "-eo", "pipefail", "-c", lines]
    return subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
