"""The one place that reads the time of day, and what dates typed by people mean."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from archive.errors import MunimentError


class BadDate(MunimentError):
    """A date that a person typed could not be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not a date: write it as 2026-03-01.")


def now() -> datetime:
    """Return the present moment, aware, in UTC, to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def read_date(text: str) -> date:
    """Read a local calendar date such as 2026-03-01."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise BadDate(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDate(text) from None


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the last millisecond of a local day, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) - timedelta(milliseconds=1)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar date of a moment in a zone."""
    return moment.astimezone(zone).date()


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as people here read it: ``2026-03-01 09:30``."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def read_stored(text: str) -> datetime:
    """Read a time in the form the archive stores (``2026-03-01T09:30:00.000Z``)."""
    return datetime.fromisoformat(text)
