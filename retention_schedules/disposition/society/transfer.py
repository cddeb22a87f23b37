"""Transfer: a BagIt 1.0 package of a batch for the Society, made outside the archive, and its receipt."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from archive import disposal
from archive.archive import Archive, FolderNotEmpty
from archive.errors import ExitCode, MunimentError
from archive.objects import sync_folder
from archive.records import Version
from retention_schedules import papers
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Batch, NotNow
from retention_schedules.disposition.society.noticing import authority, described
from retention_schedules.papers import Facts, Heading, Paper, Said


class InsideTheArchive(MunimentError):
    """A package would lie in the archive's own folder, where it could not be destroyed."""

    exit_code = ExitCode.REFUSED

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} lies inside the archive. Name a folder elsewhere; nothing was written.")


class Package(Struct, frozen=True):
    """A finished package: its folder, its records, and the SHA-256 of its manifest, which proves its every byte."""

    folder: Path
    records: int
    files: int
    manifest: str


def transfer(archive: Archive, number: int, folder: Path) -> Package:
    """Write the package of a batch to a new folder, and put its manifest's digest on the ledger."""
    batch = batches.require(archive, number, "proposed", "noticed", "approved", then="A package is made before.")
    if batch.kind != "transfer":
        raise NotNow(
            number, "its records are to be destroyed, and the Society has not asked for them", "See its answer."
        )
    if folder.resolve().is_relative_to(archive.folder.resolve()):
        raise InsideTheArchive(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder)
    made = _write(archive, batch, folder)
    facts = {"manifest": made.manifest, "records": made.records, "files": made.files}
    with archive.act(batches.TRANSFERRED, batch.subject, facts):
        pass
    return made


def received(archive: Archive, number: int, on: date, receipt: str) -> Batch:
    """Record that the Society has confirmed the package."""
    batch = batches.require(archive, number, "proposed", "noticed", "approved", then="A receipt follows a package.")
    made = batch.last(batches.TRANSFERRED)
    if made is None:
        raise NotNow(number, "no package was made", f"Run `muniment disposition transfer {number} --to DIR`.")
    if on > archive.now_local().date():
        raise NotNow(number, f"{on} has not come yet", "Give the day of the receipt.")
    with archive.act(
        batches.RECEIVED, batch.subject, {"on": on.isoformat(), "manifest": made.facts["manifest"]}
    ) as act:
        act.state(act.subject, "receipt", receipt)
    return batches.get(archive, number)


def _write(archive: Archive, batch: Batch, folder: Path) -> Package:
    aside = folder.with_name(folder.name + ".partial")
    shutil.rmtree(aside, ignore_errors=True)
    (aside / "data" / "files").mkdir(parents=True)
    records = batches.records(archive, batch)
    with (aside / "data" / "records.jsonl").open("w", encoding="utf-8") as lines:
        for version in _versions(archive, records):
            lines.write(json.dumps(_row(version), ensure_ascii=False) + "\n")
            _copy_files(archive, version, aside / "data" / "files")
    about = Paper(
        "Records for the State Historical Society", archive.name,
        (Said("records.jsonl holds one version of a record a line; files/ the files that records name, by SHA-256."),
         Facts(described(batch)), Heading("Authority"), Facts(authority(batch))),
    )  # fmt: skip
    (aside / "data" / "about.txt").write_text(papers.as_text(about), encoding="utf-8")
    manifest, count = _tagged(archive, batch, aside)
    if folder.exists():
        folder.rmdir()
    aside.replace(folder)
    sync_folder(folder.parent)
    return Package(folder, len(records), count, manifest)


def _versions(archive: Archive, records: list[int]) -> Iterator[Version]:
    for start in range(0, len(records), 500):
        yield from archive.version(disposal.versions_of(archive.connection, records[start : start + 500]))


def _row(version: Version) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(version)
    row["digest"] = version.digest.hex()
    row["content"]["native"] = version.content.native.decode("utf-8", "backslashreplace")
    return row


def _copy_files(archive: Archive, version: Version, folder: Path) -> None:
    for one in version.content.attachments:
        target = folder / one.sha256
        if one.sha256 and not target.exists():
            shutil.copyfile(archive.objects.path(one.sha256), target)


def _tagged(archive: Archive, batch: Batch, bag: Path) -> tuple[str, int]:
    """Write the tag files; return the manifest's digest and how many payload files there are."""
    payload = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in payload)
    manifest = "".join(f"{_sha256(path)}  {path.relative_to(bag).as_posix()}\n" for path in payload)
    source = archive.name.replace("\n", " ")
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Source-Organization: {source}\nExternal-Identifier: disposition {batch.number}\n"
        f"Bagging-Date: {archive.now_local().date()}\nPayload-Oxum: {size}.{len(payload)}\n",
        "manifest-sha256.txt": manifest,
    }
    for name, text in tags.items():
        (bag / name).write_text(text, encoding="utf-8", newline="\n")
    listed = "".join(f"{_sha256(bag / name)}  {name}\n" for name in sorted(tags))
    (bag / "tagmanifest-sha256.txt").write_text(listed, encoding="utf-8", newline="\n")
    return _sha256(bag / "manifest-sha256.txt"), len(payload)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
