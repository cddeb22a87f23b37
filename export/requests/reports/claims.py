"""Claims: the lines of a list of posts that a requester says are missing, read from CSV or plain text."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

import msgspec
from msgspec import Struct

from archive.errors import MunimentError
from export.requests.correspondence.kept import NoSuchFile

COLUMNS = {
    "url": ("url", "link", "permalink", "address", "post url"),
    "id": ("id", "post id", "tweet id", "native id", "message id"),
    "text": ("text", "post", "content", "message", "body", "description"),
    "date": ("date", "created", "created at", "posted", "posted on", "time"),
}
"""Headings by which a column of a CSV file is known; case, ``_`` and ``-`` do not count."""

_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")
_ID = re.compile(r"[A-Za-z0-9_.:@<>+-]{4,}")
_FIRST_ID_WITH_TIME = 10**15
_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)


class UnreadableList(MunimentError):
    """A list of posts is no text, or has no lines."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} cannot be read as a list of posts. Give a CSV file with a column url, id or text, "
            "or a text file with one address, id or text a line."
        )


class Platform(Struct, frozen=True, forbid_unknown_fields=True):
    """Hosts of a platform, and whether its numbers tell the time."""

    hosts: tuple[str, ...]
    times_in_ids: bool = False


class Claim(Struct, frozen=True):
    """One line: what it says, and what in it can be looked for.

    ``ids`` are ids as they stand or stand in the address, ``handle`` and ``platform`` come from the address, ``on``
    from a date or an id that tells one.
    """

    line: int
    raw: str
    url: str = ""
    ids: tuple[str, ...] = ()
    text: str = ""
    platform: str = ""
    handle: str = ""
    on: date | None = None


@cache
def platforms() -> dict[str, Platform]:
    """Return the platforms whose addresses are known."""
    raw = tomllib.loads((files("export.requests") / "challenge.toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, dict[str, Platform])


def read(path: Path) -> list[Claim]:
    """Read a list; raises :class:`UnreadableList`."""
    if not path.is_file():
        raise NoSuchFile(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_bytes().decode("cp1252", "replace")
    found = [] if "\x00" in text else list(_claims(text))
    if not found:
        raise UnreadableList(path)
    return found


def _claims(text: str) -> Iterator[Claim]:
    for delimiter in ",;\t":
        rows = _table(text, delimiter)
        named = _named(rows[0]) if rows else {}
        if named:
            yield from _rows(rows, named)
            return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield from_line(number, line.strip())


def _table(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:  # a cell longer than any table has: it is no table
        return []


def _rows(rows: list[list[str]], named: dict[str, int]) -> Iterator[Claim]:
    for number, row in enumerate(rows[1:], 2):
        cells = {what: row[at].strip() for what, at in named.items() if at < len(row)}
        if any(cells.values()):
            raw = " ".join(cell for cell in row if cell.strip())
            url, native_id, text, when = (cells.get(what, "") for what in COLUMNS)
            yield _claim(number, raw, url, native_id, text, when)


def _named(headings: list[str]) -> dict[str, int]:
    plain = [re.sub(r"[\s_-]+", " ", one).strip().casefold() for one in headings]
    return {what: plain.index(name) for what, names in COLUMNS.items() for name in names[::-1] if name in plain}


def from_line(number: int, line: str) -> Claim:
    """Read one line of plain text: an address, an id, or a text."""
    found = _URL.search(line)
    rest = _URL.sub(" ", line).strip(' ,;\t"') if found else line
    if not found and _ID.fullmatch(line) and any(character.isdigit() for character in line):
        return _claim(number, line, "", line, line, "")
    return _claim(number, line, found[0] if found else "", "", rest.strip('"'), "")


def _claim(number: int, raw: str, url: str, native_id: str, text: str, when: str) -> Claim:
    split = _split(url)
    platform = _platform(split.hostname or "")
    ids = tuple(dict.fromkeys(([native_id] if native_id else []) + _ids_in(url)))
    day = _DAY.search(when) or (_DAY.fullmatch(text) if text else None)
    on = _read_day(day[1]) if day else _told_by(ids, platform)
    return Claim(number, raw, url, ids, text, platform, _handle(split.path), on)


def _split(url: str) -> SplitResult:
    """Return the parts of an address; what is none has no parts."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return SplitResult("", "", url, "", "")


def _platform(host: str) -> str:
    for name, one in platforms().items():
        if any(host == known or host.endswith("." + known) for known in one.hosts):
            return name
    return ""


def _ids_in(url: str) -> list[str]:
    if not url:
        return []
    split = _split(url)
    parts = [*split.path.split("/"), *(value for _, value in parse_qsl(split.query))]
    return [one for one in reversed(parts) if len(one) >= 4 and any(character.isdigit() for character in one)]


def _handle(path: str) -> str:
    first = path.strip("/").split("/")[0] if path.strip("/") else ""
    return (
        ""
        if first in ("permalink.php", "story.php", "photo.php", "watch", "i", "groups", "photo")
        else first.lstrip("@")
    )


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _told_by(ids: tuple[str, ...], platform: str) -> date | None:
    """Return the UTC date that a number tells, on platforms where it does."""
    if not platform or not platforms()[platform].times_in_ids:
        return None
    for one in ids:
        if one.isascii() and one.isdigit() and _FIRST_ID_WITH_TIME <= int(one) < 2**63:
            return (_EPOCH + timedelta(milliseconds=int(one) >> 22)).date()
    return None


def plain_address(url: str) -> str:
    """Return an address as two spellings of it agree on: no scheme, no ``www.`` or ``m.``, no tracking, no slash."""
    split = _split(url)
    host = re.sub(r"^(www|m|mobile|mbasic|web)\.", "", (split.hostname or "").casefold())
    host = next((one.hosts[0] for one in platforms().values() if host in one.hosts), host)
    kept = sorted(
        (name, value) for name, value in parse_qsl(split.query) if name in ("story_fbid", "id", "fbid", "v", "u")
    )
    query = "&".join(f"{name}={value}" for name, value in kept)
    return f"{host}{split.path.rstrip('/')}" + (f"?{query}" if query else "")
