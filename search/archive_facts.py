"""Facts that no document carries: requests, series, findings, backups, departments, and who can see a record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from whoosh import query

from archive.archive import Archive
from archive.state import runs
from search.facts import bounds
from search.findings import KINDS, Happened, within

_OF_RECORDS = "SELECT id FROM version WHERE seq <= ?1 AND record IN (SELECT value FROM json_each(?2))"
_REQUESTED = """
SELECT DISTINCT m.version FROM member m JOIN selection s ON s.id = m.selection JOIN content c ON c.id = m.version
WHERE s.subject = ? AND s.purpose IN ('collected', 'context') AND s.seq <= ?
"""
_IN_DEPARTMENT = """
SELECT v.id FROM version v JOIN record r ON r.id = v.record
WHERE v.seq <= ? AND r.account IN (SELECT id FROM account WHERE department = ? COLLATE NOCASE)
"""
_SEEN_BY = """
SELECT v.id FROM version v JOIN record r ON r.id = v.record WHERE v.seq <= ? AND r.audience = ?
"""
_OF_SERIES = """
SELECT v.id FROM expiry e JOIN version v ON v.record = e.record WHERE e.series = ?2 COLLATE NOCASE AND v.seq <= ?1
"""
_BACKED_UP = """
SELECT s.versions FROM sighting s JOIN accession a ON a.id = s.accession JOIN ledger l ON l.seq = a.seq
WHERE s.seq <= ? AND l.at >= ? AND l.at < ?
"""


def ids(archive: Archive, leaf: query.Term, upto: int, told: Mapping[int, int]) -> set[int]:
    """Return the versions for which a fact holds, of those vouched for up to a ledger row; ``told`` as in facts."""
    name, value = leaf.fieldname, str(leaf.text)
    connection = archive.connection
    if name in KINDS:
        found = _numbers(archive, _OF_RECORDS, upto, json.dumps(sorted(happened(archive, leaf, upto))))
    elif name == "request":
        found = _numbers(archive, _REQUESTED, f"request:{_request(archive, value)}", upto)
    elif name == "department":
        found = _numbers(archive, _IN_DEPARTMENT, upto, value)
    elif name == "audience":
        found = _numbers(archive, _SEEN_BY, upto, value)
    elif name == "series":
        found = _numbers(archive, _OF_SERIES, upto, value)
    else:
        rows = connection.execute(_BACKED_UP, (upto, *bounds(value, archive.timezone)))
        found = {one for (text,) in rows for first, last in runs(text) for one in range(first, last + 1)}
        found = _numbers(
            archive, "SELECT value FROM json_each(?) JOIN content c ON c.id = value", json.dumps(sorted(found))
        )
    return {told.get(one, one) for one in found}


def happened(archive: Archive, leaf: query.Term, upto: int) -> dict[int, Happened]:
    """Return the records that ``removed:`` or ``hidden:`` asks for, surely or possibly within its period."""
    return within(archive.connection, leaf.fieldname, bounds(str(leaf.text), archive.timezone), upto)


def _numbers(archive: Archive, script: str, *values: Any) -> set[int]:
    rows: Iterable[tuple[int]] = archive.connection.execute(script, values)
    return {row[0] for row in rows}


def _request(archive: Archive, value: str) -> int:
    """Return the number of a request that is called ``3`` or ``2026-0003``; 0 for none."""
    year, _, number = value.rpartition("-")
    if not re.fullmatch(r"(\d{4}-)?\d{1,9}", value):
        return 0
    if not year:
        return int(number)
    row = archive.connection.execute(
        "SELECT id FROM request WHERE year = ? AND number = ?", (int(year), int(number))
    ).fetchone()
    return int(row[0]) if row else 0
