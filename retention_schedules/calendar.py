"""Calendar arithmetic: when a period that starts on a day is over. Dates are the city's local dates."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from retention_schedules.schedule import Period, Trigger

LATEST = date.max


def add(day: date, period: Period) -> date:
    """Return the day on which a period that begins on ``day`` is over.

    Years and months keep the day of the month; where the month is too short, the first day of the next
    month counts: a record is never let go a day early.
    """
    if period.unit == "days":
        return day + timedelta(days=period.count)
    months = period.count * (12 if period.unit == "years" else 1)
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    if year > LATEST.year:
        return LATEST
    if day.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(year + month // 12, month % 12 + 1, 1)


def cutoff(created_on: date, trigger: Trigger, fiscal_year_start: tuple[int, int]) -> date | None:
    """Return the day from which the period counts; None while the trigger has not happened.

    CR: the day itself. CY and FIS: the first day after the year in which the record was created.
    EVT and SUP wait for their event, PERM for ever.
    """
    if trigger == "CR":
        return created_on
    if trigger == "CY":
        return date(created_on.year + 1, 1, 1)
    if trigger == "FIS":
        start = _on(created_on.year, fiscal_year_start)
        return start if created_on < start else _on(created_on.year + 1, fiscal_year_start)
    return None


def _on(year: int, month_day: tuple[int, int]) -> date:
    return date(year, *month_day)
