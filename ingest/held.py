"""What the archive holds already under the identities of a batch."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

RECIPE = "recipe"
"""The statement of an accession that keeps what a person told the reader."""

GONE = "v.id <> r.version AND r.audience = 'removed'"
"""Says in SQL whether a version ``v`` of a record ``r`` is gone."""


class Held(Struct, frozen=True):
    """One held version: ``current`` if it is its record's present one, ``accession`` what brought it.

    ``disposed`` means that only the stub is left of its record, ``gone`` that another version, which stands, shows it
    removed.
    """

    version: int
    record: int
    accession: int
    content_hash: bytes
    current: bool
    disposed: bool = False
    gone: bool = False


Candidates = dict[bytes, list[Held]]


def held_under(connection: sqlite3.Connection, identities: Sequence[bytes]) -> Candidates:
    """Return all held versions by identity, oldest first; identities that hold nothing are left out."""
    found: Candidates = defaultdict(list)
    marks = ", ".join("?" * len(identities))
    for identity, version, record, accession, content_hash, current, disposed, gone in connection.execute(
        "SELECT v.identity, v.id, v.record, v.accession, v.content_hash, r.version = v.id, r.id IS NULL,"
        f" {GONE} FROM version v LEFT JOIN record r ON r.id = v.record"
        f" WHERE v.identity IN ({marks}) ORDER BY v.id",
        identities,
    ):
        held = Held(version, record, accession, content_hash, bool(current), bool(disposed), bool(gone))
        found[identity].append(held)
    return found


def living(candidates: Iterable[Held]) -> list[Held]:
    """Return the versions of records that have not been disposed of."""
    return [one for one in candidates if not one.disposed]


def is_disposed(candidates: Sequence[Held], content_hash: bytes) -> bool:
    """Say whether an item is a disposed record: it says what one said, or nothing living has its identity."""
    gone = [one for one in candidates if one.disposed]
    if not gone or any(one.content_hash == content_hash for one in candidates if not one.disposed):
        return False
    return len(gone) == len(candidates) or any(one.content_hash == content_hash for one in gone)


def held_of(connection: sqlite3.Connection, record: int) -> list[Held]:
    """Return all versions of one record, oldest first."""
    rows = connection.execute(
        "SELECT v.id, v.record, v.accession, v.content_hash, r.version = v.id"
        " FROM version v JOIN record r ON r.id = v.record"
        " WHERE v.id = ?1 OR (v.record = ?1 AND v.id <> v.record) ORDER BY v.id",
        (record,),
    )
    return [Held(version, of, accession, digest, bool(current)) for version, of, accession, digest, current in rows]


def same_content(candidates: Iterable[Held], content_hash: bytes) -> Held | None:
    """Return the held version that says the same, the current one first."""
    same = [one for one in candidates if one.content_hash == content_hash]
    return next((one for one in same if one.current), same[0] if same else None)


def standing(candidates: Iterable[Held]) -> list[Held]:
    """Return of each record the version that stands, or its last one where another format's stands."""
    found: dict[int, Held] = {}
    for one in candidates:
        if one.record not in found or not found[one.record].current:
            found[one.record] = one
    return list(found.values())
