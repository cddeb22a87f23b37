"""Which series a record falls in and on what day it expires: the adopted schedules applied to records.

Where several rules hold, the record is kept for the one that lets it go last: a permanent series wins over
all, then one whose event has not happened yet, then the latest expiry date. Answers are remembered by
traits and by day, so a million records ask the rules a few thousand times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from archive.archive import Archive
from archive.followers import Finder
from retention_schedules import searches
from retention_schedules.basis import Basis, basis
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

TRAITS = """
r.account, r.platform, r.kind, r.audience,
CASE WHEN :tags THEN coalesce(r.tags, '') ELSE '' END,
CASE WHEN :authors THEN coalesce(r.author_name, '') || char(31) || coalesce(r.author_handle, '') ELSE '' END"""
"""Six traits of ``record r``: what rules look at."""

COLUMNS = f"""{TRAITS},
coalesce(r.created_at, r.captured_at),
CASE WHEN r.created_at IS NOT NULL AND (c.created_precision IN ('day', 'month') OR c.created_zone = 'unknown')
     THEN coalesce(c.created_precision, '') || char(31) || coalesce(c.created_zone, '') ELSE '' END,
CASE WHEN :absent AND r.missing THEN (SELECT f.by_at FROM finding f
     WHERE f.record = r.id AND f.kind = 'missing' ORDER BY f.id DESC LIMIT 1) END
"""
"""What is asked of ``record r LEFT JOIN content c ON c.id = r.version``: the traits, the moment that counts
(when it was taken in, where its creation is not known), how vague that moment is, and since when a newer
backup or list lacks the record."""

WIDTH = 9
"""Columns in :data:`COLUMNS`."""

Assigned = tuple[str | None, str | None, int | None, str | None, str | None, str | None, str]
"""Schedule, series, rule, trigger, cutoff date, expiry date, and what keeps it from expiring."""

_NOTHING: Assigned = (None, None, None, None, None, None, UNSCHEDULED)

BY_ORDER = 0
"""The number of the rule that a series ordered by a person stands under; in the table it is NULL."""


class _Plan(Struct, frozen=True):
    """What is asked for all records with the same traits: the rules that hold, the account, its orders.

    The account is left out unless a rule waits for an event.
    """

    rules: tuple[int, ...]
    account: str
    order: Override | None


class Assignment:
    """Schedules, events and overrides, ready to be applied to the records of one archive."""

    def __init__(self, archive: Archive, on: Basis | None = None, finder: Finder | None = None) -> None:
        self.basis = on or basis(archive)
        self._rules = self.basis.rules
        self._answers = searches.answers(archive, self.basis.queries, finder)
        self._local = LocalDays(ZoneInfo(self.basis.zone))
        self._plans: dict[tuple[object, ...], int] = {}
        self._plan_list: list[_Plan] = []
        self._numbers: dict[_Plan, int] = {}
        self._remembered: list[dict[tuple[date, date | None], Assigned]] = []
        self.parameters: dict[str, bool] = {
            "tags": any(one.rule.tag for one in self._rules),
            "authors": any(one.rule.author for one in self._rules),
            "absent": any(one.trigger == "SUP" for each in self.basis.schedules for one in each.series),
        }
        """What :data:`COLUMNS` needs to know: whether anything asks for tags, authors, and absent records."""

    def each(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[tuple[Any, ...], Assigned]]:
        """Yield rows that begin with a record's id and :data:`COLUMNS`, with what the schedules say of each.

        Most are plain: nobody ordered anything for them, their day is sure, they are there. These take two
        looks into what is remembered.
        """
        plans, remembered, ordered = self._plans, self._remembered, self.basis.overrides.records
        known_day = self._local.known
        for row in rows:
            number = None if self._answers else plans.get(row[1:7])
            day = known_day(row[7][:13])
            if number is None or day is None or row[8] or row[9] or row[0] in ordered:
                yield row, self.of(row[1 : 1 + WIDTH], row[0])
            else:
                yield row, remembered[number].get((day, None)) or self._assigned(number, Days(day))

    def of(self, row: tuple[Any, ...], record: int = 0) -> Assigned:
        """Return what the schedules say of one row of :data:`COLUMNS`."""
        group: tuple[object, ...] = row[:6]
        if self._answers:
            group = (*group, self._answered(record))
        number = self._plans.get(group)
        if number is None:
            number = self._plans[group] = self._number(self.traits(row, record))
        days = self.days(row)
        if record in self.basis.overrides.records:
            return self._ordered(number, record, row[0], days)
        return self._remembered[number].get((days.created_on, days.superseded_on)) or self._assigned(number, days)

    def _assigned(self, number: int, days: Days) -> Assigned:
        assigned = self._flat(self._plan_list[number], days)
        self._remembered[number][days.created_on, days.superseded_on] = assigned
        return assigned

    def matches(self, traits: Traits) -> list[Match]:
        """Return the rules that hold for a record with these traits, in the schedules' order."""
        return [one for one in self._rules if applies(one.rule, traits)]

    def traits(self, row: Sequence[str], record: int = 0) -> Traits:
        """Return a record's traits from the first six of :data:`COLUMNS`."""
        account, platform, kind, audience, tags, author = row[:6]
        return Traits(
            account,
            self.basis.departments.get(account, ""),
            platform,
            kind,
            audience,
            tuple(json.loads(tags)) if tags else (),
            tuple(one for one in author.split("\x1f") if one),
            self._answered(record),
        )

    def _answered(self, record: int) -> tuple[str, ...]:
        return tuple(query for query, records in self._answers.items() if record in records)

    def day(self, moment: str, vague: str = "") -> date:
        """Return the local date on which a stored time was at the latest."""
        return self._local.day(moment, vague)

    def days(self, row: Sequence[str]) -> Days:
        """Return the days in a record's life from a row of :data:`COLUMNS`."""
        return Days(self.day(row[6], row[7]), self._superseded(row[8]))

    def _superseded(self, moment: str | None) -> date | None:
        return self.day(moment) if moment else None

    # -- by plan

    def _number(self, traits: Traits) -> int:
        holding = tuple(number for number, one in enumerate(self._rules) if applies(one.rule, traits))
        order = self.basis.overrides.accounts.get(traits.account)
        waits = order is not None or any(self._rules[one].series.trigger == "EVT" for one in holding)
        plan = _Plan(holding, traits.account if waits else "", order)
        if plan not in self._numbers:
            self._numbers[plan] = len(self._plan_list)
            self._plan_list.append(plan)
            self._remembered.append({})
        return self._numbers[plan]

    def _flat(self, plan: _Plan, days: Days) -> Assigned:
        orders = [plan.order] if plan.order is not None else []
        return flat(self.decided([self._rules[one] for one in plan.rules], days, plan.account, orders))

    def _ordered(self, number: int, record: int, account: str, days: Days) -> Assigned:
        matches = [self._rules[one] for one in self._plan_list[number].rules]
        return flat(self.decided(matches, days, account, self.basis.overrides.of(account, record)))

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
