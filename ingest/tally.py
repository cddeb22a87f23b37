"""The closing count of an accession: what was in the backup, and where each item went."""

from __future__ import annotations

from collections import Counter
from typing import Any

from archive.errors import ExitCode, MunimentError


class CountMismatch(MunimentError):
    """The closing count does not add up: a bug, found before the accession could be closed."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, items: int, explained: int) -> None:
        super().__init__(
            f"The backup has {items} items, but {explained} are accounted for. The accession stays open; "
            "nothing that was taken in is lost. Please report this with the output of `muniment --debug`."
        )


class Tally:
    """Counts of one accession: items = added + held + edited + quarantined.

    ``held`` includes ``reread`` (the platform's content is the same, a newer reader reads it better),
    ``counterparts`` (another format told the same before) and ``disposed`` (its record was lawfully disposed of and
    does not come back).
    ``remarks`` are defects that cost no item.
    """

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.added = 0
        self.held = 0
        self.edited = 0
        self.reread = 0
        self.counterparts = 0
        self.disposed = 0
        self.quarantined = 0
        self.remarks = 0
        self.missing = 0
        self.restored = 0

    @property
    def items(self) -> int:
        """Items that the backup gave, readable or not."""
        return sum(self.kinds.values()) + self.quarantined

    def count_version(self, explained_by: str) -> None:
        """Count a further version of a held record by the finding that explains it."""
        if explained_by == "reread":
            self.reread += 1
        elif explained_by == "counterpart":
            self.counterparts += 1
        else:
            self.edited += 1
            return
        self.held += 1

    def check(self) -> None:
        """Raise :class:`CountMismatch` unless every item is accounted for."""
        explained = self.added + self.held + self.edited + self.quarantined
        if explained != self.items:
            raise CountMismatch(self.items, explained)

    def facts(self) -> dict[str, Any]:
        """Return the counts as they stand in the ledger."""
        return {
            "items": self.items,
            "added": self.added,
            "held": self.held,
            "edited": self.edited,
            "reread": self.reread,
            "counterparts": self.counterparts,
            "disposed": self.disposed,
            "quarantined": self.quarantined,
            "remarks": self.remarks,
            "missing": self.missing,
            "restored": self.restored,
            "kinds": dict(sorted(self.kinds.items())),
        }
