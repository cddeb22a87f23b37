"""Expiry as a follower: for every record the series it falls in and the day it expires.

The tables behind the view ``expiry`` are derived and can be thrown away. They are written by one process at a time,
a chunk to a transaction; its note in ``follower`` is written last, so that a kill half way only means doing it again.
"""

from __future__ import annotations

from archive.archive import Archive
from archive.followers import Finder, Progress
from retention_schedules.assignment import VERSION, Assignment
from retention_schedules.basis import Basis, basis
from retention_schedules.derivation import Tables, answers_changed, derive, forget_gone, keep_answers

PATIENCE = 60.0
"""Seconds to wait for another process that derives the same dates."""

_ORDERED = """
SELECT CAST(substr(subject, 8) AS INTEGER) FROM ledger
WHERE event = 'retention.overridden' AND seq > ? AND subject LIKE 'record:%'
"""


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
        tables = Tables(self.archive.connection, self.archive.state_transaction)
        gone = forget_gone(tables)
        besides = {row[0] for row in self.archive.connection.execute(_ORDERED, (after,))} if after else set()
        changed = not after or gone or besides or self._changed(after)
        if changed or on.queries:
            assignment = Assignment(self.archive, on, self._finder)
            besides |= answers_changed(tables, assignment)
            if changed or besides:
                derive(tables, assignment, after, besides, progress)
            keep_answers(tables, assignment)
        with self.archive.state_transaction() as connection:
            note = (self.name, head, _fingerprint(on))
            connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?, ?)", note)

    def _changed(self, after: int) -> bool:
        row = self.archive.connection.execute("SELECT 1 FROM record WHERE changed_seq > ? LIMIT 1", (after,)).fetchone()
        return row is not None


def _fingerprint(on: Basis) -> str:
    return f"{VERSION}:{on.fingerprint}"
