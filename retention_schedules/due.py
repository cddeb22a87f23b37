"""What has reached its expiry date by a day, by series, and what stops each group from going."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from archive.archive import Archive
from retention_schedules import adoption
from retention_schedules.assignment import UNSCHEDULED
from retention_schedules.schedule import NOTICE_MEANING, Schedule, Series


class DueGroup(Struct, frozen=True):
    """Records of one series whose date has come; ``stopped_by`` says why they are kept all the same.

    ``disposition`` is what the series asks for: destroy, transfer or retain; empty without a series.
    """

    schedule: str
    series: str
    title: str
    records: int
    earliest_on: str
    latest_on: str
    stopped_by: tuple[str, ...]
    disposition: str = ""


def due(archive: Archive, on: date) -> list[DueGroup]:
    """Return the groups that are due on a day, and the records that no rule covers.

    It reads the dates as they stand: :meth:`retention_schedules.expiry.Expiry.catch_up` comes first.
    """
    series = {(one.name, each.key): (one, each) for one in adoption.adopted(archive) for each in one.series}
    rows = archive.connection.execute(
        "SELECT schedule, series, count(*), min(expires_on), max(expires_on) FROM expiry"
        " WHERE expires_on <= ? GROUP BY schedule, series ORDER BY schedule, series",
        (on.isoformat(),),
    )
    found = [_group(series.get(row[:2]), on, *row) for row in rows]
    unscheduled: int = archive.connection.execute(
        "SELECT count(*) FROM expiry WHERE blocked = ?", (UNSCHEDULED,)
    ).fetchone()[0]
    if unscheduled:
        reason = ("no adopted schedule has a rule for them; they are kept",)
        found.append(DueGroup("", UNSCHEDULED, "Records without a series", unscheduled, "", "", reason))
    return found


def _group(
    found: tuple[Schedule, Series] | None, on: date, name: str, key: str, count: int, earliest: str, latest: str
) -> DueGroup:
    if found is None:
        reason = "the schedules have changed since this date was derived; run this again"
        return DueGroup(name, key, key, count, earliest, latest, (reason,))
    schedule, series = found
    stops = tuple(stopped_by(schedule, series, on))
    return DueGroup(name, key, series.title, count, earliest, latest, stops, series.disposition)


def stopped_by(schedule: Schedule, series: Series, on: date) -> list[str]:
    """Return what keeps records of a series from going on a day although their date has come."""
    stops = []
    if on < schedule.approved_on:
        stops.append(f"the schedule itself is not in force on {on}: it is approved from {schedule.approved_on} on")
    elif not schedule.in_force(on):
        stops.append(f"the schedule itself is not in force on {on}: it ends on {schedule.expires_on}")
    if not series.verified:
        stops.append("nobody has checked this series against its source (verified = false)")
    if series.notice == "N":
        stops.append(f"{NOTICE_MEANING['N']} (Wis. Stat. § 19.21(4)(a))")
    return [*stops, "no disposition has been approved"]
