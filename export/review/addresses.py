"""Street addresses in the ways Wisconsin writes them, post office boxes, and e-mail addresses.

A house number is found, then the few words behind it are read: a direction, a name, a suffix; what may follow is taken
along (unit, city, state, ZIP code). Suffixes are the Postal Service's (Publication 28, appendix C1), the usual ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from msgspec import Struct

from export.review.plain import EMAIL, plain
from export.review.sorts import Found, Sort, named_sort

SUFFIXES = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "circle": "cir", "boulevard": "blvd", "place": "pl", "terrace": "ter", "trail": "trl", "parkway": "pkwy",
    "way": "way",
    "square": "sq", "alley": "aly", "loop": "loop", "ridge": "rdg", "calle": "st",
}  # fmt: skip
DIRECTIONS = {
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se",
    "southwest": "sw",
}  # fmt: skip
SHORT = {**SUFFIXES, **DIRECTIONS}
ALL_SUFFIXES = {*SUFFIXES, *SUFFIXES.values()}
ALL_DIRECTIONS = {*DIRECTIONS, *DIRECTIONS.values()}

IN_SMALL_LETTERS = {"street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "court", "ct"}
"""Suffixes that make an address of small letters too, beside words such as "live at"."""

HIGHWAYS = {"highway", "hwy", "road", "rd", "trunk"}
OF_HIGHWAYS = {"county", "cty", "co", "state", "us", "trunk"}

NO_NAMES = {
    "way", "lane", "lanes", "mph", "hour", "hours", "minute", "minutes", "day", "days", "year", "years", "block",
    "blocks",
    "am", "pm", "cars", "people", "houses", "feet", "miles", "mile", "inch", "percent", "the", "of", "on", "in", "and",
    "for", "to", "from", "a", "at", "is", "this", "that", "my", "your", "our", "times", "more", "bad", "new", "kids",
    "potholes", "dr", "mr", "mrs", "ms", "st", "million", "thousand", "dollars", "other", "busy", "dead", "end", "off",
    "noon",
}  # fmt: skip
MOST_NAMES = 4

_HOUSE = re.compile(r"(?<![\w$/:#.,-])(?:\d{1,6}[A-Za-z]?(?: 1/2)?|[NSEW]\d{1,5}(?:[NSEW]\d{1,5})?)(?=\s)")
_WORD = re.compile(r"\s{1,2}(\w[\w'-]{0,30})\.?")
_NUMBERED = re.compile(r"\d{1,3}(?:st|nd|rd|th)?", re.IGNORECASE)
_ROUTE = re.compile(r"[A-Z]{1,3}|\d{1,3}")
_UNIT = re.compile(
    r",?\s{1,2}(?:(?:apartment|apt|unit|suite|ste|room|rm|trailer)\b\.?\s?#?\s?\w[\w-]{0,6}|#\s?\w[\w-]{0,6})",
    re.IGNORECASE,
)
_CITY = re.compile(
    r",?\s{1,2}[A-Z][a-z]{2,20}(?:\s[A-Z][a-z]{2,20})?,?\s{1,2}(?:WI|Wisconsin)\b(?:\s{1,2}\d{5}(?:-\d{4})?\b)?"
)
_BOX = re.compile(r"\b(?:P\.?\s?O\.?|post\s+office)\s{0,2}box\s{0,2}#?\s{0,2}(\d{1,6})\b", re.IGNORECASE)


class _Word(Struct, frozen=True):
    written: str
    stop: int

    @property
    def plain(self) -> str:
        return self.written.casefold()

    @property
    def is_capital(self) -> bool:
        return self.written[0].isupper() or bool(_NUMBERED.fullmatch(self.written))


def streets(text: str, sort: Sort) -> Iterator[Found]:
    """Yield house numbers with their streets, and post office boxes; the key is the shortest way to write the place."""
    for house in _HOUSE.finditer(text):
        found = _street(text, house, sort)
        if found and not sort.is_something_else(text, house.start(), found.stop):
            yield Found(house.start(), _with_the_rest(text, found.stop), found.key)
    for box in _BOX.finditer(text):
        yield Found(box.start(), _with_the_rest(text, box.end()), f"box {box.group(1)}")


def _street(text: str, house: re.Match[str], sort: Sort) -> Found | None:
    words = list(_words(text, house.end()))
    count = _highway(words) or _named(words)
    if not count:
        return None
    read = words[:count]
    if not all(word.is_capital for word in read) and not (
        read[-1].plain in IN_SMALL_LETTERS
        and len(read) <= MOST_NAMES
        and sort.is_near(text, house.start(), read[-1].stop)
    ):
        return None
    key = " ".join([house.group().casefold(), *(SHORT.get(word.plain, word.plain) for word in read)])
    return Found(house.start(), read[-1].stop, key)


def _words(text: str, place: int) -> Iterator[_Word]:
    for _ in range(MOST_NAMES + 3):
        match = _WORD.match(text, place)
        if not match:
            return
        place = match.end()
        yield _Word(match.group(1), place if text[place - 1] != "." or len(match.group(1)) <= MOST_NAMES else place - 1)


def _highway(words: Sequence[_Word]) -> int:
    """Return how many words are a highway's name ("County Road H", "Hwy 26"), 0 if they are none."""
    for place, word in enumerate(words[1:4], 1):
        before = words[place - 1].plain
        if _ROUTE.fullmatch(word.written) and before in HIGHWAYS:
            named = place > 1 and words[place - 2].plain in OF_HIGHWAYS
            if named or (place == 1 and before in ("highway", "hwy")):
                return place + 1
    return 0


def _named(words: Sequence[_Word]) -> int:
    """Return how many words are a street's name with its suffix and direction, 0 if they are none."""
    first = 1 if words and words[0].plain in ALL_DIRECTIONS else 0
    for place in range(first + 1, min(len(words), first + MOST_NAMES + 1)):
        if words[place - 1].plain in NO_NAMES:
            return 0
        if words[place].plain in ALL_SUFFIXES:
            while place + 1 < len(words) and words[place + 1].written.istitle() and _goes_on(words[place + 1]):
                place += 1
            return place + 1
    return 0


def _goes_on(word: _Word) -> bool:
    return word.plain in ALL_SUFFIXES or word.plain in ALL_DIRECTIONS


def _with_the_rest(text: str, stop: int) -> int:
    for rest in (_UNIT, _CITY):
        match = rest.match(text, stop)
        stop = match.end() if match else stop
    return stop


def emails(text: str, sort: Sort) -> Iterator[Found]:
    """Yield e-mail addresses."""
    for match in EMAIL.finditer(text):
        yield Found(match.start(), match.end(), match.group().casefold())


@cache
def published_place(written: str) -> str:
    """Return the key of an address that the City publishes ("18 Main Street, Milbrook"), empty if this is none."""
    found = next(streets(plain(written), named_sort("street address")), None)
    return found.key if found else ""
