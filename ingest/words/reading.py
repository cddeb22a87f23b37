"""One file and the reader for it, by its media type and the ending of its name."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from archive.canonical import storable
from ingest.ingestor import Draft
from ingest.mail import message
from ingest.mail.rtf import rtf_to_text
from ingest.media import UNKNOWN
from ingest.text import clean, decoded, html_to_text, tidy
from ingest.words import captions, office, packed, pages, pictures, traces
from ingest.words.said import MOST, Said, Unreadable

VERSION = 2
"""Goes up when a reader here reads better: then what an earlier one read is read again."""

LARGEST = 256 << 20
"""Bytes of the largest file that is looked into."""

LARGEST_TEXT = 32 << 20
"""Bytes of a text that are read."""

DEEPEST = 3
"""Files inside one another that are opened."""

SUFFIXES = {
    ".docx": "word", ".docm": "word", ".dotx": "word", ".pptx": "word", ".odt": "word", ".odp": "word", ".ods": "word",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xls": "old workbook",
}  # fmt: skip
OUTER = (UNKNOWN, "application/zip", "application/x-ole-storage", "application/vnd.ms-office", "application/cdfv2")
"""What libmagic calls office files that it knows by their outer form alone: the ending of their names says more."""

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
TYPES = {
    "application/pdf": "pdf",
    "application/rtf": "rtf",
    "text/rtf": "rtf",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "image/svg+xml": "html",
    "message/rfc822": "mail",
    "application/json": "json",
    "application/zip": "packed",
    "application/vnd.ms-excel": "old workbook",
    "application/vnd.ms-excel.sheet.macroenabled.12": "workbook",
    "application/vnd.ms-word.document.macroenabled.12": "word",
    f"{_OPEN_XML}wordprocessingml.document": "word",
    f"{_OPEN_XML}presentationml.presentation": "word",
    f"{_OPEN_XML}spreadsheetml.sheet": "workbook",
    f"{_OPEN_DOCUMENT}text": "word",
    f"{_OPEN_DOCUMENT}presentation": "word",
    f"{_OPEN_DOCUMENT}spreadsheet": "word",
}
PLAIN = ("application/xml", "application/ics", "application/x-wine-extension-ini", "application/x-ndjson")
FILM = ("video/", "audio/")
_CODED = re.compile(r"[A-Za-z0-9+/=_-]{200,}")


def kind_of(media_type: str, name: str) -> str:
    """Return what sort of reader a file needs, empty where there is none: by what it is, not by what it is called.

    Its name says more only of texts (captions, messages) and of what libmagic knows by its outer form alone.
    """
    media_type, suffix = media_type.lower(), PurePosixPath(name.lower()).suffix
    is_text = media_type.startswith("text/") or media_type in (*PLAIN, "application/json", UNKNOWN)
    if media_type in captions.TYPES or (is_text and suffix in captions.ENDINGS):
        return "captions"
    if is_text and suffix in (".eml", ".rtf"):
        return "mail" if suffix == ".eml" else "rtf"
    if media_type in OUTER and suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if media_type in TYPES:
        return TYPES[media_type]
    if media_type.startswith("image/"):
        return "picture"
    if media_type.startswith(FILM):
        return "film"
    return "plain" if media_type.startswith("text/") or media_type in PLAIN else ""


def is_safe(kind: str) -> bool:
    """Say whether a reader is Python's own alone, so that no file can break or stop it."""
    return kind in ("captions", "plain", "json", "film", "")


