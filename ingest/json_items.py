"""The items of one JSON array, one by one and with their own bytes, out of a file of any size.

The file is decoded in a window. A broken item costs itself: reading goes on at the next one. An item that
somebody has edited so that it is no JSON any more is read as :mod:`ingest.lenient_json` does, and the file is
told once. Bytes that are no UTF-8 become lone surrogates (``surrogateescape``), so that the item's own
bytes come back exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, BinaryIO

import msgspec

from ingest.backup import Member
from ingest.hand_edited import JsonMember, told
from ingest.ingestor import Defect, Draft, Gap
from ingest.json_window import WINDOW, Broken, Item, Window, encoded, next_item
from ingest.lenient_json import COMMAS

__all__ = [
    "Broken", "Item", "ReadItem", "Reading", "broken", "encoded", "first_bytes", "guarded", "items", "listed",
    "lists", "read_items", "read_value", "without",
]  # fmt: skip

Reading = Iterator[Draft | Defect | Gap]
ReadItem = Callable[[Any, bytes, str], Reading]
"""Turns one item (its value, its own bytes, its place) into drafts."""

BEFORE = 64 << 10
"""Characters that are kept of what stands before an array."""


def first_bytes(member: Member, limit: int = 4096) -> str:
    """Return the beginning of a file as text, empty if it cannot be read."""
    try:
        return member.read(limit).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def items(stream: BinaryIO, window: int = WINDOW, after: str = "") -> Iterator[Item | Broken]:
    """Yield the items of the first array that follows ``after`` (a key, or the ``=`` of ``window.YTD… = [``)."""
    view = Window(stream, window)
    if not _find_array(view, after):
        yield Broken(0, 0, view.failure or "there is no JSON array in this file", encoded(view.text[:10_000]))
        return
    yield from listed(view)


def lists(stream: BinaryIO, after: str, window: int = WINDOW) -> Iterator[tuple[str, Iterator[Item | Broken]]]:
    """Yield every array that follows ``after`` in a file: the text before it (at most 64 KiB of it), and its items.

    Each array is read to its end before the next one is looked for.
    """
    view = Window(stream, window)
    while (before := _text_before(view, after)) is not None:
        inside = listed(view)
        yield before, inside
        for _ in inside:
            pass
        view.at += 1
    if view.failure or (view.text[view.at :].strip() and not view.text.rstrip().endswith(("}", "]"))):
        yield "", iter([Broken(0, view.offset(), view.failure or "the file is cut off between its lists", b"")])


def _text_before(view: Window, mark: str) -> str | None:
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


def listed(view: Window) -> Iterator[Item | Broken]:
    """Yield the items from the place behind a bracket to the one that closes it."""
    number = 1
    is_told = bool(view.edits)
    while (character := view.skip_blank()) and character != "]":
        item = next_item(view, number)
        if view.edits and not is_told:
            yield _remark(view, number)
            is_told = True
        yield item
        if isinstance(item, Broken) and view.at >= len(view.text) and view.ended:
            return
        number += 1
    if character and view.comma and number > 1:
        view.edited(COMMAS)
    if view.edits and not is_told:
        yield _remark(view, number)
    if not character:
        yield Broken(number, view.offset(), view.failure or "the file ends before its array does", b"")


def _find_array(view: Window, after: str) -> bool:
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


def _remark(view: Window, number: int) -> Broken:
    return Broken(number, view.edited_at, told(view.edits), b"")


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
    place = f"{member.path}, item {item.number}" if item.number else member.path
    if item.number and not (isinstance(member, JsonMember) and member.edits):
        place += f" at byte {item.offset}"
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
