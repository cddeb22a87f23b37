"""Tables: headings and rows, described once and written as CSV and as XLSX.

CSV is RFC 4180 in UTF-8 with a mark so that Excel reads it, its cells made safe. In a draft every row ends with a
column ``draft``: a table cut, sorted or filtered still says what it is, and programs can read it.
"""

from __future__ import annotations

import csv
import io
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from export.bundle.bag import Bag
from export.bundle.spreadsheets import Look, write_xlsx
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

Row = Sequence[object]

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula (OWASP, CSV injection)."""


class Table(Struct, frozen=True, kw_only=True):
    """One table. ``name`` is its file's without an ending, ``says`` its line of START-HERE.

    ``rows`` gives the rows from the beginning each time it is called; a cell is text or a whole number.
    ``whole_in`` names the file that has what is too long for a cell of a spreadsheet; empty for the table's own CSV.
    """

    name: str
    says: str
    headings: tuple[str, ...]
    rows: Callable[[], Iterable[Row]]
    whole_in: str = ""


class TableWriter(BundleWriter):
    """Writes one table as ``.csv`` and ``.xlsx``."""

    @abstractmethod
    def table(self, production: Production) -> Table:
        """Describe the table."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write both forms."""
        write_table(self.table(production), production, bag)

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the table's line."""
        table = self.table(production)
        return [Entry((f"data/{table.name}.xlsx", f"data/{table.name}.csv"), table.says)] if table.says else []


def write_table(table: Table, production: Production, bag: Bag) -> None:
    """Write a table of a production as CSV and as XLSX."""
    mark = production.watermark
    headings = (*table.headings, "draft") if mark else table.headings
    look = Look(
        name=table.name,
        created=production.built_at,
        mark=mark,
        whole_in=table.whole_in or f"{table.name}.csv",
    )
    write_csv(bag, f"data/{table.name}.csv", headings, _marked(table, mark))
    write_xlsx(bag, f"data/{table.name}.xlsx", headings, _marked(table, mark), look)


def _marked(table: Table, mark: str) -> Iterator[Row]:
    for row in table.rows():
        yield (*row, mark) if mark else row


def safe(value: object) -> object:
    """Return a cell that no spreadsheet computes: an apostrophe goes before a dangerous beginning."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return "'" + value
    return value


def write_csv(bag: Bag, path: str, headings: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table into the bag, row by row."""
    with bag.open(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        table = csv.writer(text, lineterminator="\r\n")
        table.writerow([safe(heading) for heading in headings])
        for row in rows:
            table.writerow([safe(value) for value in row])
        text.flush()
        text.detach()
