"""A BagIt 1.0 bag (RFC 8493), written while it is hashed: no file is read a second time.

The bag grows in a folder named ``….partial`` and gets its name only when it is whole and on disk.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 20


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, block: bytes) -> int:  # type: ignore[override]
        self.sha256.update(block)
        self.size += len(block)
        return self._file.write(block)


class Bag:
    """One bag in the making. Paths are relative, with ``/``; payload begins with ``data/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._aside = folder.with_name(folder.name + ".partial")
        if self._aside.exists():
            shutil.rmtree(self._aside)
        self._aside.mkdir(parents=True)
        self._digests: dict[str, str] = {}
        self._sizes: dict[str, int] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._digests

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """Open a new file of the bag for writing."""
        target = self._aside / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            hashed = _Hashed(file)
            stream = io.BufferedWriter(hashed, BLOCK)  # type: ignore[type-var]
            yield stream
            stream.flush()
            file.flush()
            os.fsync(file.fileno())
        self._digests[path] = hashed.sha256.hexdigest()
        self._sizes[path] = hashed.size

    def write(self, path: str, text: str) -> None:
        """Write a whole text file in UTF-8."""
        with self.open(path) as file:
            file.write(text.encode("utf-8"))

    def add_file(self, source: Path, path: str) -> None:
        """Copy a file into the bag; a path that is there already is left alone."""
        if path in self:
            return
        with source.open("rb") as stored, self.open(path) as file:
            shutil.copyfileobj(stored, file, BLOCK)

    def close(self, info: Mapping[str, str]) -> None:
        """Write the tag files and give the bag its name; an older bag of that name is replaced."""
        payload = {path: digest for path, digest in self._digests.items() if path.startswith("data/")}
        size = sum(self._sizes[path] for path in payload)
        self.write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        lines = {**info, "Payload-Oxum": f"{size}.{len(payload)}"}
        self.write("bag-info.txt", "".join(f"{key}: {_one_line(value)}\n" for key, value in lines.items()))
        self.write("manifest-sha256.txt", _manifest(payload))
        tags = {path: digest for path, digest in self._digests.items() if not path.startswith("data/")}
        self.write("tagmanifest-sha256.txt", _manifest(tags))
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self._aside.replace(self.folder)

    def abandon(self) -> None:
        """Throw away what was written."""
        shutil.rmtree(self._aside, ignore_errors=True)


def _manifest(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {_escaped(path)}\n" for path, digest in sorted(digests.items()))


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _one_line(value: str) -> str:
    return " ".join(value.split())
