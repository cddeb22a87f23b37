"""Earlier versions of records whose series counts from being superseded (SUP): a newer version replaced them.

The record itself counts from the day on which a newer backup or list lacked it; its earlier versions may go
before it. A telling of the same in another format replaces nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from archive.archive import Archive
from retention_schedules.basis import Basis
from retention_schedules.days import LocalDays
from retention_schedules.outcomes import Days, ordered, outcome
from retention_schedules.rules import Match
from retention_schedules.schedule import Rule

_EARLIER = """
SELECT v.id, v.record, r.account, e.schedule, e.series, e.rule, coalesce(r.created_at, r.captured_at),
    (SELECT min(b.exported_at) FROM version w JOIN accession b ON b.id = w.accession
     WHERE (w.id = v.record OR (w.record = v.record AND w.id <> w.record)) AND b.exported_at > a.exported_at)
FROM expiry e JOIN record r ON r.id = e.record
JOIN version v ON v.id = r.id OR (v.record = r.id AND v.id <> v.record)
JOIN accession a ON a.id = v.accession
WHERE e.trigger = 'SUP' AND v.id <> r.version
    AND NOT EXISTS (SELECT 1 FROM finding f WHERE f.record = r.id AND f.kind = 'counterpart')
ORDER BY v.id
"""


class Earlier(Struct, frozen=True):
    """A version that a newer one replaced, the series it stands in and when it expires."""

    version: int
    record: int
    schedule: str
    series: str
    replaced_on: date
    expires_on: date


def earlier_versions(archive: Archive, on: Basis) -> Iterator[Earlier]:
    """Yield the replaced versions of records in SUP series, of caught-up dates."""
    if not any(series.trigger == "SUP" for one in on.schedules for series in one.series):
        return
    local = LocalDays(ZoneInfo(on.zone))
    schedules = {one.name: one for one in on.schedules}
    for version, record, account, schedule, series, number, created, replaced in archive.connection.execute(_EARLIER):
        if replaced is None or schedule not in schedules:
            continue
        match = Match(schedules[schedule], schedules[schedule].find(series), Rule(number=number or 0, series=series))
        days = Days(local.day(created), local.day(replaced))
        orders = on.overrides.of(account, record)
        made = ordered(outcome(match, days, account, on.events, on.fiscal_year_start), orders)
        if made.expires_on is not None and made.cutoff_on is not None:
            yield Earlier(version, record, schedule, series, made.cutoff_on, made.expires_on)
