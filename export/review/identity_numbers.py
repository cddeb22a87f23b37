"""Social security and driver's license numbers.

The rules of the first are the Social Security Administration's (no area 000, 666 or 9xx, no group 00, no serial 0000);
beside the words for it a number of area 9xx counts too, which is how taxpayers without one are numbered.
Wisconsin's license number is the Soundex code of the last name (digits 0 to 6), three digits for the first name, the
year of birth, and the day: month less one times forty, plus the day, plus 500 for women.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from export.review.sorts import Found, Sort

SSN = re.compile(r"(?<![\w.-])(?!000|666)(\d{3})([-. ]?)(?!00)(\d{2})\2(?!0000)(\d{4})(?![\w-]|\.\d)")

WISCONSIN = re.compile(r"(?i)(?<![\w-])[A-Z][0-6]{3}([- ]?)\d{4}\1\d(\d{3})\1\d{2}(?![\w-])")

ELSEWHERE = re.compile(r"(?i)(?<![\w/.-])(?:[A-Z]{1,2}-?\d{5,14}|\d{7,14}|[A-Z]\d{2,4}(?:[- ]\d{2,6}){1,4})(?![\w/-])")


def social_security(text: str, sort: Sort) -> Iterator[Found]:
    """Yield numbers with hyphens wherever they stand, other ways of writing them beside the words for them."""
    for match in SSN.finditer(text):
        start, stop = match.span()
        sure = match.group(2) == "-" and match.group(1)[0] != "9"
        if (sure or sort.is_near(text, start, stop)) and not sort.is_something_else(text, start, stop):
            yield Found(start, stop)


def licenses(text: str, sort: Sort) -> Iterator[Found]:
    """Yield Wisconsin's numbers in their groups wherever they stand, and others right beside the words for them."""
    for match in WISCONSIN.finditer(text):
        sure = match.group(1) or sort.is_near(text, *match.span())
        if sure and _is_day(int(match.group(2))) and not sort.is_something_else(text, *match.span()):
            yield Found(*match.span())
    for match in ELSEWHERE.finditer(text):
        if sort.is_near(text, *match.span()) and not sort.is_something_else(text, *match.span()):
            yield Found(*match.span())


def _is_day(code: int) -> bool:
    month, day = divmod(code % 500 - 1, 40)
    return 0 <= month < 12 and day < 31
