"""Dates for many records in one pass: what rules say is remembered by traits and by day.

A million records ask the rules a few thousand times; the rest is three looks into what is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from msgspec import Struct

from retention_schedules import columns
from retention_schedules.assignment import Assigned, Assignment
from retention_schedules.columns import MOMENT, SEPARATOR, VAGUE
from retention_schedules.overrides import Override
from retention_schedules.rules import Match, Traits, applies

Scanned = tuple[int, str, str, str | None, int | None]
"""Record, traits, moment, what is odd about it, and the number of the outcome that the table has."""


class _Plan(Struct, frozen=True):
    """What is asked for all records with the same traits: the rules that hold, the account, its order.

    The account is left out unless a rule waits for an event.
    """

    holding: tuple[int, ...]
    account: str
    order: Override | None


class _Remembered(dict[date | tuple[date, date], int]):
    """The numbers of outcomes under one plan, by the day of creation; by two days where a record is absent."""

    def __init__(self, plan: _Plan) -> None:
        super().__init__()
        self.plan = plan


class Scan:
    """An assignment applied to many records; ``number`` gives each outcome its number."""

    def __init__(self, assignment: Assignment, number: Callable[[Assigned], int]) -> None:
        self._asked = assignment
        self._number = number
        self._by_traits: dict[object, _Remembered] = {}
        self._by_plan: dict[_Plan, _Remembered] = {}
        self._answers = list(assignment.answers.values())
        self._answering = set().union(*self._answers)
        self._ordered = assignment.basis.overrides.records

    @property
    def query(self) -> str:
        """The SQL of all records as :data:`Scanned`, asking for nothing that no rule asks for.

        Where no conversation is tied, an outcome that one moved is none.
        """
        basis = self._asked.basis
        known = "d.own" if basis.whole_threads else "CASE WHEN d.outcome = d.own THEN d.own END"
        traits, odd = columns.traits(basis.traits), columns.odd("SUP" in basis.triggers)
        return f"""SELECT r.id, {traits}, {MOMENT}, {odd}, {known}
            FROM record r {VAGUE} LEFT JOIN dated d ON d.record = r.id"""

    def differing(self, rows: Iterable[Scanned]) -> Iterator[tuple[int, int]]:
        """Yield the records whose outcome is another one than the table has, with its number.

        Most are plain: nobody ordered anything for them, they answer no search, their day is sure, they are there.
        """
        by_traits, days, special = self._by_traits, self._asked.local.sure, self._answering | self._ordered.keys()
        for record, traits, moment, odd, known in rows:
            try:
                number = by_traits[traits][days[moment[:13]]]
            except KeyError:
                number = self._of(record, traits, moment, odd)
            else:
                if odd is not None or record in special:
                    number = self._of(record, traits, moment, odd)
            if number != known:
                yield record, number

    def _of(self, record: int, traits: str, moment: str, odd: str | None) -> int:
        days = self._asked.days(moment, odd)
        remembered = self._of_traits(traits, record)
        if record in self._ordered:
            return self._number(self._asked.of(self._matches(remembered), traits.partition(SEPARATOR)[0], record, days))
        key = days.created_on if days.superseded_on is None else (days.created_on, days.superseded_on)
        if key not in remembered:
            assigned = self._asked.of(self._matches(remembered), remembered.plan.account, 0, days)
            remembered[key] = self._number(assigned)
        return remembered[key]

    def _matches(self, remembered: _Remembered) -> list[Match]:
        return [self._asked.rules[one] for one in remembered.plan.holding]

    def _of_traits(self, traits: str, record: int) -> _Remembered:
        key: object = traits
        if record in self._answering:
            key = (traits, *(number for number, records in enumerate(self._answers) if record in records))
        if key not in self._by_traits:
            plan = self._plan(self._asked.traits(traits, record))
            self._by_traits[key] = self._by_plan.setdefault(plan, _Remembered(plan))
        return self._by_traits[key]

    def _plan(self, traits: Traits) -> _Plan:
        holding = tuple(number for number, one in enumerate(self._asked.rules) if applies(one.rule, traits))
        order = self._asked.basis.overrides.accounts.get(traits.account)
        waits = order is not None or any(self._asked.rules[one].series.trigger == "EVT" for one in holding)
        return _Plan(holding, traits.account if waits else "", order)
