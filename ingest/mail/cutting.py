"""Long bodies are cut out of a message before it is parsed: a mail of 150 MB takes the memory of its own bytes.

A parser of mail looks at the headers and at lines that begin with two hyphens; whatever stands between is copied line
by line. So what is long between is replaced by a mark, and read, wherever the mark is found again, out of the message's
own bytes, piece by piece.
"""

from __future__ import annotations

import binascii
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import BinaryIO

from ingest.backup import BLOCK, Member

WORTH_CUTTING = 16 << 10
"""Bytes from which a body is cut out."""

DEEPEST = 30
"""Blocks of headers, one under the other, after which nothing is cut (messages in messages, and their parts)."""

_HEADERS = re.compile(rb"(?:(?:From |[!-9;-~]*+:|[\t ])[^\r\n]*+(?:\r\n|\n|\r|\Z))++")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


class Bodies:
    """What was cut out of a message: ``spans`` of its bytes, each with a mark in its place."""

    def __init__(self, raw: bytes, name: bytes, spans: list[tuple[int, int]]) -> None:
        self._raw = raw
        self._spans = spans
        self._name = name

    @cached_property
    def _mark(self) -> re.Pattern[bytes]:
        return re.compile(re.escape(self._name) + rb"(\d+);")

    def skeleton(self) -> bytes:
        """Return the message with marks in place of the bodies."""
        kept: list[bytes] = []
        last = 0
        for number, (start, end) in enumerate(self._spans):
            kept += (self._raw[last:start], self._name, b"%d;" % number)
            last = end
        return b"".join((*kept, self._raw[last:])) if kept else self._raw

    def __bool__(self) -> bool:
        return bool(self._spans)

    def are_in(self, text: bytes) -> bool:
        """Say whether a part's text has a body's mark."""
        return self._mark.search(text) is not None

    def whole(self, text: bytes, as_written: bool = False) -> Iterator[bytes]:
        """Yield a text in pieces, the bodies in place of their marks, ``as_written`` with line feeds alone."""
        last = 0
        for mark in self._mark.finditer(text):
            yield text[last : mark.start()]
            body = self._body(*self._spans[int(mark[1])])
            yield from _with_line_feeds(body) if as_written else body
            last = mark.end()
        yield text[last:]

    def _body(self, start: int, end: int) -> Iterator[bytes]:
        return (self._raw[at : min(at + BLOCK, end)] for at in range(start, end, BLOCK))

    def decoded(self, text: bytes, encoding: str) -> bytes | Member:
        """Return what a text with marks is in a transfer encoding, as :mod:`email` decodes it whole."""
        if encoding != "base64":
            return _held(lambda: _from_encoding(self.whole(text), encoding))
        try:
            return _held(lambda: _from_base64(self.whole(text)))
        except binascii.Error:  # cut off within a byte: it stays as it stands
            return _held(lambda: (piece.translate(None, b"\r\n") for piece in self.whole(text)))

    def written(self, text: bytes) -> bytes | Member:
        """Return a text with marks whole, each line ended by a line feed, as :mod:`email` writes a message."""
        return _held(lambda: self.whole(text, as_written=True))


def cut(raw: bytes, worth: int = WORTH_CUTTING) -> Bodies:
    """Find the bodies of a message that have at least so many bytes."""
    if len(raw) < worth:
        return Bodies(raw, b"", [])
    name = b"~cut~"
    if name in raw:
        name = b"~cut-%s~" % hashlib.sha256(raw).hexdigest().encode()  # which nothing can hold itself
    return Bodies(raw, name, list(_bodies(raw, worth)))


def _bodies(raw: bytes, worth: int) -> Iterator[tuple[int, int]]:
    """Yield where long bodies begin and end, the line end before the next boundary left out."""
    last = 0
    for edge in _edges(raw):
        if edge - last >= worth and raw.find(b"\r--", last + 2, edge) < 0:
            start = _start_of_body(raw, last, edge)
            if edge - start >= worth:
                yield start, edge
        last = edge


def _edges(raw: bytes) -> Iterator[int]:
    """Yield the places of the line ends before lines that may be boundaries, and the message's end."""
    at = raw.find(b"\n--")
    while at >= 0:
        yield at - 1 if raw[at - 1 : at] == b"\r" else at
        at = raw.find(b"\n--", at + 1)
    yield len(raw)


def _start_of_body(raw: bytes, start: int, end: int) -> int:
    """Return where a body begins, after its headers and those of messages in it; ``end`` if that is unclear."""
    at = start
    if start:  # a boundary's line, after the line end before it
        for _ in range(2):
            line = _LINE_END.search(raw, at)
            at = line.end() if line else end
    for _ in range(DEEPEST):
        headers = _HEADERS.match(raw, at, end + 2)
        at = headers.end() if headers else at
        blank = _LINE_END.match(raw, at)
        if headers is None and blank is None:
            is_report = b"delivery-status" in raw[start:at].lower()  # of which every paragraph is headers
            return end if is_report else at
        at = blank.end() if blank else at
    return end


# -- decoding


def _from_encoding(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    return map(binascii.a2b_qp, _lines(pieces)) if encoding == "quoted-printable" else pieces


def _from_base64(pieces: Iterator[bytes]) -> Iterator[bytes]:
    left = b""
    for piece in pieces:
        left += piece.translate(None, _NOT_BASE64)
        if b"=" in left:  # the end, or what a damaged message has in its midst
            left += b"".join(one.translate(None, _NOT_BASE64) for one in pieces)
            break
        whole = len(left) & ~3
        yield binascii.a2b_base64(left[:whole])
        left = left[whole:]
    yield binascii.a2b_base64(left + b"==")


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces that end where lines end."""
    left: list[bytes] = []
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield b"".join((*left, piece[:end]))
            left = []
        left.append(piece[end:])
    yield b"".join(left)


def _with_line_feeds(pieces: Iterator[bytes]) -> Iterator[bytes]:
    left = b""
    for piece in pieces:
        piece = left + piece
        left = b"\r" if piece.endswith(b"\r") else b""
        yield piece.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    yield b"\n" if left else b""


def _held(pieces: Callable[[], Iterator[bytes]]) -> bytes | Member:
    """Return what is read in pieces: if it is large, as a member of the backup, read as often as asked for."""
    held: list[bytes] = []
    size = 0
    for piece in pieces():
        size += len(piece)
        if size <= BLOCK:
            held.append(piece)
    if size <= BLOCK:
        return b"".join(held)
    return Member("", size, 0, lambda: _stream(pieces()))


def _stream(pieces: Iterator[bytes]) -> BinaryIO:
    return io.BufferedReader(_Pieces(pieces), BLOCK)


class _Pieces(io.RawIOBase):
    """A stream of pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        read = min(len(buffer), len(self._left))
        buffer[:read] = self._left[:read]
        self._left = self._left[read:]
        return read
