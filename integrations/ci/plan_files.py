"""Which plans of a checkout are meant, and the same as they were at another commit. All by git, whose patterns these are."""

import os
import subprocess
import tempfile
from pathlib import Path, PurePosixPath

TRAINING_ARGUMENTS = ("training_args.json", "training_args.yaml", "training_args.yml")  # Which isoflop reads beside a Hugging Face config.json.


class GitError(Exception):
    """What git said."""


def git(directory: Path, *arguments: str, stdin: str = "", index: str | None = None) -> str:
    """In a container a checkout often belongs to another user than the job: `safe.directory` lets git read it all the same."""
    command = ["git", "-c", "safe.directory=*", *arguments]
    environment = os.environ | ({"GIT_INDEX_FILE": index} if index else {})
    try:
        done = subprocess.run(command, cwd=directory, env=environment, input=stdin.encode("utf-8", "surrogateescape"), capture_output=True)
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


def write_plans_at(commit: str, directory: Path, patterns: list[str], folder: Path) -> None:
    """Writes the plans of `commit` into `folder`, each at its path from the checkout's top, with what is read beside them."""
    with tempfile.TemporaryDirectory() as scratch:
        index = str(Path(scratch) / "index")
        git(directory, "read-tree", commit, index=index)
        listed = _listed(directory, patterns, "--cached", index=index)
        configurations = [PurePosixPath(path) for path in listed if PurePosixPath(path).name == "config.json"]
        if beside := [str(path.with_name(name)) for path in configurations for name in TRAINING_ARGUMENTS]:
            listed += _listed(root_of(directory), beside, "--cached", index=index)
        git(root_of(directory), "checkout-index", "-z", "--stdin", f"--prefix={folder}/", stdin="\0".join(listed), index=index)


def commit_at(directory: Path, name: str) -> str | None:
    """None where this clone lacks it."""
    try:
        return git(directory, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
    except GitError:
        return None


def fork_point(directory: Path, commit: str) -> str:
    """Where HEAD parted from `commit`: what was merged there since is no change of HEAD's. `commit` itself where the clone is too shallow to tell."""
    try:
        return git(directory, "merge-base", commit, "HEAD").strip()
    except GitError:
        return commit


def _listed(directory: Path, patterns: list[str], *which: str, index: str | None = None) -> list[str]:
    listed = git(directory, "ls-files", "-z", "--full-name", *which, "--", *map(_pathspec, patterns), index=index)
    return sorted(set(filter(None, listed.split("\0"))))


def _pathspec(pattern: str) -> str:
    return f":(exclude,glob){pattern[1:]}" if pattern.startswith("!") else f":(glob){pattern}"
