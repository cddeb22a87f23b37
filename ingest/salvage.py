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
    from ingest.containers import is_litter, refusal, slashed

    members: list[Member] = []
    faults = [Fault(path.name, "the zip is cut off; what could be read before the cut was kept")]
    with path.open("rb") as stream:
        for found, method, start, packed, size in _entries(stream, faults):
            name = slashed(found)
            if reason := refusal(name):
                faults.append(Fault(name, reason))
            elif not name.endswith("/") and not is_litter(name):
                members.append(Member(name, size, part, partial(_open, path, method, start, packed)))
    return members, faults


def _entries(stream: BinaryIO, faults: list[Fault]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield (name, method, offset of the bytes, packed size, size) of each whole member from the start."""
    from ingest.containers import decoded_name

    while len(head := stream.read(_HEADER.size)) == _HEADER.size and head.startswith(_SIGNATURE):
        _, _, flags, method, _, _, crc, packed, _, name_length, extra_length = _HEADER.unpack(head)
        raw = stream.read(name_length)
        name = raw.decode("utf-8", "replace") if flags & _UTF8 else decoded_name(raw)
        stream.seek(extra_length, io.SEEK_CUR)
        start = stream.tell()
        follow = bool(flags & _SIZES_FOLLOW)
        if flags & _ENCRYPTED or method not in (_STORED, _DEFLATED) or (follow and method == _STORED):
            faults.append(Fault(name, "its header does not say where it ends; nothing from here on was read"))
            return
        found = _measured(stream, method, None if follow else packed)
        stream.seek(start + found[0])
        expected = _descriptor(stream) if follow else crc
        if found[2] != expected:
            faults.append(Fault(name, "it is cut off or damaged"))
            return
        yield name, method, start, found[0], found[1]


def _measured(stream: BinaryIO, method: int, packed: int | None) -> tuple[int, int, int]:
    """Read one member; return its packed size, its size and its CRC. ``packed`` None: up to its own end."""
    crc, size, taken = 0, 0, 0
    unpack = zlib.decompressobj(-15) if method == _DEFLATED else None
    while (packed is None or taken < packed) and (
        block := stream.read(BLOCK if packed is None else min(BLOCK, packed - taken))
    ):
        try:
            plain = unpack.decompress(block) if unpack else block
        except zlib.error:
            return taken, size, -1
        crc = zlib.crc32(plain, crc)
        size += len(plain)
        taken += len(block) - (len(unpack.unused_data) if unpack else 0)
        if unpack and unpack.eof:
            break
    whole = unpack.eof if unpack else taken == packed
    return taken, size, crc if whole else -1


def _descriptor(stream: BinaryIO) -> int:
    """Read the data descriptor behind a member (4.3.9) and return its CRC; its sizes may have 4 or 8 bytes."""
    start = stream.tell()
    head = stream.read(24)
    offset = 4 if head.startswith(b"PK\x07\x08") else 0
    for width in (8, 16):
        if head[offset + 4 + width :][:2] in (b"PK", b"") or width == 16:
            stream.seek(start + offset + 4 + width)
            break
    found: int = struct.unpack_from("<I", head.ljust(24, b"\0"), offset)[0]
    return found


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
