"""Plays the comments of GitHub's REST API (/repos/O/R/issues/...) and the notes of GitLab's (/projects/ID/merge_requests/...) on loopback, as their
documentation has them: pages, ids, authors, what a token may do."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

WRITER, READER, STRANGER = "writes", "reads", "unknown"
GITHUB_LIST = re.compile(r"/repos/team/models/issues/7/comments")
GITHUB_ONE = re.compile(r"/repos/team/models/issues/comments/(\d+)")
GITLAB_LIST = re.compile(r"/projects/42/merge_requests/7/notes")
GITLAB_ONE = re.compile(r"/projects/42/merge_requests/7/notes/(\d+)")
BODY_LIMIT = 65_536


class HostServer:
    """`comments`: id -> {"id", "body", author}; `requests`: (method, path) of each; `moved_to`: where every request is sent on to."""

    def __init__(self):
        self.comments = {}
        self.requests = []
        self.moved_to = ""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"host": self}))
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def add(self, login: str, body: str) -> int:
        comment_id = max(self.comments, default=100) + 1
        self.comments[comment_id] = {"id": comment_id, "body": body, "user": {"login": login}, "author": {"username": login}}
        return comment_id

    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments.values()]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    host: HostServer

    def _answer(self, status: int, document=None) -> None:
        data = b"" if status == 204 else json.dumps(document if document is not None else {"message": f"{status}"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _redirect(self, url: str) -> None:
        self.send_response(302)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _serve(self) -> None:
        url = urlsplit(self.path)
        self.host.requests.append((self.command, url.path))
        github = url.path.startswith("/repos/")
        if self.host.moved_to:
            return self._redirect(self.host.moved_to + self.path)
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ") if github else self.headers["PRIVATE-TOKEN"]
        if token not in (WRITER, READER):
            return self._answer(401)
        if self.command == "GET":
            return self._read(url)
        if token != WRITER:
            return self._answer(403, {"message": "Resource not accessible by integration"})
        return self._write(url.path, "github-actions[bot]" if github else "isoflop-bot", "PATCH" if github else "PUT")

    def _read(self, url) -> None:
        if url.path == "/user":
            return self._answer(200, {"username": "isoflop-bot"})
        if not (GITHUB_LIST.fullmatch(url.path) or GITLAB_LIST.fullmatch(url.path)):
            return self._answer(404)
        query = parse_qs(url.query)
        size, page = min(int(query.get("per_page", ["30"])[0]), 100), int(query.get("page", ["1"])[0])
        return self._answer(200, list(self.host.comments.values())[(page - 1) * size : page * size])

    def _write(self, path: str, login: str, update: str) -> None:
        one = GITHUB_ONE.fullmatch(path) or GITLAB_ONE.fullmatch(path)
        comment_id = int(one[1]) if one else None
        if one and comment_id not in self.host.comments:
            return self._answer(404)
        if one and self.command == "DELETE":
            del self.host.comments[comment_id]
            return self._answer(204)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        if not body or len(body) > BODY_LIMIT:
            return self._answer(422)
        if one and self.command == update:
            self.host.comments[comment_id]["body"] = body
            return self._answer(200, self.host.comments[comment_id])
        if self.command == "POST" and (GITHUB_LIST.fullmatch(path) or GITLAB_LIST.fullmatch(path)):
            return self._answer(201, self.host.comments[self.host.add(login, body)])
        return self._answer(404)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

    def log_message(self, *_) -> None:
        pass
