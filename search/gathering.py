"""Documents out of the archive: versions with their records' facts and with what other formats tell of them.

Two formats of one account tell the same record (a *counterpart*). It is found once, by the version that
stands, and by the words of both; the other telling is no document of its own.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from archive.archive import Archive
from archive.records import Content, Version
from search import past
from search.documents import Document, Facts, document, facts_of

CHUNK = 500
"""Versions gathered at a time."""

_PAIRS = """
SELECT v.id, r.version FROM (SELECT DISTINCT record FROM finding WHERE kind = 'counterpart' {of}) f
JOIN record r ON r.id = f.record JOIN version v ON v.id = r.id OR (v.record = r.id AND v.id <> v.record)
JOIN content c ON c.id = v.id JOIN content k ON k.id = r.version
WHERE v.id <> r.version AND c.text IS k.text AND c.audience = k.audience ORDER BY v.id
"""
_RECORDS = """
SELECT id, version, state, created_at, by_account, list_name, thread, tags FROM record
WHERE id IN (SELECT value FROM json_each(?))
"""

_SEVERAL = "SELECT DISTINCT record FROM version WHERE id <> record AND record IN (SELECT value FROM json_each(?))"


def documents(archive: Archive, versions: Iterable[Version], position: int | None = None) -> Iterator[Document]:
    """Yield the documents of versions, as their records stand now or stood at a ledger position."""
    waiting = iter(versions)
    while chunk := list(islice(waiting, CHUNK)):
        numbers = sorted({one.record for one in chunk})
        if position is None:
            rows = archive.connection.execute(_RECORDS, (json.dumps(numbers),))
            known = {row[0]: row[1:] for row in rows}
            told = pairs(archive.connection, numbers)
            several = {row[0] for row in archive.connection.execute(_SEVERAL, (json.dumps(numbers),))}
        else:
            known = {one: past.record(archive.connection, one, position) for one in numbers}
            standing = {one: row[0] for one, row in known.items()}
            told = past.pairs(archive.connection, standing, position)
            several = set()
        others = _contents(archive, told, {one.id for one in chunk})
        for one in chunk:
            if one.id not in told and one.record in known:
                facts = _facts(one, known[one.record], one.record in several, others[one.id])
                yield document(one, facts, others[one.id])


def pairs(connection: sqlite3.Connection, records: Sequence[int] | None = None) -> dict[int, int]:
    """Return which version tells again what a standing one tells, of some records or of all."""
    if records is None:
        return dict(connection.execute(_PAIRS.format(of="")).fetchall())
    script = _PAIRS.format(of="AND record IN (SELECT value FROM json_each(?))")
    return dict(connection.execute(script, (json.dumps(records),)).fetchall())


def _contents(archive: Archive, told: dict[int, int], standing: set[int]) -> defaultdict[int, list[Content]]:
    """Return by standing version what its counterparts hold."""
    found: defaultdict[int, list[Content]] = defaultdict(list)
    asked = {again: of for again, of in told.items() if of in standing}
    for version in archive.version(sorted(asked)):
        found[asked[version.id]].append(version.content)
    return found


def _facts(version: Version, record: tuple[Any, ...], several: bool, counterparts: list[Content]) -> Facts:
    standing, state, created_at, by_account, list_name, thread, tags = record
    return msgspec.structs.replace(
        facts_of(version, counterparts), state=state, current=standing == version.id, created_at=created_at or "",
        by_account=bool(by_account), list_name=list_name or "", thread=thread or "",
        tags=tuple(json.loads(tags)) if tags else (), several=several,
    )  # fmt: skip
