"""Whether the day or the month comes first in dates of two numbers and a year: all dates of a file tell it together.

``05/06/2026`` is May or June. What a format promises is not enough: a program that always writes the month first may
have been read, and saved anew, by a spreadsheet that writes the day first. What was concluded is told as an inference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from archive.records import Timestamp
from ingest.written_dates import DateForm, DateReader, two_ways

NOT_TOLD = "no date tells whether day or month comes first; the month was taken"

_WORDS = {"day-first": "with the day first", "month-first": "with the month first"}


class _Line(Struct):
    """Days as they stand, one after another, as (year, month, day)."""

    count: int = 0
    last: tuple[int, int, int] = (0, 0, 0)
    rises: bool = False
    falls: bool = False

    def meet(self, day: tuple[int, int, int]) -> None:
        """Take the next day into account."""
        if self.count:
            self.rises = self.rises or day > self.last
            self.falls = self.falls or day < self.last
        self.count += 1
        self.last = day

    @property
    def is_straight(self) -> bool:
        """Whether they stand in the order of time, forwards or backwards."""
        return self.count > 2 and not (self.rises and self.falls)


class Seen(Struct):
    """What the dates of one column tell about their order; it is asked row by row, and stays small.

    ``day_first`` and ``month_first`` count the dates that can only be read so, ``doubtful`` those that can be read in
    two ways; ``by_day`` and ``by_month`` are the days that they are if read so.
    """

    day_first: int = 0
    month_first: int = 0
    doubtful: int = 0
    day_shown: str = ""
    month_shown: str = ""
    by_day: _Line = msgspec.field(default_factory=_Line)
    by_month: _Line = msgspec.field(default_factory=_Line)

    def meet(self, value: str) -> None:
        """Take one cell into account."""
        pair = two_ways(value)
        if pair is None:
            return
        year, first, following = pair
        if 12 < first <= 31 and 1 <= following <= 12:
            self.day_first += 1
            self.day_shown = self.day_shown or value.strip()
        elif 12 < following <= 31 and 1 <= first <= 12:
            self.month_first += 1
            self.month_shown = self.month_shown or value.strip()
        elif first != following and max(first, following) <= 12:
            self.doubtful += 1
        self.by_day.meet((year, following, first))
        self.by_month.meet((year, first, following))


def told_by(columns: Sequence[Seen], writer: str = "", zone: ZoneInfo | None = None) -> DateReader:
    """Return what reads the dates of a file of which all columns of dates were asked.

    A number above 12 settles it, and the greater number of such dates where some contradict. Where none does,
    ``writer``, if it is named, is known to write the month first; else the order in which the rows stand tells, if only
    one reading puts them in line, and the month is taken otherwise.
    """
    days, months = sum(one.day_first for one in columns), sum(one.month_first for one in columns)
    if not (days or months):
        form, why = _unsettled(columns, writer)
        return DateReader(form, zone, why, mends=True)
    form = "day-first" if days > months else "month-first"
    shown = [(one.day_shown, one.month_shown)[form == "month-first"] for one in columns]
    why = "" if writer and form == "month-first" else _settled(form, next(filter(None, shown)), writer)
    if days and months:
        why = _contradicted(form, columns, min(days, months))
    return DateReader(form, zone, why, mends=True)


def _settled(form: DateForm, shown: str, writer: str) -> str:
    why = f"“{shown}” can only be read {_WORDS[form]}; the whole file was read so"
    return f"{why}, though {writer} writes the month first: another program has saved this file anew" if writer else why


def _contradicted(form: DateForm, columns: Sequence[Seen], fewer: int) -> str:
    day = next(one.day_shown for one in columns if one.day_shown)
    month = next(one.month_shown for one in columns if one.month_shown)
    return (
        f"“{day}” can only be read with the day first and “{month}” only with the month first: the file mixes both. "
        f"Each was read as it can be; what can be read in two ways was read {_WORDS[form]}, as most are "
        f"({fewer:,} are not), and may be wrong"
    )


def _unsettled(columns: Sequence[Seen], writer: str) -> tuple[DateForm, str]:
    """Tell the order where no date can be read in one way only, and why; both empty if nothing is in doubt."""
    doubtful = [one for one in columns if one.doubtful]
    if not doubtful:
        return ("month-first" if writer else ""), ""
    if writer:
        return "month-first", f"{NOT_TOLD}, as {writer} writes it"
    for one in doubtful:
        if one.by_month.is_straight != one.by_day.is_straight:
            form: DateForm = "month-first" if one.by_month.is_straight else "day-first"
            first = form.removesuffix("-first")
            return form, f"the rows are in the order of time only if the {first} comes first; they were read so"
    return "month-first", NOT_TOLD


def order_told(values: Iterable[str]) -> DateReader:
    """Return what reads the dates of one column by what all of them tell."""
    seen = Seen()
    for value in values:
        seen.meet(value)
    return told_by([seen])


def is_day_first(moment: Timestamp) -> bool:
    """Say whether a date that can be read in two ways was read with the day first."""
    pair = two_ways(moment.raw)
    if pair is None or moment.at is None:
        return False
    _, first, following = pair
    # a zone moves a date by a day at most, the other reading by four weeks
    return first != following and max(first, following) <= 12 and _is_near(moment.at, following, first)


def _is_near(at: datetime, month: int, day: int) -> bool:
    """Say whether a moment is within two days of a day of its year, or of the one before or after."""
    near = (date(at.year + years, month, day) for years in (-1, 0, 1) if 1 <= at.year + years <= 9999)
    return any(abs((at.date() - one).days) < 3 for one in near)
