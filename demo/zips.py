"""Zips with the same bytes for the same content."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable

MOMENT = (2026, 1, 1, 0, 0, 0)


def add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """Write one member piece by piece; pictures and videos are stored, the rest is packed."""
    info = zipfile.ZipInfo(name, MOMENT)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    packed = not name.endswith((".jpg", ".mp4", ".webm"))
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with archive.open(info, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
