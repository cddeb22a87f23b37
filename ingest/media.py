"""What kind of file some bytes are: by libmagic; its name says more only within what the bytes are."""

from __future__ import annotations

import mimetypes
from functools import cache, lru_cache
from typing import Any

NARROWER = {
    "text/plain": (
        "text/",
        "message/",
        "application/json",
        "application/xml",
        "application/rtf",
        "application/x-subrip",
    ),
    "application/zip": ("application/vnd.", "application/epub+zip", "application/java-archive"),
}
"""What libmagic calls by its outer form alone, and the beginnings of types that a name may say instead (csv, docx).

A name never makes a picture of text, nor anything of bytes that nobody knows."""

UNKNOWN = "application/octet-stream"


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
    """Return the MIME type of a file from its first bytes (a few KiB are enough), told closer by its name.

    Of a file that is not here, or is empty, there is only the name.
    """
    by_name = mimetypes.guess_type(name)[0] or ""
    if not head:
        return by_name or UNKNOWN
    found = _told(head)
    return by_name if by_name.startswith(NARROWER.get(found, "-")) else found
