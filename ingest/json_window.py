"""A stretch of a JSON file's text, read on as it is used up, and the one item that begins at a place in it.

Bytes that are no UTF-8 become lone surrogates (``surrogateescape``), so that an item's own bytes come back exactly.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, BinaryIO

from msgspec import Struct

from ingest.lenient_json import COMMENTS, NotJson, value_at

WINDOW = 256 << 10
"""Bytes read at a time."""

LONGEST_ITEM = 256 << 20
"""Characters after which an item that does not end is given up."""

SHORT = 16 << 10
"""Characters that are looked through, for the number of the line, at each error."""

_BLANK = re.compile(r"\s*+(,[\s,]*+)?()")
_BLANK_OR_COMMENT = re.compile(r"\s*+(,[\s,]*+)?((?://[^\n]*+\n|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/)\s*+)?")
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
_scan = json.JSONDecoder().raw_decode


class Item(Struct, frozen=True):
    """One item: its number from 1, its value, and its own bytes."""

    number: int
    value: Any
    native: bytes


class Broken(Struct, frozen=True):
    """What could not be read: the item's number, where in the file (bytes are counted), why, its bytes.

    Without bytes it is a remark about a file whose items were read.
    """

    number: int
    offset: int
    reason: str
    native: bytes


class Window:
    """A stretch of decoded text, filled from the stream and trimmed at its front."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self.text = ""
        self.at = 0
        self._counted = (0, 0)
        self.ended = False
        self.failure = ""
        self.comma = False
        self.edits: tuple[str, ...] = ()
        self.edited_at = 0
        self.is_plain = True
        self.is_cut_off = False

    def fill(self) -> bool:
        """Read on; return False at the end of the file."""
        if self.ended:
            return False
        try:
            block = self._stream.read(self._size)
        except OSError as error:
            block, self.failure = b"", str(error)
        self.ended = not block
        if self.at > self._size // 2:
            self.trim()
        self.text += self._decoder.decode(block, final=self.ended)
        return not self.ended

    def fill_as_much_again(self) -> bool:
        """Read on for as much as is unread, so that what is long is looked at seldom; False at the end of the file."""
        unread = len(self.text) - self.at
        while self.fill():
            if len(self.text) - self.at >= 2 * unread:
                return True
        return len(self.text) - self.at > unread

    def edited(self, *edits: str) -> None:
        """Note that this place is not as the platform wrote it; the first such place is told."""
        if not self.edits:
            self.edits, self.edited_at = edits, self.offset()

    def skip_blank(self) -> str:
        """Move to the next character that is neither blank nor a comma; return it, empty at the end."""
        self.comma = False
        blank = _BLANK if self.is_cut_off else _BLANK_OR_COMMENT
        while True:
            match = blank.match(self.text, self.at)
            comma, comment = match.groups() if match else ("", "")
            self.comma = self.comma or bool(comma)
            if comment:
                self.edited(COMMENTS)
            self.at = match.end() if match else self.at
            if self.at < len(self.text) and not comment:
                return self.text[self.at]
            if self.at >= len(self.text) and not self.fill():
                return ""

    def trim(self) -> None:
        """Let go of what was read."""
        self._counted = (self.offset(), 0)
        self.text = self.text[self.at :]
        self.at = 0

    def offset(self) -> int:
        """Return the place in the file, in bytes."""
        passed, since = self._counted
        self._counted = (passed + len(encoded(self.text[since : self.at])), self.at)
        return self._counted[0]


def encoded(text: str) -> bytes:
    """Return the bytes that a piece of the file had."""
    return text.encode("ascii") if text.isascii() else text.encode("utf-8", "surrogateescape")


class _Failure(Struct, frozen=True):
    """Why the thing at the window's place is no item, and how many characters behind that place it shows."""

    reason: str
    behind: int
    may_go_on: bool = False


def next_item(view: Window, number: int) -> Item | Broken:
    """Return the item that begins at the window's place, and move behind it; one that is broken is passed over."""
    failure = _Failure("it does not begin as JSON does", 0)
    while view.is_plain:
        found = _scanned(view)
        if not isinstance(found, _Failure):
            value, end = found
            if end < len(view.text) or not view.fill():
                native = encoded(view.text[view.at : end])
                view.at = end
                return Item(number, value, native)
            continue
        failure = found
        if not failure.may_go_on or not view.fill_as_much_again():
            break
    return _edited(view, number, failure)


def _scanned(view: Window) -> tuple[Any, int] | _Failure:
    try:
        return _scan(view.text, view.at)
    except json.JSONDecodeError as error:
        left = len(view.text) - view.at
        may_go_on = error.msg.startswith("Unterminated") or error.pos >= len(view.text) - 16
        return _Failure(error.msg, error.pos - view.at, may_go_on and left <= LONGEST_ITEM)
    except RecursionError:
        return _Failure("nested too deeply", 0)
    except ValueError as error:  # a number of more digits than Python reads
        return _Failure(str(error), 0)


def _edited(view: Window, number: int, failure: _Failure) -> Item | Broken:
    """Read an item that is no JSON as people write it; from then on the file is read so."""
    while not view.is_cut_off:
        try:
            text, end, edits = value_at(view.text, view.at, view.ended)
            text = text.strip()
            value, _ = _scan(text, 0)
        except NotJson as error:
            if not error.is_unfinished:
                failure = _Failure(failure.reason, max(failure.behind, error.at - view.at))
                break
            if len(view.text) - view.at > LONGEST_ITEM or not view.fill_as_much_again():
                view.is_cut_off = view.is_plain = True
        except (ValueError, RecursionError):
            break
        else:
            if edits:
                view.edited(*edits)
                view.is_plain = False
            view.at = end
            return Item(number, value, encoded(text))
    return _broken(view, number, failure)


def _broken(view: Window, number: int, failure: _Failure) -> Broken:
    """Pass over an item that cannot be read, to the next place where an object begins."""
    offset = view.offset()
    while (match := _NEXT_ITEM.search(view.text, view.at + failure.behind)) is None:
        if len(view.text) - view.at > LONGEST_ITEM or not view.fill_as_much_again():
            break
    end = match.start() + 1 if match else len(view.text)
    native = encoded(view.text[view.at : end])
    view.at = end
    if end > SHORT:
        view.trim()
    reason = view.failure or f"not JSON as the platform writes it ({failure.reason})"
    return Broken(number, offset, reason, native)
