"""The comment on a request, through the hosts' documented API on loopback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from host_server import READER, STRANGER, WRITER, HostServer
from isoflop_binary import ROOT

SCRIPT = ROOT / "integrations" / "ci" / "one_comment.py"
MARKER = "<!-- isoflop:plans/7b.yaml -->"
BODY = f"{MARKER}\n**isoflop: pass**\n"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
JOB = "https://host.example/job/9"


def github(host: HostServer, folder: Path, token: str | None = WRITER, event=None) -> dict[str, str]:
    path = folder / "event.json"
    path.write_text(json.dumps(event if event is not None else {"action": "synchronize", "pull_request": {"number": 7, "head": {"sha": COMMIT}}}))
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_API_URL": host.url, "GITHUB_REPOSITORY": "team/models", "GITHUB_EVENT_PATH": str(path)}
    return environment | ({"GITHUB_TOKEN": token} if token else {})


def gitlab(host: HostServer, folder: Path, token: str | None = WRITER) -> dict[str, str]:
    environment = {"GITLAB_CI": "true", "CI_API_V4_URL": host.url, "CI_PROJECT_ID": "42", "CI_MERGE_REQUEST_IID": "7"}
    environment |= {"CI_COMMIT_SHA": COMMIT, "CI_JOB_URL": JOB}
    return environment | ({"ISOFLOP_GITLAB_TOKEN": token} if token else {})


HOSTS = pytest.mark.parametrize("environment_of", [github, gitlab])
OWN_LOGIN = {github: "github-actions[bot]", gitlab: "isoflop-bot"}


def whole(body: str) -> str:
    """What a comment's body is without the line of its commit and job."""
    text, _, of = body.rpartition("\n<sub>")
    assert of.startswith(f"Commit {COMMIT[:12]}, [job](https://")
    return text


def run(folder: Path, environment, body: str = BODY):
    (folder / "comment.md").write_text(body)
    command = [sys.executable, str(SCRIPT), str(folder / "comment.md")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


@HOSTS
def test_one_comment_is_written_then_updated_in_place(host, tmp_path, environment_of):
    environment = environment_of(host, tmp_path)
    assert run(tmp_path, environment).stdout == "isoflop: comment written\n"
    (first,) = host.comments
    assert run(tmp_path, environment, BODY.replace("pass", "fail")).stdout == "isoflop: comment updated\n"
    assert list(host.comments) == [first] and list(map(whole, host.bodies())) == [BODY.replace("pass", "fail")]


@HOSTS
def test_the_own_comment_is_found_behind_many_pages_and_never_anybody_elses(host, tmp_path, environment_of):
    quoted = host.add("someone", f"{MARKER}\nwritten to be taken for ours")
    for index in range(230):
        host.add("someone", f"comment {index}")
    other_plan = host.add(OWN_LOGIN[environment_of], "<!-- isoflop:plans/70b.yaml -->\nof another plan")
    own = host.add(OWN_LOGIN[environment_of], f"{MARKER}\nof the last commit")
    before = {key: value["body"] for key, value in host.comments.items() if key != own}
    assert run(tmp_path, environment_of(host, tmp_path)).stdout == "isoflop: comment updated\n"
    assert whole(host.comments[own]["body"]) == BODY
    assert before == {key: value["body"] for key, value in host.comments.items() if key != own}
    assert quoted in before and other_plan in before


@HOSTS
def test_doubles_are_removed_and_a_body_of_nothing_but_its_marker_removes_the_comment(host, tmp_path, environment_of):
    doubles = [host.add(OWN_LOGIN[environment_of], BODY) for _ in range(3)]
    run(tmp_path, environment_of(host, tmp_path))
    assert list(host.comments) == doubles[:1]
    assert run(tmp_path, environment_of(host, tmp_path), f"{MARKER}\n").stdout == "isoflop: comment removed\n"
    assert not host.comments
    assert run(tmp_path, environment_of(host, tmp_path), f"{MARKER}\n").stdout == "isoflop: comment none needed\n"


@HOSTS
def test_a_token_that_may_only_read_costs_a_line_and_nothing_else(host, tmp_path, environment_of):
    result = run(tmp_path, environment_of(host, tmp_path, READER))
    assert result.returncode == 0 and "no comment written: the host answered 403" in result.stdout
    result = run(tmp_path, environment_of(host, tmp_path, STRANGER))
    assert result.returncode == 0 and "no comment written: the host answered 401" in result.stdout
    assert STRANGER not in result.stdout + result.stdout
    result = run(tmp_path, environment_of(host, tmp_path, None))
    assert result.returncode == 0 and "no comment written: no token" in result.stdout
    assert not host.comments


@HOSTS
def test_a_host_that_is_away_costs_a_line_and_nothing_else(host, tmp_path, environment_of):
    environment = environment_of(host, tmp_path)
    host.close()
    result = run(tmp_path, environment)
    assert result.returncode == 0 and "could not be reached" in result.stdout


@HOSTS
def test_a_token_is_never_sent_on_to_another_host(host, tmp_path, environment_of):
    other = HostServer()
    host.moved_to = other.url
    result = run(tmp_path, environment_of(host, tmp_path))
    other.close()
    assert result.returncode == 0 and "no comment written: the host answered 302" in result.stdout and not other.requests


@HOSTS
def test_a_token_that_is_no_header_is_not_shown(host, tmp_path, environment_of):
    for token in ("secret\nX-Other: 1", "s\u00e9cret"):
        result = run(tmp_path, environment_of(host, tmp_path, token))
        assert result.returncode == 0 and "is not one line of printable ASCII characters" in result.stdout
        assert "cret" not in result.stdout + result.stderr and not host.requests
    assert "comment written" in run(tmp_path, environment_of(host, tmp_path, WRITER + "\n")).stdout


def test_what_is_cut_leaves_nothing_open(host, tmp_path):
    run(tmp_path, github(host, tmp_path), BODY + "<details><summary>why</summary>\n\n```\n" + "text\n" * 20_000 + "```\n</details>\n")
    (body,) = host.bodies()
    assert "text\n\n```\n\n</details>\n\nCut here" in body


@HOSTS
def test_a_body_longer_than_the_host_takes_is_cut_at_a_line(host, tmp_path, environment_of):
    run(tmp_path, environment_of(host, tmp_path), BODY + "| run | loss |\n" * 10_000)
    (body,) = host.bodies()
    assert len(body) <= 65_536 and body.startswith(MARKER)
    assert "| run | loss |\n\n\nCut here: the whole is in the [job](https://" in body


def test_a_push_has_no_request_to_comment_on(host, tmp_path):
    result = run(tmp_path, github(host, tmp_path, event={"ref": "refs/heads/main"}))
    assert result.returncode == 0 and "no pull request" in result.stdout
    environment = gitlab(host, tmp_path)
    del environment["CI_MERGE_REQUEST_IID"]
    assert "no merge request" in run(tmp_path, environment).stdout
    assert "neither" in run(tmp_path, {}).stdout
    assert not host.requests


def test_a_body_without_a_marker_is_wrong_use(host, tmp_path):
    result = run(tmp_path, github(host, tmp_path), "hello\n")
    assert result.returncode == 2 and "must be a marker" in result.stderr and not host.requests
