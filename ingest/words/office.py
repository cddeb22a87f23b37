"""Words in office files: Word, PowerPoint and OpenDocument by their XML, workbooks cell by cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ingest.words.said import MOST, Unreadable

UNPACKED = 512 << 20
"""Bytes that the parts of one file may unpack to."""

_PARTS = re.compile(
    r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml|ppt/(slides|notesSlides)/\w+\.xml|"
    r"ppt/comments/\w+\.xml|content\.xml|styles\.xml"
)
_WORDS = frozenset(("t", "delText", "p", "h", "span", "a", "text"))
_ENDS = {"p": "\n", "h": "\n", "br": "\n", "tab": "\t", "tc": "\t", "tr": "\n", "line-break": "\n"}


def of_xml(path: Path | BinaryIO) -> str:
    """Return the words of a Word, PowerPoint or OpenDocument file, deleted ones and comments too."""
    with opened(path) as packed:
        names = sorted((one for one in packed.namelist() if _PARTS.fullmatch(one)), key=_order)
        if not names:
            raise Unreadable("it is no office file that can be read")
        parts: list[str] = []
        size = 0
        for name in names:
            for words in _of_part(packed, name):
                parts.append(words)
                size += len(words)
                if size > MOST:
                    return "".join(parts)
    return "".join(parts)


def _order(name: str) -> tuple[int, int, str]:
    """Sort the text before headers and notes, slides by their number."""
    number = re.search(r"(\d+)\.xml$", name)
    return int("document" not in name and "content" not in name), int(number[1]) if number else 0, name


def opened(path: Path | BinaryIO) -> zipfile.ZipFile:
    """Open a zip that may be read: whole, without a password, no bomb; raises :class:`Unreadable`."""
    try:
        packed = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise Unreadable(f"it is damaged ({error})") from error
    if any(one.flag_bits & 1 for one in packed.infolist()):
        raise Unreadable("it asks for a password")
    if sum(one.file_size for one in packed.infolist()) > UNPACKED:
        raise Unreadable("it claims to unpack to more than any real file: a decompression bomb")
    return packed


def _of_part(packed: zipfile.ZipFile, name: str) -> Iterator[str]:
    from lxml import etree

    with packed.open(name) as stream:
        events = etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        try:
            for event, element in events:
                yield from _words_of(event, element)
                if event == "end":
                    element.clear(keep_tail=True)
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"its part {name} is damaged ({error.msg})") from error
    yield "\n"


def _words_of(event: str, element: Any) -> Iterator[str]:
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if event == "end":
        if tag in _WORDS and element.text:
            yield element.text
        if tag in _ENDS:
            yield _ENDS[tag]
        if element.tail and element.tail.strip():
            yield element.tail


def of_workbook(path: Path) -> str:
    """Return the cells of a workbook (.xlsx) as they are shown, a row a line, sheet by sheet."""
    from openpyxl import load_workbook

    with opened(path):
        pass
    with path.open("rb") as stream:  # of a path, openpyxl would ask the ending, which no object has
        return _of_workbook(load_workbook, stream)


def _of_workbook(load: Callable[..., Any], stream: BinaryIO) -> str:
    try:
        book = load(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises nearly anything over what is damaged
        raise Unreadable(f"it is damaged ({type(error).__name__}: {error})") from error
    try:
        return _rows((sheet.title, sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    finally:
        book.close()


def of_old_workbook(path: Path) -> str:
    """Return the cells of an old workbook (.xls), a row a line, sheet by sheet."""
    import xlrd

    try:
        book = xlrd.open_workbook(path, on_demand=True, logfile=io.StringIO())
        return _rows((sheet.name, (sheet.row_values(row) for row in range(sheet.nrows))) for sheet in book.sheets())
    except Exception as error:  # xlrd raises nearly anything over what is damaged
        raise Unreadable(f"it is damaged ({type(error).__name__}: {error})") from error


def _rows(sheets: Any) -> str:
    lines: list[str] = []
    size = 0
    for title, rows in sheets:
        lines.append(title)
        for row in rows:
            line = "\t".join("" if cell is None else str(cell) for cell in row).rstrip("\t")
            if line:
                lines.append(line)
                size += len(line)
            if size > MOST:
                return "\n".join(lines)
    return "\n".join(lines)
