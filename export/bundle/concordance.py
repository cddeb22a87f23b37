"""The two formats that review platforms load: Concordance DAT (a line a record) and Opticon OPT (a line an image).

DAT: UTF-8 with a mark; þ (U+00FE) around each value, U+0014 between them, ® (U+00AE) for a line end within one, CRLF
after each line, names of the fields first. OPT: image key, volume, path, Y where a record begins, two unused, pages.
There is no escape in either, so characters with a meaning are replaced in values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

QUOTE, SEPARATOR, LINE_END = "\u00fe", "\u0014", "\u00ae"
MARK = "\ufeff"
MANY = "; "
"""Between several values of one field."""

_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def value(text: object) -> str:
    """Return a value that cannot end its field or its line: "þ" becomes "th", "®" becomes "(R)"."""
    plain = str(text).replace(QUOTE, "th").replace(LINE_END, "(R)").replace(MARK, "")
    return _CONTROL.sub(" ", _LINE_ENDS.sub(LINE_END, plain))


def many(texts: Iterable[str]) -> str:
    """Return several values as one; a semicolon within one becomes a comma."""
    return MANY.join(text.replace(";", ",") for text in texts)


def write_dat(file: BinaryIO, fields: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a DAT."""
    file.write(MARK.encode())
    file.write(_line(fields))
    for row in rows:
        file.write(_line(row))


def _line(row: Sequence[object]) -> bytes:
    return (SEPARATOR.join(f"{QUOTE}{value(one)}{QUOTE}" for one in row) + "\r\n").encode()


def opt_line(key: str, volume: str, path: str) -> bytes:
    """Return the OPT line of a record that is one image."""
    return (",".join((_plain(key), _plain(volume), _plain(path), "Y", "", "", "1")) + "\r\n").encode()


def windows_path(path: str) -> str:
    r"""Return a path of the bundle as these formats write it, from the folder ``data``: ``media\ab12.jpg``."""
    return path.replace("/", "\\")


def _plain(text: str) -> str:
    return re.sub(r"[,\x00-\x1f\x7f]", " ", text)
