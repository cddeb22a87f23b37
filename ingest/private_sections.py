"""What is private inside of a file whose other parts are read (private_sections.toml): counted, or cut out as JSON.

It is a list or a value in a JSON file, or a column of a table.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from fnmatch import translate
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from archive.canonical import canonical, storable
from ingest.backup import Backup, Member, is_residue
from ingest.json_sections import sections
from ingest.json_window import Item
from ingest.tables import Row, Table, find_table
from ingest.text import clean

LARGEST = 16 << 20
"""Bytes of entries that are held at a time; a longer section is cut."""

_NAME = re.compile(r"^.*\*\.?")

NOTHING = (None, False, "", "None", "N/A")
"""Values by which a platform says that there is none."""


class Inside(Struct, frozen=True):
    """Of one format: the ends of the paths of its files, the keys at which looking ends, the sections by sort."""

    files: tuple[str, ...]
    sections: Mapping[str, tuple[str, ...]]
    until: tuple[str, ...] = ()


class Section(Struct, frozen=True):
    """Entries of one private section, in the bytes that they have in the file; ``part`` counts from 1 in long ones.

    ``name`` is ours, for the ledger; ``keys`` are as the file has them.
    """

    sort: str
    name: str
    member: Member
    keys: str
    entries: tuple[bytes, ...] = ()
    part: int = 1

    def as_json(self) -> bytes:
        """Return the entries as one JSON list."""
        return b"[\n" + b",\n".join(self.entries) + b"\n]\n"


@cache
def _formats() -> Mapping[str, Inside]:
    text = files(__package__).joinpath("private_sections.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Inside])


@cache
def _patterns(format_name: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return (sort, name, expression) for each section; the name has nothing of what a ``*`` stands for."""
    named = _formats()[format_name].sections.items()
    return tuple((sort, _NAME.sub("", one), re.compile(translate(one))) for sort, paths in named for one in paths)


def private_sections(backup: Backup, format_name: str, sorts: Collection[str] | None = None) -> Iterator[Section]:
    """Yield the private sections in a format's files, of some sorts or all; empty ones are left out.

    What cannot be read ends its file: the reader of the format tells it.
    """
    inside = _formats().get(format_name)
    for member in backup.members() if inside is not None else ():
        if inside and member.path.lower().endswith(inside.files) and not is_residue(member.path):
            yield from _of(member, format_name, inside, sorts)


def counts(backup: Backup, format_name: str) -> dict[str, dict[str, int]]:
    """Return how many entries each private section has, by sort and by the section's name."""
    found: dict[str, dict[str, int]] = {}
    for one in private_sections(backup, format_name):
        named = found.setdefault(one.sort, {})
        named[one.name] = named.get(one.name, 0) + len(one.entries)
    return found


def _of(member: Member, format_name: str, inside: Inside, sorts: Collection[str] | None) -> Iterator[Section]:
    found = _columns(member, format_name) if member.path.lower().endswith(".csv") else _lists(member, inside)
    for keys, entries in found:
        sort, name = _sort_of(keys, format_name)
        if sort and (sorts is None or sort in sorts):
            yield from _cut(Section(sort, name, member, keys), entries)


def _sort_of(keys: str, format_name: str) -> tuple[str, str]:
    """Return the sort and the name of a section, both empty for what is not private."""
    plain = keys.casefold().replace(" ", "")
    return next(((sort, name) for sort, name, pattern in _patterns(format_name) if pattern.match(plain)), ("", ""))


def _lists(member: Member, inside: Inside) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the keys over each list of a JSON file, and the bytes of its items that say something."""
    whole = {one.rpartition(".")[2].strip("*") for paths in inside.sections.values() for one in paths}
    with member.open() as stream:
        for path, items in sections(stream, whole):
            if path and path[0].casefold() in inside.until:
                return
            said = (one.native for one in items if isinstance(one, Item) and not _is_nothing(one.value))
            yield clean(".".join(path)), said


def _is_nothing(value: Any) -> bool:
    return value in NOTHING or value in ([], {})


def _columns(member: Member, format_name: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield each private column of a table, and its cells, each with the number of its row."""
    table = find_table(member, lambda cells: any(_sort_of(one, format_name)[0] for one in cells))
    for column in table.columns if table is not None else ():
        if table is not None and _sort_of(column, format_name)[0]:
            yield clean(column), _cells(table, column)


def _cells(table: Table, column: str) -> Iterator[bytes]:
    for row in table.rows():
        if isinstance(row, Row) and row.cells[column]:
            yield canonical({"row": row.number, column: storable(row.cells[column])})


def _cut(section: Section, entries: Iterator[bytes]) -> Iterator[Section]:
    taken: list[bytes] = []
    part, size = 1, 0
    for one in entries:
        if size > LARGEST:
            yield msgspec.structs.replace(section, entries=tuple(taken), part=part)
            taken, part, size = [], part + 1, 0
        taken.append(one)
        size += len(one)
    if taken:
        yield msgspec.structs.replace(section, entries=tuple(taken), part=part)
