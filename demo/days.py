"""Days and hours in Milbrook: when people write, and how long an office takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Chicago")
BEGINNING = datetime(2024, 9, 2, 14, tzinfo=UTC)
END = datetime(2026, 5, 2, 14, tzinfo=UTC)
"""Between these two everything happens."""
DAY = timedelta(days=1)
WORKING_HOURS_TO_ANSWER = 48
HOLIDAYS = {(1, 1), (7, 4), (12, 24), (12, 25)}
"""Days (month, day) on which City Hall is closed."""


def local(text: str) -> datetime:
    """Read a local time such as 2026-03-01 09:30."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def on_the_wall(moment: datetime) -> datetime:
    """Return what a clock in Milbrook shows at a moment, as if it were UTC."""
    return moment.astimezone(ZONE).replace(tzinfo=UTC)


POOL_CLOSED = (local("2026-02-19 12:00"), local("2026-04-04 10:00"))
"""The story's beginning and end."""


def end_of_day(text: str) -> datetime:
    """Return the last millisecond of a local day such as 2026-03-01."""
    following = datetime.combine(date.fromisoformat(text) + DAY, time(), ZONE)
    return following.astimezone(UTC) - timedelta(milliseconds=1)


def stored(moment: datetime) -> str:
    """Return a moment in the form in which the truth tells it: UTC, to the millisecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def working_hours(asked: datetime, answered: datetime) -> float:
    """Return the hours between two moments that do not fall on a Saturday or Sunday."""
    begin, end = asked.astimezone(ZONE), answered.astimezone(ZONE)
    hours, at = 0.0, begin
    while at < end:
        midnight = datetime.combine(at.date() + DAY, time(), ZONE)
        until = min(midnight, end)
        if at.weekday() < 5:
            hours += (until.astimezone(UTC) - at.astimezone(UTC)).total_seconds() / 3600
        at = until
    return hours


def at_work(rng: Random, near: datetime) -> datetime:
    """Return a moment of office hours (local 8 to 17), on the same or the next working day."""
    day = near.astimezone(ZONE).date()
    while day.weekday() > 4 or (day.month, day.day) in HOLIDAYS:
        day += DAY
    second = rng.randint(8 * 3600, 17 * 3600)
    return (datetime.combine(day, time(), ZONE) + timedelta(seconds=second)).astimezone(UTC)


def promptly(rng: Random, asked: datetime) -> datetime:
    """Return when an office answers that answers in time: the same or the next working day."""
    soon = at_work(rng, asked)
    return soon if soon > asked else at_work(rng, asked + DAY)


def late(rng: Random, asked: datetime) -> datetime:
    """Return when an office answers that answers late: after seven to twelve working days."""
    return at_work(rng, asked + DAY * rng.randint(11, 17))


def awake(rng: Random, near: datetime) -> datetime:
    """Return a moment of the same local day at which citizens write (local 7 to 22)."""
    day = near.astimezone(ZONE).date()
    seconds = rng.randint(7 * 3600, 22 * 3600 - 600)
    return (datetime.combine(day, time(), ZONE) + timedelta(seconds=seconds)).astimezone(UTC)
