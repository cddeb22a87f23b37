"""Dates in words: the first and last day of what a person types, on the city's calendar.

``2026``, ``2026-03``, ``2026-03-01``, ``3/1/2026`` (month first), ``march 2026``, ``march 3 2026``, ``last march``,
``yesterday``, ``this year``, ``last 30 days``, ``2026-q1``, ``fy2025`` and ``2026-03-01..2026-03-15``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from msgspec import Struct

from archive import clock
from search.mistakes import Unusable

Period = tuple[date, date]
"""First and last day, both included."""

YEARS = range(1800, 3000)

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_DAY = timedelta(days=1)


class Calendar(Struct, frozen=True):
    """The local day on which a query is asked, and the (month, day) on which the city's fiscal year starts.

    A fiscal year has the name of the calendar year in which it ends, as governments of the United States
    name theirs: from July on, FY2026 begins on 1 July 2025. One that starts in January is the calendar year.
    """

    today: date
    fiscal_year_starts: tuple[int, int] = (1, 1)

    @classmethod
    def default(cls) -> Calendar:
        """Return today's calendar for who has no archive at hand."""
        return cls(clock.now().date())

    def fiscal_year(self, name: int) -> Period:
        """Return the days of a fiscal year."""
        first = self._start(name if self.fiscal_year_starts == (1, 1) else name - 1)
        return first, self._start(first.year + 1) - _DAY

    def fiscal_year_of(self, day: date) -> int:
        """Return the name of the fiscal year in which a day lies."""
        return next(name for name in (day.year, day.year + 1) if day <= self.fiscal_year(name)[1])

    def _start(self, year: int) -> date:
        month, day = self.fiscal_year_starts
        return date(year, month, min(day, _last(year, month).day))


def period(text: str, calendar: Calendar) -> Period:
    """Return the first and last day that a text means; raises :class:`Unusable`."""
    begin, dots, end = text.partition("..")
    if not dots:
        return _one(text, calendar)
    first, last = _one(begin, calendar)[0], _one(end, calendar)[1]
    if last < first:
        raise Unusable(f"“{text}” ends before it begins. Write the earlier day first.")
    return first, last


def _one(text: str, calendar: Calendar) -> Period:
    typed = re.sub(r"[\s,_]+", " ", text.casefold()).strip()
    for form in (typed, re.sub(r"(?<=[a-z])-|-(?=[a-z])", " ", typed)):
        for pattern, read in _FORMS:
            match = pattern.fullmatch(form)
            if match:
                return _checked(text, match, read, calendar)
    raise Unusable(f"“{text}” is no date. {_HINT}")


_HINT = 'Write 2026, 2026-03, 2026-03-01, 3/1/2026, fy2025, or in quotes "last march", "march 3 2026", "last 30 days".'


def _checked(text: str, match: re.Match[str], read: Read, calendar: Calendar) -> Period:
    try:
        first, last = read(match, calendar)
    except (ValueError, OverflowError):
        raise Unusable(f"“{text}” is no day of any calendar. {_HINT}") from None
    if first.year not in YEARS or last.year not in YEARS:
        raise Unusable(f"“{text}” lies too far away. Years from {YEARS[0]} to {YEARS[-1]} can be asked for.")
    return first, last


Read = Callable[[re.Match[str], Calendar], Period]


