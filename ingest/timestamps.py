"""One place for dates: sources' timestamps into moments in UTC, with raw text, precision and zone kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from archive.records import Precision, Timestamp, ZoneSource

MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}

US_ZONES = {
    name: offset
    for letter, hours in zip("ECMP", range(-5, -9, -1), strict=True)
    for name, offset in ((f"{letter}ST", hours), (f"{letter}DT", hours + 1))
} | {"AKST": -9, "AKDT": -8, "HST": -10, "UTC": 0, "GMT": 0}
"""Hours from UTC by the abbreviations of zones that are used in the United States."""

_US = re.compile(
    r"(?:(?P<month>\d{1,2})/(?P<day>\d{1,2})/|(?P<name>[A-Za-z]{3})[a-z]*\.? (?P<date>\d{1,2}), )(?P<year>\d{4}|\d{2})"
    r"(?:,? (?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))? ?(?P<half>[AaPp])?\.?(?:[Mm]\.?)?"
    r"(?: (?P<zone>[A-Za-z]{2,5}))?)?"
)


def unreadable(raw: str) -> Timestamp:
    """Return a timestamp that keeps a text which is no date."""
    return Timestamp(None, raw, "unknown", "unknown")


def from_twitter(raw: str) -> Timestamp:
    """Read ``Thu Nov 14 03:37:58 +0000 2019``, as X writes it since 2019."""
    try:
        moment = datetime(
            int(raw[26:30]), MONTHS[raw[4:7]], int(raw[8:10]),
            int(raw[11:13]), int(raw[14:16]), int(raw[17:19]), tzinfo=UTC,
        )  # fmt: skip
    except (ValueError, KeyError):
        return from_iso(raw)
    if raw[20:25] != "+0000":
        return unreadable(raw)
    return Timestamp(moment, raw, "second", "explicit")


def from_iso(raw: str, zone: ZoneSource = "format") -> Timestamp:
    """Read ISO 8601 and its relatives (``2010-04-01 00:00:00 +0000``, nanoseconds, a trailing Z).

    Without an offset UTC is taken, and ``zone`` says on what ground.
    """
    text = raw.strip().replace(" UTC", "Z")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return unreadable(raw)
    known: ZoneSource = zone if moment.tzinfo is None else "explicit"
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    found = Timestamp(aware, raw, _precision(text), known)
    return day_only(found) if found.precision == "day" else found


def from_us(raw: str) -> Timestamp:
    """Read ``10/22/2015 03:49 PM CDT`` and its relatives (``Apr 18, 2016 1:51 pm``, no time, no zone).

    Without a zone, or with one that is not of the United States, UTC is taken and the zone is unknown.
    """
    found = _US.fullmatch(raw.strip())
    if found is None:
        return unreadable(raw)
    month = found["month"] or MONTHS.get((found["name"] or "").title(), 0)
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    hour = int(found["hour"] or 0)
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"] in "Pp") if 1 <= hour <= 12 else 24
    offset = US_ZONES.get((found["zone"] or "").upper())
    try:
        local = datetime(
            year, int(month), int(found["day"] or found["date"]), hour, int(found["minute"] or 0),
            int(found["second"] or 0), tzinfo=UTC,
        )  # fmt: skip
        moment = local - timedelta(hours=offset or 0)
    except (ValueError, OverflowError):
        return unreadable(raw)
    zone: ZoneSource = "unknown" if offset is None else "explicit"
    if not found["hour"]:
        return day_only(Timestamp(moment, raw, "day", zone))
    return Timestamp(moment, raw, "second" if found["second"] else "minute", zone)


def from_unix(value: object) -> Timestamp:
    """Read seconds since 1970 in UTC, a number or its text."""
    return _since_1970(value, 1, "second")


def from_unix_ms(value: object) -> Timestamp:
    """Read milliseconds since 1970 in UTC, a number or its text."""
    return _since_1970(value, 1000, "millisecond")


def _since_1970(value: object, units: int, precision: Precision) -> Timestamp:
    raw = str(value)
    try:
        moment = datetime.fromtimestamp(int(raw) // units, UTC) + timedelta(milliseconds=int(raw) % units)
    except (ValueError, OverflowError, OSError):
        return unreadable(raw)
    return Timestamp(moment, raw, precision, "format")


def _precision(text: str) -> Precision:
    if "." in text:
        return "millisecond"
    if ":" not in text:
        return "day"
    return "second" if text.count(":") >= 2 else "minute"


def day_only(moment: Timestamp) -> Timestamp:
    """Return the same date, known to the day only: its noon in UTC, the same day in all of America."""
    noon = moment.at.replace(hour=12, minute=0, second=0, microsecond=0) if moment.at is not None else None
    return Timestamp(noon, moment.raw, "day", moment.zone)
