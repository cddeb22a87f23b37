"""Dates written out in the language of an account: ``Monday, January 2, 2023 at 3:04:05 PM UTC`` and its like.

English is read at once. For other languages the names of months are Unicode's (CLDR, by Babel), in all languages
together: a name that means one month here and another there is not read.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from archive.records import Timestamp, ZoneSource
from ingest.messaging.whatsapp_words import half_of_day, words
from ingest.timestamps import from_iso, unreadable

MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december",
        ),
        1,
    )
}  # fmt: skip

_TIME = re.compile(
    r"(?P<before>[^\W\d]{1,12}[ \xa0]?)?\b(?P<hour>\d{1,2})(?:[:.]|시 |時|h)(?P<minute>\d{2})"
    r"(?:(?:[:.]|분 |分|m)(?P<second>\d{2}))?(?:초|秒|s)?(?P<after> ?[^\W\d]\.? ?[^\W\d]\.?(?=\W|$))?"
)
_NUMBERED = re.compile(r"(\d{4})(?:年|년 )(\d{1,2})(?:月|월 )(\d{1,2})(?:日|일)")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")


def long_date(raw: str) -> Timestamp:
    """Read a date that is written out; its zone is known if UTC or GMT is written beside it."""
    text = raw.replace("\u202f", " ").replace("\xa0", " ").strip()
    if re.match(r"\d{4}-\d\d-\d\dT", text):
        return from_iso(text)
    zone: ZoneSource = "explicit" if re.search(r"\b(UTC|GMT)$", text) else "unknown"
    if re.search(r"\b(UTC|GMT)[+-]", text):
        return unreadable(raw)
    time = _TIME.search(text)
    day = _day(text[: time.start("hour")] if time else text)
    hour = _hour(time) if time else None
    if time is None or day is None or hour is None:
        return unreadable(raw)
    try:
        at = datetime(*day, hour, int(time["minute"]), int(time["second"] or 0), tzinfo=UTC)
    except (ValueError, OverflowError):
        return unreadable(raw)
    return Timestamp(at, raw, "second" if time["second"] else "minute", zone)


def _hour(time: re.Match[str]) -> int | None:
    hour = int(time["hour"])
    for mark in (time["after"] or "", time["before"] or ""):
        half = words().halves.get(half_of_day(mark)) if mark.strip() else None
        if half is not None:
            return hour % 12 + half if 1 <= hour <= 12 else None
    return hour


def _day(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day; None unless each is there and plain."""
    if found := _NUMBERED.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    numbers = _NUMBER.findall(text)
    years = [int(one) for one in numbers if len(one) == 4]
    days = [int(one) for one in numbers if len(one) <= 2]
    months = _months(text)
    if len(years) != 1 or len(days) != 1 or len(months) != 1:
        return None
    return years[0], months.pop(), days[0]


def _months(text: str) -> set[int]:
    names = [one.casefold() for one in _WORD.findall(text)]
    found = {MONTHS[one] for one in names if one in MONTHS}
    return found or {number for one in names if (number := _all_months().get(one, 0))}


@cache
def _all_months() -> dict[str, int]:
    """Return the months' names in every language; 0 where languages disagree."""
    from babel import Locale
    from babel.localedata import locale_identifiers

    found: dict[str, int] = {}
    for name in sorted(one for one in locale_identifiers() if "_" not in one):
        for context in ("format", "stand-alone"):
            for number, month in Locale.parse(name).months[context]["wide"].items():
                for word in _WORD.findall(str(month).casefold())[:1]:
                    found[word] = number if found.get(word, number) == number else 0
    return found
