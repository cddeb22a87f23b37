"""A file of gzip members one after the other (RFC 1952, ISO 28500 annex A): each unpacked alone, the next one found."""

from __future__ import annotations

import io
import re
import zlib
from typing import Any, TypeAlias

from ingest.backup import BLOCK, DamagedMember, Member

Stream: TypeAlias = "io.BufferedReader[Any]"

WINDOW = 64 << 10
"""Bytes read at a time."""

GZIP = b"\x1f\x8b"

_MEMBER = re.compile(rb"\x1f\x8b\x08(?=[\x00-\x1f].{5}[\x00-\x0d\xff])", re.DOTALL)
"""A member's header: deflated, known flags, a known system. No match holds the beginning of another."""

_PROBE = 1024
"""Packed bytes that are enough to see the first unpacked ones."""

_HEADS = (b"WARC/1.", b"WARC/0.", b"filedesc:", b"http:", b"https:", b"dns:")


class Broken(Exception):
    """A gzip member that cannot be unpacked further."""


class Anywhere(io.RawIOBase):
    """A member's bytes, of which any can be read again; only for going back is a compressed one copied aside.

    ``damage`` says what the member's zip found wrong with its bytes. They are read all the same: each record has
    a digest of its own.
    """

    def __init__(self, member: Member) -> None:
        self.damage = ""
        self._member = member
        self._stream = member.open()
        self._at = 0
        self._is_forward = True

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read the next bytes into ``buffer`` and return how many."""
        most = min(len(buffer), BLOCK)
        try:
            read = self._stream.read(most)
        except DamagedMember as error:
            if self.damage:
                raise
            self._take_as_it_is(error)
            read = self._stream.read(most)
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the start or from here."""
        to = offset + (self._at if whence == io.SEEK_CUR else 0)
        if to < self._at and self._is_forward:
            self._copy_aside()
        if self._is_forward:
            _skip(self, to - self._at)
        else:
            self._at = self._stream.seek(to)
        return self._at

    def _take_as_it_is(self, error: DamagedMember) -> None:
        self.damage = str(error)
        self._member = self._member.unchecked()
        self._stream.close()
        self._stream = self._member.open()
        for start in range(0, self._at, WINDOW):
            self._stream.read(min(WINDOW, self._at - start))

    def _copy_aside(self) -> None:
        try:
            again = self._member.open_anywhere()
        except DamagedMember as error:
            if self.damage:
                raise
            self._take_as_it_is(error)
            again = self._member.open_anywhere()
        self._stream.close()
        self._stream, self._is_forward = again, False

    def close(self) -> None:
        """Close the member."""
        self._stream.close()
        super().close()


class Unpacked(io.RawIOBase):
    """The unpacked bytes of the gzip member that begins at ``start``. Read to the end it leaves ``source`` behind it.

    Going back unpacks from the start again. Raises :class:`Broken` where it is damaged or cut off.
    """

    def __init__(self, source: Stream, start: int) -> None:
        self._source = source
        self._start = start
        self._begin()

    def _begin(self) -> None:
        self._source.seek(self._start)
        self._unpacker = zlib.decompressobj(31)
        self._at = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read the next bytes into ``buffer`` and return how many."""
        plain = b""
        while not plain and not self._unpacker.eof:
            plain = self._unpack(len(buffer))
        buffer[: len(plain)] = plain
        self._at += len(plain)
        return len(plain)

    def _unpack(self, most: int) -> bytes:
        packed = self._source.peek()
        unpacker = self._unpacker
        try:
            plain = unpacker.decompress(packed, most)
        except zlib.error as error:
            raise Broken(f"it cannot be unpacked ({str(error).rpartition(': ')[2]})") from None
        self._source.read(len(packed) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data))
        if not packed and not plain and not unpacker.eof:
            raise Broken("it is cut off")
        return plain

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place, counted from the start or from here."""
        to = offset + (self._at if whence == io.SEEK_CUR else 0)
        if to < self._at:
            self._begin()
        _skip(self, to - self._at)
        return self._at


def _skip(stream: io.RawIOBase, count: int) -> None:
    while count > 0 and (read := stream.read(min(count, WINDOW))):
        count -= len(read)


def member_behind(source: Stream) -> int | None:
    """Return where the next gzip member must begin, None at the end; zeros at the end are padding."""
    while (block := source.peek()) and not block.strip(b"\0"):
        source.read(len(block))
    return source.tell() if block else None


def next_member(source: Stream | io.BytesIO, at: int) -> int | None:
    """Return where the first gzip member at or behind ``at`` begins that holds a record; None if there is none more."""
    source.seek(at)
    window = b""
    while True:
        block = source.read(WINDOW)
        window += block
        for found in _MEMBER.finditer(window):
            if block and found.start() + _PROBE > len(window):
                break
            if _begins_record(window[found.start() : found.start() + _PROBE]):
                return at + found.start()
        if not block:
            return None
        at += max(len(window) - _PROBE, 0)
        window = window[-_PROBE:]


def _begins_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(packed, 16).startswith(_HEADS)
    except zlib.error:
        return False
