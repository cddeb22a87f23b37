"""Records as they stood at an earlier ledger position, from versions and findings up to it."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

_VERSIONS = """
SELECT v.id, a.exported_at, c.native_id, c.text, c.audience, c.created_at, coalesce(c.by_account, 0), c.list_name,
    c.thread, c.tags
FROM version v JOIN content c ON c.id = v.id JOIN accession a ON a.id = v.accession
WHERE v.seq <= ?2 AND ((v.id = ?1 AND v.record = ?1) OR (v.record = ?1 AND v.id <> v.record)) ORDER BY v.id
"""
_FOUND = (
    "SELECT kind FROM finding WHERE record = ? AND seq <= ? AND kind IN ('edited', 'missing', 'restored') ORDER BY id"
)


def record(connection: sqlite3.Connection, number: int, position: int) -> tuple[Any, ...]:
    """Return (standing version, state, created_at, by_account, list_name, thread, tags), as the record table has them.

    The rules are those of :mod:`archive.state`: the latest backup's version stands, unless it tells in the
    same words, and without an id, what a version with an id tells.
    """
    standing: tuple[Any, ...] = ()
    for one in connection.execute(_VERSIONS, (number, position)):
        if not standing or (one[1] >= standing[1] and not _tells_again(one, standing)):
            standing = one
    is_edited = is_missing = False
    for (kind,) in connection.execute(_FOUND, (number, position)):
        is_edited |= kind == "edited"
        is_missing = kind == "missing" or (is_missing and kind != "restored")
    return (standing[0], _state(standing[4], is_edited, is_missing), *standing[5:])


def pairs(connection: sqlite3.Connection, standing: dict[int, int], position: int) -> dict[int, int]:
    """Return which version told again, at a position, what a record's standing version told then."""
    rows = connection.execute(
        "SELECT v.id, s.value FROM json_each(?1) s"
        " JOIN version v ON (v.id = CAST(s.key AS INTEGER) AND v.record = v.id)"
        "  OR (v.record = CAST(s.key AS INTEGER) AND v.id <> v.record)"
        " JOIN content c ON c.id = v.id JOIN content k ON k.id = s.value"
        " WHERE v.seq <= ?2 AND v.id <> s.value AND c.text IS k.text AND c.audience = k.audience AND EXISTS"
        " (SELECT 1 FROM finding f WHERE f.record = v.record AND f.kind = 'counterpart' AND f.seq <= ?2)",
        (json.dumps(standing), position),
    )
    return dict(rows.fetchall())


def _tells_again(one: tuple[Any, ...], standing: tuple[Any, ...]) -> bool:
    return one[2] is None and standing[2] is not None and one[3:5] == standing[3:5]


def _state(audience: str, is_edited: bool, is_missing: bool) -> str:
    if is_missing or audience == "removed":
        return "deleted"
    if audience in ("hidden", "spam"):
        return "hidden"
    return "edited" if is_edited else "present"
