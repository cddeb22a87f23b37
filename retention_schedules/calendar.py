"""Calendar arithmetic: when a period that starts on a day is over. Dates are the city's local dates.

Every doubt is settled the same way: later is safer. A day that the calendar does not have becomes the
next one, a creation known to the day or month only counts from its last moment, and what lies beyond
the year 9999 is :data:`LATEST`, which never comes.
"""

from __future__ import annotations

import calendar
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from retention_schedules.schedule import Period, Trigger

LATEST = date.max

_MONTH_STARTS = [date(year, month, 1) for year in range(2000, 2004) for month in range(1, 13)]


def add(day: date, period: Period) -> date:
    """Return the day on which a period that begins on ``day`` is over.

    Years and months keep the day of the month; where the month is too short, the first day of the next
    month counts: a record is never let go a day early.
    """
    if period.unit == "days":
        return day + timedelta(days=period.count) if period.count <= (LATEST - day).days else LATEST
    months = period.count * (12 if period.unit == "years" else 1)
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    if year > MAXYEAR:
        return LATEST
    if day.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, day.day)
    return date(year, month + 1, 1)


def falls_short(period: Period, floor: Period) -> bool:
    """Say whether a period can ever be over before another one that begins on the same day."""
    return any(add(day, period) < add(day, floor) for day in _MONTH_STARTS)


def cutoff(created_on: date, trigger: Trigger, fiscal_year_start: tuple[int, int]) -> date | None:
    """Return the day from which the period counts; None while the trigger has not happened.

    CR: the day itself. CY and FIS: the first day after the year in which the record was created.
    EVT and SUP wait for their event, PERM for ever.
    """
    if trigger == "CR":
        return created_on
    if trigger == "CY":
        return _on(created_on.year + 1, (1, 1))
    if trigger == "FIS":
        start = _on(created_on.year, fiscal_year_start)
        return start if created_on < start else _on(created_on.year + 1, fiscal_year_start)
    return None


def _on(year: int, month_day: tuple[int, int]) -> date:
    return date(year, *month_day) if year <= MAXYEAR else LATEST


def local_day(moment: datetime, zone: ZoneInfo, precision: str = "second", zone_source: str = "explicit") -> date:
    """Return the local date on which something that bears this UTC time happened at the latest.

    ``precision`` and ``zone_source`` are those of :class:`archive.records.Timestamp`. A time without a
    zone was taken as UTC and may as well be local, so the later of both dates counts.
    """
    last = _last_moment(moment, precision)
    day = _in_zone(last, zone)
    return max(day, last.date()) if zone_source == "unknown" else day


def _last_moment(moment: datetime, precision: str) -> datetime:
    if precision == "day":
        return datetime.combine(moment.date(), time.max, UTC)
    if precision == "month":
        end = calendar.monthrange(moment.year, moment.month)[1]
        return datetime.combine(moment.date().replace(day=end), time.max, UTC)
    return moment


def _in_zone(moment: datetime, zone: ZoneInfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the first and the last day that the calendar has
        return moment.date()
