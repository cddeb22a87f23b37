"""Which series a record falls in and on what day it expires: the adopted schedules applied to records.

Where several rules hold, the record is kept for the one that lets it go last: a permanent series wins over
all, then one whose event has not happened yet, then the latest expiry date. Answers are remembered by
traits and by day, so a million records ask the rules a few thousand times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from archive import clock
from archive.archive import Archive
from retention_schedules import adoption
from retention_schedules.calendar import LATEST, add, cutoff, local_day
from retention_schedules.rules import Match, Traits, applies, every_rule

VERSION = 2
"""Raised whenever the same records under the same schedules would get other dates."""

UNSCHEDULED = "unscheduled"
UNVERIFIED = "unverified"
PERMANENT = "permanent"
NOT_STARTED = "not started"

COLUMNS = """
r.account, r.platform, r.kind, r.audience,
CASE WHEN :tags THEN coalesce(r.tags, '') ELSE '' END,
CASE WHEN :authors THEN coalesce(r.author_name, '') || char(31) || coalesce(r.author_handle, '') ELSE '' END,
coalesce(r.created_at, r.captured_at),
CASE WHEN r.created_at IS NOT NULL AND (c.created_precision IN ('day', 'month') OR c.created_zone = 'unknown')
     THEN coalesce(c.created_precision, '') || char(31) || coalesce(c.created_zone, '') ELSE '' END
"""
"""What is asked of ``record r LEFT JOIN content c ON c.id = r.version``: six traits, the moment that counts
(when it was taken in, where its creation is not known), and how vague that moment is."""

Assigned = tuple[str | None, str | None, int | None, str | None, str | None, str | None, str]
"""Schedule, series, rule, trigger, cutoff date, expiry date, and what keeps it from expiring."""

_NOTHING: Assigned = (None, None, None, None, None, None, UNSCHEDULED)


class Outcome(Struct, frozen=True):
    """What one rule makes of a record created on a day; ``by_floor`` if the floor lengthened its period.

    ``cutoff_on`` is the day from which the period counts, None before the event. ``blocked`` says why
    the record does not expire even on ``expires_on``; empty if nothing in the schedule prevents it.
    """

    match: Match
    cutoff_on: date | None
    expires_on: date | None
    blocked: str
    by_floor: bool = False


class Assignment:
    """The adopted schedules of one archive, ready to be applied to its records."""

    def __init__(self, archive: Archive) -> None:
        self._rules = every_rule(adoption.adopted(archive))
        self._zone = archive.timezone
        self._fiscal = archive.fiscal_year_start
        self._departments: dict[str, str] = dict(archive.connection.execute("SELECT id, department FROM account"))
        self._holding: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._assigned: dict[tuple[tuple[int, ...], date], Assigned] = {}
        self._days: dict[str, date | None] = {}

    @property
    def parameters(self) -> dict[str, bool]:
        """What :data:`COLUMNS` needs to know: whether any rule asks for tags, and for authors."""
        return {
            "tags": any(one.rule.tag for one in self._rules),
            "authors": any(one.rule.author for one in self._rules),
        }

    def of(self, row: tuple[str, ...]) -> Assigned:
        """Return what the schedules say of one row of :data:`COLUMNS`."""
        group = row[:6]
        holding = self._holding.get(group)
        if holding is None:
            holding = self._holding[group] = self._rules_for(group)
        if not holding:
            return _NOTHING
        key = (holding, self.day(row[6], row[7]))
        assigned = self._assigned.get(key)
        if assigned is None:
            assigned = self._assigned[key] = _flat(self.ranked((self._rules[one] for one in holding), key[1])[0])
        return assigned

    def matches(self, traits: Traits) -> list[Match]:
        """Return the rules that hold for a record with these traits, in the schedules' order."""
        return [one for one in self._rules if applies(one.rule, traits)]

    def _rules_for(self, group: tuple[str, ...]) -> tuple[int, ...]:
        traits = self.traits(group)
        return tuple(number for number, one in enumerate(self._rules) if applies(one.rule, traits))

    def traits(self, group: tuple[str, ...]) -> Traits:
        """Return a record's traits from the first six of :data:`COLUMNS`."""
        account, platform, kind, audience, tags, author = group
        return Traits(
            account,
            self._departments.get(account, ""),
            platform,
            kind,
            audience,
            tuple(json.loads(tags)) if tags else (),
            tuple(one for one in author.split("\x1f") if one),
        )

    def day(self, moment: str, vague: str = "") -> date:
        """Return the local date on which a stored time was at the latest.

        Answers are remembered by the hour, except for the hours in which the date changes: not every
        zone is whole hours from UTC.
        """
        if vague:
            precision, _, zone_source = vague.partition("\x1f")
            return local_day(clock.read_stored(moment), self._zone, precision, zone_source)
        hour = moment[:13]
        if hour not in self._days:
            self._days[hour] = self._day_of_hour(hour)
        return self._days[hour] or local_day(clock.read_stored(moment), self._zone)

    def _day_of_hour(self, hour: str) -> date | None:
        start = clock.read_stored(f"{hour}:00:00.000Z")
        day = local_day(start, self._zone)
        return day if local_day(start + timedelta(minutes=59, seconds=59.999), self._zone) == day else None

    def ranked(self, matches: Iterable[Match], created_on: date) -> list[Outcome]:
        """Return what each rule makes of a record created on a day, the one that counts first.

        Of equals the verified one comes first, then the earlier rule.
        """
        return sorted((self._outcome(one, created_on) for one in matches), key=_rank, reverse=True)

    def _outcome(self, match: Match, created_on: date) -> Outcome:
        series, floor = match.series, match.schedule.floor
        start = cutoff(created_on, series.trigger, self._fiscal)
        if start is None or series.period is None:
            return Outcome(match, None, None, PERMANENT if series.trigger == "PERM" else NOT_STARTED)
        ends = add(start, series.period)
        shortest = add(start, floor.period) if floor is not None and not series.code else ends
        blocked = "" if series.verified else UNVERIFIED
        return Outcome(match, start, max(ends, shortest), blocked, shortest > ends)


def _rank(outcome: Outcome) -> tuple[bool, date, bool]:
    return outcome.blocked == PERMANENT, outcome.expires_on or LATEST, outcome.match.series.verified


def _flat(outcome: Outcome) -> Assigned:
    match = outcome.match
    return (
        match.schedule.name,
        match.series.key,
        match.rule.number,
        match.series.trigger,
        outcome.cutoff_on.isoformat() if outcome.cutoff_on else None,
        outcome.expires_on.isoformat() if outcome.expires_on else None,
        outcome.blocked,
    )
