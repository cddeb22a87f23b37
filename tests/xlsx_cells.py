"""The cells of an XLSX as a spreadsheet program would show them, read with the standard library alone."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cells = list[list[str | int]]


def part(path: Path, name: str) -> ElementTree.Element:
    """Return one part of the file, parsed."""
    with zipfile.ZipFile(path) as book:
        return ElementTree.fromstring(book.read(name))


def sheets(path: Path) -> dict[str, Cells]:
    """Return the rows of every sheet by its name."""
    names = [one.attrib["name"] for one in part(path, "xl/workbook.xml").iter(f"{MAIN}sheet")]
    return {name: _rows(part(path, f"xl/worksheets/sheet{place}.xml")) for place, name in enumerate(names, 1)}


def _rows(sheet: ElementTree.Element) -> Cells:
    rows: Cells = []
    for row in sheet.iter(f"{MAIN}row"):
        cells: dict[int, str | int] = {}
        for one in row.iter(f"{MAIN}c"):
            column = 0
            for letter in re.sub(r"\d", "", one.attrib["r"]):
                column = 26 * column + ord(letter) - 64
            if one.attrib.get("t") == "inlineStr":
                cells[column] = _unescaped("".join(text.text or "" for text in one.iter(f"{MAIN}t")))
            elif (number := one.find(f"{MAIN}v")) is not None:
                cells[column] = int(number.text or "0")
        rows.append([cells.get(place, "") for place in range(1, max(cells, default=0) + 1)])
    return rows


def _unescaped(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
