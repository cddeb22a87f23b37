"""What the items of all sorts of feeds have in common: dates, words, files."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterable
from datetime import UTC, datetime
from time import struct_time

from archive.records import Timestamp
from ingest.files_named import FilesNamed
from ingest.ingestor import SourceAttachment
from ingest.mail.dates import KNOWN_ZONE
from ingest.text import clean, html_to_text, tidy
from ingest.timestamps import day_only, from_iso, unreadable

_ISO = re.compile(r"\d{4}-\d{2}")
_SECONDS = re.compile(r"\d{1,2}:\d{2}:\d{2}")
_OFFSET = re.compile(r"\d[Zz]$|[+-]\d{2}:\d{2}$")
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\d+|#x[0-9a-fA-F]+|\w+);")


def words(value: str, is_html: bool | None = None) -> str:
    """Return a value's words; whether it is HTML is guessed where the feed does not say."""
    html = _MARKUP.search(value) is not None if is_html is None else is_html
    return clean(html_to_text(value) if html else tidy(value))


def when(raw: str, parsed: struct_time | None = None) -> Timestamp | None:
    """Return an item's moment, None without a date; ``parsed`` is what feedparser makes of it, in UTC."""
    text = " ".join(raw.split())
    if not text:
        return None
    iso = from_iso(text, "unknown") if _ISO.match(text) else None
    if iso is not None and iso.at is not None:
        return iso
    try:
        moment = datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None:
        return unreadable(text)
    if ":" not in text:
        return day_only(Timestamp(moment, text, "day", "unknown"))
    has_seconds = _SECONDS.search(text) is not None
    is_told = KNOWN_ZONE.search(text) or _OFFSET.search(text)
    return Timestamp(moment, text, "second" if has_seconds else "minute", "explicit" if is_told else "unknown")


def files_at(
    addresses: Iterable[tuple[str, str]], files: FilesNamed
) -> tuple[tuple[SourceAttachment, ...], tuple[str, ...]]:
    """Return the files at some (address, title) that lie beside the feed, and the addresses of the others."""
    held: list[SourceAttachment] = []
    away: list[str] = []
    for address, title in dict(addresses).items():
        found = files.attachment(address, title) if address else None
        if found is not None:
            held.append(found)
        elif address:
            away.append(address)
    return tuple(held), tuple(away)
