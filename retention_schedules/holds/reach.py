"""What a hold reaches, and what it cannot: accounts whose last backup is old, places outside, files without words."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta

from msgspec import Struct

from archive import clock
from archive.archive import Archive
from retention_schedules.holds.terms import Terms

FRESH = timedelta(days=1)
"""How old an account's last backup may be before a hold asks for another."""

_ACCOUNTS = """
SELECT p.id, p.platform, p.handle, p.department, max(a.exported_at)
FROM account p LEFT JOIN accession a ON a.account = p.id
WHERE p.id IN (SELECT value FROM json_each(?)) GROUP BY p.id ORDER BY p.id
"""
_KEPT_AT = """
SELECT DISTINCT a.account, s.text FROM accession a JOIN statement s ON s.subject = 'accession:' || a.id
WHERE s.name = 'kept_at' AND a.account IN (SELECT value FROM json_each(?)) ORDER BY 1, 2
"""


class Place(Struct, frozen=True):
    """An account that a hold reaches: its platform, its last backup's local date, and whether that is too old."""

    account: str
    platform: str
    handle: str
    department: str
    backed_up_on: str
    needs_backup: bool


class Reach(Struct, frozen=True):
    """What a hold reaches. ``outside`` are places that the archive cannot hold still, in words."""

    places: tuple[Place, ...]
    outside: tuple[str, ...]
    without_words: tuple[int, ...]


def reach(archive: Archive, terms: Terms, versions: Collection[int], without_words: Collection[int]) -> Reach:
    """Return what these versions reach, found by ``terms``; of files without words the records not held yet."""
    accounts = json.dumps(sorted(_accounts(archive, terms, versions)))
    limit = clock.now() - FRESH
    places = []
    for account, platform, handle, department, last in archive.connection.execute(_ACCOUNTS, (accounts,)):
        made = clock.read_stored(last) if last else None
        day = clock.local_date(made, archive.timezone).isoformat() if made else ""
        places.append(Place(account, platform, handle, department, day, made is None or made < limit))
    originals = archive.connection.execute(_KEPT_AT, (accounts,)).fetchall()
    outside = [
        *map(_outside, places),
        *(f"The original backups of {account} in {where}" for account, where in originals),
    ]
    held = _records(archive, versions)
    return Reach(tuple(places), tuple(outside), tuple(sorted(_records(archive, without_words) - held)))


def _outside(one: Place) -> str:
    if one.platform == "email":
        return f"The mailbox {one.handle or one.account} itself, its trash and its archive folders"
    named = f" ({one.handle})" if one.handle else ""
    return f"The account {one.account}{named} on {one.platform} itself: its posts, messages and drafts"


def _accounts(archive: Archive, terms: Terms, versions: Collection[int]) -> set[str]:
    """The accounts that the terms name; else those of what was found, and all of them if words may come anywhere."""
    if terms.accounts:
        return set(terms.accounts)
    if terms.follows:
        return {row[0] for row in archive.connection.execute("SELECT id FROM account WHERE closed_at IS NULL")}
    rows = archive.connection.execute(
        "SELECT DISTINCT r.account FROM version v JOIN record r ON r.id = v.record"
        " WHERE v.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(versions)),),
    )
    return {row[0] for row in rows}


def _records(archive: Archive, versions: Collection[int]) -> set[int]:
    rows = archive.connection.execute(
        "SELECT DISTINCT record FROM version WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(versions)),),
    )
    return {row[0] for row in rows}
