"""One place for dates: sources' timestamps into moments in UTC, with raw text, precision and zone kept."""

from __future__ import annotations

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
