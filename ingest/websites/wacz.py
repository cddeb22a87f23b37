"""What a WACZ says of itself: when it was made, and the digests of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingest.backup import BLOCK, Backup, Member
from ingest.ingestor import Defect
from ingest.timestamps import from_iso

PACKAGE = "datapackage.json"
LARGEST = 64 << 20


def package(backup: Backup) -> dict[str, Any]:
    """Return a WACZ's datapackage.json, empty if there is none."""
    member = backup.find(PACKAGE)
    if member is None or member.size > LARGEST:
        return {}
    try:
        found = json.loads(member.read())
    except (ValueError, OSError, RecursionError):
        return {}
    return found if isinstance(found, dict) and isinstance(found.get("resources"), list) else {}


def is_wacz(backup: Backup) -> bool:
    """Say whether a backup is a WACZ: its package says so, or names captures."""
    about = package(backup)
    return "wacz_version" in about or any(".warc" in str(one.get("path")) for one in _resources(about))


def made_at(backup: Backup) -> datetime | None:
    """Return when a WACZ was made."""
    raw = package(backup).get("created")
    return from_iso(raw).at if isinstance(raw, str) else None


def mismatches(backup: Backup) -> Iterator[Defect]:
    """Yield each file whose digest is not what the package says, is missing, or is not named in it."""
    about = package(backup)
    if not about:
        return
    yield from _of_package(backup)
    for one in _resources(about):
        path, told = str(one.get("path")), str(one.get("hash"))
        member = backup.find(path)
        if member is None:
            yield Defect(path, f"{PACKAGE} names this file, and it is not here")
        elif told.startswith("sha256:") and _sha256(member) != told:
            reason = f"its SHA-256 is not the one in {PACKAGE}: it was changed or damaged after the capture"
            yield Defect(path, reason, quarantined=False)


def _of_package(backup: Backup) -> Iterator[Defect]:
    """Compare the package itself with datapackage-digest.json; whose signature is in it is not checked."""
    member, digest = backup.find(PACKAGE), backup.find("datapackage-digest.json")
    if member is None or digest is None:
        return
    try:
        told = json.loads(digest.read(LARGEST)).get("hash")
    except (ValueError, OSError, AttributeError, RecursionError):
        yield Defect(digest.path, "it cannot be read", quarantined=False)
        return
    if told != _sha256(member):
        yield Defect(digest.path, f"it names another SHA-256 than that of {PACKAGE}", quarantined=False)


def _resources(about: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (one for one in about.get("resources", ()) if isinstance(one, dict))


def _sha256(member: Member) -> str:
    hashed = hashlib.sha256()
    try:
        with member.open() as stream:
            while block := stream.read(BLOCK):
                hashed.update(block)
    except OSError:
        return ""
    return f"sha256:{hashed.hexdigest()}"
