"""Facts about versions that the archive answers itself: account, kind, state, dates and the like.

They are asked of the state in SQLite, so they are right at any moment, and engines stay lean.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from whoosh import query

from archive import disposal
from archive.version_digest import stored_time
from search.filters import BOUNDS, PERIODS

_WHERE = {
    "account": "r.account = :value COLLATE NOCASE",
    "platform": "r.platform = :value COLLATE NOCASE",
    "department": "r.account IN (SELECT id FROM account WHERE department = :value COLLATE NOCASE)",
    "kind": "r.kind = :value",
    "state": "r.state = :value",
    "list": "r.list_name = :value COLLATE NOCASE",
    "in": "r.thread = :value",
    "from": "r.created_at >= :first",
    "to": "r.created_at < :after",
    "on": "r.created_at >= :first AND r.created_at < :after",
}
_BY = {"city": "r.by_account = 1", "public": "r.by_account = 0"}
_HAS = {
    "attachment": "EXISTS (SELECT 1 FROM attachment a WHERE a.version = v.id)",
    "image": "EXISTS (SELECT 1 FROM attachment a WHERE a.version = v.id AND a.media_type LIKE 'image/%')",
    "video": "EXISTS (SELECT 1 FROM attachment a WHERE a.version = v.id AND a.media_type LIKE 'video/%')",
    "link": "EXISTS (SELECT 1 FROM content c WHERE c.id = v.id AND c.links IS NOT NULL)",
}


def where(leaf: query.Term, zone: ZoneInfo) -> tuple[str, dict[str, Any]]:
    """Return the SQL condition (on ``version v`` and ``record r``) and parameters of one fact leaf."""
    name, value = leaf.fieldname, str(leaf.text)
    if name == "by":
        return _BY[value], {}
    if name == "has":
        return _HAS[value], {}
    if name in (*BOUNDS, *PERIODS):
        return _WHERE[name], bounds(value, zone)
    return _WHERE[name], {"value": value}


def bounds(value: str, zone: ZoneInfo) -> dict[str, str]:
    """Return the stored times at which the local days of a date begin and have passed."""
    first, _, last = value.partition("..")
    begin = datetime.combine(date.fromisoformat(first), time(), zone)
    after = datetime.combine(date.fromisoformat(last or first) + timedelta(days=1), time(), zone)
    return {"first": _utc(begin), "after": _utc(after)}


def _utc(moment: datetime) -> str:
    return stored_time(moment.astimezone(UTC))


def ids(connection: sqlite3.Connection, leaf: query.Term, zone: ZoneInfo, upto: int) -> set[int]:
    """Return the versions for which a fact holds, of those vouched for up to a ledger row."""
    condition, values = where(leaf, zone)
    rows = connection.execute(
        f"SELECT v.id FROM version v JOIN record r ON r.id = v.record WHERE v.seq <= :upto AND {condition}",
        {**values, "upto": upto},
    )
    return {row[0] for row in rows}


def all_ids(connection: sqlite3.Connection, upto: int) -> set[int]:
    """Return every version whose content is held, up to a ledger row."""
    rows = connection.execute("SELECT v.id FROM version v JOIN record r ON r.id = v.record WHERE v.seq <= ?", (upto,))
    return {row[0] for row in rows}


def disposed(connection: sqlite3.Connection) -> set[int]:
    """Return the versions that were disposed of and may still be in an index, which is built anew afterwards."""
    cleared = disposal.cleared(connection)
    stubs = connection.execute("SELECT row_id, tbl, seq FROM disposed ORDER BY id DESC")
    latest = takewhile(lambda stub: stub[2] > cleared, stubs)
    return {row_id for row_id, table, _ in latest if table == "content"}


def disposed_since(connection: sqlite3.Connection, position: int) -> int:
    """Return how many versions that were held at a ledger position have been disposed of since."""
    count: int = connection.execute(
        "SELECT count(*) FROM disposed d JOIN version v ON v.id = d.row_id"
        " WHERE d.tbl = 'content' AND v.seq <= ?1 AND d.seq > ?1",
        (position,),
    ).fetchone()[0]
    return count


def counterparts(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Return the versions that tell in another format what a record's standing version tells: (version, standing)."""
    return connection.execute(
        "SELECT v.id, r.version FROM (SELECT DISTINCT record FROM finding WHERE kind = 'counterpart') f"
        " JOIN record r ON r.id = f.record JOIN version v ON v.id = r.id OR (v.record = r.id AND v.id <> v.record)"
        " JOIN content c ON c.id = v.id JOIN content k ON k.id = r.version"
        " WHERE v.id <> r.version AND c.text IS k.text AND c.audience = k.audience"
    ).fetchall()


def created(connection: sqlite3.Connection, found: Sequence[int]) -> dict[int, str]:
    """Return the creation time of versions' records, empty where it is not known."""
    times: dict[int, str] = {}
    for start in range(0, len(found), 30_000):
        chunk = found[start : start + 30_000]
        rows = connection.execute(
            "SELECT v.id, coalesce(r.created_at, '') FROM version v JOIN record r ON r.id = v.record"
            f" WHERE v.id IN ({', '.join('?' * len(chunk))})",
            chunk,
        )
        times.update(rows)
    return times
