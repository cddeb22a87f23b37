"""Dates as people read them, in any language: what exports made for reading (HTML) write and no machine was meant to.

Names of months and halves of days are those of CLDR, by Babel. Which language it is, and whether the day or the month
comes first in figures, is learnt from all dates of an export together and told as an inference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, lru_cache
from itertools import islice

from msgspec import Struct

from archive.records import Precision, Timestamp, ZoneSource
from ingest.timestamps import day_only, unreadable

LANGUAGES = (
    "en es pt fr de it nl pl ro vi tr id ru ar uk cs sk hu el sv da nb fi hr sr bg sl lt lv et ca gl eu ga cy is mt sq"
    " mk bs hi bn ta te ml kn mr gu pa ur ne si th lo km my ka hy az kk uz ky mn fa ps he am sw af zu ms fil jv ko ja"
    " zh zh_Hant pt_PT sr_Latn so ha be tg as or"
)
"""The languages of Meta's interface that CLDR knows, those a city is likeliest to use first."""

HALVES: Mapping[str, str] = {
    "am": "am", "midnight": "am", "morning1": "am", "morning2": "am", "pm": "pm", "noon": "pm", "afternoon1": "pm",
    "afternoon2": "pm", "evening1": "pm", "evening2": "pm", "night1": "night", "night2": "night",
}  # fmt: skip
"""What CLDR's parts of a day make of an hour from 1 to 12; at night, six and later are before midnight."""

LONGEST = 100
"""Characters of the longest text that is looked at for a date."""

_SAMPLE = 2000
_SORTS = 200
"""Sorts of dates that all languages are tried on: no export has more, what only looks like dates may have thousands."""

