"""Which records a change of schedules, events or overrides would move, and by how much, before it is made."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from archive.archive import Archive
from archive.followers import Finder, Progress
from retention_schedules.assignment import Assignment
from retention_schedules.basis import Basis
from retention_schedules.trial import MOVED, tried

SHOWN = 3
"""Records named as examples of one kind of move."""

_MOVED = f"""
CREATE TEMP TABLE moved AS
SELECT a.record, e.series AS was, a.series AS becomes, a.expires_on,
    julianday(a.expires_on) - julianday(e.expires_on) AS days, a.blocked = '' AND a.expires_on <= '{{today}}' AS is_due,
    CASE WHEN a.series IS NULL THEN 'loses its series'
         WHEN a.expires_on IS e.expires_on THEN iif(e.series IS NULL, 'gains a series', 'same date, on other ground')
         WHEN e.expires_on IS NULL THEN 'gains a date' WHEN a.expires_on IS NULL THEN 'is kept without a date'
         WHEN a.expires_on < e.expires_on THEN 'earlier' ELSE 'later' END AS kind
FROM ({MOVED}) a LEFT JOIN main.expiry e ON e.record = a.record
"""
_EACH = f"""
SELECT a.record, e.series, a.series, e.expires_on, a.expires_on
FROM ({MOVED}) a LEFT JOIN main.expiry e ON e.record = a.record ORDER BY a.record
"""
_MOVES = """
SELECT kind, was, becomes, count(*), min(days), max(days), min(expires_on), total(is_due)
FROM moved GROUP BY 1, 2, 3 ORDER BY kind <> 'earlier', 4 DESC, 1, 2, 3
"""
_EXAMPLES = f"""
SELECT record FROM moved WHERE kind = ? AND was IS ? AND becomes IS ? ORDER BY record LIMIT {SHOWN}
"""


class Move(Struct, frozen=True):
    """Records that one change moves alike. ``kind`` says how; days are counted from the present date to the new one.

    ``least_days`` and ``most_days`` are None where one of both has no date. ``due_now`` is how many would have
    reached their date today, on checked ground. ``examples`` are some records.
    """

    kind: str
    was: str | None
    becomes: str | None
    records: int
    least_days: int | None
    most_days: int | None
    earliest_on: str | None
    due_now: int
    examples: tuple[int, ...]

    def __str__(self) -> str:
        place = f"{self.was or 'no series'} → {self.becomes or 'no series'}"
        how = f", by {_span(self.least_days, self.most_days)}" if self.least_days or self.most_days else ""
        soon = (
            f", the earliest on {self.earliest_on}"
            if self.earliest_on and self.kind != "is kept without a date"
            else ""
        )
        due = f"; {self.due_now:,} would be due today" if self.due_now else ""
        named = ", ".join(map(str, self.examples))
        return f"{self.records:>10,}  {place}: {self.kind}{how}{soon}{due} (such as {named})"


class Moved(Struct, frozen=True):
    """One record that a change moves: its series and expiry date as they are, and as they would be; None for none."""

    record: int
    was: str | None
    becomes: str | None
    was_on: str | None
    becomes_on: str | None

    def __str__(self) -> str:
        place = f"{self.was or 'no series'} → {self.becomes or 'no series'}"
        return f"{self.record:>10}  {place}: {self.was_on or 'no date'} → {self.becomes_on or 'no date'}"


def each(archive: Archive, to: Basis, finder: Finder | None, progress: Progress | None = None) -> Iterator[Moved]:
    """Yield every record that would move, by its number; like :func:`moves` otherwise."""
    with tried(archive, Assignment(archive, to, finder), progress) as connection:
        for row in connection.execute(_EACH):
            yield Moved(*row)


def _span(least: int | None, most: int | None) -> str:
    low, high = sorted((abs(least or 0), abs(most or 0)))
    return f"{high:,} days" if low == high else f"{low:,} to {high:,} days"


def moves(archive: Archive, to: Basis, finder: Finder | None, progress: Progress | None = None) -> list[Move]:
    """Return what would move if this were the basis of all dates, what would go earlier first.

    It compares with the dates as they stand: :meth:`retention_schedules.expiry.Expiry.catch_up` comes first.
    """
    today = archive.now_local().date().isoformat()
    with tried(archive, Assignment(archive, to, finder), progress) as connection:
        connection.execute(_MOVED.format(today=today))
        return [_read(connection, row) for row in connection.execute(_MOVES).fetchall()]


def _read(connection: sqlite3.Connection, row: tuple[Any, ...]) -> Move:
    kind, was, becomes, count, least, most, earliest, due_now = row
    days = [int(one) if one is not None else None for one in (least, most)]
    named = tuple(one[0] for one in connection.execute(_EXAMPLES, (kind, was, becomes)))
    return Move(kind, was, becomes, count, days[0], days[1], earliest, int(due_now), named)
