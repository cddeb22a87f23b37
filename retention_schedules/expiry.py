"""Expiry as a follower: for every record the series it falls in and the day it expires.

The table ``expiry`` is derived and can be thrown away. It is written by one process at a time, a chunk to
a transaction; its note in ``follower`` is written last, so that a kill half way only means doing it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from archive.archive import Archive
from archive.followers import Finder, Progress
from retention_schedules.assignment import VERSION, Assignment
from retention_schedules.basis import Basis, basis
from retention_schedules.derivation import CHUNK, MOVED, Dated, aside, changed

PATIENCE = 60.0
"""Seconds to wait for another process that derives the same dates."""

_OF_NO_RECORD = "SELECT record FROM expiry WHERE record NOT IN (SELECT id FROM record)"
_ANY_CHANGED = """
SELECT EXISTS (SELECT 1 FROM record WHERE changed_seq > ?1) OR EXISTS (
    SELECT 1 FROM ledger WHERE event = 'retention.overridden' AND seq > ?1)
"""
_WRITE = "INSERT OR REPLACE INTO expiry VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Expiry:
    """The expiry dates of one archive; ``finder`` answers the searches in rules, if there are any."""

    name = "expiry"

    def __init__(self, archive: Archive, finder: Finder | None = None) -> None:
        self.archive = archive
        self._finder = finder

    @property
    def position(self) -> int:
        """The ledger position that the dates stand at; 0 when all of them must be derived again."""
        return self._position(basis(self.archive))

    def _position(self, on: Basis) -> int:
        row = self.archive.connection.execute(
            "SELECT position, fingerprint FROM follower WHERE name = ?", (self.name,)
        ).fetchone()
        return row[0] if row and row[1] == _fingerprint(on) else 0

    def catch_up(self, progress: Progress | None = None) -> None:
        """Derive the dates of records that changed; of all of them when what they rest on did."""
        if self.position >= self.archive.head():
            return
        with self.archive.alone(self.name, PATIENCE):
            on = basis(self.archive)
            self._derive(on, self._position(on), progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Derive all dates again."""
        with self.archive.alone(self.name, PATIENCE):
            self._derive(basis(self.archive), 0, progress)

    def _derive(self, on: Basis, after: int, progress: Progress | None) -> None:
        head = self.archive.head()
        if not after or self.archive.connection.execute(_ANY_CHANGED, (after,)).fetchone()[0]:
            with self._dated(Assignment(self.archive, on, self._finder), after, progress) as rows:
                self._write(rows)
        self._note(head, _fingerprint(on))

    @contextmanager
    def _dated(self, assignment: Assignment, after: int, progress: Progress | None) -> Iterator[Iterator[Dated]]:
        """Give the dates to write: of what changed, or all that moved where records rest on each other."""
        if assignment.basis.is_local:
            yield changed(self.archive, assignment, after, progress)
            return
        with aside(self.archive, assignment, progress) as connection:
            yield iter(connection.execute(MOVED))

    def _write(self, rows: Iterator[Dated]) -> None:
        while chunk := list(islice(rows, CHUNK)):
            with self.archive.state_transaction() as connection:
                connection.executemany(_WRITE, chunk)

    def _note(self, position: int, fingerprint: str) -> None:
        gone = self.archive.connection.execute(_OF_NO_RECORD).fetchall()
        with self.archive.state_transaction() as connection:
            connection.executemany("DELETE FROM expiry WHERE record = ?", gone)
            connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?, ?)", (self.name, position, fingerprint))


def _fingerprint(on: Basis) -> str:
    return f"{VERSION}:{on.fingerprint}"
