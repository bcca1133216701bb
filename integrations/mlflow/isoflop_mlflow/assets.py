"""The panel's files, as they lie in the folder sidebar/."""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import flask

from isoflop_mlflow.permission import error

_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_COMPRESSED = (".js", ".css", ".svg", ".json")
_YEAR_SEC = 365 * 24 * 3600
ENTRY = "boot.js"


@dataclass(frozen=True)
class Assets:
    folder: Path
    # By path below the folder: the files that may be served, and nothing else.
    digests: dict[str, str]
    # Of all of them, so that one changed file changes every address.
    version: str

    @property
    def has_entry(self) -> bool:
        return ENTRY in self.digests

    def answer(self, name: str, version: str | None) -> flask.Response:
        """Serves one file; a request for this very version may be kept for ever."""
        digest = self.digests.get(name)
        if digest is None:
            return error(404, "NOT_FOUND", f"no asset {name!r}")
        content = (self.folder / name).read_bytes()
        response = flask.Response(content, content_type=_content_type(name))
        response.vary.add("Accept-Encoding")
        if "gzip" in flask.request.accept_encodings and name.endswith(_COMPRESSED):
            response.set_data(gzip.compress(content, mtime=0))
            response.content_encoding = "gzip"
            digest += "-gzip"
        response.set_etag(digest)
        if version == self.version:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_SEC}, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response.make_conditional(flask.request)


def list_assets(folder: Path) -> Assets:
    digests = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TYPES and path.is_file():
            digests[path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    together = hashlib.sha256("".join(f"{name}\n{digest}\n" for name, digest in digests.items()).encode())
    return Assets(folder, digests, together.hexdigest()[:12])


def _content_type(name: str) -> str:
    kind = _TYPES[Path(name).suffix]
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
