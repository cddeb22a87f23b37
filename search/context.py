"""Records and what belongs to them: their versions, what they answer, what answers them."""

from __future__ import annotations

from collections.abc import Iterator

from archive.archive import Archive
from archive.reading import no_record
from archive.records import Version
from archive.version_digest import stored_time

DEEPEST = 100
"""Steps up a chain of replies."""


def history(archive: Archive, record: int) -> list[Version]:
    """Return all versions of a record, oldest first."""
    ids = [
        row[0]
        for row in archive.connection.execute(
            "SELECT id FROM version WHERE (id = ?1 AND record = ?1) OR (record = ?1 AND id <> record) ORDER BY id",
            (record,),
        )
    ]
    found = list(archive.version(ids))
    if not found:
        raise no_record(archive.connection, record)
    return found


def current(archive: Archive, record: int) -> Version:
    """Return the version of a record that stands."""
    found = history(archive, record)
    return next((one for one in found if one.current), found[-1])


def conversation(archive: Archive, record: int) -> list[Version]:
    """Return a record's conversation, oldest first: its thread, what it answers, and what answers those."""
    here = current(archive, record)
    members: dict[int, None] = {}
    waiting = [_root(archive, here)]
    if here.content.thread:
        waiting += _numbers(archive, "thread = ? AND account = ?", here.content.thread, here.account)
    while waiting:
        one = waiting.pop()
        if one in members:
            continue
        members[one] = None
        native_id = archive.connection.execute("SELECT native_id FROM record WHERE id = ?", (one,)).fetchone()[0]
        if native_id:
            waiting += _numbers(archive, "parent = ? AND account = ?", native_id, here.account)
    versions = archive.version(_current_ids(archive, list(members)))
    return sorted(versions, key=_when)


def _when(version: Version) -> tuple[str, int]:
    created = version.content.created
    return (stored_time(created.at) if created is not None and created.at is not None else "9", version.record)


def _root(archive: Archive, version: Version) -> int:
    record, parent = version.record, version.content.parent
    for _ in range(DEEPEST):
        above = _numbers(archive, "native_id = ? AND account = ?", parent, version.account) if parent else []
        if not above or above[0] == record:
            break
        record = above[0]
        parent = archive.connection.execute("SELECT parent FROM record WHERE id = ?", (record,)).fetchone()[0]
    return record


def _numbers(archive: Archive, condition: str, *values: str) -> list[int]:
    rows = archive.connection.execute(f"SELECT id FROM record WHERE {condition} ORDER BY id", values)
    return [row[0] for row in rows]


def _current_ids(archive: Archive, records: list[int]) -> Iterator[int]:
    for record in records:
        yield archive.connection.execute("SELECT version FROM record WHERE id = ?", (record,)).fetchone()[0]
