"""The items of one JSON array, one by one and with their own bytes, out of a file of any size.

The file is decoded in a window of some megabytes. A broken item costs itself: reading goes on at the
next one. Bytes that are no UTF-8 become lone surrogates (``surrogateescape``), so that the item's own
bytes come back exactly.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from ingest.backup import Member
from ingest.ingestor import Defect, Draft, Gap

Reading = Iterator[Draft | Defect | Gap]
ReadItem = Callable[[Any, bytes, str], Reading]
"""Turns one item (its value, its own bytes, its place) into drafts."""

WINDOW = 4 << 20
"""Bytes read at a time."""

BEFORE = 64 << 10
"""Characters that are kept of what stands before an array."""

LONGEST_ITEM = 256 << 20
"""Characters after which an item that does not end is given up."""

_BLANK = re.compile(r"[\s,]*")
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
_scan = json.JSONDecoder().raw_decode


class Item(Struct, frozen=True):
    """One item: its number from 1, its value, and its own bytes."""

    number: int
    value: Any
    native: bytes


class Broken(Struct, frozen=True):
    """What could not be read: the item's number, where in the file (bytes are counted), why, its bytes."""

    number: int
    offset: int
    reason: str
    native: bytes


class _Window:
    """A stretch of decoded text, filled from the stream and trimmed at its front."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
        self.text = ""
        self.at = 0
        self.passed = 0
        self.ended = False
        self.failure = ""

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
            self.passed += len(encoded(self.text[: self.at]))
            self.text = self.text[self.at :]
            self.at = 0
        self.text += self._decoder.decode(block, final=self.ended)
        return not self.ended

    def skip_blank(self) -> str:
        """Move to the next character that is neither blank nor a comma; return it, empty at the end."""
        while True:
            match = _BLANK.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    def offset(self) -> int:
        """Return the place in the file, in bytes."""
        return self.passed + len(encoded(self.text[: self.at]))


def encoded(text: str) -> bytes:
    """Return the bytes that a piece of the file had."""
    return text.encode("utf-8", "surrogateescape") if text.isascii() is False else text.encode("ascii")


def first_bytes(member: Member, limit: int = 4096) -> str:
    """Return the beginning of a file as text, empty if it cannot be read."""
    try:
        return member.read(limit).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def as_utf8(member: Member) -> Member:
    """Return a file as UTF-8: the shell of Windows saves what a command prints as UTF-16."""
    try:
        if not member.read(2).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return member
        text = member.read().decode("utf-16", "replace").encode()
    except OSError:
        return member
    return Member(member.path, len(text), member.part, lambda: io.BytesIO(text))


def items(stream: BinaryIO, window: int = WINDOW, after: str = "") -> Iterator[Item | Broken]:
    """Yield the items of the first array that follows ``after`` (a key, or the ``=`` of ``window.YTD… = [``)."""
    view = _Window(stream, window)
    if not _find_array(view, after):
        yield Broken(0, 0, view.failure or "there is no JSON array in this file", encoded(view.text[:10_000]))
        return
    yield from _listed(view)


def lists(stream: BinaryIO, after: str, window: int = WINDOW) -> Iterator[tuple[str, Iterator[Item | Broken]]]:
    """Yield every array that follows ``after`` in a file: the text before it (at most 64 KiB of it), and its items.

    Each array is read to its end before the next one is looked for.
    """
    view = _Window(stream, window)
    while (before := _text_before(view, after)) is not None:
        inside = _listed(view)
        yield before, inside
        for _ in inside:
            pass
        view.at += 1
    if view.failure or (view.text[view.at :].strip() and not view.text.rstrip().endswith(("}", "]"))):
        yield "", iter([Broken(0, view.offset(), view.failure or "the file is cut off between its lists", b"")])


def _text_before(view: _Window, mark: str) -> str | None:
    """Move behind the bracket that follows the next mark; return what stands before it, None at the end."""
    while True:
        found = view.text.find(mark, view.at)
        start = view.text.find("[", found + len(mark)) if found >= 0 else -1
        if start >= 0:
            before = view.text[max(view.at, found - BEFORE) : found]
            view.at = start + 1
            return before
        if found < 0:
            view.at = max(view.at, len(view.text) - BEFORE)
        if not view.fill():
            return None


def _listed(view: _Window) -> Iterator[Item | Broken]:
    """Yield the items from the place behind a bracket to the one that closes it."""
    number = 1
    while (character := view.skip_blank()) and character != "]":
        item = _next(view, number)
        yield item
        if isinstance(item, Broken) and view.at >= len(view.text) and view.ended:
            return
        number += 1
    if not character:
        yield Broken(number, view.offset(), view.failure or "the file ends before its array does", b"")


def _find_array(view: _Window, after: str) -> bool:
    """Move to the first item of the array after ``after``; without that mark, of the first array at all."""
    while True:
        mark = view.text.find(after)
        start = view.text.find("[", mark + len(after)) if mark >= 0 else -1
        if start < 0 and (len(view.text) > (1 << 20) or not view.fill()):
            start = view.text.find("[")
            if mark >= 0 or start < 0:
                return False
        if start >= 0:
            view.at = start + 1
            return True


def _next(view: _Window, number: int) -> Item | Broken:
    while True:
        try:
            value, end = _scan(view.text, view.at)
        except json.JSONDecodeError as caught:
            error = caught.with_traceback(None)  # else frame and error hold each other, and the window with them
        except RecursionError:
            error = json.JSONDecodeError("nested too deeply", view.text, view.at)
        else:
            if end < len(view.text) or not view.fill():
                native = encoded(view.text[view.at : end])
                view.at = end
                return Item(number, value, native)
            continue
        if not _may_go_on(view, error) or not view.fill():
            return _broken(view, number, error)


def _may_go_on(view: _Window, error: json.JSONDecodeError) -> bool:
    """Say whether more of the file could turn this error into an item."""
    if len(view.text) - view.at > LONGEST_ITEM:
        return False
    return error.msg.startswith("Unterminated") or error.pos >= len(view.text) - 16


def _broken(view: _Window, number: int, error: json.JSONDecodeError) -> Broken:
    """Pass over an item that cannot be read, to the next place where an object begins."""
    offset = view.offset()
    failed_at = error.pos - view.at
    while (match := _NEXT_ITEM.search(view.text, view.at + max(failed_at, 0))) is None:
        if len(view.text) - view.at > LONGEST_ITEM or not view.fill():
            break
    end = match.start() + 1 if match else len(view.text)
    native = encoded(view.text[view.at : end])
    view.at = end
    reason = view.failure or f"not JSON as the platform writes it ({error.msg})"
    return Broken(number, offset, reason, native)


def read_items(member: Member, read: ReadItem, after: str = "") -> Reading:
    """Read every item of a member's array; one that is broken, or not as expected, is a defect with its place."""
    with member.open() as stream:
        for item in items(stream, after=after):
            if isinstance(item, Broken):
                yield broken(member, item)
                continue
            yield from read_value(read, item.value, item.native, f"{member.path}, item {item.number}")


def read_value(read: ReadItem, value: Any, native: bytes, place: str) -> Reading:
    """Read one item; one that is not as expected is a defect with its place."""
    try:
        yield from read(value, native, place)
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        yield Defect(place, f"this item is not what the platform writes here ({error})", native=native)


def guarded(read: ReadItem) -> ReadItem:
    """Turn what a malformed item does to code into the one error that its file's reader makes a defect of."""

    def read_guarded(value: Any, native: bytes, place: str) -> Reading:
        if not isinstance(value, dict):
            raise ValueError("no object")
        try:
            yield from read(value, native, place)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        except LookupError as error:
            raise ValueError(f"there is no {error}") from error

    return read_guarded


def broken(member: Member, item: Broken) -> Defect:
    """Tell a broken item; an end that is cut off costs no item that could be seen."""
    place = f"{member.path}, item {item.number} at byte {item.offset}" if item.number else member.path
    lost = bool(item.native) or item.number == 0
    return Defect(place, item.reason, quarantined=lost and bool(member.size), native=item.native)


def without(native: bytes, keys: Collection[str]) -> bytes:
    """Return an object's own bytes without some of its keys, the others sorted; what is no object stays as it is."""
    try:
        item = msgspec.json.decode(native)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return native
    if not isinstance(item, dict):
        return native
    return msgspec.json.encode({key: one for key, one in item.items() if key not in keys}, order="sorted")
