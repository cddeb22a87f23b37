"""What a file's metadata tell beside what it shows: where it was made, and from which computer it was sent."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

PLACE = "place"
ADDRESS = "address"

GPS = 0x8825
COORDINATES = frozenset((2, 4))
"""Latitude and longitude among the tags of Exif's GPS block; a camera without a fix writes others alone."""

LARGEST_BLOCK = 64 << 10
"""Bytes of one block of Exif: what a segment of a JPEG can hold."""

MOST_BLOCKS = 2_000
LARGEST_BOX = 64 << 20
END_OF_FILM = 1 << 20

_EXIF = re.compile(rb"II\*\0\x08\0\0\0|MM\0\*\0\0\0\x08")
_PLACE = re.compile(rb"GPSLatitude")
_PLACE_IN_FILM = re.compile(rb"\xa9xyz.{0,8}[+-]\d|com\.apple\.quicktime\.location|loci\x00{4}|GPSLatitude", re.DOTALL)
_ADDRESS = re.compile(rb'"?(upload_ip|ip_address|device_ip)"?\s*[:=]', re.IGNORECASE)
_HEADER = re.compile(
    rb"^x-[\w-]{0,40}?(?:ip|ipaddr(?:ess)?|originating[\w-]{0,40}|client-addr)[ \t]*:[^\r\n]{0,200}?"
    rb"(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{1,4}:){2,7}[0-9a-f:]*)",
    re.IGNORECASE | re.MULTILINE,
)
_BOX = re.compile(rb"[a-zA-Z0-9\xa9 ]{4}")


def in_file(path: Path) -> str:
    """Say whether pictures, or XMP, anywhere in a file tell where they were made (JPEG, HEIC, PNG, PDF)."""
    if not path.stat().st_size:
        return ""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        return in_bytes(raw)


def in_bytes(raw: bytes | mmap.mmap) -> str:
    """Say the same of bytes."""
    if _PLACE.search(raw):
        return PLACE
    for number, found in enumerate(_EXIF.finditer(raw)):
        if number >= MOST_BLOCKS:
            break
        if _has_coordinates(raw[found.start() : found.start() + LARGEST_BLOCK]):
            return PLACE
    return ""


def _has_coordinates(block: bytes) -> bool:
    from PIL import Image

    exif = Image.Exif()
    try:
        exif.load(block)
        return bool(COORDINATES & set(exif.get_ifd(GPS)))
    except Exception:  # Pillow raises nearly anything over what only looks like Exif
        return False


def in_film(path: Path) -> str:
    """Say whether a film's metadata tell where it was made: those of MP4 and QuickTime, else its beginning and end."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        return PLACE if any(_PLACE_IN_FILM.search(one) for one in _of_film(stream, size)) else ""


def _of_film(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield a film's boxes but for its pictures and sounds; of another film its beginning and end."""
    start = 0
    while start + 8 <= size:
        stream.seek(start)
        head = stream.read(16)
        kind, length = head[4:8], int.from_bytes(head[:4], "big")
        if not _BOX.fullmatch(kind):
            break
        length = int.from_bytes(head[8:16], "big") if length == 1 else length or size - start
        if length < 8:
            break
        if kind not in (b"mdat", b"free", b"skip", b"wide"):
            stream.seek(start)
            yield stream.read(min(length, LARGEST_BOX))
        start += length
    if start < size:
        stream.seek(0)
        yield stream.read(END_OF_FILM)
        stream.seek(max(0, size - END_OF_FILM))
        yield stream.read()


def in_text(text: str) -> str:
    """Say whether a text has keys as exports write them for the computer that something was sent from."""
    return ADDRESS if _ADDRESS.search(text[:1_000_000].encode("utf-8", "replace")) else ""


def in_mail(raw: bytes) -> str:
    """Say whether a message's header tells from which computer it was sent (X-Originating-IP and its like)."""
    header = re.split(rb"\r?\n\r?\n", raw[: 1 << 20], maxsplit=1)[0]
    return ADDRESS if _HEADER.search(header) else ""


def together(tells: Iterable[str]) -> str:
    """Return what several files tell, each once, with a blank between."""
    return " ".join(sorted({word for one in tells for word in one.split()}))
