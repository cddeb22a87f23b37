"""Files that belong to a request: kept as objects, their digest and name in statements of the act that brought them."""

from __future__ import annotations

import io
from pathlib import Path

from msgspec import Struct

from archive.archive import Act, Archive
from archive.errors import ExitCode, MunimentError


class NoSuchFile(MunimentError):
    """A file that was named cannot be read."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no file {path} that can be read. Check the name; nothing was changed.")


class Kept(Struct, frozen=True):
    """A file in the object store: its name, its SHA-256 in hex, its size in bytes."""

    name: str
    sha256: str
    size: int


def keep_file(archive: Archive, path: Path) -> Kept:
    """Store a file as an object; raises :class:`NoSuchFile`."""
    if not path.is_file():
        raise NoSuchFile(path)
    sha256, size, _ = archive.objects.add(lambda: path.open("rb"))
    archive.objects.sync()
    return Kept(path.name, sha256, size)


def keep_bytes(archive: Archive, name: str, payload: bytes) -> Kept:
    """Store bytes as an object."""
    sha256, size, _ = archive.objects.add(lambda: io.BytesIO(payload))
    archive.objects.sync()
    return Kept(name, sha256, size)


def state_kept(act: Act, kept: Kept) -> None:
    """State which object an act brought, so that ``verify`` looks for it and ``backup`` copies it."""
    act.state(act.subject, "object", kept.sha256)
    act.state(act.subject, "file", kept.name)
