#!/usr/bin/env python3
"""Keeps one comment with the verdict on a pull request (GitHub) or merge request (GitLab), updated in place.

    one_comment.py FILE      FILE: the body, Markdown, whose first line is a marker `<!-- isoflop:... -->`; nothing in it: the comment goes

The comment is found by that first line among the comments of the account that writes. Where the host says no (a fork's read-only token, no token
at all) one line tells so and the exit code is 0: the verdict is the check's exit code, and the job's summary has the same text.

GitHub: GITHUB_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH (docs.github.com/rest/issues/comments).
GitLab: ISOFLOP_GITLAB_TOKEN (a project's access token with scope api: a job's own token may not write notes), CI_API_V4_URL, CI_PROJECT_ID,
CI_MERGE_REQUEST_IID (docs.gitlab.com/api/notes).
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_SEC = 30
PAGE_SIZE = 100  # Both hosts' greatest.
BODY_CHARACTERS = 65_000  # GitHub takes 65,536.


@dataclass(frozen=True)
class Host:
    """What differs between the hosts. Comments live at `list_url` and `comment_url/ID`."""

    list_url: str
    comment_url: str
    headers: dict[str, str]
    own_login: str | None  # None: ask `user_url`.
    user_url: str
    user_key: str  # A comment's field with its author.
    login_key: str
    update_method: str


def host_of(environment) -> Host | None:
    """None, with a line on standard error, outside a request or without a token."""
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment)
    if environment.get("GITLAB_CI") == "true":
        return _gitlab(environment)
    return _none("neither GitHub Actions nor GitLab CI runs this")


def _github(environment) -> Host | None:
    event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text())
    number = event.get("pull_request", {}).get("number")
    if number is None:
        return _none("no pull request")
    if not (token := environment.get("GITHUB_TOKEN")):
        return _none("no token")
    api = environment.get("GITHUB_API_URL", "https://api.github.com")
    issues = f"{api}/repos/{environment['GITHUB_REPOSITORY']}/issues"
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    # A job's own token may not ask who it is.
    own_login = environment.get("ISOFLOP_COMMENT_AUTHOR") or "github-actions[bot]"
    return Host(f"{issues}/{number}/comments", f"{issues}/comments", headers, own_login, "", "user", "login", "PATCH")


def _gitlab(environment) -> Host | None:
    if not (number := environment.get("CI_MERGE_REQUEST_IID")):
        return _none("no merge request")
    if not (token := environment.get("ISOFLOP_GITLAB_TOKEN")):
        return _none("no token")
    api = environment["CI_API_V4_URL"]
    notes = f"{api}/projects/{environment['CI_PROJECT_ID']}/merge_requests/{number}/notes"
    return Host(notes, notes, {"PRIVATE-TOKEN": token}, None, f"{api}/user", "author", "username", "PUT")


def _none(reason: str) -> None:
    print(f"isoflop: no comment written: {reason}", file=sys.stderr)


def ask(host: Host, method: str, url: str, body: str | None = None):
    """The host's answer, read as JSON. Raises urllib.error.HTTPError or OSError."""
    data = None if body is None else json.dumps({"body": body}).encode()
    headers = host.headers | ({"Content-Type": "application/json"} if data else {})
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=TIMEOUT_SEC) as response:
        return json.loads(response.read() or b"null")


def own_comments(host: Host, marker: str) -> list[int]:
    """Ids, oldest first."""
    login = host.own_login or ask(host, "GET", host.user_url)[host.login_key]
    found, page = [], 1
    while True:
        comments = ask(host, "GET", f"{host.list_url}?{urllib.parse.urlencode({'per_page': PAGE_SIZE, 'page': page})}")
        found += [c["id"] for c in comments if c["body"].startswith(marker) and (c.get(host.user_key) or {}).get(host.login_key) == login]
        if len(comments) < PAGE_SIZE:
            return sorted(found)
        page += 1


def keep_one(host: Host, text: str) -> str:
    """Makes `text` the only comment with its marker; returns what was done."""
    marker, _, rest = text.partition("\n")
    if len(text) > BODY_CHARACTERS:
        text = text[:BODY_CHARACTERS].rpartition("\n")[0] + "\n\nCut here: the whole is in the job's summary.\n"
    first, *others = own_comments(host, marker) or [None]
    for comment_id in others if rest.strip() else filter(None, [first, *others]):
        ask(host, "DELETE", f"{host.comment_url}/{comment_id}")
    if not rest.strip():
        return "removed" if first else "none needed"
    if first is None:
        ask(host, "POST", host.list_url, text)
        return "written"
    ask(host, host.update_method, f"{host.comment_url}/{first}", text)
    return "updated"


def main(arguments: list[str], environment) -> int:
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    text = Path(arguments[0]).read_text(encoding="utf-8")
    if not text.startswith("<!-- isoflop:"):
        print(f"isoflop: {arguments[0]}: the first line must be a marker `<!-- isoflop:... -->`", file=sys.stderr)
        return 2
    if not (host := host_of(environment)):
        return 0
    try:
        print(f"isoflop: comment {keep_one(host, text)}", file=sys.stderr)
    except urllib.error.HTTPError as error:
        _none(f"the host answered {error.code}" + (" (a fork's token may only read)" if error.code == 403 else ""))
    except OSError as error:
        _none(f"the host could not be reached: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
