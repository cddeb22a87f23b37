"""Files in UTF-16, as the shell of Windows saves what a command prints, read as UTF-8 while they stream."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, cast

from ingest.backup import BLOCK, Member

AT_A_TIME = 64 << 10
"""Bytes that are decoded at a time."""


class Utf16Member(Member):
    """A file of UTF-16, read as UTF-8 while it streams; ``size`` is that of the file itself."""

    __slots__ = ("source",)

    def __init__(self, source: Member) -> None:
        super().__init__(source.path, source.size, source.part, source.opener)
        self.source = source

    def open(self, block: int = BLOCK) -> BinaryIO:
        """Open the file for reading, as UTF-8 without a byte order mark."""
        return transcoded(self.source.open(block), block)


class _Transcoded(io.RawIOBase):
    """The text of a stream of UTF-16 as UTF-8."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            block = self._source.read(AT_A_TIME)
            self._ready = self._decoder.decode(block, final=not block).encode()
            if not block:
                break
        taken = self._ready[: len(buffer)]
        memoryview(buffer)[: len(taken)] = taken
        self._ready = self._ready[len(taken) :]
        return len(taken)

    def close(self) -> None:
        self._source.close()
        super().close()


MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def transcoded(stream: BinaryIO, block: int = BLOCK) -> BinaryIO:
    """Return a stream of UTF-16 as one of UTF-8 without a byte order mark."""
    return cast(BinaryIO, io.BufferedReader(_Transcoded(stream), block))


def as_utf8(member: Member) -> Member:
    """Return a file as one of UTF-8; one that does not begin with the mark of UTF-16 is returned as it is."""
    try:
        is_utf16 = member.read(2).startswith(MARKS)
    except OSError:
        return member
    return Utf16Member(member) if is_utf16 else member
