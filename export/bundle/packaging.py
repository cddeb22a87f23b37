"""A bag as one zip or as several, the same bytes every time: fixed times, modes and order.

Each of several zips is a plain zip of whole files and begins with the bag's own pages (START-HERE, the manifests), so
that each says what it is part of. Extracted into one folder they are the bag again.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections import deque
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

STORED_SUFFIXES = {
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp4", ".webm", ".mov", ".mp3", ".m4a", ".zip", ".pdf", ".docx", ".xlsx",
}  # fmt: skip
"""Files that are compressed already."""

SMALLEST_PART = 1_000_000
"""Bytes: smaller parts would hold little more than the manifests, again and again."""

UNIX = 3
BLOCK = 1 << 20
Stamp = tuple[int, int, int, int, int, int]


class Zips:
    """The zips of one bag, beside it; each is named ``….partial`` until all are whole."""

    def __init__(self, bag: Path) -> None:
        """Take the folder the bag will have; what a killed build left there is removed."""
        self._bag = bag
        self._partials: list[Path] = []
        for left in bag.parent.glob(f"{bag.name}.zip.*partial"):
            left.unlink()

    def write(self, folder: Path, moment: datetime, part_size: int) -> None:
        """Write a folder's files; every entry carries the same moment. ``part_size`` 0 makes a single zip."""
        stamp = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        shared = sorted(name for name in files if not name.startswith("data/"))
        payload = deque(sorted(name for name in files if name.startswith("data/")))
        while payload or not self._partials:
            partial = self._bag.with_name(f"{self._bag.name}.zip.{len(self._partials) + 1}.partial")
            self._partials.append(partial)
            with partial.open("wb") as target:
                with zipfile.ZipFile(target, "w") as entries:
                    part = _Part(target, entries, folder, self._bag.name, stamp)
                    for name in (*shared, payload.popleft()):
                        part.add(name)
                    while payload and (not part_size or part.most_with(payload[0]) <= part_size):
                        part.add(payload.popleft())
                target.flush()
                os.fsync(target.fileno())

    def clear_earlier(self) -> None:
        """Remove the zips of an earlier build of the same name: parts of two builds must never be mixed."""
        name = self._bag.name
        for earlier in (*self._bag.parent.glob(f"{name}.zip"), *self._bag.parent.glob(f"{name}-[0-9]*of*.zip")):
            earlier.unlink()

    def publish(self) -> tuple[Path, ...]:
        """Give the zips their names: ``<bag>.zip``, or ``<bag>-1of3.zip`` and so on."""
        count = len(self._partials)
        endings = [".zip"] if count == 1 else [f"-{number}of{count}.zip" for number in range(1, count + 1)]
        return tuple(
            partial.replace(self._bag.with_name(self._bag.name + ending))
            for partial, ending in zip(self._partials, endings, strict=True)
        )

    def abandon(self) -> None:
        """Throw away what was written."""
        for partial in self._partials:
            partial.unlink(missing_ok=True)


class _Part:
    """One zip in the making."""

    def __init__(self, target: BinaryIO, entries: zipfile.ZipFile, folder: Path, top: str, stamp: Stamp) -> None:
        self._target = target
        self._folder = folder
        self._top = top
        self._stamp = stamp
        self._zip = entries
        self._directory = 100

    def add(self, name: str) -> None:
        """Add a file of the folder."""
        path = self._folder / name
        info = zipfile.ZipInfo(f"{self._top}/{name}", self._stamp)
        info.create_system = UNIX
        info.external_attr = 0o644 << 16
        info.compress_type = zipfile.ZIP_STORED if path.suffix.lower() in STORED_SUFFIXES else zipfile.ZIP_DEFLATED
        info.file_size = path.stat().st_size
        with path.open("rb") as source, self._zip.open(info, "w", force_zip64=True) as entry:
            shutil.copyfileobj(source, entry, BLOCK)
        self._directory += 80 + len(info.filename)

    def most_with(self, name: str) -> int:
        """Return how many bytes this zip would have at most if it held one more file.

        Deflate makes incompressible bytes longer by 5 in 16 KiB at worst; headers are counted generously.
        """
        size = (self._folder / name).stat().st_size
        headers = 200 + 2 * len(f"{self._top}/{name}")
        return self._target.tell() + self._directory + size + size // 1000 + headers
