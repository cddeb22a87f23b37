"""How a record's date came about, in sentences that can be read aloud in court."""

from __future__ import annotations

from retention_schedules.assignment import BY_ORDER
from retention_schedules.calendar import LATEST
from retention_schedules.outcomes import KEPT, NOT_STARTED, PERMANENT, Outcome
from retention_schedules.rules import Match, Traits, grounds
from retention_schedules.schedule import DISPOSITION_MEANING, TRIGGER_MEANING, Series


def matched(match: Match, traits: Traits) -> list[str]:
    """Say which rule, or which order, puts a record into its series, and why it holds."""
    schedule, series = match.schedule, match.series
    number = f"number {series.code}" if series.code else "no number"
    if match.rule.number == BY_ORDER:
        return [f"That is the series “{series.title}” ({number}; {series.citation}) of “{schedule.title}”."]
    held = " and ".join(_ground(name, value) for name, value in grounds(match.rule, traits))
    lines = [
        f"Rule {match.rule.number} of the schedule “{schedule.title}” ({schedule.authority}, approved on "
        f"{schedule.approved_on}; {schedule.citation}) puts it into the series “{series.title}” "
        f"({number}; {series.citation}), {f'since {held}' if held else 'as it does every record'}."
    ]
    return [*lines, f"The schedule remarks: {series.note}"] if series.note else lines


def _ground(name: str, value: str) -> str:
    return f"it answers the search “{value}”" if name == "query" else f"its {name} is {value}"


def other(one: Outcome) -> str:
    """Say what a rule that does not count would have made of it."""
    series = one.match.series
    says = f"Rule {one.match.rule.number} of “{one.match.schedule.title}” (“{series.title}”) holds too"
    if one.expires_on is None:
        return f"{says}, and would not let it go either."
    return f"{says}; by it the record would expire on {one.expires_on}. The rule that keeps it longest counts."


def counted(first: Outcome) -> list[str]:
    """Say how the date came about."""
    series, floor = first.match.series, first.match.schedule.floor
    if first.blocked == PERMANENT:
        return ["That series is permanent: the record never expires."]
    lines = [f"Its period of {series.period} counts from {_start(series)}."]
    if first.blocked == NOT_STARTED:
        return [*lines, "That has not been recorded yet, so the record does not expire."]
    if first.by_floor and floor is not None:
        lines.append(f"That is less than the law's floor of {floor.period} ({floor.citation}), so the floor counts.")
    if first.expires_on == LATEST:
        return [*lines, f"Counted from {first.cutoff_on}, it ends after the year 9999: the record does not expire."]
    if first.blocked == KEPT:
        return [*lines, "By that order it does not expire."]
    if first.event is not None and first.cutoff_on != first.event.on:
        lines.append(f"That was on {first.event.on}, before the record was created, so its creation counts.")
    if first.order is not None and first.expires_on == first.order.keep_until:
        return [*lines, f"By that order it expires on {first.expires_on}, later than its series says."]
    done = DISPOSITION_MEANING[series.disposition]
    return [*lines, f"Counted from {first.cutoff_on}, it expires on {first.expires_on}, and is then to be {done}."]


def _start(series: Series) -> str:
    return f"the day of this event: {series.event}" if series.event else TRIGGER_MEANING[series.trigger]
