"""Tables in text files (CSV and its relatives), row by row and each row with its own bytes, in flat memory.

Nobody declares how such a file is written, so each question is put to what is certain. The heading is
the row that the format knows, and the delimiter is whichever shows it. Text is UTF-16 if the file
begins so, else UTF-8, and a row that is no UTF-8 is Windows-1252. Quotes in cells are doubled (RFC 4180)
or escaped by a backslash, whichever gives as many cells as the heading has. A quoted cell that does not
end costs its line and not the rest of the file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from msgspec import Struct

from ingest.backup import Member
from ingest.text import decoded

DELIMITERS = (",", ";", "\t", "|")
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
TEXTS = (".csv", ".tsv", ".tab", ".txt")
"""Endings of tables in text files."""

HEAD = 64 << 10
"""Bytes in which the heading stands."""

PREAMBLE = 30
"""Rows that may stand before the heading."""

REMEMBERED = 256
"""Files whose first rows are remembered, while one format after another asks for its heading."""

LONGEST_LINE = 1 << 20
"""Characters after which a line is taken for several."""

LONGEST_ROW = 1000
"""Lines that one row may have; a quoted cell that is longer does not end at all."""

_TEXT = re.compile(r"(\.(csv|tsv|tab|txt|json|jsonl|ndjson)|(^|/)[^./]+)$", re.IGNORECASE)

IsHeading = Callable[[Sequence[str]], bool]
"""Knows the heading of a format by its cells."""


class Row(Struct, frozen=True):
    """One row. ``number`` counts as a spreadsheet does, from 1, the heading and empty rows included.

    ``cells`` holds the values by the names of the columns, lines in them ended by ``\\n`` as another
    program may save them. ``native`` is the heading's bytes and the row's own, so that the row can be read alone.
    ``short`` means that cells were missing at its end.
    """

    number: int
    cells: Mapping[str, str]
    native: bytes
    short: bool = False


class BadRow(Struct, frozen=True):
    """A row that is no row of this table: its number, why, and its own bytes."""

    number: int
    reason: str
    native: bytes


class Table(Struct, frozen=True):
    """A table whose heading was found. ``columns`` are distinct: a second ``NOTES`` is ``NOTES (2)``.

    ``heading`` is the bytes of its line, after the file's byte order mark; ``before`` counts the rows above it.
    """

    member: Member
    columns: tuple[str, ...]
    heading: bytes
    before: int
    delimiter: str
    encoding: str
    bom: bytes

    def rows(self) -> Iterator[Row | BadRow]:
        """Yield the rows under the heading; empty ones are left out."""
        number = 0
        try:
            with self.member.open() as stream:
                found = _split(_lines(stream, self.encoding, self.bom), self.delimiter, len(self.columns))
                for number, (text, cells, fault) in enumerate(found, 1):
                    if number > self.before + 1 and (fault or any(cells)):
                        yield self._row(number, text, cells, fault)
        except OSError as error:
            yield BadRow(number + 1, f"the file cannot be read on: {error}", b"")

    def _row(self, number: int, text: str, cells: Sequence[str], fault: str) -> Row | BadRow:
        native = _encoded(text, self.encoding)
        missing = len(self.columns) - len(cells)
        if tuple(cells) == self.columns:
            fault = "it is the heading once more"
        if not fault and missing < 0:
            fault = f"it has {len(cells)} cells, and the heading {len(self.columns)}"
        if not fault and missing > 0 and not text.endswith(("\n", "\r")):
            fault = f"the file is cut off in this row, after {len(cells)} of {len(self.columns)} cells"
        if fault:
            return BadRow(number, fault, native)
        padded = [*(one.replace("\r\n", "\n") for one in cells), *[""] * missing]
        return Row(number, dict(zip(self.columns, padded, strict=True)), self.heading + native, missing > 0)


def find_table(member: Member, is_heading: IsHeading) -> Table | None:
    """Return the table in a file, None if no row near its top is the heading, or its name is not that of a text."""
    if not _TEXT.search(member.path):
        return None
    try:
        head = member.read(HEAD)
    except OSError:
        return None
    encoding, bom = _encoding(head)
    for delimiter in DELIMITERS:
        for before, (text, cells) in enumerate(_top(head, delimiter)):
            if is_heading(cells):
                heading = bom + _encoded(text, encoding)
                return Table(member, distinct_columns(cells), heading, before, delimiter, encoding, bom)
    return None


@lru_cache(REMEMBERED * len(DELIMITERS))
def _top(head: bytes, delimiter: str) -> Sequence[tuple[str, Sequence[str]]]:
    """Return the texts and cells of the rows in which a heading may stand; every format asks it of the same files."""
    rows = _split(_lines(io.BytesIO(head), *_encoding(head)), delimiter, 0)
    return [(text, [cell.strip() for cell in cells]) for text, cells, _ in islice(rows, PREAMBLE)]


def one_row(native: bytes) -> Member:
    """Return a row's own bytes, heading and row, as the file that they are."""
    return Member("row", len(native), 0, lambda: io.BytesIO(native))