_LATIN_HALVES = {"am": "am", "pm": "pm", "a m": "am", "p m": "pm"}
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_FULL_STOP = re.compile(r"(?<=[^\W\d_])\.")
_TIME = re.compile(
    r"(?<!\d)(\d{1,2})(?::|\s?h\s?)(\d{2})(?::(\d{2}))?(?!\d)|(?<![\d.])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![\d.])"
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|(?<!\d)\d{1,2}([./-])\d{1,2}\1\d{2}")
_EAST_ASIA = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?")
_FIGURES = re.compile(r"(?<!\d)(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})(?!\d)")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_FIGURE = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")
_FILLERS = frozenset(("at", "on", "utc", "gmt", "de", "del", "da"))
_OFFSET = re.compile(r"(?:utc|gmt)\s?([+\-−–])\s?(\d{1,2})(?::?(\d{2}))?")


class Names(Struct, frozen=True, dict=True):
    """Names and what each means."""

    meanings: Mapping[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Find names that are more, or less, than one word: the longest first, none of them inside a longer word."""
        longest_first = sorted(self.meanings, key=lambda name: (-len(name), name))
        pattern = "|".join(f"{_edge(name, 0)}{re.escape(name)}{_edge(name, -1)}" for name in longest_first)
        return re.compile(pattern or "(?!)")

    def find(self, text: str) -> re.Match[str] | None:
        """Return the first name in a text: a whole word, else whatever the names are made of."""
        for word in _WORD.finditer(text):
            if word[0] in self.meanings:
                return word
        return self.pattern.search(text)


class Language(Struct, frozen=True):
    """One language's names: of months, of halves of days, and of days of the week, which tell nothing here."""

    months: Names
    halves: Names
    days: Names


class Reading(Struct, frozen=True):
    """What a clock on the wall showed: naive, with what is known of it."""

    at: datetime
    precision: Precision


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Return a text in the spelling that is compared: small letters, Western digits, plain blanks, no full stops."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _MARKS.sub("", text))
        text = _OTHER_DIGIT.sub(lambda found: str(unicodedata.digit(found[0], found[0])), text)
    return " ".join(_FULL_STOP.sub("", text.casefold()).split())


@cache
def language(code: str) -> Language | None:
    """Return a language's names, None if CLDR does not know it."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None
    months: dict[str, str] = {}
    days: dict[str, str] = {}
    halves = dict(_LATIN_HALVES)
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                months.setdefault(plain(name), str(number))
            for number, name in locale.days[context][width].items():
                days.setdefault(plain(name), str(number))
            for part, name in locale.day_periods.get(context, {}).get(width, {}).items():
                if part in HALVES:
                    halves.setdefault(plain(name), HALVES[part])
    return Language(_names(months), _names(halves), _names(days))


def _names(meanings: Mapping[str, str]) -> Names:
    return Names({name: meaning for name, meaning in meanings.items() if name and not name.isdigit()})


def _edge(name: str, end: int) -> str:
    """Return what may not stand beside a name: a digit beside a digit, a letter beside a letter (of scripts that part
    words).
    """
    forbidden = r"\d" if name[end].isdigit() else r"[^\W\d_]" if ord(name[end]) < 0x0E00 else ""
    if not forbidden:
        return ""
    return f"(?<!{forbidden})" if end == 0 else f"(?!{forbidden})"


class Dates:
    """Reads the dates of one export. ``texts`` are some of them, by which it learns how they are written.

    ``offset`` is the one from UTC that the export states, None if it states none: then UTC is taken, and the zone is
    unknown. ``remarks`` tell what was inferred, each a sentence.
    """

    def __init__(self, texts: Iterable[str], offset: timedelta | None = None) -> None:
        short = (text for text in texts if len(text) <= LONGEST)
        sample = list(dict.fromkeys(map(plain, islice(short, _SAMPLE))))
        self.offset = offset
        self._day_first = _day_first(sample)
        self._languages = _languages(sample, self._day_first)
        self.remarks = tuple(self._remarks(sample))

    def read(self, raw: str) -> Timestamp:
        """Return a date as a moment; its text alone where it cannot be read, or not for certain."""
        local = self.local(raw)
        if local is None:
            return unreadable(raw)
        zone: ZoneSource = "unknown" if self.offset is None else "account"
        try:
            at = (local.at - (self.offset or timedelta())).replace(tzinfo=UTC)
        except OverflowError:
            return unreadable(raw)
        moment = Timestamp(at, raw, local.precision, zone)
        return day_only(moment) if local.precision == "day" else moment

    def local(self, raw: str) -> Reading | None:
        """Return what a clock on the wall showed; None if languages that read all dates alike differ here."""
        if len(raw) > LONGEST:
            return None
        found = {_read(plain(raw), one, self._day_first)[0] for one in self._languages}
        return found.pop() if len(found) == 1 else None

    def _remarks(self, sample: Sequence[str]) -> Iterator[str]:
        if any(_is_in_figures(text) for text in sample):
            first = {True: "the day comes first, as some show", False: "the month comes first, as some show"}
            none = "none tells whether day or month comes first, so they are not read"
            yield f"dates are written in figures: {none if self._day_first is None else first[self._day_first]}"
        if sample and self.offset is not None:
            yield (
                "dates are those of whoever asked for the export, at the offset from UTC of that day: in the other "
                "half of the year they may be an hour off"
            )


def looks_like_date(text: str) -> bool:
    """Say whether a text may be a date with a time, in whatever language: cheap, and sometimes wrong."""
    if not 8 <= len(text) <= LONGEST:
        return False
    said = plain(text)
    return _TIME.search(said) is not None and _YEAR.search(said) is not None


def stated_offset(text: str) -> timedelta | None:
    """Return the offset that a text states (``UTC-05:00``), None if it states none."""
    found = _OFFSET.search(plain(text))
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return offset if found[1] == "+" else -offset


@lru_cache(maxsize=64)
def offset_between(text: str, moment: datetime) -> timedelta | None:
    """Return the offset of a clock that showed ``text`` at a moment; None if the text cannot be read."""
    local = Dates([text]).local(text)
    if local is None:
        return None
    quarters = round((local.at.replace(tzinfo=UTC) - moment) / timedelta(minutes=15))
    return timedelta(minutes=15) * quarters if abs(quarters) <= 14 * 4 else None


# -- learning


def _languages(texts: Sequence[str], day_first: bool | None) -> Sequence[Language | None]:
    """Return the languages that read most texts with the fewest words left over, one of those that read alike."""
    best: dict[tuple[Reading | None, ...], Language | None] = {}
    most = (0, 0)
    for one in _candidates(texts, day_first):
        found = [_read(text, one, day_first) for text in texts]
        readings = tuple(reading for reading, _ in found)
        mark = (sum(reading is not None for reading in readings), -sum(_left_over(left, one) for _, left in found))
        if mark[0] and (mark > most or not best):
            best, most = {}, mark
        if mark[0] and mark == most:
            best.setdefault(readings, one)
        if one is language("en") and mark == (len(texts), 0):
            break
    return list(best.values()) or [language("en")]


def _candidates(texts: Sequence[str], day_first: bool | None) -> Iterator[Language | None]:
    """Yield English, then the languages that read at least half as many sorts of dates as the best of them.

    Dates that differ in their figures only are of one sort, so that a few stand for thousands.
    """
    if not texts:
        return
    yield language("en")
    sorts = list({_FIGURE.sub("0", text): text for text in reversed(texts)}.values())[-_SORTS:]
    read = {
        code: sum(_read(text, language(code), day_first)[0] is not None for text in sorts) for code in LANGUAGES.split()
    }
    most = max(read.values())
    yield from (language(code) for code, count in read.items() if code != "en" and count and 2 * count >= most)


def _is_in_figures(text: str) -> bool:
    found = _FIGURES.search(text)
    return found is not None and len(found[1]) < 3


def _day_first(texts: Iterable[str]) -> bool | None:
    """Return whether the day comes first in dates that are figures, None if no date tells, or they contradict."""
    pairs = [(int(one[1]), int(one[3])) for one in map(_FIGURES.search, texts) if one and len(one[1]) < 3]
    day_first, month_first = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return day_first if day_first != month_first else None


# -- reading


def _read(text: str, of: Language | None, day_first: bool | None) -> tuple[Reading | None, str]:
    """Read a plain text; return None if it is no date in this language, and what of the text is left over."""
    date, has_figures, time, beside = _parts(text, day_first)
    if date is None and not has_figures and of is not None and (name := of.months.find(beside)):
        date, beside = _date_by_name(beside, name, int(of.months.meanings[name[0]])), _blanked(beside, name)
    if date is None:
        return None, ""
    half = of.halves.find(beside) if of is not None else None
    left = _blanked(beside, half)
    try:
        if time is None:
            return Reading(datetime(*date), "day"), left
        hour, minute, second = time[1] or time[4], time[2] or time[5], time[3] or time[6]
        clock = _hour(int(hour), of.halves.meanings[half[0]] if of is not None and half is not None else "")
        moment = datetime(*date, clock, int(minute), int(second or 0))
    except ValueError:
        return None, ""
    return Reading(moment, "second" if second else "minute"), left


@lru_cache(maxsize=256)
def _parts(text: str, day_first: bool | None) -> tuple[tuple[int, int, int] | None, bool, re.Match[str] | None, str]:
    """Return what is the same in all languages: a date in figures, whether there is one, the time, the words beside."""
    date, rest = _date_in_figures(text, day_first)
    time = _TIME.search(rest)
    return date, rest != text, time, _blanked(rest, time)


def _left_over(text: str, of: Language | None) -> int:
    """Return how many letters of a text are neither a day of the week nor a usual word between the parts."""
    day = of.days.find(text) if of is not None and _WORD.search(text) else None
    return sum(len(word) for word in _WORD.findall(_blanked(text, day)) if word not in _FILLERS)


def _blanked(text: str, found: re.Match[str] | None) -> str:
    """Return a text with a blank for every character of what was found, so that places in it stay."""
    if found is None:
        return text
    return text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]


def _date_in_figures(text: str, day_first: bool | None) -> tuple[tuple[int, int, int] | None, str]:
    """Return (year, month, day) of a date in figures, and the text without it."""
    found = _EAST_ASIA.search(text)
    if found is not None:
        return (int(found[1]), int(found[2]), int(found[3])), _blanked(text, found)
    found = _FIGURES.search(text)
    if found is None:
        return None, text
    rest = _blanked(text, found)
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return (first, second, third), rest
    if day_first is None and first != second:
        return None, rest
    year = third + 2000 if len(found[4]) == 2 else third
    return ((year, second, first) if day_first else (year, first, second)), rest


def _date_by_name(text: str, name: re.Match[str], month: int) -> tuple[int, int, int] | None:
    """Return (year, month, day) by the numbers around a month's name: the year has four figures, the day is nearest."""
    found = [one for one in _NUMBER.finditer(text) if one.end() <= name.start() or one.start() >= name.end()]
    years = [int(one[0]) for one in found if len(one[0]) == 4]
    near = [(max(name.start() - one.end(), one.start() - name.end()), int(one[0])) for one in found if len(one[0]) < 3]
    if len(years) != 1 or not near:
        return None
    year = years[0] - 543 if years[0] > 2400 else years[0]
    return year, month, min(near)[1]


def _hour(hour: int, half: str) -> int:
    """Return an hour from 0 to 23."""
    if not half or hour > 12:
        return hour
    if half == "night":
        half = "pm" if 6 <= hour < 12 else "am"
    return hour % 12 + 12 * (half == "pm")
