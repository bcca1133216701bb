"""A team's repository as a host checks it out."""

import os
import subprocess
from pathlib import Path

IDENTITY = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (("NAME", "Team"), ("EMAIL", "team@example.com"))}


class Checkout:
    """`path`: the work tree. `commit` writes files (None: removes) and returns the new commit's name."""

    def __init__(self, path: Path, *clone_arguments: str):
        self.path = path
        path.mkdir()
        self.git(*(["clone", "-q", *clone_arguments, "."] if clone_arguments else ["init", "-q", "-b", "main"]))

    def git(self, *arguments: str) -> str:
        environment = os.environ | IDENTITY | {"GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(["git", *arguments], cwd=self.path, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, files: dict[str, str | None]) -> str:
        for name, text in files.items():
            file = self.path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink() if text is None else file.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "plans")
        return self.git("rev-parse", "HEAD")

    def merge_as_github_does(self, base: str, head: str) -> str:
        """Checks out what refs/pull/N/merge names."""
        self.git("checkout", "-q", "--detach", base)
        self.git("merge", "-q", "--no-ff", "-m", "merge", head)
        return self.git("rev-parse", "HEAD")
