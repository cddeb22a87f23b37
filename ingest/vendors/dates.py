"""Dates of a table that nobody declared: read in any usual form, day and month told by the whole column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from archive.records import Precision, Timestamp, ZoneSource
from ingest.timestamps import MONTHS, US_ZONES, day_only, from_unix, from_unix_ms, unreadable
from ingest.vendors.mapping import DateForm

EXCEL_EPOCH = datetime(1899, 12, 30)
"""Day 0 of a workbook's serial numbers, as every date since March 1900 has it."""

_TIME = (
    r"(?:[T,]?\s*(?:at\s+|um\s+|à\s+)?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?P<part>[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp])?\.?(?:[Mm]\b\.?)?\s*\(?(?P<zone>[A-Za-z]{1,5}|(?:UTC|GMT)?[+-]\d{1,2}:?(?:\d{2})?)?\)?)?"
)
_FORMS = tuple(
    re.compile(rf"(?:[A-Za-z]{{3,9}},?\s+)?{day}{_TIME}(?:\s+(?P<late>\d{{4}}))?")
    for day in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<first>\d{1,2})(?P<sign>[-/.])(?P<next>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-](?P<name>[A-Za-z]{3,9})\.?,?[\s-](?P<year>\d{4}|\d{2})",
        r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
        r"(?P<name>[A-Za-z]{3})\s+(?P<day>\d{1,2})(?P<year>)",
    )
)
_TWO_WAYS = _FORMS[1]
"""Two numbers and a year. With dots between them (18.04.2016) the day comes first wherever people write so."""

NOT_TOLD = "no date tells whether day or month comes first; the month was taken. Say it with `dates` in a mapping"

LONGEST = 80
"""Characters above which a cell is no date."""


class DateReader(Struct, frozen=True):
    """Reads the dates of one table. ``why`` says how the order of day and month was inferred, empty if declared."""

    form: DateForm
    zone: ZoneInfo | None
    why: str = ""

    def read(self, raw: str) -> Timestamp:
        """Return a cell's moment; one that cannot be read keeps its text."""
        text = _tidy(raw)
        if self.form == "excel":
            return self._serial(raw, text)
        if self.form in ("unix", "unix-ms") or (text.isdigit() and len(text) in (10, 13)):
            is_ms = self.form == "unix-ms" or (self.form != "unix" and len(text) == 13)
            return from_unix_ms(text) if is_ms else from_unix(text)
        for form in _FORMS:
            found = form.fullmatch(text)
            if found is not None:
                return self._moment(raw, found)
        return unreadable(raw)

    def _moment(self, raw: str, found: re.Match[str]) -> Timestamp:
        parts = found.groupdict()
        offset = _offset(parts["zone"] or "")
        try:
            local = datetime(*self._day(parts), *_clock(parts))
        except ValueError:
            return unreadable(raw)
        if not parts["hour"]:
            return day_only(Timestamp(local.replace(tzinfo=UTC), raw, "day", "unknown"))
        precision: Precision = "millisecond" if parts["part"] else "second" if parts["second"] else "minute"
        return self._placed(raw, local, offset, precision)

    def _day(self, parts: dict[str, str | None]) -> tuple[int, int, int]:
        year = int(parts["year"] or parts["late"] or 0)
        year += (2000 if year < 70 else 1900) if year < 100 else 0
        if parts.get("first"):
            both = int(parts["first"] or 0), int(parts["next"] or 0)
            month, day = both[::-1] if self.form == "day-first" or parts["sign"] == "." else both
            return year, month, day
        if parts.get("name"):
            return year, MONTHS.get(str(parts["name"])[:3].title(), 0), int(parts["day"] or 0)
        return year, int(parts["month"] or 0), int(parts["day"] or 0)

    def _placed(self, raw: str, local: datetime, offset: tzinfo | None, precision: Precision) -> Timestamp:
        """Put a local time into UTC: by its own offset, else by the zone that was declared, else as it is."""
        sources: tuple[tuple[tzinfo | None, ZoneSource], ...] = ((offset, "explicit"), (self.zone, "account"))
        for zone, source in sources:
            if zone is not None:
                try:
                    return Timestamp(local.replace(tzinfo=zone).astimezone(UTC), raw, precision, source)
                except (OverflowError, ValueError):
                    return unreadable(raw)
        return Timestamp(local.replace(tzinfo=UTC), raw, precision, "unknown")

    def _serial(self, raw: str, text: str) -> Timestamp:
        """Read a workbook's serial number: days, and parts of a day."""
        try:
            local = EXCEL_EPOCH + timedelta(seconds=round(float(text.replace(",", ".")) * 86400))
        except (ValueError, OverflowError):
            return unreadable(raw)
        return self._placed(raw, local, None, "second")


