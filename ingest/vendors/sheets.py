"""Tables in workbooks (XLSX), sheet by sheet and row by row, in the shape of tables in text files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from archive.canonical import canonical, storable
from ingest.backup import Limits, Member
from ingest.tables import PREAMBLE, BadRow, IsHeading, Row, distinct_columns

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

LARGEST = 512 << 20
"""Bytes that a workbook may have: it is a zip of its own, and read from memory."""

UNPACKED = 8 << 30
"""Bytes that a workbook may claim to hold."""

ROWS = 1 << 20
"""Rows that a sheet can have; one that claims a higher number is not counted up to."""

WIDEST = 2000
"""Cells of a row that are looked at."""


class Sheet(Struct, frozen=True):
    """A sheet whose heading was found. A row's native bytes are its cells by heading, as canonical JSON."""

    member: Member
    title: str
    columns: tuple[str, ...]
    before: int

    @property
    def path(self) -> str:
        """Where the sheet stands, for people."""
        return f"{self.member.path}, sheet {self.title}"

    def rows(self) -> Iterator[Row | BadRow]:
        """Yield the rows under the heading; empty ones are left out."""
        number = 0
        try:
            with _opened(self.member) as book:
                for number, cells in enumerate(_cells(book[self.title]), 1):
                    if number > self.before + 1 and any(cells):
                        yield self._row(number, cells)
        except Exception as error:  # a damaged workbook fails anywhere in zipfile, expat or openpyxl
            yield BadRow(number + 1, f"the sheet cannot be read on: {error}", b"")

    def _row(self, number: int, cells: Sequence[str]) -> Row | BadRow:
        found = list(cells[: len(self.columns)])
        found += [""] * (len(self.columns) - len(found))
        native = canonical({storable(name): storable(cell) for name, cell in zip(self.columns, found, strict=True)})
        if any(cells[len(self.columns) :]):
            return BadRow(number, f"it has cells beyond the {len(self.columns)} of the heading", native)
        if tuple(found) == self.columns:
            return BadRow(number, "it is the heading once more", native)
        return Row(number, dict(zip(self.columns, found, strict=True)), native)


def is_workbook(member: Member) -> bool:
    """Say whether a member has the name and the beginning of a workbook."""
    if not member.path.lower().endswith((".xlsx", ".xlsm")):
        return False
    try:
        return member.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def find_sheets(member: Member, is_heading: IsHeading) -> list[Sheet]:
    """Return the sheets of a workbook that have the heading near their top; none if it cannot be opened."""
    if not is_workbook(member):
        return []
    try:
        with _opened(member) as book:
            return [found for name in book.sheetnames if (found := _sheet(member, book[name], name, is_heading))]
    except Exception:  # as above; whoever reads the backup names the file as not read
        return []


def _sheet(member: Member, sheet: Any, title: str, is_heading: IsHeading) -> Sheet | None:
    for before, cells in zip(range(PREAMBLE), _cells(sheet), strict=False):
        stripped = [cell.strip() for cell in cells]
        while stripped and not stripped[-1]:
            stripped.pop()
        if is_heading(stripped):
            return Sheet(member, title, distinct_columns(stripped), before)
    return None


@contextmanager
def _opened(member: Member) -> Iterator[Workbook]:
    from openpyxl import load_workbook

    if member.size > LARGEST:
        raise ValueError(f"it has {member.size:,} bytes, more than any workbook")
    raw = io.BytesIO(member.read())
    with zipfile.ZipFile(raw) as parts:
        claimed = sum(one.file_size for one in parts.infolist())
        if claimed > UNPACKED or claimed > max(len(raw.getbuffer()) * Limits().ratio, 1 << 20):
            raise ValueError(f"it claims to hold {claimed:,} bytes")
    book = load_workbook(raw, read_only=True, data_only=True, keep_links=False)
    try:
        yield book
    finally:
        book.close()


def _cells(sheet: Any) -> Iterator[list[str]]:
    """Yield a sheet's rows as text. What a sheet says of its own size is not believed: it is often wrong."""
    if not hasattr(sheet, "reset_dimensions"):
        return
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=ROWS, values_only=True):
        yield [_text(value) for value in row[:WIDEST]]


def _text(value: Any) -> str:
    """Return a cell as a text file would have it; numbers beyond 15 figures show that they were rounded."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float) and abs(value) >= 1e15:
        return f"{value:.14E}"
    return str(value)
