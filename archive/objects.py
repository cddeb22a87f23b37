"""The object store: media and attachments in files named by their SHA-256.

An object is written aside, synced and renamed, so a name in the store is always a whole object.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

BLOCK = 1 << 20
"""Bytes read at a time."""

IN_MEMORY = 8 << 20
"""Objects up to this many bytes are read once; larger ones once to hash and once more if they are new."""


class Objects:
    """The folder ``objects/`` of an archive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsynced: set[Path] = set()
        self.brought: set[str] = set()
        """Digests taken in since the last act, which names them: none may vanish before it commits."""

    def path(self, sha256: str) -> Path:
        """Return where an object with this digest (lower-case hex) is, or would be."""
        return self.folder / sha256[:2] / sha256

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def add(self, open_source: Callable[[], BinaryIO]) -> tuple[str, int, bytes]:
        """Take in what ``open_source`` reads; return its SHA-256, its size in bytes and its first 4 KiB.

        An object that is held already is not written again. New ones are durable after :meth:`sync`.
        """
        with open_source() as source:
            head = source.read(IN_MEMORY + 1)
            if len(head) <= IN_MEMORY:
                sha256 = hashlib.sha256(head).hexdigest()
                self.brought.add(sha256)
                if sha256 not in self:
                    self._write(io.BytesIO(head), sha256)
                return sha256, len(head), head[:4096]
            hashed = hashlib.sha256(head)
            size = len(head) + _drain(source, hashed.update)
        sha256 = hashed.hexdigest()
        self.brought.add(sha256)
        if sha256 not in self:
            with open_source() as source:
                self._write(source, sha256)
        return sha256, size, head[:4096]

    def _write(self, source: BinaryIO, sha256: str) -> None:
        final = self.path(sha256)
        final.parent.mkdir(parents=True, exist_ok=True)
        aside = final.with_name(f"{sha256}.{os.getpid()}.partial")
        hashed = hashlib.sha256()
        try:
            with aside.open("wb") as target:
                for block in iter(lambda: source.read(BLOCK), b""):
                    hashed.update(block)
                    target.write(block)
                target.flush()
                os.fsync(target.fileno())
            if hashed.hexdigest() != sha256:
                raise OSError(f"the source of object {sha256} changed while it was read")
            aside.replace(final)
        finally:
            aside.unlink(missing_ok=True)
        self._unsynced.add(final.parent)

    def sync(self) -> None:
        """Make the names of all objects added since the last call durable."""
        for folder in self._unsynced:
            sync_folder(folder)
        if self._unsynced:
            sync_folder(self.folder)
        self._unsynced.clear()

    def names(self) -> Iterator[str]:
        """Yield the digest of every object in the store, in order."""
        for folder in sorted(self.folder.iterdir()) if self.folder.exists() else ():
            for path in sorted(folder.iterdir()):
                if not path.name.endswith(".partial"):
                    yield path.name

    def is_whole(self, sha256: str) -> bool:
        """Read an object and compare it with its name; False if it is missing or changed."""
        try:
            with self.path(sha256).open("rb") as stored:
                return hashlib.file_digest(stored, "sha256").hexdigest() == sha256
        except OSError:
            return False


def _drain(source: BinaryIO, take: Callable[[bytes], None]) -> int:
    total = 0
    for block in iter(lambda: source.read(BLOCK), b""):
        take(block)
        total += len(block)
    return total


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; does nothing where the system cannot open folders."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