def order_of(columns: Iterable[Iterable[str]]) -> tuple[DateForm, str]:
    """Tell by all columns of dates that a table has whether the month or the day comes first, and why."""
    told = [order_told(()), *map(order_told, columns)]
    return max(told, key=lambda one: (one[1] not in ("", NOT_TOLD), one[1] != ""))


def order_told(values: Iterable[str]) -> tuple[DateForm, str]:
    """Tell by a whole column whether the month or the day comes first, and why; empty if nothing is in doubt.

    A number above 12 settles it; else the order in which the rows stand, if only one reading puts them in line.
    """
    pairs: list[tuple[int, int, int]] = []
    for value in values:
        found = _TWO_WAYS.fullmatch(_tidy(value))
        if found is None or found["sign"] == ".":
            continue
        first, following = int(found["first"]), int(found["next"])
        if first > 12 or following > 12:
            form: DateForm = "day-first" if first > 12 else "month-first"
            return form, f"“{value}” can only be read {_WORDS[form]}; the whole file was read so"
        if len(pairs) < 100_000:
            pairs.append((int(found["year"]), first, following))
    return _by_lie(pairs)


_WORDS = {"day-first": "with the day first", "month-first": "with the month first"}


def _by_lie(pairs: list[tuple[int, int, int]]) -> tuple[DateForm, str]:
    if all(first == following for _, first, following in pairs):
        return "", ""
    swapped = [(year, following, first) for year, first, following in pairs]
    lines = _is_in_line(pairs), _is_in_line(swapped)
    if lines == (True, False):
        return "month-first", "the rows are in the order of time only if the month comes first; they were read so"
    if lines == (False, True):
        return "day-first", "the rows are in the order of time only if the day comes first; they were read so"
    return "month-first", NOT_TOLD


def _is_in_line(days: list[tuple[int, int, int]]) -> bool:
    return len(days) > 2 and (
        all(one <= other for one, other in pairwise(days)) or all(one >= other for one, other in pairwise(days))
    )


def unknown_zone(value: str) -> str:
    """Return the name of a zone that stands beside a time and is not known, empty if there is none."""
    for form in _FORMS:
        found = form.fullmatch(_tidy(value))
        if found is not None:
            return found["zone"] if found["zone"] and _offset(found["zone"]) is None else ""
    return ""


@lru_cache(maxsize=256)
def _offset(zone: str) -> tzinfo | None:
    """Return the offset that an abbreviation or a number means, None if it is not known."""
    name = zone.upper()
    if name in ("Z", "UT"):
        return UTC
    if name in US_ZONES:
        return timezone(timedelta(hours=US_ZONES[name]))
    found = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)) if minutes < 1440 else None


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int, int]:
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        hour = hour % 12 + 12 * (parts["half"] in "Pp") if 1 <= hour <= 12 else 24
    microsecond = int((parts["part"] or ".0")[1:7].ljust(6, "0"))
    return hour, int(parts["minute"] or 0), int(parts["second"] or 0), microsecond


def _tidy(raw: str) -> str:
    return " ".join(raw.replace("\u200e", "").split()) if len(raw) <= LONGEST else ""
