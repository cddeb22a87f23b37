"""Expiry as a follower: for every record the series it falls in and the day it expires.

The table ``expiry`` is derived and can be thrown away. It is written by one process at a time, a chunk to
a transaction; its note in ``follower`` is written last, so that a kill half way only means doing it again.
"""

from __future__ import annotations

from itertools import islice

from archive.archive import Archive
from archive.followers import Progress
from retention_schedules import adoption
from retention_schedules.assignment import COLUMNS, VERSION, Assignment

CHUNK = 5_000
"""Dates written in one transaction; other writers wait no longer than that takes."""

PATIENCE = 60.0
"""Seconds to wait for another process that derives the same dates."""

_CHANGED = f"""
SELECT r.id, {COLUMNS}
FROM record r LEFT JOIN content c ON c.id = r.version
WHERE r.changed_seq > :after
"""
_OF_NO_RECORD = "SELECT record FROM expiry WHERE record NOT IN (SELECT id FROM record)"
_WRITE = "INSERT OR REPLACE INTO expiry VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Expiry:
    """The expiry dates of one archive."""

    name = "expiry"

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @property
    def position(self) -> int:
        """The ledger position that the dates stand at; 0 when all of them must be derived again."""
        row = self.archive.connection.execute(
            "SELECT position, fingerprint FROM follower WHERE name = ?", (self.name,)
        ).fetchone()
        return row[0] if row and row[1] == self._fingerprint() else 0

    def _fingerprint(self) -> str:
        return f"{VERSION}:{adoption.fingerprint(self.archive)}"

    def catch_up(self, progress: Progress | None = None) -> None:
        """Derive the dates of records that changed; of all of them when schedules or the calendar did."""
        if self.position >= self.archive.head():
            return
        with self.archive.alone(self.name, PATIENCE):
            self._derive(self.position, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Derive all dates again."""
        with self.archive.alone(self.name, PATIENCE):
            self._derive(0, progress)

    def _derive(self, after: int, progress: Progress | None) -> None:
        head, fingerprint = self.archive.head(), self._fingerprint()
        assignment = Assignment(self.archive)
        reads = self.archive.connection
        total = reads.execute("SELECT count(*) FROM record WHERE changed_seq > ?", (after,)).fetchone()[0]
        found = reads.execute(_CHANGED, {"after": after, **assignment.parameters})
        rows = ((row[0], *assignment.of(row[1:])) for row in found)
        done = 0
        while chunk := list(islice(rows, CHUNK)):
            with self.archive.state_transaction() as connection:
                connection.executemany(_WRITE, chunk)
            done += len(chunk)
            if progress:
                progress(done, total)
        self._note(head, fingerprint)

    def _note(self, position: int, fingerprint: str) -> None:
        gone = self.archive.connection.execute(_OF_NO_RECORD).fetchall()
        with self.archive.state_transaction() as connection:
            connection.executemany("DELETE FROM expiry WHERE record = ?", gone)
            connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?, ?)", (self.name, position, fingerprint))
