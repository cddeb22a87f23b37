"""The tables of a YouTube export: which is which, and which column means what, in whatever language.

A column is known by its name (``youtube_columns.toml``). Where the names are in a language that is not there, tables of
comments and of live chats are known by the shape of their values: ids, moments, texts in JSON.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice

from msgspec import Struct

from ingest.backup import Backup, Member
from ingest.tables import Row, Table, find_table

FEWEST = 6
"""Columns that a table of comments or chats has at least."""

SHAPES = {
    "comment": re.compile(r"Ug[\w-]{16,}(\.[\w-]+)?"),
    "channel": re.compile(r"UC[\w-]{22}"),
    "created": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*"),
    "text": re.compile(r'\{"(text|takeoutSegments)".*', re.DOTALL),
    "video": re.compile(r"[\w-]{11}"),
}
SEGMENTS = ("video title text segments", "video description text segments")


class Sheet(Struct, frozen=True):
    """One table: its sort, and its columns by what they mean.

    The sorts are comments, chats, posts, videos, texts, recordings, channel and features.
    """

    table: Table
    sort: str
    columns: Mapping[str, str]

    def cell(self, row: Row, meaning: str) -> str:
        """Return a cell by its column's meaning; empty where the table has no such column."""
        name = self.columns.get(meaning)
        return row.cells[name].strip() if name else ""

    def numbered(self, row: Row, beginning: str) -> list[str]:
        """Return the cells of a series of columns (``Tag 1``, ``Tag 2``), empty ones left out."""
        return [value for name, value in row.cells.items() if value and name.lower().startswith(beginning)]


class Unknown(Struct, frozen=True):
    """A table of YouTube's whose headings are in a language that is not known."""

    member: Member


@cache
def _names(section: str) -> dict[str, str]:
    stored = tomllib.loads(files(__package__).joinpath("youtube_columns.toml").read_text(encoding="utf-8"))
    return {name: meaning for meaning, names in stored[section].items() for name in names}


def privacy(word: str) -> str:
    """Return public, unlisted or private for a word of Studio's; empty for one that is not known."""
    return _names("privacy").get(word.casefold(), "")


def sheets(backup: Backup) -> Iterator[Sheet | Unknown]:
    """Yield the tables that are known, by path; and those of videos that are not."""
    for member in backup.members():
        if member.path.lower().endswith(".csv"):
            found = sheet(member)
            if found is not None:
                yield found


def sheet(member: Member) -> Sheet | Unknown | None:
    """Return a table if it is one of YouTube's."""
    table = find_table(member, _is_heading)
    if table is None:
        return None
    columns = _by_name(table.columns)
    sort = _sort(columns, table.columns)
    if not sort:
        columns = _by_shape(table)
        sort = (
            ("comments" if "comment" in columns else "chats") if {"channel", "created", "text"} <= set(columns) else ""
        )
        if sort == "chats":
            columns["chat"] = table.columns[0]
    if sort:
        return Sheet(table, sort, columns)
    return Unknown(member) if _is_of_videos(table) else None


def _is_heading(cells: Sequence[str]) -> bool:
    return len(cells) >= FEWEST or bool(_sort(_by_name(cells), cells))


def _by_name(names: Sequence[str]) -> dict[str, str]:
    known = _names("columns")
    found: dict[str, str] = {}
    for name in names:
        if meaning := known.get(name.casefold()):
            found.setdefault(meaning, name)
    return found


def _sort(columns: Mapping[str, str], names: Sequence[str]) -> str:
    """Return the sort of a table by its columns, empty if it is none that is read."""
    if "comment" in columns and "channel" in columns:
        return "comments"
    if "chat" in columns:
        return "chats"
    if {"post", "text", "channel"} <= set(columns):
        return "posts"
    if "video" in columns and {"privacy", "title"} & set(columns):
        return "videos"
    lower = [name.lower() for name in names]
    if "video" in columns and any(name.startswith(SEGMENTS) for name in lower):
        return "texts"
    if "video" in columns and any(name.startswith("video recording") for name in lower):
        return "recordings"
    if "channel_visibility" in columns:
        return "channel"
    return "features" if any(name.startswith(("channel auto moderation", "video default")) for name in lower) else ""


def _by_shape(table: Table) -> dict[str, str]:
    """Return the columns whose first values all have a known shape; ids of comments and channels tell the table."""
    rows = [row for row in islice(table.rows(), 20) if isinstance(row, Row)]
    found: dict[str, str] = {}
    for name in table.columns:
        values = [row.cells[name].strip() for row in rows if row.cells[name].strip()]
        for meaning, shape in SHAPES.items():
            if meaning not in found and values and all(shape.fullmatch(one) for one in values):
                found[meaning] = name
                break
    return found


def _is_of_videos(table: Table) -> bool:
    found = _by_shape(table)
    return {"video", "channel", "created"} <= set(found) and found["video"] == table.columns[0]
