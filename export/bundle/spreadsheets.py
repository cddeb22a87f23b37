"""XLSX for people: typed cells, so nothing is computed; the same bytes every time, in flat memory.

The limits are Excel's ("Excel specifications and limits"). Cells are text or numbers, never formulas or links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from export.bundle.bag import Bag

CHARACTERS = 32_767
"""UTF-16 code units in one cell."""

ROWS = 1_048_576
"""Rows of one sheet, its headings among them."""

NARROWEST, WIDEST = 9, 60
"""Widths of a column, in characters."""

FORMULA_LIKE = ("=", "+", "-", "@")
RED = "#B23A1E"

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold."""


class Look(Struct, frozen=True, kw_only=True):
    """What a spreadsheet carries besides its table: names, time, a draft's mark, where long values are whole."""

    name: str
    created: datetime
    mark: str = ""
    whole_in: str = ""
    rows_a_sheet: int = ROWS


def write_xlsx(bag: Bag, path: str, headings: Sequence[str], rows: Iterable[Sequence[object]], look: Look) -> None:
    """Write a table into the bag; what does not fit on a sheet stands on the next. Raises ``OSError``."""
    from xlsxwriter.exceptions import FileCreateError

    with bag.scratch() as folder:
        book = _Book(folder, headings, look)
        try:
            for row in rows:
                book.append(row)
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error
        bag.add_file(book.path, path)


def cell(value: str, whole_in: str) -> str:
    """Return a text as a cell can hold it: illegal characters replaced, cut with a pointer where it is too long."""
    text = _ILLEGAL.sub("\ufffd", value)
    if len(text) <= CHARACTERS // 2 or _units(text) <= CHARACTERS:
        return text
    pointer = f" … (cut here; {len(value):,} characters in all, the whole is in {whole_in})"
    return text.encode("utf-16-le")[: 2 * (CHARACTERS - len(pointer))].decode("utf-16-le", "ignore") + pointer


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class _Book:
    """One workbook in the making; XlsxWriter keeps a row at a time."""

    def __init__(self, folder: Path, headings: Sequence[str], look: Look) -> None:
        from xlsxwriter import Workbook

        self.path = folder / "book.xlsx"
        self._headings = headings
        self._look = look
        self._book = Workbook(
            str(self.path),
            {
                "constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False, "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )  # fmt: skip
        self._book.use_zip64()
        self._book.set_properties(
            {"title": look.name, "comments": look.mark, "created": look.created.replace(tzinfo=None)}
        )
        shape = {"text_wrap": True, "valign": "top"}
        self._bold = self._book.add_format({**shape, "bold": True})
        self._plain = self._book.add_format(shape)
        self._quoted = self._book.add_format({**shape, "quote_prefix": True})
        self._sheets = 0
        self._begin()

    def append(self, row: Sequence[object]) -> None:
        """Write the next row."""
        if self._row == self._look.rows_a_sheet:
            self._end()
            self._begin()
        for column, value in enumerate(row):
            if isinstance(value, int):
                self._sheet.write_number(self._row, column, value, self._plain)
            elif value:
                text = cell(str(value), self._look.whole_in)
                shape = self._quoted if text.startswith(FORMULA_LIKE) else self._plain
                self._sheet.write_string(self._row, column, text, shape)
                self._widths[column] = max(self._widths[column], min(len(text), WIDEST))
        self._row += 1

    def close(self) -> None:
        """Finish the file."""
        self._end()
        self._book.close()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._look.name + (f" {self._sheets}" if self._sheets > 1 else "")
        self._sheet: Any = self._book.add_worksheet(f"DRAFT {name}" if self._look.mark else name)
        self._widths = [min(max(NARROWEST, len(one) + 3), WIDEST) for one in self._headings]
        self._row = 1
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(0, column, cell(heading, self._look.whole_in), self._bold)
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.set_footer("&L&A&RPage &P of &N")
        if self._look.mark:
            self._sheet.set_header(f"&C{self._look.mark}")
            self._sheet.set_tab_color(RED)

    def _end(self) -> None:
        last = len(self._headings) - 1
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), last)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self._look.rows_a_sheet}"})
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