def read(path: Path, media_type: str, name: str, inside: int = 0) -> Said:
    """Return what a file says; whatever keeps it from being read is told, never raised.

    ``inside`` is how many other files it lies in: those of a zip in a zip of a message.
    """
    kind = kind_of(media_type, name)
    if kind in _HOLDERS and inside >= DEEPEST:
        return Said(fault="it lies in files inside files, and is not opened")
    if kind not in _READERS and kind not in _HOLDERS:
        return Said(fault=f"there is no reader for files of the type {media_type}")
    try:
        size = path.stat().st_size
        if not size and path.is_file():
            return Said(fault="it is empty")
        if size > LARGEST and kind != "film":
            return Said(fault=f"it is larger than {LARGEST >> 20} MiB")
        found = _HOLDERS[kind](path, partial(read, inside=inside + 1)) if kind in _HOLDERS else _READERS[kind](path)
    except Unreadable as error:
        return Said(fault=str(error))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        return Said(fault=f"it cannot be read ({type(error).__name__}: {error})")
    text = clean(found.text)
    fault = found.fault
    if len(text) > MOST:
        text, fault = text[:MOST], f"{fault}; only its first {MOST:,} characters are kept".removeprefix("; ")
    return Said(storable(text), found.how, clean(fault), found.tells)


def _words(how: str, words: Callable[[Path], str]) -> Callable[[Path], Said]:
    def read_file(path: Path) -> Said:
        text = words(path)
        return Said(text, how if text else "")

    return read_file


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        raw = stream.read(LARGEST_TEXT)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    return decoded(raw)


def _plain(path: Path) -> Said:
    text = _text(path)
    return Said(tidy(text), "as text" if text.strip() else "", "", traces.in_text(text))


def _json(path: Path) -> Said:
    """Read the texts among the values; runs of base64 are bytes, and no words."""
    text = _text(path)
    try:
        found = "\n".join(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        found = text
    return Said(found, "as JSON" if found else "", "", traces.in_text(text))


def _strings(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if not _CODED.fullmatch(one):
                yield one
        elif isinstance(one, dict):
            waiting.extend(reversed(list(one.values())))
        elif isinstance(one, list):
            waiting.extend(reversed(one))


def _mail(path: Path, read_inside: packed.Read) -> Said:
    """Return the words of a message: who wrote it to whom, its subject, its text, and its files."""
    raw = path.read_bytes()
    for one in message.draft(raw, ""):
        if isinstance(one, Draft):
            people = [one.author, *one.recipients]
            who = [" ".join(filter(None, msgspec.structs.astuple(each)[:3])) for each in people[1:]]
            sender = f"{one.author.name} {one.author.handle}".strip()
            files = packed.of_files(_attached(one), read_inside)
            text = "\n".join(filter(None, (sender, *who, one.title, one.text, files.text)))
            return Said(text, "as a message", files.fault, traces.together((traces.in_mail(raw), files.tells)))
    raise Unreadable("it is no message")


def _attached(draft: Draft) -> Iterator[packed.Inside]:
    for one in draft.attachments[: packed.MEMBERS]:
        if one.member is not None:
            yield one.name, one.member.open_as_found
        elif one.payload is not None:
            yield one.name, partial(io.BytesIO, one.payload)


def _film(path: Path) -> Said:
    return Said(fault="speech is not read: captions are", tells=traces.in_film(path))


def _office(path: Path) -> Said:
    text = office.of_xml(path)
    return Said(text, "its XML" if text else "", "", packed.pictures_tell(path))


_READERS: dict[str, Callable[[Path], Said]] = {
    "captions": _words("captions", lambda path: captions.spoken(_text(path))),
    "plain": _plain,
    "json": _json,
    "html": _words("as HTML", lambda path: html_to_text(_text(path))),
    "rtf": _words("as rich text", lambda path: rtf_to_text(path.read_bytes()[:LARGEST_TEXT])),
    "pdf": pages.of_pdf,
    "word": _office,
    "workbook": _words("openpyxl", office.of_workbook),
    "old workbook": _words("xlrd", office.of_old_workbook),
    "picture": pictures.of_picture,
    "film": _film,
}
_HOLDERS: dict[str, Callable[[Path, packed.Read], Said]] = {"mail": _mail, "packed": packed.of_zip}
"""Readers of what holds other files."""