def _last(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - _DAY


def _month(year: int, month: int) -> Period:
    return date(year, month, 1), _last(year, month)


def _quarter(year: int, number: int) -> Period:
    return date(year, 3 * number - 2, 1), _last(year, 3 * number)


def _year(year: int) -> Period:
    return date(year, 1, 1), date(year, 12, 31)


def _day(year: int, month: int, day: int) -> Period:
    return date(year, month, day), date(year, month, day)


def _full(year: str) -> int:
    """Return a year of which two digits may have been typed."""
    return int(year) + 2000 if len(year) == 2 else int(year)


def _number(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _latest(begins: Callable[[int], date], today: date) -> int:
    """Return the latest year in which something has begun."""
    return today.year if begins(today.year) <= today else today.year - 1


def _named_month(match: re.Match[str], calendar: Calendar) -> Period:
    """Read ``march``, ``this march`` and ``last march``: the latest that has begun, this year's, the latest over."""
    month, today = _number(match["month"]), calendar.today
    if match["which"] == "this":
        return _month(today.year, month)
    year = _latest(lambda year: date(year, month, 1), today)
    return _month(year - 1 if match["which"] == "last" and (year, month) == (today.year, today.month) else year, month)


def _named_day(match: re.Match[str], calendar: Calendar) -> Period:
    month, day = _number(match["month"]), int(match["day"])
    return _day(_latest(lambda year: _month(year, month)[0].replace(day=day), calendar.today), month, day)


def _unit(match: re.Match[str], calendar: Calendar) -> Period:
    """Read ``this month``, ``last year`` and the like; a week begins on Sunday."""
    day, unit = calendar.today, match["unit"]
    this = _around(day, unit, calendar)
    return this if match["which"] == "this" else _around(this[0] - _DAY, unit, calendar)


def _around(day: date, unit: str, calendar: Calendar) -> Period:
    if unit == "week":
        first = day - timedelta(days=day.isoweekday() % 7)
        return first, first + timedelta(days=6)
    if unit == "month":
        return _month(day.year, day.month)
    if unit == "quarter":
        return _quarter(day.year, (day.month + 2) // 3)
    return _year(day.year) if unit == "year" else calendar.fiscal_year(calendar.fiscal_year_of(day))


def _several(match: re.Match[str], calendar: Calendar) -> Period:
    """Read ``last 30 days``: so many days, weeks, months or years that end today."""
    return _back(calendar.today, int(match["count"]), match["unit"]) + _DAY, calendar.today


def _ago(match: re.Match[str], calendar: Calendar) -> Period:
    day = _back(calendar.today, int(match["count"]), match["unit"])
    return day, day


def _back(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day - timedelta(days=count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "year" else 1)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, _last(year, month).day))


def _form(pattern: str, read: Read) -> tuple[re.Pattern[str], Read]:
    month = "(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + r"|sept)\.?"
    return re.compile(pattern.replace("MONTH", month).replace("DAY", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?")), read


_FORMS: tuple[tuple[re.Pattern[str], Read], ...] = (
    _form(r"(\d{4})", lambda m, c: _year(int(m[1]))),
    _form(r"(\d{4})-(\d{1,2})", lambda m, c: _month(int(m[1]), int(m[2]))),
    _form(r"(\d{4})-(\d{1,2})-(\d{1,2})", lambda m, c: _day(int(m[1]), int(m[2]), int(m[3]))),
    _form(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)", lambda m, c: _day(_full(m[3]), int(m[1]), int(m[2]))),
    _form(r"(\d{1,2})/(\d{4})", lambda m, c: _month(int(m[2]), int(m[1]))),
    _form(r"(\d{4})[- ]?q([1-4])", lambda m, c: _quarter(int(m[1]), int(m[2]))),
    _form(r"q([1-4])[- ]?(\d{4})", lambda m, c: _quarter(int(m[2]), int(m[1]))),
    _form(r"(?:fy|fiscal year) ?(\d{4}|\d\d)", lambda m, c: c.fiscal_year(_full(m[1]))),
    _form(r"today", lambda m, c: (c.today, c.today)),
    _form(r"yesterday", lambda m, c: (c.today - _DAY, c.today - _DAY)),
    _form(r"(?P<which>this|last) (?P<unit>week|month|quarter|year|fiscal year)", _unit),
    _form(r"(?:the )?(?:last|past) (?P<count>\d{1,4}) (?P<unit>day|week|month|year)s?", _several),
    _form(r"(?P<count>\d{1,4}) (?P<unit>day|week|month|year)s? ago", _ago),
    _form(r"(?:(?P<which>this|last) )?MONTH", _named_month),
    _form(r"MONTH (?P<year>\d{4})", lambda m, c: _month(int(m["year"]), _number(m["month"]))),
    _form(r"(?P<year>\d{4}) MONTH", lambda m, c: _month(int(m["year"]), _number(m["month"]))),
    _form(r"MONTH DAY", _named_day),
    _form(r"MONTH DAY (?P<year>\d{4})", lambda m, c: _day(int(m["year"]), _number(m["month"]), int(m["day"]))),
    _form(r"DAY MONTH (?P<year>\d{4})", lambda m, c: _day(int(m["year"]), _number(m["month"]), int(m["day"]))),
)
