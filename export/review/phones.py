"""Phone numbers, by the library of those who keep the world's numbering plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberMatcher

from export.review.sorts import Found, Sort

REGION = "US"

FEWEST_DIGITS = re.compile(r"(?:\d\D{0,4}){6}\d")

LOCAL = re.compile(r"\(?(?:\d{3}\)?[-. ]{0,2})?\d{3}[-. ]\d{4}(?!\d)")
"""How a number is written that no numbering plan knows, or that lacks its area: it needs words around it."""

SEVEN = re.compile(r"(?!.11)[2-9]\d{2}-\d{4}")
"""A number without its area, as everybody in town writes it: no words are needed."""

LOCAL_DIGITS = 7


def phones(text: str, sort: Sort) -> Iterator[Found]:
    """Yield the phone numbers of a plain text: those a numbering plan knows, others beside words such as "call"."""
    if not FEWEST_DIGITS.search(text):
        return
    for match in PhoneNumberMatcher(text, REGION, Leniency.POSSIBLE, len(text)):
        if not sort.is_something_else(text, match.start, match.end) and (
            _is_sure(match.raw_string, match.number)
            or (_is_plausible(match.raw_string, match.number) and sort.is_near(text, match.start, match.end))
        ):
            yield Found(match.start, match.end, str(match.number.national_number))


def _is_sure(raw: str, number: PhoneNumber) -> bool:
    """A number that exists, and is written as one: bare digits may be anything."""
    return bool(SEVEN.fullmatch(raw)) or (not raw.isdigit() and phonenumbers.is_valid_number(number))


def _is_plausible(raw: str, number: PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number) or raw.startswith("+") or bool(LOCAL.match(raw))


@cache
def published_phone(written: str) -> str:
    """Return the key of a number that the City publishes, empty if this is none."""
    try:
        return str(phonenumbers.parse(written, REGION).national_number)
    except phonenumbers.NumberParseException:
        return ""


def is_published(key: str, published: frozenset[str]) -> bool:
    """Say whether a number is among these, also if it is written without its area."""
    return key in published or (len(key) == LOCAL_DIGITS and any(one.endswith(key) for one in published))
