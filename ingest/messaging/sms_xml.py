"""The elements of a backup by SMS Backup & Restore, one by one and with their own bytes, out of a file of any size.

The app writes numbers of half characters (``&#55357;&#56832;`` for an emoji), which no XML has, and often all of a
gigabyte on one line. So the file is cut at its elements, which hold attributes and nothing else, and each is read
by itself: no parser has to agree with the whole, entities are numbers only, and a broken element costs itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from msgspec import Struct

BLOCK = 1 << 20
"""Bytes read at a time."""

LONGEST = 256 << 20
"""Bytes after which an element that does not end is given up."""

_START = re.compile(rb"<(sms|mms|call)(?=[\s/>])")
_TAG = re.compile(r"<(/?)([\w:]+)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIGH = r"55(?:29[6-9]|[3-9]\d\d)|56(?:[0-2]\d\d|3[01]\d)"
_LOW = r"56(?:3[2-9]\d|[4-9]\d\d)|57(?:[0-2]\d\d|3[0-3]\d|34[0-3])"
_ENTITY = re.compile(
    rf"&(?:#({_HIGH});&#({_LOW})|#[xX]([dD][89abAB][0-9a-fA-F]{{2}});&#[xX]([dD][c-fC-F][0-9a-fA-F]{{2}})"
    r"|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));"
)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Element(Struct, frozen=True):
    """One message or call: its number from 1, its name, its attributes, and the elements inside it in their order."""

    number: int
    name: str
    values: Mapping[str, str]
    inner: tuple[tuple[str, Mapping[str, str]], ...]
    native: bytes


class Unread(Struct, frozen=True):
    """An element that is none: its number, where it begins (bytes are counted), why, and its bytes."""

    number: int
    offset: int
    reason: str
    native: bytes


class _Stretch:
    """A stretch of the file that is filled at its end and trimmed at its front."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.held = b""
        self.passed = 0
        self.failure = ""
        self.ended = False

    def fill(self) -> bool:
        """Read on, twice as much as is held; return False at the end."""
        if self.ended:
            return False
        try:
            block = self._stream.read(max(BLOCK, len(self.held)))
        except OSError as error:
            block, self.failure = b"", str(error)
        self.ended = not block
        self.held += block
        return not self.ended

    def drop(self, count: int) -> None:
        """Forget what has been read."""
        self.held = self.held[count:]
        self.passed += count


def elements(stream: BinaryIO) -> Iterator[Element | Unread]:
    """Yield the messages and calls of a file in their order."""
    stretch = _Stretch(stream)
    number, at = 0, 0
    while True:
        found = _START.search(stretch.held, at)
        if found is None or found.end() >= len(stretch.held) - 1:
            keep = found.start() if found else max(len(stretch.held) - 8, at)
            stretch.drop(keep)
            at = 0
            if not stretch.fill():
                break
            continue
        start, end = found.start(), _end(stretch, found)
        number += 1
        native = stretch.held[start:end]
        yield _element(number, native, stretch.passed + start, stretch.failure)
        at = end
        if at > BLOCK:
            stretch.drop(at)
            at = 0
    if stretch.failure:
        yield Unread(number + 1, stretch.passed, stretch.failure, b"")


def _end(stretch: _Stretch, found: re.Match[bytes]) -> int:
    """Return where an element ends: at the end of its only tag, or of the tag that closes it, or before the next."""
    name, at = found[1], found.end()
    close = b"</" + name + b">"
    seen = at
    while True:
        tag_end = stretch.held.find(b"<", at)
        first = stretch.held[found.start() : tag_end].rstrip() if tag_end >= 0 else b""
        if first.endswith(b"/>"):
            return found.start() + len(first)
        if tag_end >= 0:
            closed = stretch.held.find(close, max(seen - len(close), at))
            following = _START.search(stretch.held, max(seen - 8, at), closed if closed >= 0 else len(stretch.held))
            if following is not None:
                return following.start()
            if closed >= 0:
                return closed + len(close)
        seen = len(stretch.held)
        if seen - found.start() > LONGEST or not stretch.fill():
            return len(stretch.held)


def _element(number: int, native: bytes, offset: int, failure: str) -> Element | Unread:
    text = native.decode("utf-8", "replace")
    tags: list[tuple[str, Mapping[str, str]]] = []
    at, is_closed = 0, False
    for tag in _TAG.finditer(text):
        if text[at : tag.start()].strip():
            break
        at = tag.end()
        is_closed = tag[2] == tags[0][0] if tag[1] and tags else bool(tag[4]) and not tags
        if not tag[1]:
            tags.append((tag[2], _values(tag[3])))
    if text[at:].strip() or not is_closed:
        cut_off = not text[at:].strip() or not native.rstrip().endswith(b">")
        return Unread(number, offset, failure or ("it is cut off" if cut_off else "not as the app writes it"), native)
    name, values = tags[0]
    return Element(number, name, values, tuple(tags[1:]), native)


def _values(attributes: str) -> dict[str, str]:
    """Return the attributes; the app writes the word null for nothing."""
    found = {}
    for name, double, single in _ATTRIBUTE.findall(attributes):
        value = double or single
        if value and value != "null":
            found[name] = unescaped(value) if "&" in value else value
    return found


def unescaped(value: str) -> str:
    """Return an attribute's value: two numbers of half characters that belong together are one character.

    A half that is alone, and what no text can hold, become U+FFFD.
    """
    return _ENTITY.sub(_character, value)


def _character(match: re.Match[str]) -> str:
    high, low, high_hex, low_hex, alone, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    if high:
        return _joined(int(high), int(low))
    if high_hex:
        return _joined(int(high_hex, 16), int(low_hex, 16))
    return _one(int(alone) if alone else int(hexadecimal, 16))


def _joined(high: int, low: int) -> str:
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _one(code: int) -> str:
    is_text = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF
    return chr(code) if is_text else "\ufffd"
