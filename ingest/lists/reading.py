"""From a table's rows to drafts: what is wrong with a row is a defect with its number and its bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ingest.ingestor import Defect
from ingest.json_items import Reading
from ingest.tables import BadRow, Row

ReadRow = Callable[[Row, str], Reading]
"""Turns one row and its place into drafts; raises ValueError for a row that is none."""

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


def _doubts(row: Row) -> Iterator[tuple[str, str]]:
    if row.short:
        yield "short", "rows from here on have fewer cells than the heading; those missing were taken for empty"
    for name, value in row.cells.items():
        if "E+" in value and _ROUNDED.fullmatch(value):
            yield "rounded", f"“{value}” under “{name}” was rounded by a spreadsheet; it is kept as it stands"
        elif 3 <= len(value) < 5 and value.isdigit() and _POSTAL_CODE.search(name):
            yield "zeros", f"“{value}” under “{name}” has probably lost its zeros in a spreadsheet; it is kept as it is"
