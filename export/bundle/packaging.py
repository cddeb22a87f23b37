"""A bag as one zip, the same bytes every time: fixed times, modes and order."""

from __future__ import annotations

import os
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

STORED_SUFFIXES = {
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp4", ".webm", ".mov", ".mp3", ".m4a", ".zip", ".pdf", ".docx", ".xlsx",
}  # fmt: skip
"""Files that are compressed already."""

UNIX = 3
BLOCK = 1 << 20


def pack(bag: Path, moment: datetime) -> Path:
    """Write ``<bag>.zip`` beside a bag and return its path; every entry carries the same moment."""
    final = bag.with_name(bag.name + ".zip")
    aside = bag.with_name(bag.name + ".zip.partial")
    stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    with aside.open("wb") as target:
        with zipfile.ZipFile(target, "w") as archive:
            for path in sorted(bag.rglob("*"), key=lambda one: one.relative_to(bag).as_posix()):
                if path.is_file():
                    _add(archive, path, f"{bag.name}/{path.relative_to(bag).as_posix()}", stamp)
        target.flush()
        os.fsync(target.fileno())
    aside.replace(final)
    return final


def _add(archive: zipfile.ZipFile, path: Path, name: str, stamp: tuple[int, int, int, int, int, int]) -> None:
    info = zipfile.ZipInfo(name, stamp)
    info.create_system = UNIX
    info.external_attr = 0o644 << 16
    stored = path.suffix.lower() in STORED_SUFFIXES
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.file_size = path.stat().st_size
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, BLOCK)
