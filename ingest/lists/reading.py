"""From a table's rows to drafts: what is wrong with a row is a defect with its number and its bytes.

How a table's dates are written all of its rows are asked before the first is read, so a table is gone through twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from ingest.date_order import Seen, told_by
from ingest.ingestor import Defect
from ingest.json_items import Reading
from ingest.tables import BadRow, Row
from ingest.written_dates import DateReader

ReadRow = Callable[[Row, str], Reading]
"""Turns one row and its place into drafts; raises ValueError for a row that is none."""

ReadDatedRow = Callable[[DateReader, Row, str], Reading]
"""The same, with what reads the dates of the whole file."""

Rows = Callable[[], Iterable[Row | BadRow]]
"""Gives a table's rows from the first on, as often as it is called."""

_ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+")
_POSTAL_CODE = re.compile(r"zip|postal", re.IGNORECASE)


def read_rows(path: str, rows: Iterable[Row | BadRow], read: ReadRow) -> Reading:
    """Read every row of a file; each sort of doubt is remarked once, at the first row that gives cause."""
    met: set[str] = set()
    for row in rows:
        place = f"{path}, row {row.number}"
        if isinstance(row, BadRow):
            yield Defect(place, row.reason, native=row.native)
            continue
        for sort, reason in _doubts(row):
            if sort not in met:
                met.add(sort)
                yield Defect(place, reason, quarantined=False)
        try:
            yield from read(row, place)
        except ValueError as error:
            yield Defect(place, str(error), native=row.native)


def read_dated_rows(path: str, rows: Rows, columns: Sequence[str], read: ReadDatedRow, writer: str = "") -> Reading:
    """Read every row of a file whose columns of dates are these; how they were understood is remarked first.

    ``writer`` is named where it is known to write the month first.
    """
    dates = date_reader(rows(), columns, writer)
    if dates.why:
        yield Defect(path, dates.why, quarantined=False)
    yield from read_rows(path, rows(), partial(read, dates))


def date_reader(
    rows: Iterable[Row | BadRow], columns: Sequence[str], writer: str = "", zone: ZoneInfo | None = None
) -> DateReader:
    """Return what reads a table's dates, by what all cells of its columns of dates tell."""
    seen = {name: Seen() for name in columns}
    for row in rows if seen else ():
        if isinstance(row, Row):
            for name, one in seen.items():
                one.meet(row.cells.get(name, ""))
    return told_by(list(seen.values()), writer, zone)


def _doubts(row: Row) -> Iterator[tuple[str, str]]:
    if row.short:
        yield "short", "rows from here on have fewer cells than the heading; those missing were taken for empty"
    for name, value in row.cells.items():
        if "E+" in value and _ROUNDED.fullmatch(value):
            yield "rounded", f"“{value}” under “{name}” was rounded by a spreadsheet; it is kept as it stands"
        elif 3 <= len(value) < 5 and value.isdigit() and _POSTAL_CODE.search(name):
            yield "zeros", f"“{value}” under “{name}” has probably lost its zeros in a spreadsheet; it is kept as it is"
