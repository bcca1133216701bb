"""The commit that a request's plans are compared with."""

import json
from pathlib import Path

from plan_files import commit_at, fork_point, git

DEEPER = {
    "github": "give actions/checkout `fetch-depth: 2`, or 0 where it checks out the head of the branch",
    "gitlab": "set the variable GIT_DEPTH to 0",
}


class BaseMissing(Exception):
    """Why there is nothing to compare with."""


def request_base(environment, directory: Path, wanted: str) -> str | None:
    """None outside a request. `wanted`: a commit's name instead of the request's own base. Raises BaseMissing where this clone lacks it."""
    host = "github" if environment.get("GITHUB_ACTIONS") == "true" else "gitlab"
    if not wanted and host == "github" and (parent := _merged_into(environment, directory)):
        return parent
    if not (name := wanted or (_github_base(environment) if host == "github" else environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"))):
        return None
    if not (commit := commit_at(directory, name)):
        raise BaseMissing(f"this clone lacks the base commit {name}: {DEEPER[host]}")
    return fork_point(directory, commit)


def _github_base(environment) -> str | None:
    path = environment.get("GITHUB_EVENT_PATH")
    event = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    return event.get("pull_request", {}).get("base", {}).get("sha") or event.get("merge_group", {}).get("base_sha")


def _merged_into(environment, directory: Path) -> str | None:
    """What GitHub merged the request into for this job: newer than the event's base where that moved on since."""
    if not environment.get("GITHUB_REF", "").endswith("/merge") or not commit_at(directory, "HEAD^2"):
        return None
    is_merge_of_request = git(directory, "rev-parse", "HEAD").strip() == environment.get("GITHUB_SHA")
    return commit_at(directory, "HEAD^1") if is_merge_of_request else None
