"""What can still be read of a zip whose end is missing: whole members, by their local headers.

APPNOTE.TXT 4.3.7 gives the header. A truncated download has no central directory, but each member before
the cut carries its own name and, where it was written with sizes, can be read and checked by its CRC.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ingest.backup import BLOCK, Fault, Member

_HEADER = struct.Struct("<4sHHHHHIIIHH")
_SIGNATURE = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800


def salvaged(path: Path, part: int) -> tuple[list[Member], list[Fault]]:
    """Return the members that are whole, and a fault for the rest of the file."""
    from ingest.containers import is_litter, refusal

    members: list[Member] = []
    faults = [Fault(path.name, "the zip is cut off; what could be read before the cut was kept")]
    with path.open("rb") as stream:
        for name, method, start, packed, size in _entries(stream, faults):
            if reason := refusal(name):
                faults.append(Fault(name, reason))
            elif not name.endswith("/") and not is_litter(name):
                members.append(Member(name, size, part, partial(_open, path, method, start, packed)))
    return members, faults


def _entries(stream: BinaryIO, faults: list[Fault]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield (name, method, offset of the bytes, packed size, size) of each whole member from the start."""
    while len(head := stream.read(_HEADER.size)) == _HEADER.size and head.startswith(_SIGNATURE):
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _HEADER.unpack(head)
        raw = stream.read(name_length)
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        stream.seek(extra_length, io.SEEK_CUR)
        if flags & _ENCRYPTED or method not in (_STORED, _DEFLATED) or (flags & _SIZES_FOLLOW and not packed):
            faults.append(Fault(name, "its header does not say where it ends; nothing from here on was read"))
            return
        start = stream.tell()
        if not _is_whole(stream, method, packed, size, crc):
            faults.append(Fault(name, "it is cut off or damaged"))
            return
        yield name, method, start, packed, size
        stream.seek(start + packed)


def _is_whole(stream: BinaryIO, method: int, packed: int, size: int, crc: int) -> bool:
    found, length = 0, 0
    try:
        for block in _blocks(stream, method, packed):
            found = zlib.crc32(block, found)
            length += len(block)
            if length > size:
                return False
    except zlib.error:
        return False
    return length == size and found == crc


def _blocks(stream: BinaryIO, method: int, packed: int) -> Iterator[bytes]:
    unpack = zlib.decompressobj(-15) if method == _DEFLATED else None
    while packed and (block := stream.read(min(BLOCK, packed))):
        packed -= len(block)
        yield unpack.decompress(block) if unpack else block


def _open(path: Path, method: int, start: int, packed: int) -> BinaryIO:
    stream = path.open("rb")
    stream.seek(start)
    return io.BufferedReader(_Unpacked(stream, _blocks(stream, method, packed)))


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of one salvaged member, as a stream."""

    def __init__(self, stream: BinaryIO, blocks: Iterator[bytes]) -> None:
        self._stream = stream
        self._blocks = blocks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = block
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    def close(self) -> None:
        self._stream.close()
        super().close()
