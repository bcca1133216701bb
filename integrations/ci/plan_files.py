"""Which plans of a checkout are meant. All by git, whose patterns these are."""

import subprocess
from pathlib import Path


class GitError(Exception):
    """What git said."""


def git(directory: Path, *arguments: str) -> str:
    """In a container a checkout often belongs to another user than the job: `safe.directory` lets git read it all the same."""
    command = ["git", "-c", "safe.directory=*", *arguments]
    try:
        done = subprocess.run(command, cwd=directory, capture_output=True)
    except OSError as error:
        raise GitError(f"git cannot be started in {directory}: {error.strerror}") from None
    if done.returncode:
        raise GitError(done.stderr.decode("utf-8", "replace").strip() or f"git {arguments[0]} failed")
    return done.stdout.decode("utf-8", "surrogateescape")


def root_of(directory: Path) -> Path:
    """The top folder of the checkout: hosts name files from there."""
    return Path(git(directory, "rev-parse", "--show-toplevel").removesuffix("\n"))


def find_plans(directory: Path, patterns: list[str]) -> list[str]:
    """Files on disk, tracked or not, that match; paths from the checkout's top, sorted. Patterns are read from `directory`."""
    listed = _listed(directory, patterns, "--cached", "--others")
    root = root_of(directory)
    return [path for path in listed if (root / path).is_file()]


def _listed(directory: Path, patterns: list[str], *which: str) -> list[str]:
    listed = git(directory, "ls-files", "-z", "--full-name", *which, "--", *map(_pathspec, patterns))
    return sorted(set(filter(None, listed.split("\0"))))


def _pathspec(pattern: str) -> str:
    return f":(exclude,glob){pattern[1:]}" if pattern.startswith("!") else f":(glob){pattern}"
