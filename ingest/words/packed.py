"""Files inside files: what was attached as a zip, or to a message that was attached; pictures inside office files."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from ingest.containers import is_litter
from ingest.media import media_type
from ingest.words import traces
from ingest.words.office import opened
from ingest.words.said import MOST, Said

MEMBERS = 1_000
"""Files of one zip, or of one message, that are read."""

HEAD = 4096
BLOCK = 1 << 20
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".webp")
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError)

Read = Callable[[Path, str, str], Said]
"""Reads one file: where it is, its media type, its name."""

Inside = tuple[str, Callable[[], IO[bytes]]]
"""A file inside another: its name, and what opens it."""


def of_zip(path: Path, read_inside: Read) -> Said:
    """Return what the files of a zip say, each under its name."""
    with opened(path) as packed:
        members = [one for one in packed.infolist() if not (one.is_dir() or is_litter(one.filename))]
        found = of_files([(one.filename, partial(packed.open, one)) for one in members[:MEMBERS]], read_inside)
    if len(members) <= MEMBERS:
        return found
    return Said(found.text, found.how, f"only its first {MEMBERS:,} files were read; {found.fault}", found.tells)


def of_files(files: Iterable[Inside], read: Read) -> Said:
    """Return what some files say, each under its name, why any does not, and what their metadata tell."""
    said = [(name, _one(name, opener, read)) for name, opener in files]
    faults = "; ".join(f"{name}: {one.fault}" for name, one in said if one.fault)
    return Said("\n\n".join(_fitting(said)), "its files", faults, traces.together(one.tells for _, one in said))


def _fitting(said: Iterable[tuple[str, Said]]) -> Iterator[str]:
    size = 0
    for name, one in said:
        if size <= MOST:
            size += len(one.text)
            yield f"{name}\n{one.text}".rstrip()


def _one(name: str, opener: Callable[[], IO[bytes]], read: Read) -> Said:
    try:
        with opener() as stream, tempfile.TemporaryDirectory() as folder:
            head = stream.read(HEAD)
            path = Path(folder) / "file"
            with path.open("wb") as aside:
                aside.write(head)
                shutil.copyfileobj(stream, aside, BLOCK)
            return read(path, media_type(head, name), name)
    except _BROKEN as error:
        return Said(fault=f"it is damaged ({error})")


def pictures_tell(path: Path) -> str:
    """Say whether a picture inside an office file tells where it was made."""
    with opened(path) as packed:
        for name in [one for one in packed.namelist() if one.lower().endswith(_PICTURES)][:MEMBERS]:
            try:
                if tells := traces.in_bytes(packed.read(name)):
                    return tells
            except _BROKEN:
                continue
    return ""
