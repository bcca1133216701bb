"""The pre-commit hook, run by pre-commit itself as a commit is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import IDENTITY, Checkout
from isoflop_binary import BINARY, PATH, ROOT
from plans import BAD, CHINCHILLA, GOPHER

CONFIGURATION = """\
repos:
- repo: {url}
  rev: {revision}
  hooks:
  - id: isoflop-check
    args: [--fit, fit.json]
"""


class Team:
    """A repository whose commits pre-commit guards, with isoflop on PATH."""

    def __init__(self, folder: Path, fit: str):
        published = Checkout(folder / "isoflop")
        revision = published.commit({".pre-commit-hooks.yaml": (ROOT / ".pre-commit-hooks.yaml").read_text()})
        self.repository = Checkout(folder / "models")
        configuration = CONFIGURATION.format(url=published.path, revision=revision)
        self.repository.commit({"fit.json": fit, ".pre-commit-config.yaml": configuration})
        (folder / "bin").mkdir()
        (folder / "bin" / "isoflop").symlink_to(BINARY)
        self._environment = os.environ | IDENTITY | {"PATH": f"{folder / 'bin'}:{PATH}", "PRE_COMMIT_HOME": str(folder / "cache")}
        self._run(sys.executable, "-m", "pre_commit", "install")

    def commit(self, files: dict[str, str]) -> subprocess.CompletedProcess:
        for name, text in files.items():
            (self.repository.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.repository.path / name).write_text(text)
        self.repository.git("add", "-A")
        return self._run("git", "commit", "-m", "plans")

    def _run(self, *command: str) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=self.repository.path, env=self._environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def team(tmp_path, fit) -> Team:
    return Team(tmp_path, fit)


def test_a_commit_is_made_where_its_plans_pass_and_refused_where_they_do_not(team):
    assert team.commit({"plans/chinchilla.yaml": CHINCHILLA}).returncode == 0
    refused = team.commit({"plans/gopher.yaml": GOPHER})
    assert refused.returncode == 1 and "plans/gopher.yaml:2:1: error OFF_OPTIMUM" in refused.stdout + refused.stderr
    refused = team.commit({"plans/gopher.yaml": BAD})
    assert refused.returncode == 1 and "plans/gopher.yaml:2:" in refused.stdout + refused.stderr
    assert len(team.repository.git("log", "--format=%h").splitlines()) == 2


def test_only_plans_of_the_commit_are_judged_and_all_at_once(team):
    skipped = team.commit({"README.md": "plans of a team\n", "plans.yaml.md": "no plan", "values.yaml": "no: plan\n"})
    assert skipped.returncode == 0 and "no files to check" in skipped.stdout + skipped.stderr
    plans = {f"team/{index}/plan.yaml": CHINCHILLA for index in range(40)} | {"plans/deep/gopher.yml": GOPHER}
    refused = team.commit(plans)
    assert refused.returncode == 1 and (refused.stdout + refused.stderr).count("verdict: ") == 1
