"""One run of `isoflop check` over the plans of a checkout, from its top folder, so that all places are named from there."""

import argparse
import json
import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from plan_files import GitError, find_plans, root_of, write_plans_at
from request_base import BaseMissing, request_base

WRONG_USE, UNREACHABLE = 2, 4
FLAGS = ("server", "study", "max_fit_age", "fail_on", "on_unknown")
FILE_FLAGS = ("fit", "policy")


@dataclass
class Outcome:
    """`code`: what isoflop exited with, or would have; `text`: what it said, for people; `commands`: for GitHub's runner; `reports`: the folder of
    check.txt, check.json and check.md."""

    reports: Path
    plans: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    code: int = WRONG_USE
    text: str = ""
    commands: str = ""

    @property
    def verdict(self) -> str:
        """The report's own; where there is none, unreachable or failed."""
        try:
            return json.loads((self.reports / "check.json").read_text(encoding="utf-8"))["verdict"]
        except (OSError, ValueError, KeyError):
            return "unreachable" if self.code == UNREACHABLE else "failed"

    @property
    def markdown(self) -> str | None:
        """The report without its marker; None where there is none."""
        try:
            text = (self.reports / "check.md").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        return text.partition("\n")[2] if text.startswith("<!-- isoflop:") else text


def patterns_of(wanted: argparse.Namespace) -> list[str]:
    return [line.strip() for line in wanted.plans.splitlines() if line.strip()]


def check_plans(wanted: argparse.Namespace, environment: dict[str, str]) -> Outcome:
    """`wanted`: the arguments of check_plans.py."""
    directory = Path(wanted.directory).absolute()
    outcome = Outcome(reports=Path(wanted.reports).absolute())
    outputs = _make_room(outcome, wanted, directory)
    try:
        root, outcome.plans = root_of(directory), find_plans(directory, patterns_of(wanted))
        if not outcome.plans:
            outcome.text = f"isoflop: no plan in {wanted.directory} matches {' '.join(patterns_of(wanted)) or 'no pattern at all'}\n"
            return outcome
        with tempfile.TemporaryDirectory() as base:
            compared = [f"--diff={base}"] if _write_base(Path(base), outcome, wanted, directory, environment) else []
            # Of standard output isoflop writes the summary of GitHub's step, too.
            printed = "--format=github" if environment.get("GITHUB_ACTIONS") == "true" else "--quiet"
            command = [*_command(wanted, directory, root, outputs), printed, *compared, "--", *outcome.plans]
            # A checkout may lie below the folder that these usually name.
            tops = {"GITHUB_WORKSPACE": str(root), "CI_PROJECT_DIR": str(root)}
            done = subprocess.run(command, cwd=root, env=environment | tops, stdin=subprocess.DEVNULL, capture_output=True)
    except GitError as error:
        outcome.text = f"isoflop: git: {error}\n"
    except OSError as error:
        outcome.text = f"isoflop: {wanted.binary} cannot be started: {error.strerror}\n"
    else:
        outcome.code = done.returncode if done.returncode >= 0 else 128 - done.returncode
        outcome.commands, outcome.text = done.stdout.decode("utf-8", "replace"), _said(outcome.reports, done.stderr.decode("utf-8", "replace"))
    return outcome


def _said(reports: Path, errors: str) -> str:
    """The text, and of the errors what is not in there."""
    try:
        text = (reports / "check.txt").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return errors
    return "".join(f"{line}\n" for line in errors.splitlines() if line not in text) + text


def _make_room(outcome: Outcome, wanted: argparse.Namespace, directory: Path) -> list[tuple[str, Path]]:
    """What isoflop is to write: formats and files, of which none of an earlier run is left."""
    outputs = [(form, outcome.reports / name) for form, name in (("text", "check.txt"), ("json", "check.json"), ("markdown", "check.md"))]
    for form, _, path in (report.partition("=") for report in wanted.report if report):
        outputs.append((form, directory / path))
    for _, path in outputs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
    return outputs


def _write_base(folder: Path, outcome: Outcome, wanted: argparse.Namespace, directory: Path, environment) -> bool:
    """Whether there is something to compare with."""
    if wanted.base == "none":
        return False
    try:
        if commit := request_base(environment, directory, wanted.base):
            write_plans_at(commit, directory, patterns_of(wanted), folder)
        return commit is not None
    except (BaseMissing, GitError) as reason:
        outcome.notices.append(f"no before and after: {reason}")
        return False


def _command(wanted: argparse.Namespace, directory: Path, root: Path, outputs: list[tuple[str, Path]]) -> list[str]:
    """To be run in `root`; without the plans and what they are compared with."""
    binary = str(directory / wanted.binary) if "/" in wanted.binary else wanted.binary
    given = [(name, getattr(wanted, name)) for name in FLAGS]
    given += [(name, os.path.relpath(directory / value, root)) for name in FILE_FLAGS if (value := getattr(wanted, name))]
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in given if value]
    return [binary, "check", *flags, *(f"--output={form}={path}" for form, path in outputs)]
