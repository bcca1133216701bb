"""Which files of a folder are the panel's, and of which of its two forms the server takes them: as written, or packed.

The packed form (see pack_sidebar) is what browsers load quickly; it holds the version that it was made of, so that it serves only while it is current.
"""

import hashlib
from pathlib import Path

TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
ENTRY = "boot.js"
# In the folder of the packed form: the version of the files that it was made of.
MADE_OF = "made_of"


def digests_of(folder: Path) -> dict[str, str]:
    """By path below the folder, of each file that may be served."""
    files = (path for path in sorted(folder.rglob("*")) if path.suffix in TYPES and path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in files}


def version_of(digests: dict[str, str]) -> str:
    """Of all files together, so that one changed file changes every address."""
    return hashlib.sha256("".join(f"{name}\n{digest}\n" for name, digest in digests.items()).encode()).hexdigest()[:12]


def current_form(written: Path, packed: Path) -> Path:
    """The packed files while they are made of the written ones, else those."""
    made_of = packed / MADE_OF
    is_current = made_of.is_file() and made_of.read_text() == version_of(digests_of(written))
    return packed if is_current else written
