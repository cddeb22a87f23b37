"""Dates as programs and spreadsheets write them, in any usual form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from archive.records import Precision, Timestamp, ZoneSource
from ingest.timestamps import MONTHS, US_ZONES, day_only, from_unix, from_unix_ms, unreadable

DateForm = Literal["", "month-first", "day-first", "unix", "unix-ms", "excel"]
"""How a table writes its dates; empty if nothing in it can be read in two ways."""

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

LONGEST = 80
"""Characters above which a cell is no date."""


class DateReader(Struct, frozen=True):
    """Reads the dates of one file. ``why`` says how the order of day and month was inferred, empty if none was.

    ``mends`` says that a date which cannot be in that order (``13/05/2026``) is read in the other one, where the order
    was inferred and not declared.
    """

    form: DateForm
    zone: ZoneInfo | None = None
    why: str = ""
    mends: bool = False

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
            return (year, day, month) if self.mends and month > 12 else (year, month, day)
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


def two_ways(value: str) -> tuple[int, int, int] | None:
    """Return year, first and second number of a date that is two numbers and a year, None for any other text.

    With dots between them the day comes first wherever people write so, and nothing is in doubt.
    """
    if not ("/" in value or "-" in value) or value[:4].isdigit():  # most are ISO, in which the year comes first
        return None
    found = _TWO_WAYS.fullmatch(_tidy(value))
    if found is None or found["sign"] == ".":
        return None
    return int(found["year"]), int(found["first"]), int(found["next"])


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
