"""Schedules and records with whatever a test of retention wants."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive import accounts, matching, users, version_digest
from archive.archive import Actor, Archive, NewVersion
from archive.records import Author, Content, Kind, Precision, Timestamp, ZoneSource
from archive.tables import ACCESSION, SIGHTING
from composition import house
from retention_schedules import adoption
from retention_schedules.evidence import Evidence
from retention_schedules.reader import read
from retention_schedules.schedule import Schedule

FLOOR = '[floor]\nperiod = "7 years"\ncitation = "Wis. Stat. § 19.21(4)(b)"\n'


def toml(*parts: str, name: str = "milbrook", floor: str = FLOOR, head: str = "") -> bytes:
    """Return the text of a schedule, sound as long as its parts are."""
    facts = f'name = "{name}"\ntitle = "Records of Milbrook"\nauthority = "The Board"\ncitation = "Ord. 12"\n'
    return "\n".join((facts + "approved_on = 2020-01-01", head, floor, *parts)).encode()


def series(key: str, /, **values: Any) -> str:
    """Return a series table: seven years from creation, destroyed, verified; None leaves a key out."""
    plain = {
        "key": key, "title": f"The {key}", "period": "7 years", "trigger": "CR", "disposition": "destroy",
        "notice": "W", "citation": "RDA 1", "verified": True,
    }  # fmt: skip
    return "[[series]]\n" + _table(plain | values)


def rule(key: str, /, **values: Any) -> str:
    """Return a rule table for a series."""
    return "[[rule]]\n" + _table({"series": key} | values)


def _table(values: dict[str, Any]) -> str:
    """JSON's texts, lists and truth values are TOML's too."""
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items() if value is not None)


def schedule(*parts: str, **values: Any) -> Schedule:
    """Return a schedule that must be sound."""
    return read(toml(*parts, **values), "milbrook.toml")


ANNA = Actor("anna", "test, with password", proved=True)
DANA = Actor("dana", "test, with password", proved=True)


def register(archive: Archive, **roles: str) -> None:
    """Register users without a password of their own, each with a role."""
    known = {one.name for one in users.listed(archive)}
    for name, role in roles.items():
        if name not in known:
            with archive.act("user.added", f"user:{name}", {"role": role}):
                pass


def evidence(archive: Archive, made: Schedule) -> Evidence:
    """Return what an adoption needs: two papers beside the archive, and a word on every checked series."""
    papers = {}
    for key in ("form", "ordinance"):
        papers[key] = archive.folder.with_name(f"{key}.txt")
        papers[key].write_text(f"The {key} of Milbrook.\n", encoding="utf-8")
    return Evidence(papers, {one.key: "Dana Whitfield, against RDA 1" for one in made.series if one.verified})


def adopt(archive: Archive, name: str) -> Schedule:
    """Adopt a schedule lawfully: Anna, a clerk, and Dana, an attorney."""
    made = adoption.adoptable(name)[1]
    register(archive, anna="clerk", dana="attorney")
    before, archive.actor = archive.actor, ANNA
    try:
        return adoption.adopt(archive, name, DANA, evidence(archive, made), house(archive).finder)
    finally:
        archive.actor = before


def adopt_made(archive: Archive, folder: Path, *parts: str, name: str = "milbrook", **values: str) -> Schedule:
    """Write a schedule of these parts and adopt it."""
    path = folder / f"{name}.toml"
    path.write_bytes(toml(*parts, name=name, **values))
    return adopt(archive, str(path))


def written(
    moment: str | None, precision: Precision = "second", zone: ZoneSource = "explicit", **values: Any
) -> Content:
    """Return what somebody wrote at a UTC time such as 2026-03-01T09:30."""
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None
    values.setdefault("author", Author("Grace Lor", "grace_lor"))
    created = Timestamp(at, moment or "", precision, zone) if moment else None
    return Content(created=created, text="The pool is closed.", **values)


def hold(archive: Archive, *contents: Content, kind: Kind = "post", account: str = "x-city") -> list[int]:
    """Take contents into an archive as one accession; return the ids of their records."""
    if not any(one.id == account for one in accounts.listed(archive)):
        accounts.add(archive, account, platform="x", department="Clerk")
    with archive.act("accession.opened", "accession:1") as act:
        accession = act.add(
            ACCESSION,
            (account, "x-archive", 1, "2026-03-01T12:00:00.000Z", "declared", "", "", None, None, "ab" * 32, 1),
        )
    with archive.act("accession.progress", f"accession:{accession}") as act:
        ids = act.add_versions([_version(archive, one, kind, account, accession) for one in contents])
        act.add(SIGHTING, (accession, f"{ids[0]}-{ids[-1]}"))
    return ids


def _version(archive: Archive, one: Content, kind: Kind, account: str, accession: int) -> NewVersion:
    found = version_digest.fields(one)
    salt = b"s" * 16
    identity = archive.identity(account, kind, one.native_id)
    hashed = matching.content_hash(archive.key, kind, found)
    return NewVersion(None, kind, accession, identity, hashed, version_digest.digest(salt, found), salt, one)
