"""Why a record expires on its day: the reasoning as a value, and in sentences that can be read aloud in court.

It is derived from the record and the adopted schedules at the moment of asking, by the same steps as the
table ``expiry``, and not read from that table.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from archive.archive import Archive
from archive.reading import no_record
from archive.terminal import safe
from retention_schedules.assignment import COLUMNS, NOT_STARTED, PERMANENT, Assignment, Outcome
from retention_schedules.calendar import LATEST
from retention_schedules.due import stopped_by
from retention_schedules.rules import Match, Traits, grounds
from retention_schedules.schedule import DISPOSITION_MEANING, TRIGGER_MEANING, Series

_RECORD = f"""
SELECT {COLUMNS}, r.created_at IS NOT NULL
FROM record r LEFT JOIN content c ON c.id = r.version WHERE r.id = :record
"""

_BASIS = {
    "captured": "Its date of creation is not known; the day it was taken in, {day}, counts instead.",
    "day": "It was created on {day} at the latest; its source gives the day only.",
    "month": "It was created on {day} at the latest; its source gives the month only.",
    "zone": "It was created on {day} at the latest; its source names no time zone that is known.",
    "exact": "It was created on {day}.",
}
"""What the day rests on, as :attr:`Explanation.basis` names it."""


class Explanation(Struct, frozen=True):
    """What the schedules say of one record. ``outcomes`` are those of every rule that holds, the first counts.

    ``basis`` is what ``created_on`` rests on: exact, day, month or zone (what the source left open), or
    captured. ``stopped_by`` says what keeps the record although its date comes, as things stand now.
    """

    record: int
    traits: Traits
    created_on: date
    basis: str
    outcomes: tuple[Outcome, ...]
    stopped_by: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the reasoning in plain words, a thought to a line."""
        department = safe(self.traits.department) or "no department named"
        lines = [
            f"Record {self.record} is a {self.traits.kind} of account {self.traits.account} ({department}).",
            _BASIS[self.basis].format(day=self.created_on),
        ]
        if not self.outcomes:
            return [*lines, "No adopted schedule has a rule for it. It is unscheduled and kept."]
        first, *others = self.outcomes
        lines += _matched(first.match, self.traits)
        lines += [_other(one) for one in others]
        return lines + _counted(first) + self._kept(first)

    def _kept(self, first: Outcome) -> list[str]:
        if first.expires_on is None or first.expires_on == LATEST:
            return []
        approved = "Nothing is disposed of before two people have approved it."
        return [f"It is kept all the same: {'; '.join(self.stopped_by)}.", approved]


def why(archive: Archive, record: int) -> list[str]:
    """Return the reasoning, a sentence or two a line; raises UnknownRecord, RecordDisposed."""
    return explain(archive, record).lines()


def explain(archive: Archive, record: int) -> Explanation:
    """Return why a record expires when it does; raises UnknownRecord, RecordDisposed."""
    assignment = Assignment(archive)
    asked = {"record": record, "tags": True, "authors": True}
    row = archive.connection.execute(_RECORD, asked).fetchone()
    if row is None:
        raise no_record(archive.connection, record)
    *group, moment, vague, is_known = row
    traits, day = assignment.traits(tuple(group)), assignment.day(moment, vague)
    outcomes = tuple(assignment.ranked(assignment.matches(traits), day))
    stops = _stops(outcomes[0], archive.now_local().date()) if outcomes else []
    return Explanation(record, traits, day, _basis(vague) if is_known else "captured", outcomes, tuple(stops))


def _basis(vague: str) -> str:
    precision = vague.partition("\x1f")[0]
    return precision if precision in ("day", "month") else "zone" if vague else "exact"


def _stops(first: Outcome, today: date) -> list[str]:
    day = max(today, first.expires_on or today)
    return stopped_by(first.match.schedule, first.match.series, day)


def _matched(match: Match, traits: Traits) -> list[str]:
    schedule, series = match.schedule, match.series
    number = f"number {series.code}" if series.code else "no number"
    held = " and ".join(f"its {name} is {value}" for name, value in grounds(match.rule, traits))
    lines = [
        f"Rule {match.rule.number} of the schedule “{schedule.title}” ({schedule.authority}, approved on "
        f"{schedule.approved_on}; {schedule.citation}) puts it into the series “{series.title}” "
        f"({number}; {series.citation}), {f'since {held}' if held else 'as it does every record'}."
    ]
    return [*lines, f"The schedule remarks: {series.note}"] if series.note else lines


def _other(one: Outcome) -> str:
    series = one.match.series
    says = f"Rule {one.match.rule.number} of “{one.match.schedule.title}” (“{series.title}”) holds too"
    if one.expires_on is None:
        return f"{says}, and would not let it go either."
    return f"{says}; by it the record would expire on {one.expires_on}. The rule that keeps it longest counts."


def _counted(first: Outcome) -> list[str]:
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
    done = DISPOSITION_MEANING[series.disposition]
    return [*lines, f"Counted from {first.cutoff_on}, it expires on {first.expires_on}, and is then to be {done}."]


def _start(series: Series) -> str:
    return f"the day of this event: {series.event}" if series.event else TRIGGER_MEANING[series.trigger]
