"""What an index must take out and in again: the versions of every record that the ledger changed since."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from msgspec import Struct

from archive.reading import first_after
from search.gathering import pairs


class Changed(Struct, frozen=True):
    """Versions that an index may hold as they were (``gone``), and those of them that are held now (``standing``)."""

    gone: Collection[int]
    standing: Sequence[int]


_RECORDS = """
SELECT id FROM record WHERE changed_seq > ?1
UNION SELECT record FROM version WHERE id >= ?2
UNION SELECT record FROM finding WHERE id >= ?3
"""


def records_since(connection: sqlite3.Connection, position: int) -> list[int]:
    """Return the records that ledger rows after a position added to or changed, and that are still held."""
    firsts = [first_after(connection, table, position) for table in ("version", "finding")]
    return [row[0] for row in connection.execute(_RECORDS, (position, *firsts))]


def versions_of(connection: sqlite3.Connection, records: Sequence[int], upto: int = 1 << 62) -> list[int]:
    """Return all versions of records that are vouched for up to a ledger row, in order."""
    rows = connection.execute(
        "SELECT v.id FROM json_each(?1) j JOIN version v ON v.id = j.value AND v.record = j.value WHERE v.seq <= ?2"
        " UNION SELECT v.id FROM json_each(?1) j JOIN version v ON v.record = j.value AND v.id <> v.record"
        " WHERE v.seq <= ?2 ORDER BY 1",
        (json.dumps(records), upto),
    )
    return [row[0] for row in rows]


def since(connection: sqlite3.Connection, position: int) -> Changed:
    """Return what changed after a ledger position."""
    standing = versions_of(connection, records_since(connection, position))
    first = first_after(connection, "disposed", position)
    rows = connection.execute("SELECT row_id FROM disposed WHERE id >= ? AND tbl = 'content'", (first,))
    return Changed({*standing, *(row[0] for row in rows)}, standing)


def expected(connection: sqlite3.Connection) -> int:
    """Return how many documents an index must hold: versions not disposed of and not told again."""
    held: int = connection.execute(
        "SELECT (SELECT count(*) FROM version) - (SELECT count(*) FROM disposed WHERE tbl = 'content')"
    ).fetchone()[0]
    return held - len(pairs(connection))
