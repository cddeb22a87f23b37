"""What in a record is pointed out to a reviewer as personal: text in, places out. Nothing is ever blacked out by it.

Every finder reads in time linear in the length of the text, whoever wrote it.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from export.review import addresses, births, financial, identity_numbers, names, phones
from export.review.plain import numbers_alone, plain
from export.review.sorts import Found, Sort, Suggestion, personal

Finder = Callable[[str, Sort], Iterator[Found]]

IN_NUMBERS: dict[str, Finder] = {
    "card number": financial.cards,
    "bank account number": financial.accounts,
    "social security number": identity_numbers.social_security,
    "driver's license number": identity_numbers.licenses,
    "phone number": phones.phones,
}
"""Finders that read a text without the addresses of pages and of mail in it."""

IN_WORDS: dict[str, Finder] = {
    "birth date": births.birth_dates,
    "name of a minor": names.minors,
    "age of a minor": births.ages,
    "street address": addresses.streets,
    "e-mail address": addresses.emails,
}

PHONE = "phone number"


def suggestions(
    text: str,
    *,
    field: str,
    by_city: bool,
    kind: str,
    published: frozenset[str] = frozenset(),
    asked: frozenset[str] = frozenset(),
) -> list[Suggestion]:
    """Return what is personal in one field of a record, in the order of the text; no two overlap.

    ``field`` is named as in :class:`export.released.Redaction` ("text", "author", "details.status"); ``by_city`` says
    whether the city's own account wrote the record, ``kind`` is the record's. ``published`` are the phone numbers and
    addresses that the city publishes as its own, in any way of writing; ``asked`` the quiet sorts that are wanted too.
    """
    if kind in personal().column_kinds or any(fnmatch.fnmatchcase(field, one) for one in personal().skipped_fields):
        return []
    is_news = by_city and kind in personal().published_kinds
    sorts = [one for one in personal().sorts if (one.own or not is_news) and (not one.quiet or one.name in asked)]
    return apart(suggested for sort in sorts for suggested in _of_sort(text, sort, published))


def apart(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Return suggestions in the order of their places; of those that overlap, the one that came first stays."""
    kept: list[Suggestion] = []
    taken: set[int] = set()
    for one in found:
        places = range(one.start, one.stop)
        if places and taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return sorted(kept)


def _of_sort(text: str, sort: Sort, published: frozenset[str]) -> Iterator[Suggestion]:
    in_numbers = IN_NUMBERS.get(sort.name)
    finder = in_numbers or IN_WORDS.get(sort.name)
    if finder is None:
        return
    for found in finder(_in_numbers(text) if in_numbers else _in_words(text), sort):
        if not found.key or not _is_published(sort.name, found.key, published):
            yield sort.suggested(found)


def _is_published(sort: str, key: str, published: frozenset[str]) -> bool:
    keys = _keys(published)
    return phones.is_published(key, keys) if sort == PHONE else key in keys


@lru_cache(maxsize=16)
def _keys(published: frozenset[str]) -> frozenset[str]:
    keys = {key(one) for one in published for key in (phones.published_phone, addresses.published_place, str.casefold)}
    return frozenset(keys - {""})


@lru_cache(maxsize=1)
def _in_words(text: str) -> str:
    return plain(text)


@lru_cache(maxsize=1)
def _in_numbers(text: str) -> str:
    return numbers_alone(_in_words(text))
