"""What has reached its expiry date by a day, by series, and what stops each group from going."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from archive.archive import Archive
from retention_schedules import adoption
from retention_schedules.expiry import UNSCHEDULED
from retention_schedules.schedule import NOTICE_MEANING, Schedule


class DueGroup(Struct, frozen=True):
    """Records of one series whose date has come; ``stopped_by`` says why they are kept all the same."""

    schedule: str
    series: str
    title: str
    records: int
    earliest_on: str
    latest_on: str
    stopped_by: tuple[str, ...]


def due(archive: Archive, on: date) -> list[DueGroup]:
    """Return the groups that are due on a day, and the records that no rule covers."""
    schedules = {one.name: one for one in adoption.adopted(archive)}
    rows = archive.connection.execute(
        "SELECT schedule, series, count(*), min(expires_on), max(expires_on) FROM expiry"
        " WHERE expires_on <= ? GROUP BY schedule, series ORDER BY schedule, series",
        (on.isoformat(),),
    )
    found = [_group(schedules[row[0]], on, *row[1:]) for row in rows]
    unscheduled: int = archive.connection.execute(
        "SELECT count(*) FROM expiry WHERE blocked = ?", (UNSCHEDULED,)
    ).fetchone()[0]
    if unscheduled:
        reason = ("no adopted schedule has a rule for them; they are kept",)
        found.append(DueGroup("", UNSCHEDULED, "Records without a series", unscheduled, "", "", reason))
    return found


def _group(schedule: Schedule, on: date, key: str, count: int, earliest: str, latest: str) -> DueGroup:
    series = schedule.find(key)
    stops = []
    if not schedule.in_force(on):
        stops.append(f"the schedule itself is not in force on {on} (it expires {schedule.expires_on})")
    if not series.verified:
        stops.append("nobody has checked this series against its source (verified = false)")
    if series.notice == "N":
        stops.append(f"{NOTICE_MEANING['N']} (Wis. Stat. § 19.21(4)(a))")
    stops.append("no disposition has been approved")
    return DueGroup(schedule.name, key, series.title, count, earliest, latest, tuple(stops))
