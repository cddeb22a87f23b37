"""A BagIt 1.0 bag (RFC 8493), written while it is hashed: no file is read a second time.

The bag grows in a folder named ``….partial`` and gets its name only when it is whole and on disk.
"""

from __future__ import annotations

import fnmatch
import hashlib
import io
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO

BLOCK = 1 << 20

SETTLING = 32
"""Files seen to disk at once: 5,000 small ones took 2 seconds so, and 22 one after the other."""

LONGEST_PATH = 119
"""Characters of a path inside the bag: Windows takes 260 in all, and people extract into deep folders."""


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
    """One bag in the making. Paths are relative, with ``/``; payload begins with ``data/``.

    Two threads may write into one bag, each its own files.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder the bag will have; what a killed build left beside it is removed."""
        self.folder = folder
        self.partial = folder.with_name(folder.name + ".partial")
        self._earlier = folder.with_name(folder.name + ".earlier.partial")
        for left in (self.partial, self._earlier):
            if left.exists():
                shutil.rmtree(left)
        self.partial.mkdir(parents=True)
        self._digests: dict[str, str] = {}
        self._sizes: dict[str, int] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._digests

    def holds(self, folder: str) -> bool:
        """Whether there is a file under a folder ("data/media/")."""
        return any(path.startswith(folder) for path in list(self._digests))

    def like(self, pattern: str) -> tuple[str, ...]:
        """Return the paths that a shell pattern fits ("data/pdf/*.pdf"), in order."""
        return tuple(sorted(path for path in list(self._digests) if fnmatch.fnmatchcase(path, pattern)))

    def digest_of(self, path: str) -> str:
        """Return the SHA-256 of a file that is in the bag, in hexadecimal."""
        return self._digests[path]

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give a folder for what is thrown away: on the bag's own disk, gone with it after a kill."""
        with TemporaryDirectory(dir=self.partial, prefix="scratch-") as folder:
            yield Path(folder)

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        """Open a new file of the bag for writing. ``ValueError`` for a path that not every system takes is a bug."""
        _check(path)
        target = self.partial / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            hashed = _Hashed(file)
            stream = io.BufferedWriter(hashed, BLOCK)  # type: ignore[type-var]
            yield stream
            stream.flush()
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

    def seal(self, info: Mapping[str, str]) -> None:
        """Write the tag files and see everything to disk: the bag is whole."""
        payload = {path: digest for path, digest in self._digests.items() if path.startswith("data/")}
        size = sum(self._sizes[path] for path in payload)
        self.write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        lines = {**info, "Payload-Oxum": f"{size}.{len(payload)}"}
        self.write("bag-info.txt", "".join(f"{key}: {_one_line(value)}\n" for key, value in lines.items()))
        self.write("manifest-sha256.txt", _manifest(payload))
        tags = {path: digest for path, digest in self._digests.items() if not path.startswith("data/")}
        self.write("tagmanifest-sha256.txt", _manifest(tags))
        with ThreadPoolExecutor(SETTLING) as settling:
            list(settling.map(_settle, (self.partial / path for path in self._digests)))

    def publish(self) -> None:
        """Give the bag its name; an older bag of that name is replaced."""
        if self.folder.exists():
            self.folder.replace(self._earlier)
        self.partial.replace(self.folder)
        shutil.rmtree(self._earlier, ignore_errors=True)

    def abandon(self) -> None:
        """Throw away what was written."""
        shutil.rmtree(self.partial, ignore_errors=True)


def _settle(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _check(path: str) -> None:
    parts = PurePosixPath(path).parts
    plain = path.isascii() and path.isprintable() and not set(path) & set('\\:*?"<>|')
    if not plain or len(path) > LONGEST_PATH or path.startswith("/") or ".." in parts:
        raise ValueError(f"not a path that every system takes: {path!r}")


def _manifest(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {_escaped(path)}\n" for path, digest in sorted(digests.items()))


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _one_line(value: str) -> str:
    return " ".join(value.split())
