"""Dates for many records at once, read in one pass; where records rest on each other, in a table aside first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

from archive import database
from archive.archive import Archive
from archive.followers import Progress
from retention_schedules import threads
from retention_schedules.assignment import COLUMNS, WIDTH, Assignment

Dated = tuple[Any, ...]
"""A row of the table ``expiry``: the record and what is :data:`retention_schedules.assignment.Assigned` to it."""

_ROWS = f"""
SELECT r.id, {COLUMNS}, e.schedule, e.series, e.rule, e.trigger, e.cutoff_on, e.expires_on, e.blocked
FROM record r LEFT JOIN content c ON c.id = r.version LEFT JOIN expiry e ON e.record = r.id
"""
_CHANGED = """
WHERE r.changed_seq > :after OR r.id IN (
    SELECT CAST(substr(subject, 8) AS INTEGER) FROM ledger
    WHERE event = 'retention.overridden' AND seq > :after AND subject LIKE 'record:%')
"""
_ALL_ROWS = f"SELECT r.id, {COLUMNS} FROM record r LEFT JOIN content c ON c.id = r.version"

ASIDE = """
CREATE TEMP TABLE aside (
    record INTEGER PRIMARY KEY, schedule TEXT, series TEXT, rule INTEGER, trigger TEXT,
    cutoff_on TEXT, expires_on TEXT, blocked TEXT NOT NULL
)
"""
MOVED = """
SELECT a.* FROM aside a LEFT JOIN expiry e ON e.record = a.record
WHERE e.record IS NULL OR (a.schedule, a.series, a.rule, a.trigger, a.cutoff_on, a.expires_on, a.blocked)
    IS NOT (e.schedule, e.series, e.rule, e.trigger, e.cutoff_on, e.expires_on, e.blocked)
"""
CHUNK = 5_000


def changed(archive: Archive, assignment: Assignment, after: int, progress: Progress | None) -> Iterator[Dated]:
    """Yield the dates that differ from those in the table, of records that changed after a ledger row."""
    reads = archive.connection
    total = reads.execute("SELECT count(*) FROM record WHERE changed_seq > ?", (after,)).fetchone()[0]
    found = reads.execute(_ROWS + (_CHANGED if after else ""), {"after": after, **assignment.parameters})
    split = 1 + WIDTH
    for done, (row, assigned) in enumerate(assignment.each(found), 1):
        if assigned != row[split:]:
            yield (row[0], *assigned)
        if progress and (done % CHUNK == 0 or done == total):
            progress(done, total)


@contextmanager
def aside(archive: Archive, assignment: Assignment, progress: Progress | None = None) -> Iterator[sqlite3.Connection]:
    """Derive the dates of all records into the temporary table ``aside`` of a connection of its own.

    The archive's table stays as it is, so that nobody ever reads a date before its conversation is tied.
    """
    with closing(database.connect(archive.path)) as connection:
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute(ASIDE)
        connection.execute("BEGIN")
        total = connection.execute("SELECT count(*) FROM record").fetchone()[0]
        rows = archive.connection.execute(_ALL_ROWS, assignment.parameters)
        dated = ((row[0], *assigned) for row, assigned in assignment.each(rows))
        done = 0
        while chunk := list(islice(dated, CHUNK)):
            connection.executemany("INSERT INTO aside VALUES (?, ?, ?, ?, ?, ?, ?, ?)", chunk)
            done += len(chunk)
            if progress:
                progress(done, total)
        threads.tie(connection, "aside", assignment.basis.whole_threads)
        connection.execute("COMMIT")
        yield connection
