"""What the rooms promise each other through the archive: a finder, and followers of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then during long work."""


class Finder(Protocol):
    """Answers a query with versions; searches and collected sets go through it."""

    def find(self, query: str, at_seq: int | None = None) -> Sequence[int]:
        """Return the ids of the versions that answer, held at ledger position ``at_seq`` (None: now)."""
        ...


class Follower(Protocol):
    """Something derived from the ledger: it can lag, catch up, and be thrown away and rebuilt."""

    @property
    def name(self) -> str:
        """What it is called in messages and in the follower table."""
        ...

    @property
    def position(self) -> int:
        """The ledger position it stands at."""
        ...

    def catch_up(self, progress: Progress | None = None) -> None:
        """Follow the ledger to its head."""
        ...

    def rebuild(self, progress: Progress | None = None) -> None:
        """Derive everything again from nothing."""
        ...
