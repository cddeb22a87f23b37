"""The words of attached files that can be read at once: plain text, tables, captions of films.

Pages, office files and pictures are for people to open; what they say is looked through before a production all the
same (``export/production/traces.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from archive.archive import Archive
from archive.records import HeldAttachment, Version
from export.bundle.captions import ENDINGS

LARGEST = 1 << 20
"""Bytes of a file that is read: a million letters are a book."""

PLAIN = (".txt", ".csv", ".md", ".log", *ENDINGS)


def words_of_files(archive: Archive, version: Version) -> Iterator[tuple[str, str]]:
    """Yield (field, text) of a version's attachments that are text in UTF-8 or marked as UTF-16, and held."""
    for place, one in enumerate(version.content.attachments):
        if one.size <= LARGEST and one.sha256 and one.sha256 in archive.objects and _is_plain(one):
            text = _decoded(archive.objects.path(one.sha256).read_bytes())
            if text:
                yield f"attachments.{place}", text


def _is_plain(one: HeldAttachment) -> bool:
    named = PurePosixPath(one.name).suffix.lower() in PLAIN
    return named or (one.media_type.startswith("text/") and one.media_type != "text/html")


def _decoded(held: bytes) -> str:
    """Return the text of bytes, empty if they are none."""
    encoding = "utf-16" if held.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return held.decode(encoding)
    except UnicodeDecodeError:
        return ""
