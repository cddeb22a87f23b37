"""The dates of a WhatsApp chat: written as the telephone was set, so their order is inferred from the whole file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from archive.records import Timestamp
from ingest.messaging.whatsapp_words import half_of_day, words
from ingest.timestamps import unreadable

Order = Literal["year, month, day", "day, month, year", "month, day, year"]

_DATE = r"(?P<a>\d{1,4})(?P<sign>[./-])[ \u200f]?(?P<b>\d{1,2})(?P=sign)[ \u200f]?(?P<c>\d{1,4})\.?"
_TIME = (
    r"(?P<before>[^\W\d]{1,12}[ \u202f\xa0]?)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?P<after>[ \u202f\xa0]?[^\d\]\[:–—-]{1,12}?)?"
)
STAMP = rf"{_DATE}[,،]?[ \u202f\xa0]{_TIME}"
_STAMP = re.compile(STAMP)


class Seen(Struct):
    """What all dates of a file tell about their order.

    ``falls`` counts, for day first and for month first, how often time would run backwards by a day or more.
    """

    count: int = 0
    decidable: int = 0
    year_first: int = 0
    day_first: int = 0
    month_first: int = 0
    dotted: int = 0
    falls: dict[str, int] = {}
    last: dict[str, tuple[int, int, int]] = {}

    def meet(self, stamp: re.Match[str]) -> None:
        """Take one date into account."""
        a, b, c = int(stamp["a"]), int(stamp["b"]), int(stamp["c"])
        self.count += 1
        self.dotted += stamp["sign"] != "/"
        if len(stamp["a"]) > 2:
            self.year_first += 1
            return
        self.decidable += a != b
        self.day_first += a > 12
        self.month_first += b > 12
        for name, day in (("day", (c, b, a)), ("month", (c, a, b))):
            self.falls[name] = self.falls.get(name, 0) + (day < self.last.get(name, day))
            self.last[name] = day


class Reading(Struct, frozen=True):
    """The order of a file's dates, on what ground, and whether it is certain."""

    order: Order
    ground: str
    certain: bool = True


def infer(seen: Seen) -> Reading:
    """Say in which order the numbers of a file's dates stand."""
    if seen.year_first > seen.count // 2:
        return Reading("year, month, day", "the year is written first")
    if seen.day_first and not seen.month_first:
        return Reading("day, month, year", "first numbers above 12 are days")
    if seen.month_first and not seen.day_first:
        return Reading("month, day, year", "second numbers above 12 are days")
    by_day, by_month = seen.falls.get("day", 0), seen.falls.get("month", 0)
    if by_day != by_month:
        order: Order = "day, month, year" if by_day < by_month else "month, day, year"
        is_certain = not (seen.day_first and seen.month_first)
        return Reading(order, "so the messages stand in the order of time", is_certain)
    if not seen.decidable:
        return Reading("month, day, year", "day and month are the same number in every date")
    if seen.dotted > seen.count // 2:
        return Reading("day, month, year", "dates with dots or hyphens begin with the day everywhere")
    return Reading("month, day, year", "nothing in the file decides; telephones in the United States write so", False)


def moment(stamp: re.Match[str], order: Order) -> Timestamp:
    """Read a date in this order: local time of a telephone whose zone nobody tells."""
    raw = stamp["stamp"]
    a, b, c = int(stamp["a"]), int(stamp["b"]), int(stamp["c"])
    year, month, day = {
        "year, month, day": (a, b, c),
        "day, month, year": (c, b, a),
        "month, day, year": (c, a, b),
    }[order]
    hour = int(stamp["hour"])
    half = half_of_day((stamp["before"] or "") + (stamp["after"] or ""))
    if half in words().halves:
        hour = hour % 12 + words().halves[half] if 1 <= hour <= 12 else hour
    elif half and half not in words().before_times:
        return unreadable(raw)
    try:
        at = datetime(
            year + (2000 if year < 100 else 0), month, day, hour, int(stamp["minute"]), int(stamp["second"] or 0),
            tzinfo=UTC,
        )  # fmt: skip
    except (ValueError, OverflowError):
        return unreadable(raw)
    return Timestamp(at, raw, "second" if stamp["second"] else "minute", "unknown")
