"""Card and bank account numbers: what check digits and the words around them tell.

Sources: ISO/IEC 7812-1 (the Luhn check digit), ISO 13616 (IBAN), the American Bankers Association's policy on routing
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from export.review.sorts import Found, Sort

GROUPS = re.compile(r"(?<![\w.$])\d+(?:[ .\-\t\n]{1,2}\d+)*(?!\w)")
DIGITS = re.compile(r"\d+")

ISSUERS = (
    (re.compile(r"4"), (13, 16, 19)),  # Visa
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),  # Mastercard
    (re.compile(r"3[47]"), (15,)),  # American Express
    (re.compile(r"6011|64[4-9]|65"), (16, 19)),  # Discover
    (re.compile(r"30[0-5]|3[689]"), (14, 16)),  # Diners Club
    (re.compile(r"352[89]|35[3-8]"), (16, 19)),  # JCB
    (re.compile(r"62"), (16, 17, 18, 19)),  # UnionPay
    (re.compile(r"50|5[6-8]|63|67"), (13, 14, 15, 16, 18, 19)),  # Maestro
)
LAYOUTS = ((4, 6, 5), (4, 6, 4))
LONGEST_CARD = 19
SMALLEST_GROUP = 3
"""Digits in smaller groups are scores and dates."""

LUHN = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
IBAN_LENGTHS = {
    "AE": 23, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "TR": 26, "UA": 29,
}  # fmt: skip

ACCOUNT = re.compile(
    r"(?<![\w.$/:-])(?!\d{3}[- ]\d{3}[- ]\d{4})(\d{6,17}|\d{3,6}(?:[ -]\d{3,6}){1,3})(?![\w/]|[.:-]\d)"
)
ROUTING_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)
ROUTING_WORDS = re.compile(
    r"(?<!\w)(?:routing|aba|rtn|ruta)(?!\w)[\s:#.]*(?:(?:number|no|is|transit)[\s:#.]*){0,3}\Z", re.I
)


def cards(text: str, sort: Sort) -> Iterator[Found]:
    """Yield numbers of 13 to 19 digits, in even groups or none, that an issuer could have given out."""
    for run in GROUPS.finditer(text):
        groups = [match.span() for match in DIGITS.finditer(text, *run.span())]
        after = 0
        for first in range(len(groups)):
            stop = _card_from(text, groups, first) if groups[first][0] >= after else 0
            if stop and not sort.is_something_else(text, groups[first][0], stop):
                after = stop
                yield Found(groups[first][0], stop)


def _card_from(text: str, groups: list[tuple[int, int]], first: int) -> int:
    """Return where the card number ends that begins with this group, 0 if none does."""
    digits, sizes = "", []
    for start, stop in groups[first : first + LONGEST_CARD]:
        if len(digits) + stop - start > LONGEST_CARD:
            return 0
        digits += text[start:stop]
        sizes.append(stop - start)
        if is_card(digits) and _is_even(sizes):
            return stop
    return 0


def _is_even(sizes: list[int]) -> bool:
    even = len(set(sizes[:-1])) <= 1 and sizes[-1] <= sizes[0] and sizes[0] >= SMALLEST_GROUP
    return even or tuple(sizes) in LAYOUTS


def is_card(digits: str) -> bool:
    """Say whether these ASCII digits have an issuer's beginning and length and the right check digit."""
    if len(set(digits)) < 2 or not any(len(digits) in of and begin.match(digits) for begin, of in ISSUERS):
        return False
    values = [int(one) for one in reversed(digits)]
    return (sum(values[::2]) + sum(LUHN[one] for one in values[1::2])) % 10 == 0


def accounts(text: str, sort: Sort) -> Iterator[Found]:
    """Yield IBANs wherever they stand, and other account and routing numbers beside the words for them."""
    for match in IBAN.finditer(text):
        stop = _iban_stop(text, *match.span())
        if stop:
            yield Found(match.start(), stop)
    for match in ACCOUNT.finditer(text):
        start, stop = match.span(1)
        if sort.is_near(text, start, stop) and not sort.is_something_else(text, start, stop):
            routing = ROUTING_WORDS.search(text, max(0, start - 40), start)
            if not routing or is_routing(match.group(1)):
                yield Found(start, stop)


def _iban_stop(text: str, start: int, stop: int) -> int:
    """Return where the IBAN ends that begins at ``start``, 0 if there is none; words may follow in its reach."""
    left = IBAN_LENGTHS.get(text[start : start + 2], 0)
    for place in range(start, stop if left else start):
        left -= text[place] != " "
        if not left:
            return place + 1 if is_iban(text[start : place + 1]) else 0
    return 0


def is_iban(written: str) -> bool:
    """Say whether an IBAN's check digits are right; blanks do not count."""
    compact = written.replace(" ", "")
    return int("".join(str(int(one, 36)) for one in compact[4:] + compact[:4])) % 97 == 1


def is_routing(digits: str) -> bool:
    """Say whether nine digits are a bank's routing number: a Federal Reserve prefix, and the check digit."""
    if len(digits) != len(ROUTING_WEIGHTS) or not digits.isdecimal():
        return False
    prefix = int(digits[:2])
    known = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return known and sum(int(one) * weight for one, weight in zip(digits, ROUTING_WEIGHTS, strict=True)) % 10 == 0
