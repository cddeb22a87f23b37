"""Whether a record may go now: due under a verified series of a schedule in force, and nothing in its way.

Asked when a batch is proposed, and again inside every transaction that deletes.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from archive.archive import Archive
from retention_schedules import adoption
from retention_schedules.adoption import Adoption
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Batch
from retention_schedules.holds.standing import REQUEST, Standing, held_records
from retention_schedules.schedule import Schedule, Series
from retention_schedules.stopping import bars

HELD = "hold"
REQUESTED = "request"
CHANGED = "changed"
NOT_DUE = "not due"
GONE = "gone"
TAKEN_BACK = "withdrawn"
REASONS = (GONE, CHANGED, NOT_DUE, HELD, REQUESTED)

REASON_MEANING = {
    TAKEN_BACK: "withdrawn before they went",
    GONE: "had been disposed of already",
    CHANGED: "changed after the proposal",
    NOT_DUE: "no longer due under this series and schedule",
    HELD: "under a hold",
    REQUESTED: "asked for by a records request (Wis. Stat. § 19.35(5))",
}

_AS_PROPOSED = """
SELECT j.value, r.id IS NULL,
    r.changed_seq > :position OR EXISTS (
        SELECT 1 FROM version v WHERE v.record = r.id AND v.id <> v.record AND v.seq > :position),
    e.record IS NOT NULL
FROM json_each(:records) j LEFT JOIN record r ON r.id = j.value
LEFT JOIN expiry e ON e.record = j.value AND e.schedule = :schedule AND e.series = :series
    AND e.expires_on <= :today AND e.blocked = ''
"""


class InForce(Struct, frozen=True):
    """A series that authorises disposition: its schedule, the ledger row that adopted it, the TOML's digest."""

    schedule: Schedule
    series: Series
    adopted_seq: int
    digest: str


def in_force(archive: Archive, today: date) -> dict[tuple[str, str], InForce]:
    """Return the series that authorise disposition on a day: adopted by two, in force, verified."""
    return {
        (one.schedule.name, series.key): InForce(one.schedule, series, one.seq, one.sha256)
        for one in adoption.adoptions(archive)
        for series in one.schedule.series
        if not why_not(one, series, today)
    }


def why_not(adopted: Adoption, series: Series, today: date) -> str:
    """Return why a series authorises nothing on a day, empty if it does."""
    if adopted.schedule.example:
        return "the schedule is an example of another jurisdiction"
    if series.disposition == "retain":
        return "its records are to be looked at again and retained"
    return "; ".join(bars(adopted, series, today))


def fitness(
    connection: sqlite3.Connection,
    records: Sequence[int],
    facts: dict[str, Any],
    today: date,
    standing: Sequence[Standing],
) -> dict[int, str]:
    """Return why each record of a batch must stay, empty for those that may go; ``facts`` are the proposal's."""
    asked = {
        "records": json.dumps(list(records)), "position": facts["position"], "schedule": facts["schedule"],
        "series": facts["series"], "today": today.isoformat(),
    }  # fmt: skip
    requested = held_records(connection, (one for one in standing if one.kind == REQUEST))
    held = held_records(connection, (one for one in standing if one.kind != REQUEST))
    of_all = REQUESTED if any(one.of_all and one.kind == REQUEST for one in standing) else ""
    verdict: dict[int, str] = {}
    for record, is_gone, is_changed, is_due in connection.execute(_AS_PROPOSED, asked):
        if is_gone:
            verdict[record] = GONE
        elif is_changed:
            verdict[record] = CHANGED
        elif not is_due:
            verdict[record] = NOT_DUE
        else:
            verdict[record] = HELD if record in held else REQUESTED if record in requested else of_all
    return verdict


def foreseen(archive: Archive, batch: Batch, standing: Sequence[Standing]) -> tuple[int, dict[str, int]]:
    """Return how many records of a batch would go today, and how many would stay, by reason."""
    today = archive.now_local().date()
    verdict = fitness(archive.connection, batches.records(archive, batch), batch.facts, today, standing)
    found = Counter(verdict.values())
    return found[""], {reason: found[reason] for reason in REASONS if found[reason]}