def distinct_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return headings that are distinct: number those that come again, name the columns that have none."""
    found: list[str] = []
    for place, name in enumerate(names, 1):
        plain = name or f"column {place}"
        distinct, count = plain, 1
        while distinct in found:
            count += 1
            distinct = f"{plain} ({count})"
        found.append(distinct)
    return tuple(found)


# -- text


def _encoding(head: bytes) -> tuple[str, bytes]:
    """Return how a file's text is encoded, and its byte order mark."""
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding, bom
    start = head[:200]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 3 and start[first::2].count(0) > len(start) // 4 and not start[1 - first :: 2].count(0):
            return encoding, b""
    return "utf-8", b""


def _lines(stream: BinaryIO, encoding: str, bom: bytes) -> Iterator[str]:
    """Yield the lines with their ends, be they CR, LF or both; bytes that are no UTF-8 are escaped."""
    stream.read(len(bom))
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    text = io.TextIOWrapper(stream, encoding, errors, newline="")
    return iter(lambda: text.readline(LONGEST_LINE), "")


def _encoded(text: str, encoding: str) -> bytes:
    """Return the bytes that a piece of the file had."""
    return text.encode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")


def _readable(text: str) -> str:
    """Return the text of a row that may be in Windows-1252."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return decoded(text.encode("utf-8", "surrogateescape"))
    return text


# -- rows


def _split(lines: Iterator[str], delimiter: str, width: int) -> Iterator[tuple[str, list[str], str]]:
    """Yield each row's text, its cells, and what is wrong with it; ``width`` 0 takes rows of any width."""
    ahead: deque[str] = deque()
    while text := ahead.popleft() if ahead else next(lines, ""):
        cells = _cells(text, delimiter, width)
        more = _rest(text, lines, ahead, delimiter, width) if cells is None else None
        if more is not None:
            yield *more, ""
        elif cells is not None or (cells := _with_backslashes(text, delimiter, width)):
            yield text, cells, ""
        else:
            yield text, [], "a quoted cell in it does not end"


def _rest(
    text: str, lines: Iterator[str], ahead: deque[str], delimiter: str, width: int
) -> tuple[str, list[str]] | None:
    """Return the whole row that begins with a line; None, and the lines put back, if it does not end."""
    taken: list[str] = []
    while len(taken) < LONGEST_ROW and (line := ahead.popleft() if ahead else next(lines, "")):
        taken.append(line)
        if '"' in line:
            whole = "".join((text, *taken))
            cells = _cells(whole, delimiter, width)
            if cells is not None:
                if not width or len(cells) == width:
                    return whole, cells
                break
    ahead.extendleft(reversed(taken))
    return None


def _cells(text: str, delimiter: str, width: int) -> list[str] | None:
    """Return the cells of a row, trailing empty ones beyond the width left out; None if a quoted cell is open."""
    text = _readable(text)
    try:
        found = _read(text, delimiter)
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        found = _with_backslashes(text, delimiter, width)
        if not found and _goes_on(text, delimiter):
            return None
        found = found or _leniently(text, delimiter)
    while width and len(found) > width and not found[-1]:
        found.pop()
    return found


def _with_backslashes(text: str, delimiter: str, width: int) -> list[str]:
    """Return the cells of a row whose quotes are escaped by backslashes; empty if it is no such row."""
    if '\\"' not in text:
        return []
    try:
        found = _read(_readable(text), delimiter, doublequote=False, escapechar="\\")
    except csv.Error:
        return []
    return found if not width or len(found) == width else []


def _goes_on(text: str, delimiter: str) -> bool:
    """Say whether a row whose quotes are escaped by backslashes has a cell that does not end on this line."""
    if '\\"' not in text:
        return False
    try:
        _read(text, delimiter, doublequote=False, escapechar="\\")
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _leniently(text: str, delimiter: str) -> list[str]:
    try:
        return _read(text, delimiter, strict=False)
    except csv.Error:
        return [text]


def _read(
    text: str, delimiter: str, strict: bool = True, doublequote: bool = True, escapechar: str | None = None
) -> list[str]:
    reader = csv.reader((text,), delimiter=delimiter, strict=strict, doublequote=doublequote, escapechar=escapechar)
    return next(reader, [])
