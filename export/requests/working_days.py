"""Working days: which days count, by the law's rules for holidays. Dates are the city's local dates."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache
from typing import Literal

from export.requests.law import Holiday, law

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DayKind = Literal["offices", "legal"]
Kinds = tuple[DayKind, ...]

OFFICES: Kinds = ("offices",)
"""Only the days on which offices are closed: no period that is counted so ends late."""
BOTH: Kinds = ("offices", "legal")
"""Legal holidays too: no period that is counted so ends early."""


def holidays(year: int, kinds: Kinds = OFFICES) -> dict[date, str]:
    """Return the holidays of a year and their names."""
    return dict(_holidays(year, kinds))


@cache
def _holidays(year: int, kinds: Kinds) -> tuple[tuple[date, str], ...]:
    found = [(_on(one, year), one.name) for one in law().holidays if set(one.kinds) & set(kinds) and _held(one, year)]
    return tuple(sorted(found))


def _held(rule: Holiday, year: int) -> bool:
    return not rule.even_years or year % 2 == 0


def _on(rule: Holiday, year: int) -> date:
    day = date(year, rule.month, rule.day) if rule.day else _nth(rule, year)
    day += timedelta(days=rule.days_after)
    return day + timedelta(days=1) if rule.sunday == "monday" and day.weekday() == 6 else day


def _nth(rule: Holiday, year: int) -> date:
    weekday = WEEKDAYS.index(rule.weekday)
    if rule.nth < 0:
        last = date(year, rule.month, calendar.monthrange(year, rule.month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-rule.nth - 1))
    first = date(year, rule.month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (rule.nth - 1))


def is_working(day: date, kinds: Kinds = OFFICES) -> bool:
    """Say whether a day counts."""
    return day.weekday() < 5 and day not in holidays(day.year, kinds)


def add(day: date, count: int, kinds: Kinds = OFFICES) -> date:
    """Return the working day that is ``count`` working days after a day; the day itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working(day, kinds)
    return day


def between(first: date, last: date, kinds: Kinds = OFFICES) -> int:
    """Return how many working days come after ``first``, up to and with ``last``."""
    days = range(1, (last - first).days + 1)
    return sum(is_working(first + timedelta(days=n), kinds) for n in days)
