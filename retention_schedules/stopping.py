"""What keeps records of a series from going although their date has come: the schedule's own side of it.

*Bars* are faults of the ground itself: with one, nothing of the series can be proposed. *Steps* are what the law
asks before anything goes. What else keeps single records (holds, requests) is told by ``archive.stops``.
"""

from __future__ import annotations

from datetime import date

from retention_schedules.adoption import Adoption
from retention_schedules.schedule import NOTICE_MEANING, Schedule, Series


def bars(adoption: Adoption, series: Series, on: date) -> list[str]:
    """Return why nothing of a series may be proposed on a day; empty if its ground holds."""
    found = _not_in_force(adoption.schedule, on)
    if not adoption.second:
        found.append(
            "the schedule was adopted by one person, without evidence: it authorises nothing until two adopt it"
        )
    if not series.verified:
        found.append("nobody has checked this series against its source (verified = false)")
    return found


def _not_in_force(schedule: Schedule, on: date) -> list[str]:
    if schedule.in_force(on):
        return []
    outside = f"the schedule itself is not in force on {on}"
    if on < schedule.approved_on:
        return [f"{outside}: it is approved from {schedule.approved_on} on"]
    if on < schedule.begins_on:
        return [f"{outside}: it is adopted from {schedule.adopted_on} on"]
    return [f"{outside}: it ends on {schedule.expires_on}"]


def steps(series: Series) -> list[str]:
    """Return what has to happen before records of a series go."""
    notice = [f"{NOTICE_MEANING['N']} (Wis. Stat. § 19.21(4)(a))"] if series.notice == "N" else []
    return [*notice, "no disposition has been approved"]


def stopped_by(adoption: Adoption, series: Series, on: date) -> list[str]:
    """Return both."""
    return [*bars(adoption, series, on), *steps(series)]
