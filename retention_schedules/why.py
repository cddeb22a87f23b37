"""Why a record expires on its day, in a few lines that can be read aloud in court."""

from __future__ import annotations

from archive import clock
from archive.archive import Archive
from archive.reading import UnknownRecord
from retention_schedules.expiry import PERMANENT, UNVERIFIED, Assignment, kept_for
from retention_schedules.rules import Match, Traits, matches
from retention_schedules.schedule import NOTICE_MEANING, TRIGGER_MEANING

_RECORD = """
SELECT account, platform, kind, audience, coalesce(tags, ''),
    coalesce(author_name, '') || char(31) || coalesce(author_handle, ''), created_at, captured_at
FROM record WHERE id = ?
"""


def why(archive: Archive, record: int) -> list[str]:
    """Return the reasoning, a sentence a line."""
    row = archive.connection.execute(_RECORD, (record,)).fetchone()
    if row is None:
        raise UnknownRecord(record)
    assignment = Assignment(archive)
    traits = assignment.traits(*row[:6])
    created_at, captured_at = row[6], row[7]
    day = assignment.local_day(created_at or captured_at)
    lines = [f"Record {record} is a {traits.kind} of account {traits.account} ({_department(traits)})."]
    if created_at:
        lines.append(f"It was created on {day}.")
    else:
        lines.append(f"Its date of creation is not known; the day it was taken in, {day}, counts instead.")
    found = matches(assignment.schedules, traits)
    if not found:
        return [*lines, "No adopted schedule has a rule for it. It is unscheduled and kept."]
    return lines + _reasoning(found, assignment, day.isoformat(), archive)


def _department(traits: Traits) -> str:
    return traits.department or "no department named"


def _reasoning(found: list[Match], assignment: Assignment, day: str, archive: Archive) -> list[str]:
    winner = found[0]
    series, period = winner.series, kept_for(winner)
    _, _, _, _, start, ends, blocked = assignment.dated(winner, clock.read_date(day))
    number = f"number {series.code}" if series.code else "no number"
    lines = [
        f"Rule {winner.rule.number} of the schedule “{winner.schedule.name}” puts it into the series "
        f"“{series.title}” ({number}; {series.citation})."
    ]
    lines.extend(_losers(found))
    if blocked == PERMANENT or period is None:
        return [*lines, "That series is permanent: the record never expires."]
    lines.append(f"Its period of {period} counts from {TRIGGER_MEANING[series.trigger]}.")
    floor = winner.schedule.floor
    if floor is not None and period != series.period:
        lines.append(f"The series says {series.period}, but the floor is {floor.period} ({floor.citation}).")
    if ends is None:
        return [*lines, "That has not happened yet, so it does not expire."]
    lines.append(f"Counted from {start}, it expires on {ends}.")
    if blocked == UNVERIFIED:
        lines.append("It is kept all the same: nobody has checked this series against its source (verified = false).")
    if not winner.schedule.in_force(archive.now_local().date()):
        lines.append(f"The schedule itself expired on {winner.schedule.expires_on} and authorises nothing.")
    lines.append(f"Before it may go: {NOTICE_MEANING[series.notice]}, and a disposition approved by two people.")
    return lines


def _losers(found: list[Match]) -> list[str]:
    return [
        f"Rule {one.rule.number} of “{one.schedule.name}” (“{one.series.title}”, {one.series.period}) "
        "applies too, but the longest period wins."
        for one in found[1:]
    ]
