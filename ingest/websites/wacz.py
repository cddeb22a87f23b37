"""What a WACZ (1.1.1) says of itself: when it was made, the digests of its files, who signed it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from archive.canonical import storable
from ingest.backup import BLOCK, Backup, Member
from ingest.ingestor import Defect
from ingest.timestamps import from_iso
from ingest.websites.wacz_signature import check

PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
CAPTURES = "archive/"
LARGEST = 64 << 20


class Package(Struct, frozen=True):
    """One WACZ of a backup: its datapackage.json, and what is in that."""

    member: Member
    about: dict[str, Any]

    def resources(self) -> Iterator[dict[str, Any]]:
        """Yield what the package says of each file."""
        return (one for one in self.about["resources"] if isinstance(one, dict))

    def files(self, backup: Backup) -> dict[str, Member]:
        """Return the files of this WACZ by their path in it; those of other parts and folders are not its own."""
        start = self.member.path.removesuffix(PACKAGE)
        same = (one for one in backup.members() if one.part == self.member.part and one.path.startswith(start))
        return {one.path[len(start) :]: one for one in same}


def packages(backup: Backup) -> Iterator[Package]:
    """Yield every WACZ in a backup."""
    for member in backup.members():
        about = _object(member) if member.path.rsplit("/", 1)[-1] == PACKAGE else {}
        if isinstance(about.get("resources"), list):
            yield Package(member, about)


def is_wacz(backup: Backup) -> bool:
    """Say whether a backup is a WACZ: its package says so, or names captures."""
    return any(
        "wacz_version" in one.about or any(".warc" in str(named.get("path")) for named in one.resources())
        for one in packages(backup)
    )


def made_at(backup: Backup) -> datetime | None:
    """Return when a WACZ was made, of several the last one."""
    raw = (one.about.get("created") for one in packages(backup))
    return max((moment for one in raw if isinstance(one, str) and (moment := from_iso(one).at)), default=None)


def mismatches(backup: Backup) -> Iterator[Defect]:
    """Yield each file whose digest is not what its package says, is missing, or is not named in it; and who signed."""
    for one in packages(backup):
        files = one.files(backup)
        yield from _of_package(one, files.get(DIGEST))
        since = "it was signed" if _is_signed(one, files.get(DIGEST)) else "the capture"
        named = set()
        for about in one.resources():
            path, told = str(about.get("path")), str(about.get("hash"))
            named.add(path)
            member = files.get(path)
            if member is None:
                yield Defect(path, f"{PACKAGE} names this file, and it is not here")
            elif told.startswith("sha256:") and _sha256(member) != told:
                reason = f"its SHA-256 is not the one in {PACKAGE}: it was changed or damaged after {since}"
                yield Defect(member.path, reason, quarantined=False)
        for path in sorted(files.keys() - named):
            if path.startswith(CAPTURES):
                reason = f"{PACKAGE} does not name this file: it was added after {since}"
                yield Defect(files[path].path, reason, quarantined=False)


def _of_package(one: Package, digest: Member | None) -> Iterator[Defect]:
    """Compare the package itself with datapackage-digest.json, and with what the signature in it is of."""
    if digest is None:
        return
    told = _object(digest)
    found = _sha256(one.member)
    if not told:
        yield Defect(digest.path, "it cannot be read", quarantined=False)
    elif told.get("hash") != found:
        yield Defect(digest.path, f"it names another SHA-256 than that of {PACKAGE}", quarantined=False)
    signed = told.get("signedData")
    if not isinstance(signed, dict):
        return
    if signed.get("hash") != found:
        reason = f"its signature is of another {PACKAGE} than this one: the package was changed after it was signed"
        yield Defect(digest.path, reason, quarantined=False)
    yield Defect(digest.path, storable(_told(signed)), quarantined=False)


def _is_signed(one: Package, digest: Member | None) -> bool:
    """Say whether this very package is what a signature that fits is of."""
    signed = _object(digest).get("signedData") if digest else None
    return isinstance(signed, dict) and signed.get("hash") == _sha256(one.member) and bool(check(signed).fits)


def _told(signed: dict[str, Any]) -> str:
    """Say in whose name a package is signed, and what the signature proves."""
    domain, created = (str(signed.get(key) or "")[:100] for key in ("domain", "created"))
    who = f"in the name of {domain}" if domain else "with a key that names nobody"
    when = f", with the date {created}, which is not part of what is signed" if created else ""
    found = check(signed)
    if found.fits is None:
        return f"it is signed {who}{when}; {found.words}"
    if not found.fits:
        return f"its signature does not fit: {found.words}; it says that it is signed {who}{when}"
    doubt = "whether the certificate is genuine was not checked" if domain else "whose key that is it does not prove"
    return f"it is signed {who}{when}; the signature fits: {found.words}; {doubt}"


def _object(member: Member) -> dict[str, Any]:
    """Return the object in a small file, empty if there is none."""
    try:
        found = json.loads(member.read()) if member.size <= LARGEST else {}
    except (ValueError, OSError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _sha256(member: Member) -> str:
    hashed = hashlib.sha256()
    try:
        with member.open_as_found() as stream:
            while block := stream.read(BLOCK):
                hashed.update(block)
    except OSError:
        return ""
    return f"sha256:{hashed.hexdigest()}"
