"""What WhatsApp itself says in an exported chat, in the languages that ``whatsapp.toml`` lists."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from msgspec import Struct

MARKS = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
"""Marks of direction that WhatsApp puts before its own words, and the byte order mark."""

_MARKS = re.compile(f"[{MARKS}]")


class Words(Struct, frozen=True):
    """The sentences, normal (:func:`normal`): what became of a message; halves of the day with the hours to add."""

    halves: Mapping[str, int]
    before_times: frozenset[str]
    chats: tuple[str, ...]
    omitted: frozenset[str]
    attached: frozenset[str]
    deleted: frozenset[str]
    deleted_by_admin: tuple[str, ...]
    edited: frozenset[str]


@cache
def words() -> Words:
    """Return the sentences of all languages."""
    said = tomllib.loads(files(__package__).joinpath("whatsapp.toml").read_text(encoding="utf-8"))
    languages = [one for one in said.values() if isinstance(one, dict)]

    def of(key: str) -> frozenset[str]:
        return frozenset(normal(one) for language in languages for one in language.get(key, ()))

    halves = {half_of_day(one): 0 for one in said["am"]} | {half_of_day(one): 12 for one in said["pm"]}
    return Words(
        halves=halves,
        before_times=frozenset(half_of_day(one) for one in said["at"]),
        chats=tuple(sorted(said["chats"], key=len, reverse=True)),
        omitted=of("omitted"),
        attached=of("attached"),
        deleted=of("deleted"),
        deleted_by_admin=tuple(sorted(of("deleted_by_admin"))),
        edited=of("edited"),
    )


def unmarked(text: str) -> str:
    """Return a text without marks of direction."""
    return _MARKS.sub("", text)


def normal(text: str) -> str:
    """Return a sentence as it is compared."""
    return unmarked(text).replace("\xa0", " ").replace("\u202f", " ").strip().removesuffix(".").casefold()


def half_of_day(text: str) -> str:
    """Return a mark such as ``p. m.`` without blanks and dots, in small letters."""
    return re.sub(r"[\s.]", "", text).casefold()
