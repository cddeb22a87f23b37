"""What changed between two runs of a search: what answers since, what answers no more, and why."""

from __future__ import annotations

import json
from typing import Literal

from msgspec import Struct

from archive.archive import Archive
from search.find import Finder

CHANGED = "still held; it answers no more since its state changed"


class Change(Struct, frozen=True):
    """One version that answers at one of two ledger positions only; ``why`` is a sentence for a person."""

    change: Literal["added", "gone"]
    record: int
    version: int
    why: str


def difference(archive: Archive, finder: Finder, query: str, earlier: int, later: int) -> list[Change]:
    """Return what changed from one ledger position to another, by version.

    What has been disposed of since cannot be asked any more: a search at an earlier position tells its number.
    """
    before, after = set(finder.find(query, earlier)), set(finder.find(query, later))
    records = _records(archive, before ^ after)
    added = [Change("added", records[one][0], one, _why_added(records[one], earlier)) for one in sorted(after - before)]
    gone = [Change("gone", records[one][0], one, CHANGED) for one in sorted(before - after)]
    return [*added, *gone]


def _records(archive: Archive, versions: set[int]) -> dict[int, tuple[int, int]]:
    rows = archive.connection.execute(
        "SELECT id, record, seq FROM version WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(versions)),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _why_added(known: tuple[int, int], earlier: int) -> str:
    return (
        f"taken in since, at @{known[1]}" if known[1] > earlier else "held before; it answers since its state changed"
    )
