"""What hangs on items of the Graph API: files that lie in the dump, and links without Facebook's own detours.

Addresses of pictures are signed anew in every answer and end after some days, and so are the detours by which
links lead out of Facebook: neither is a link of the item's author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ingest.backup import Backup, Member
from ingest.ingestor import SourceAttachment
from ingest.platforms.meta_graph_files import is_answer, text_without_tokens

_DETOURS = ("l.facebook.com", "lm.facebook.com")
_SIGNED = re.compile(r"https?://[\w.-]+\.(fbcdn\.net|fbsbx\.com)/")


class Files:
    """The files of a dump that are no answers, by name, and which of them no item has named."""

    def __init__(self, backup: Backup) -> None:
        self._by_name: dict[str, Member] = {}
        self.unnamed: dict[str, str] = {}
        for one in backup.members():
            name = one.path.rsplit("/", 1)[-1]
            if not (is_answer(one) or name.startswith(".") or name == "Thumbs.db" or "__MACOSX" in one.path):
                self._by_name.setdefault(name, one)
                self.unnamed[name] = text_without_tokens(one.path)

    def named(self, names: Iterator[str]) -> Iterator[SourceAttachment]:
        """Yield those that are here."""
        for name in names:
            if name in self._by_name:
                self.unnamed.pop(name, None)
                yield SourceAttachment(name, member=self._by_name[name])


def attached(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what is attached, each picture of an album by itself; before v3.3 a post had the fields of one itself."""
    found = [*_listed(item.get("attachments")), item.get("attachment")]
    if item.get("link") and not any(found):
        found = [{"url": item["link"], "title": item.get("name"), "type": "share" if item.get("name") else ""}]
    for one in found:
        if isinstance(one, dict):
            yield from _listed(one.get("subattachments")) or [one]


def links(parts: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield where attachments lead."""
    for one in parts:
        address = direct(str(one.get("unshimmed_url") or one.get("url") or ""))
        if address and not _SIGNED.match(address):
            yield text_without_tokens(address)


def direct(address: str) -> str:
    """Return where an address leads that goes by way of Facebook."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    aims = parse_qs(parts.query).get("u") if parts.hostname in _DETOURS else None
    return aims[0] if aims else address


def names(parts: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the names of the pictures and videos of attachments, as their addresses end."""
    for one in parts:
        media = _object(one.get("media"))
        for address in (media.get("source"), _object(media.get("image")).get("src")):
            yield _base(address)


def message_names(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of a message's files: as their sender called them, else as their addresses end."""
    for one in _listed(item.get("attachments")):
        media = _object(one.get("image_data")) or _object(one.get("video_data"))
        yield _base(one.get("name") or one.get("file_url") or media.get("url"))


def message_details(item: Mapping[str, Any]) -> dict[str, str]:
    """Return what a message carries besides its words: the names of its files, or that it is a sticker."""
    files = [str(one.get("name") or one.get("mime_type") or "a file") for one in _listed(item.get("attachments"))]
    found = {"files": "; ".join(files)} if files else {}
    return found | ({"sticker": "yes"} if item.get("sticker") else {})


def message_links(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses that a message shares."""
    for one in _listed(item.get("shares")):
        if address := direct(str(one.get("link") or "")):
            yield text_without_tokens(address)


def _base(address: Any) -> str:
    return str(address or "").partition("?")[0].replace("\\", "/").rpartition("/")[2]


def _listed(edge: Any) -> list[dict[str, Any]]:
    found = edge.get("data") if isinstance(edge, dict) else edge
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
