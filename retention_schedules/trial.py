"""Dates on another basis, tried beside the archive's own: nothing of the archive is changed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from archive import database, state
from archive.archive import Archive
from archive.followers import Progress
from retention_schedules.assignment import Assignment
from retention_schedules.derivation import Tables, derive

MOVED = """
SELECT a.* FROM temp.expiry a LEFT JOIN main.expiry e ON e.record = a.record
WHERE e.record IS NULL OR (a.schedule, a.series, a.rule, a.trigger, a.cutoff_on, a.expires_on, a.blocked)
    IS NOT (e.schedule, e.series, e.rule, e.trigger, e.cutoff_on, e.expires_on, e.blocked)
"""
"""The dates of a trial that are other ones than the archive's."""


@contextmanager
def tried(archive: Archive, assignment: Assignment, progress: Progress | None = None) -> Iterator[sqlite3.Connection]:
    """Derive the dates of all records into temporary tables of a connection of its own.

    They have the names of the archive's own, and stand before them.
    """
    with closing(database.connect(archive.path)) as connection:
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("BEGIN")
        for statement in state.EXPIRY.split(";\n"):
            temporary = re.sub("CREATE (TABLE|VIEW)", r"CREATE TEMP \1", statement)
            connection.execute(temporary.replace("CREATE INDEX ", "CREATE INDEX temp."))
        derive(Tables(connection, lambda: _alone(connection)), assignment, 0, (), progress)
        connection.execute("COMMIT")
        yield connection


@contextmanager
def _alone(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    yield connection
