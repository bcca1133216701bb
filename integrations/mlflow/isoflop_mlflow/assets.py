"""The panel's files, served."""

import functools
import zlib
from dataclasses import dataclass
from pathlib import Path

import flask

from isoflop_mlflow.asset_files import ENTRY, TYPES, digests_of, version_of
from isoflop_mlflow.permission import error

_COMPRESSED = (".js", ".css", ".svg", ".json")
# Which one packs a file best is found by trying.
_MEMORY_LEVELS = (7, 8, 9)
_YEAR_SEC = 365 * 24 * 3600


@dataclass(frozen=True)
class Assets:
    folder: Path
    # By path below the folder: the files that may be served, and nothing else.
    digests: dict[str, str]
    version: str

    @property
    def has_entry(self) -> bool:
        return ENTRY in self.digests

    def answer(self, name: str, version: str) -> flask.Response:
        """Serves one file; a request for this very version may be kept for ever."""
        digest = self.digests.get(name)
        if digest is None:
            return error(404, "NOT_FOUND", f"no asset {name!r}")
        compressed = "gzip" in flask.request.accept_encodings and name.endswith(_COMPRESSED)
        response = flask.Response(_content(self.folder / name, digest, compressed), content_type=_content_type(name))
        response.vary.add("Accept-Encoding")
        if compressed:
            response.content_encoding = "gzip"
            digest += "-gzip"
        response.set_etag(digest)
        if version == self.version:
            response.headers["Cache-Control"] = f"public, max-age={_YEAR_SEC}, immutable"
        else:
            response.headers["Cache-Control"] = "no-cache"
        return response.make_conditional(flask.request)


def list_assets(folder: Path) -> Assets:
    digests = digests_of(folder)
    return Assets(folder, digests, version_of(digests))


@functools.cache
def _content(path: Path, digest: str, compressed: bool) -> bytes:
    """Read and compressed once; the digest tells apart what a path held at different times."""
    content = path.read_bytes()
    return min((_gzip(content, memory) for memory in _MEMORY_LEVELS), key=len) if compressed else content


def _gzip(content: bytes, memory_level: int) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, memory_level)
    return deflate.compress(content) + deflate.flush()


def _content_type(name: str) -> str:
    kind = TYPES[Path(name).suffix]
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
