"""What kind of file some bytes are: by libmagic, by the file's name where libmagic cannot tell."""

from __future__ import annotations

import mimetypes
from functools import cache, lru_cache
from typing import Any

UNTOLD = ("application/octet-stream", "text/plain", "application/zip", "inode/x-empty")
"""What libmagic says when the content alone does not decide; the name knows more (docx, csv, ics)."""


@cache
def _magic() -> Any:
    try:
        import magic
    except ImportError:  # no libmagic on this system: pylibmagic carries one
        import pylibmagic  # noqa: F401  isort: skip
        import magic
    return magic.Magic(mime=True)


@lru_cache(maxsize=1024)
def _told(head: bytes) -> str:
    """Ask libmagic; the same picture comes with every mail of a correspondent."""
    return str(_magic().from_buffer(head))


def media_type(head: bytes, name: str) -> str:
    """Return the MIME type of a file from its first bytes (a few KiB are enough) and its name."""
    by_name = mimetypes.guess_type(name)[0]
    found = _told(head) if head else ""
    if found and found not in UNTOLD:
        return found
    return by_name or found or "application/octet-stream"
