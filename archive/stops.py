"""What keeps records whose date has come: holds, open requests, whatever a room puts in the way.

The rooms that know of such things do not know each other; each gives a :class:`Stopper`, and whoever asks
"what stops this record?" asks them all. What the schedules themselves say is the retention room's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct


class Stop(Struct, frozen=True):
    """One thing that keeps records from going.

    ``what`` is one word for scripts (hold, request), ``reason`` says to everybody why, with its citation and
    without words that only some may see. ``records`` are the ids of the records it keeps; a set is best. With
    ``of_all`` nobody can tell yet which they are, so that nothing at all may go.
    """

    what: str
    reason: str
    records: Collection[int] = frozenset()
    of_all: bool = False

    def keeps(self, record: int) -> bool:
        """Say whether it keeps one record."""
        return self.of_all or record in self.records


class Stopper(Protocol):
    """A room's answer to the question what may not go."""

    def stops(self, on: date) -> Sequence[Stop]:
        """Return everything that keeps records on a day, as things stand now; those that keep none are left out."""
        ...


def all_stops(stoppers: Iterable[Stopper], on: date) -> list[Stop]:
    """Return what all of them say."""
    return [stop for one in stoppers for stop in one.stops(on)]
