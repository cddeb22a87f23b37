"""Zips with the same bytes for the same content."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

MOMENT = (2026, 1, 1, 0, 0, 0)
FAST = 1
"""The level of compression: a city of a million records is packed in minutes."""


def write(path: Path, files: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write a zip of members, each a name and its pieces."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, pieces in files:
            add(archive, name, pieces)


def add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """Write one member piece by piece; pictures and videos are stored, the rest is packed."""
    info = zipfile.ZipInfo(name, MOMENT)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    packed = not name.endswith((".jpg", ".mp4", ".webm"))
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info._compresslevel = FAST  # type: ignore[attr-defined]  # public, as compress_level, from Python 3.13 on
    with archive.open(info, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
