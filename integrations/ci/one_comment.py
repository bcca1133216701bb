#!/usr/bin/env python3
"""Keeps one comment with the verdict on a pull request (GitHub) or merge request (GitLab), updated in place.

    one_comment.py FILE      FILE: the body, Markdown, whose first line is a marker `<!-- isoflop:... -->`; nothing in it: the comment goes

The comment is found by that first line among the comments of the account that writes. Where the host says no (a fork's read-only token, no token
at all) one line tells so and the exit code is 0: the verdict is the check's exit code, and the job's summary has the same text.

GitHub: GITHUB_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH (docs.github.com/rest/issues/comments); ISOFLOP_COMMENT_AUTHOR where
the token is not the job's own.
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

import github_step
from cut_markdown import cut_markdown

TIMEOUT_SEC = 30
PAGE_SIZE = 100  # Both hosts' greatest.
BODY_CHARACTERS = 65_536  # GitHub takes no more; GitLab takes a million.


class NoComment(Exception):
    """Why none can be written."""


class NoRequest(Exception):
    """There is nothing to comment on."""


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
    commit: str  # That was judged.
    job_url: str  # Where the whole report is.


def host_of(environment) -> Host:
    """Raises NoRequest outside a request, NoComment without a token."""
    if environment.get("GITHUB_ACTIONS") == "true":
        return _github(environment)
    if environment.get("GITLAB_CI") == "true":
        return _gitlab(environment)
    raise NoRequest("neither GitHub Actions nor GitLab CI runs this")


def _github(environment) -> Host:
    request = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8")).get("pull_request") or {}
    if not (number := request.get("number")):
        raise NoRequest("no pull request")
    repository = environment["GITHUB_REPOSITORY"]
    issues = f"{environment.get('GITHUB_API_URL', 'https://api.github.com')}/repos/{repository}/issues"
    headers = {"Authorization": f"Bearer {_token(environment, 'GITHUB_TOKEN')}", "Accept": "application/vnd.github+json"}
    return Host(
        list_url=f"{issues}/{number}/comments",
        comment_url=f"{issues}/comments",
        headers=headers | {"X-GitHub-Api-Version": "2022-11-28"},
        own_login=environment.get("ISOFLOP_COMMENT_AUTHOR") or "github-actions[bot]",  # A job's own token may not ask who it is.
        user_url="",
        user_key="user",
        login_key="login",
        update_method="PATCH",
        commit=request.get("head", {}).get("sha", ""),
        job_url=f"{environment.get('GITHUB_SERVER_URL', 'https://github.com')}/{repository}/actions/runs/{environment.get('GITHUB_RUN_ID', '')}",
    )


def _gitlab(environment) -> Host:
    if not (number := environment.get("CI_MERGE_REQUEST_IID")):
        raise NoRequest("no merge request")
    api = environment["CI_API_V4_URL"]
    notes = f"{api}/projects/{environment['CI_PROJECT_ID']}/merge_requests/{number}/notes"
    return Host(
        list_url=notes,
        comment_url=notes,
        headers={"PRIVATE-TOKEN": _token(environment, "ISOFLOP_GITLAB_TOKEN")},
        own_login=None,
        user_url=f"{api}/user",
        user_key="author",
        login_key="username",
        update_method="PUT",
        commit=environment.get("CI_COMMIT_SHA", ""),
        job_url=environment.get("CI_JOB_URL", ""),
    )


def _token(environment, name: str) -> str:
    if not (token := environment.get(name, "").strip()):
        raise NoComment("no token")
    if not (token.isascii() and token.isprintable()):
        raise NoComment(f"{name} is not one line of printable ASCII characters")
    return token


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another host."""

    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def ask(host: Host, method: str, url: str, body: str | None = None):
    """The host's answer, read as JSON. Raises urllib.error.HTTPError, OSError or ValueError."""
    data = None if body is None else json.dumps({"body": body}).encode()
    headers = host.headers | ({"Content-Type": "application/json"} if data else {})
    with _opener.open(urllib.request.Request(url, data, headers, method=method), timeout=TIMEOUT_SEC) as response:
        return json.loads(response.read() or b"null")


def own_comments(host: Host, marker: str) -> list[int]:
    """Ids, oldest first."""
    login = host.own_login or ask(host, "GET", host.user_url)[host.login_key]
    found, page = [], 1
    while True:
        comments = ask(host, "GET", f"{host.list_url}?{urllib.parse.urlencode({'per_page': PAGE_SIZE, 'page': page})}")
        found += [c["id"] for c in comments if _first_line(c) == marker and (c.get(host.user_key) or {}).get(host.login_key) == login]
        if len(comments) < PAGE_SIZE:
            return sorted(found)
        page += 1


def _first_line(comment: dict) -> str:
    return (comment.get("body") or "").partition("\n")[0].rstrip("\r")


def body_of(host: Host, text: str) -> str:
    """`text`, cut to what the host takes, and of which commit and job it is."""
    of = f"\n<sub>Commit {host.commit[:12]}, [job]({host.job_url})</sub>\n"
    return cut_markdown(text, BODY_CHARACTERS - len(of), f"the whole is in the [job]({host.job_url})'s summary and reports.") + of


def keep_one(host: Host, text: str) -> str:
    """Makes `text` the only comment with its marker; returns what was done."""
    marker, _, rest = text.partition("\n")
    first, *others = own_comments(host, marker) or [None]
    for comment_id in others if rest.strip() else filter(None, [first, *others]):
        ask(host, "DELETE", f"{host.comment_url}/{comment_id}")
    if not rest.strip():
        return "removed" if first else "none needed"
    if first is None:
        ask(host, "POST", host.list_url, body_of(host, text))
        return "written"
    ask(host, host.update_method, f"{host.comment_url}/{first}", body_of(host, text))
    return "updated"


def comment_on(text: str, environment) -> str:
    """What was done. Raises NoComment and NoRequest."""
    try:
        return keep_one(host_of(environment), text)
    except urllib.error.HTTPError as error:
        raise NoComment(f"the host answered {error.code}" + (" (a fork's token may only read)" if error.code == 403 else "")) from None
    except OSError as error:
        raise NoComment(f"the host could not be reached: {error}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise NoComment(f"the host is not as its documentation has it ({type(error).__name__})") from None


def main(arguments: list[str], environment) -> int:
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    text = Path(arguments[0]).read_text(encoding="utf-8")
    if not text.startswith("<!-- isoflop:"):
        print(f"isoflop: {arguments[0]}: the first line must be a marker `<!-- isoflop:... -->`", file=sys.stderr)
        return 2
    try:
        print(f"isoflop: comment {comment_on(text, environment)}")
    except NoRequest as reason:
        print(f"isoflop: no comment: {reason}")
    except NoComment as reason:
        told = f"no comment written: {reason}"
        print(github_step.command("notice", told) if environment.get("GITHUB_ACTIONS") == "true" else f"isoflop: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
