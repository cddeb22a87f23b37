"""What was deleted or hidden, and when: by the windows of findings, and of what was hidden when first seen.

Two backups tell that something went between them, not on which day. So *surely within* a period are those
whose whole window lies in it, *possibly within* those whose window reaches into it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

KINDS = {"removed": ("missing", "removed"), "hidden": ("hidden",)}
"""The findings that answer a filter."""

_FIRST_SEEN = {"removed": "c.audience = 'removed'", "hidden": "c.audience IN ('hidden', 'spam')"}
"""What a record's first version shows when the city or a platform took it down before it was first backed up."""

_WINDOWS = """
SELECT f.record, f.kind, coalesce(f.after_at, ''), coalesce(f.by_at, f.after_at, ''), f.cause FROM finding f
WHERE f.kind IN ({kinds}) AND f.seq <= :upto {of}
UNION ALL
SELECT v.record, :name || ' when first seen', coalesce(c.removed_at, c.created_at, ''),
    coalesce(c.removed_at, a.exported_at), 'unknown'
FROM record r JOIN version v ON v.id = r.id JOIN content c ON c.id = v.id JOIN accession a ON a.id = v.accession
WHERE v.seq <= :upto AND {first} {of_first}
  AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.record = r.id AND f.kind IN ({kinds}) AND f.seq <= :upto)
ORDER BY 1, 3
"""

Sureness = Literal["surely", "possibly"]


class Window(Struct, frozen=True):
    """Between two stored times something happened to a record; ``after`` is empty where nothing tells."""

    record: int
    kind: str
    after: str
    by: str
    cause: str

    def within(self, first: str, last: str) -> Sureness | None:
        """Say whether this happened from one stored time to another (exclusive): surely, possibly, or not."""
        if self.after == self.by:
            return "surely" if first <= self.by < last else None
        if self.after and first <= self.after and self.by < last:
            return "surely"
        return "possibly" if self.after < last and self.by >= first else None


def windows(connection: sqlite3.Connection, name: str, upto: int, records: list[int] | None = None) -> Iterator[Window]:
    """Yield what was ``removed`` or ``hidden``, of some records or of all, as known at a ledger position."""
    only = "IN (SELECT value FROM json_each(:records))"
    script = _WINDOWS.format(
        kinds=", ".join(f"'{kind}'" for kind in KINDS[name]), first=_FIRST_SEEN[name],
        of="" if records is None else f"AND f.record {only}", of_first="" if records is None else f"AND r.id {only}",
    )  # fmt: skip
    for row in connection.execute(script, {"name": name, "upto": upto, "records": json.dumps(records)}):
        record, kind, one, other, cause = row
        after, by = sorted((one, other)) if one else (one, other)  # backups taken in under dates that contradict them
        yield Window(record, kind, after, by, cause)


class Happened(Struct, frozen=True):
    """What happened to a record in a period: surely or possibly, and by which windows."""

    sureness: Sureness
    windows: tuple[Window, ...]


def within(connection: sqlite3.Connection, name: str, period: tuple[str, str], upto: int) -> dict[int, Happened]:
    """Return the records to which it happened from one stored time to another."""
    found: dict[int, Happened] = {}
    for window in windows(connection, name, upto):
        answer = window.within(*period)
        if answer is None:
            continue
        before = found.get(window.record)
        known = before.windows if before is not None else ()
        is_sure = answer == "surely" or (before is not None and before.sureness == "surely")
        found[window.record] = Happened("surely" if is_sure else "possibly", (*known, window))
    return found
