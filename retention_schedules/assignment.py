"""Which series a record falls in and on what day it expires: the adopted schedules applied to records.

Where several rules hold, the record is kept for the one that lets it go last: a permanent series wins over
all, then one whose event has not happened yet, then the latest expiry date.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from archive.archive import Archive
from archive.followers import Finder
from retention_schedules import searches
from retention_schedules.basis import Basis, basis
from retention_schedules.columns import SEPARATOR
from retention_schedules.days import LocalDays
from retention_schedules.outcomes import (
    KEPT,
    NOT_STARTED,
    PERMANENT,
    THREAD,
    UNSCHEDULED,
    UNVERIFIED,
    Days,
    Outcome,
    ordered,
    outcome,
    rank,
)
from retention_schedules.overrides import Override
from retention_schedules.rules import Match, Traits, applies
from retention_schedules.schedule import Rule

__all__ = ["KEPT", "NOT_STARTED", "PERMANENT", "THREAD", "UNSCHEDULED", "UNVERIFIED", "Assignment", "Outcome"]

VERSION = 3
"""Raised whenever the same records under the same schedules would get other dates."""

Assigned = tuple[str | None, str | None, int | None, str | None, str | None, str | None, str]
"""Schedule, series, rule, trigger, cutoff date, expiry date, and what keeps it from expiring."""

_NOTHING: Assigned = (None, None, None, None, None, None, UNSCHEDULED)

BY_ORDER = 0
"""The number of the rule that a series ordered by a person stands under; in the table it is NULL."""


class Assignment:
    """Schedules, events and overrides, ready to be applied to the records of one archive."""

    def __init__(self, archive: Archive, on: Basis | None = None, finder: Finder | None = None) -> None:
        self.basis = on or basis(archive)
        self.rules = self.basis.rules
        self.answers = searches.answers(archive, self.basis.queries, finder)
        """For each search in the rules the records that answer it."""
        self.local = LocalDays(ZoneInfo(self.basis.zone))

    def matches(self, traits: Traits) -> list[Match]:
        """Return the rules that hold for a record with these traits, in the schedules' order."""
        return [one for one in self.rules if applies(one.rule, traits)]

    def traits(self, key: str, record: int = 0) -> Traits:
        """Return a record's traits from its :func:`retention_schedules.columns.traits`."""
        account, platform, kind, audience, tags, author = key.split(SEPARATOR, 5)
        return Traits(
            account,
            self.basis.departments.get(account, ""),
            platform,
            kind,
            audience,
            tuple(json.loads(tags)) if tags else (),
            tuple(one for one in author.split(SEPARATOR) if one),
            tuple(query for query, records in self.answers.items() if record in records),
        )

    def days(self, moment: str, odd: str | None) -> Days:
        """Return the days in a record's life from :data:`retention_schedules.columns.MOMENT` and ``odd``."""
        precision, zone, absent = odd.split(SEPARATOR) if odd else ("", "", "")
        return Days(self.local.day(moment, precision, zone), self.local.day(absent) if absent else None)

    def of(self, holding: Sequence[Match], account: str, record: int, days: Days) -> Assigned:
        """Return what the schedules say of a record for which these rules hold, as the table has it."""
        return flat(self.decided(holding, days, account, self.basis.overrides.of(account, record)))

    # -- one record

    def ranked(
        self, matches: Iterable[Match], created_on: date, superseded_on: date | None = None, account: str = ""
    ) -> list[Outcome]:
        """Return what each rule makes of a record created on a day, the one that counts first.

        Of equals the verified one comes first, then the earlier rule.
        """
        days = Days(created_on, superseded_on)
        return sorted((self._outcome(one, days, account) for one in matches), key=rank, reverse=True)

    def decided(
        self, matches: Sequence[Match], days: Days, account: str, orders: Sequence[Override]
    ) -> list[Outcome]:  # fmt: skip
        """Return the outcomes of rules and orders, the one that counts first; none if it is unscheduled.

        A series that a person ordered takes the place of all rules; one that no adopted schedule has any more
        leaves the record unscheduled, since nobody knows how long it was meant to be kept.
        """
        placed = next((one for one in orders if one.series), None)
        if placed is not None:
            match = self.ordered_match(placed)
            if match is None:
                return []
            first = self._outcome(match, days, account)
            return [ordered(msgspec.structs.replace(first, order=placed), orders)]
        found = self.ranked(matches, days.created_on, days.superseded_on, account)
        return [ordered(found[0], orders), *found[1:]] if found else []

    def ordered_match(self, order: Override) -> Match | None:
        """Return the series that a person ordered, None if no adopted schedule has it any more.

        The longest floor of all adopted schedules goes with it: nobody orders a record out of the law's reach.
        """
        floors = [one.floor for one in self.basis.schedules if one.floor is not None]
        longest = max(floors, key=lambda one: one.period, default=None)
        for one in self.basis.schedules:
            if one.name == order.schedule and any(each.key == order.series for each in one.series):
                schedule = msgspec.structs.replace(one, floor=longest)
                return Match(schedule, one.find(order.series), Rule(number=BY_ORDER, series=order.series))
        return None

    def _outcome(self, match: Match, days: Days, account: str) -> Outcome:
        return outcome(match, days, account, self.basis.events, self.basis.fiscal_year_start)


def flat(outcomes: Sequence[Outcome]) -> Assigned:
    """Return the outcome that counts as the table has it."""
    if not outcomes:
        return _NOTHING
    first = outcomes[0]
    match = first.match
    return (
        match.schedule.name,
        match.series.key,
        match.rule.number or None,
        match.series.trigger,
        first.cutoff_on.isoformat() if first.cutoff_on else None,
        first.expires_on.isoformat() if first.expires_on else None,
        first.blocked,
    )
