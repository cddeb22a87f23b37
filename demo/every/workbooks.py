"""Workbooks of plain sheets, as Excel reads them: of 2007 and since (.xlsx, ECMA-376) and before (.xls, [MS-XLS]).

A cell is a text or a number; an empty text is no cell. Nothing is formatted. The same sheets give the same bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from demo import zips
from demo.compound_file import compound_file

Cell = str | int | float
Sheets = Mapping[str, Sequence[Sequence[Cell]]]
"""Rows by the names of sheets."""


def write(path: Path, sheets: Sheets) -> None:
    """Write a workbook, old or new by its name."""
    if path.suffix == ".xls":
        path.write_bytes(compound_file({"Workbook": _stream(sheets)}))
    else:
        zips.write(path, ((name, [text.encode()]) for name, text in _parts(sheets)))


# -- .xlsx

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _parts(sheets: Sheets) -> Iterator[tuple[str, str]]:
    """Yield name and text of each part of the package."""
    places = [f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    types = "".join(f'<Override PartName="/xl/{one}" ContentType="{_TYPES}.worksheet+xml"/>' for one in places)
    yield (
        "[Content_Types].xml",
        (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{types}</Types>'
        ),
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    yield "xl/_rels/workbook.xml.rels", _relations([("worksheet", one) for one in places])
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    yield (
        "xl/workbook.xml",
        (f'{_XML}<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'),
    )
    for place, rows in zip(places, sheets.values(), strict=True):
        data = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        yield f"xl/{place}", f'{_XML}<worksheet xmlns="{_SPREADSHEET}"><sheetData>{data}</sheetData></worksheet>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{sort}" Target="{target}"/>'
        for number, (sort, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _cell(one: Cell) -> str:
    if isinstance(one, str):
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(one)}</t></is></c>' if one else "<c/>"
    return f"<c><v>{one}</v></c>"


# -- .xls: substreams of records, one for the workbook and one for each sheet

BOF, EOF, BOUNDSHEET, CODEPAGE, DIMENSIONS, LABEL, NUMBER = 0x809, 0x0A, 0x85, 0x42, 0x200, 0x204, 0x203
OF_WORKBOOK, OF_SHEET = 0x05, 0x10


def _stream(sheets: Sheets) -> bytes:
    bodies = [_sheet(rows) for rows in sheets.values()]
    names = [name.encode() for name in sheets]
    head = _begin(OF_WORKBOOK) + _record(CODEPAGE, struct.pack("<H", 1200))
    at = len(head) + sum(12 + len(one) for one in names) + 4
    for name, body in zip(names, bodies, strict=True):
        head += _record(BOUNDSHEET, struct.pack("<IHBB", at, 0, len(name), 0) + name)
        at += len(body)
    return b"".join((head, _record(EOF), *bodies))


def _sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    size = struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0)
    cells = [
        _number(number, column, one) if not isinstance(one, str) else _label(number, column, one)
        for number, row in enumerate(rows)
        for column, one in enumerate(row)
        if one != ""
    ]
    return b"".join((_begin(OF_SHEET), _record(DIMENSIONS, size), *cells, _record(EOF)))


def _begin(sort: int) -> bytes:
    return _record(BOF, struct.pack("<HHHHII", 0x0600, sort, 0, 1997, 0, 0x06))


def _number(row: int, column: int, one: float) -> bytes:
    return _record(NUMBER, struct.pack("<HHHd", row, column, 0, one))


def _label(row: int, column: int, one: str) -> bytes:
    """Return a text: a byte a character where all are of Latin-1, else two."""
    wide = any(letter > "ÿ" for letter in one)
    written = one.encode("utf-16-le" if wide else "latin-1")
    count = len(written) // 2 if wide else len(written)
    return _record(LABEL, struct.pack("<HHHHB", row, column, 0, count, wide) + written)


def _record(sort: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", sort, len(content)) + content
