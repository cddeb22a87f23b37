"""Zips that were attached: what each file in them says, and pictures inside office files."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from ingest.containers import is_litter
from ingest.media import media_type
from ingest.words import traces
from ingest.words.office import opened
from ingest.words.said import MOST, Said

MEMBERS = 1_000
"""Files of one zip that are read."""

HEAD = 4096
_PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".webp")

Read = Callable[[Path, str, str], Said]
"""Reads one file: where it is, its media type, its name."""


def of_zip(path: Path, read: Read) -> Said:
    """Return what the files of a zip say, each under its name; a zip inside is named and not opened."""
    with opened(path) as packed:
        members = [one for one in packed.infolist() if not (one.is_dir() or is_litter(one.filename))]
        said = [(one.filename, _member(packed, one, read)) for one in members[:MEMBERS]]
    parts: list[str] = []
    for name, one in said:
        if sum(map(len, parts)) <= MOST:
            parts.append(f"{name}\n{one.text}".rstrip())
    faults = [f"{name}: {one.fault}" for name, one in said if one.fault]
    faults += [f"only its first {MEMBERS:,} files were read"] if len(members) > MEMBERS else []
    return Said("\n\n".join(parts), "its files", "; ".join(faults), traces.together(one.tells for _, one in said))


def _member(packed: zipfile.ZipFile, one: zipfile.ZipInfo, read: Read) -> Said:
    try:
        with packed.open(one) as stream, tempfile.TemporaryDirectory() as folder:
            head = stream.read(HEAD)
            kind = media_type(head, one.filename)
            if kind == "application/zip":
                return Said(fault="a zip inside a zip, which is not opened")
            path = Path(folder) / "member"
            with path.open("wb") as aside:
                aside.write(head)
                shutil.copyfileobj(stream, aside, 1 << 20)
            return read(path, kind, one.filename)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        return Said(fault=f"it is damaged ({error})")


def pictures_tell(path: Path) -> str:
    """Say whether a picture inside an office file tells where it was made."""
    with opened(path) as packed:
        names = [one for one in packed.namelist() if one.lower().endswith(_PICTURES)][:MEMBERS]
        for name in names:
            try:
                if tells := traces.in_bytes(packed.read(name)):
                    return tells
            except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError):
                continue
    return ""
