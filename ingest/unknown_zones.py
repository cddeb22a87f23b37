"""Times whose zone nobody tells: UTC is taken for them, and every accession that has any says so once."""

from __future__ import annotations

from collections.abc import Iterator

from archive.counting import counted
from archive.records import Timestamp
from ingest.ingestor import Defect, Draft, Gap, Ingestor

LONGEST = 80
"""Characters of a time that are shown."""


class UnknownZones:
    """Counts the times of a backup that name no zone, or none that is known. Days alone need none."""

    def __init__(self) -> None:
        self._count = 0
        self._first = ""

    def met(self, item: Draft | Defect | Gap) -> Draft | Defect | Gap:
        """Return an item as it is, once its times are taken into account."""
        if isinstance(item, Draft):
            for moment in (item.created, item.edited, item.removed):
                if moment is not None and moment.zone == "unknown" and _is_exact(moment):
                    self._count += 1
                    self._first = self._first or f"“{moment.raw[:LONGEST]}” in {item.place}"
        return item

    def remarks(self, ingestor: Ingestor) -> Iterator[Defect]:
        """Yield what is to be said of them, nothing if there are none."""
        if self._count:
            times = counted(self._count, "time without a zone", "times without a zone")
            reason = f"{times} that is known (the first: {self._first}): UTC was taken, which may be hours off"
            yield Defect(ingestor.name, reason + ingestor.zone_advice, quarantined=False)


def _is_exact(moment: Timestamp) -> bool:
    return moment.at is not None and moment.precision in ("minute", "second", "millisecond")
