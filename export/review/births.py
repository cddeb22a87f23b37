"""Birth dates, and the ages of people's children: dates and numbers that only the words around them make personal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from export.review.sorts import Found, Sort, any_of

_MONTH = any_of([
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan.", "feb.", "mar.", "apr.", "jun.", "jul.", "aug.", "sep.", "sept.", "oct.", "nov.", "dec.",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
])  # fmt: skip
_YEAR = r"(?:(?:,?\s{1,2}|\s{1,2}del?\s{1,2})(?:19|20)\d{2}\b|(?!,?\s{0,2}\d{4}\b))"
"""None, or one in which somebody who is alive was born."""

DATE = re.compile(
    r"(?<![\w/.-])(?:(\d{1,2})([/.-])(\d{1,2})\2(?:(?:19|20)\d{2}|\d{2})|(?:19|20)\d{2}-\d{2}-\d{2}"
    rf"|{_MONTH}\s{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?{_YEAR}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,2}}(?:of\s|de\s)?{_MONTH}{_YEAR})(?![\w/-])",
    re.IGNORECASE,
)
TURNS = re.compile(r"\b(?:turns|turned|turning|will\s+turn|cumple|cumplió)\s{1,2}(\d{1,2})\b(?!\s*%)", re.IGNORECASE)

CHILDREN = (
    "son", "daughter", "child", "kid", "boy", "girl", "toddler", "grandson", "granddaughter", "grandchild", "grandkid",
    "stepson", "stepdaughter", "nephew", "niece", "student", "kiddo", "hijo", "hija", "niño", "niña", "nieto", "nieta",
)  # fmt: skip
WHOSE = r"(?:my|our|his|her|their|mi|nuestr[oa]|su)"
OF_AGE = 18

_YEARS_OLD = re.compile(r"(?<![\w.,/-])(\d{1,2})[\s-](?:years?|yrs?|yr\.)[\s-]old\b", re.IGNORECASE)
_WHOSE_BEFORE = re.compile(rf"\b{WHOSE}\s{{1,2}}(?:\w{{1,12}}\s{{1,2}})?\Z", re.IGNORECASE)
_CHILD_AFTER = re.compile(rf"\s{{1,2}}(?:\w{{1,12}}\s{{1,2}})?{any_of(CHILDREN)}\b", re.IGNORECASE)
_AFTER = re.compile(r"\s*(\w*)")
_CHILD_IS = re.compile(
    rf"\b{WHOSE}\s{{1,2}}(?:\w{{1,12}}\s{{1,2}})?{any_of(CHILDREN)}\b,?\s{{1,2}}(?:\w{{1,20}},?\s{{1,2}})?"
    r"(?:is|who\s+is|just\s+turned|turned|turns|age|aged|tiene|de)\s{1,2}(\d{1,2})(?=\s*(?:[.,;:!?)\n]|\Z)|\s+(?:and|so|but|now|who|years?|años|yrs?)\b)",
    re.IGNORECASE,
)


def birth_dates(text: str, sort: Sort) -> Iterator[Found]:
    """Yield dates beside words such as "born", or behind a child who "turns 9"."""
    for match in DATE.finditer(text):
        start, stop = match.span()
        if _is_day(match) and (sort.is_near(text, start, stop) or _turns_young(text, start - sort.before, start)):
            yield Found(start, stop)


def _is_day(match: re.Match[str]) -> bool:
    first, second = match.group(1), match.group(3)
    return not first or (0 < min(int(first), int(second)) <= 12 and max(int(first), int(second)) <= 31)


def _turns_young(text: str, start: int, stop: int) -> bool:
    return any(int(one.group(1)) < OF_AGE for one in TURNS.finditer(text, max(0, start), stop))


def ages(text: str, sort: Sort) -> Iterator[Found]:
    """Yield the ages of children: "my 8-year-old", "an 8-year-old girl", "our son is 8"."""
    for match in _YEARS_OLD.finditer(text):
        if int(match.group(1)) < OF_AGE and _is_a_child(text, match, sort):
            yield Found(*match.span())
    for match in _CHILD_IS.finditer(text):
        if int(match.group(1)) < OF_AGE:
            yield Found(*match.span(1))


def _is_a_child(text: str, match: re.Match[str], sort: Sort) -> bool:
    if _CHILD_AFTER.match(text, match.end()):
        return True
    whose = _WHOSE_BEFORE.search(text, max(0, match.start() - 32), match.start())
    return bool(whose) and not sort.is_something_else(text, *match.span()) and _ends(text, match.end(), sort)


def _ends(text: str, place: int, sort: Sort) -> bool:
    """Say whether the age stands for the child itself: nothing follows, a name, or a word such as "loves"."""
    following = _AFTER.match(text, place)
    word = following.group(1) if following else ""
    return not word or text[place : place + 1] in ".,;:!?)" or word[0].isupper() or word.casefold() in sort.near
