"""What a suggestion is, and what each sort of personal data is: ``personal.toml``, typed.

All places are code points of the text as it was given.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

SLOT = re.compile(r"[\s:#.№º]*(?:(?:number|numbers|no|num|nr|id|is|was|número)\b[\s:#.№º]*){0,3}\Z", re.IGNORECASE)
"""What may stand between what a number is called and the number: "permit no.: "."""

SENTENCE_END = re.compile(r"[!?]\s|\w{4}\.\s")
"""Words of the sentence before do not count; a short word with a point may be "no."."""

CALLED = 48
"""How many characters before a number are read for what it is called."""


class Suggestion(Struct, frozen=True, order=True):
    """Something that a reviewer may want to black out: ``text[start:stop]``.

    ``why`` and ``sort`` never hold words of the text; ``exemption`` is a code of ``exemptions.toml`` or empty.
    """

    start: int
    stop: int
    sort: str
    why: str
    exemption: str = ""


class Found(Struct, frozen=True):
    """A place in a text; ``key`` is the same for two ways of writing the same number or address."""

    start: int
    stop: int
    key: str = ""


class Sort(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sort of personal data (the head of ``personal.toml`` says what each word means)."""

    name: str
    exemption: str
    why: str
    quiet: bool = False
    own: bool = False
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    draft: str = ""

    def is_near(self, text: str, start: int, stop: int) -> bool:
        """Say whether one of the words that count stands around ``text[start:stop]``."""
        pattern = _counting(self.near, self.unless)
        begin = max(0, start - self.before)
        begin = max((one.end() for one in SENTENCE_END.finditer(text, begin, start)), default=begin)
        return bool(pattern.search(text, begin, start) or pattern.search(text, stop, stop + self.after))

    def is_followed_by(self, words: tuple[str, ...], text: str, stop: int) -> bool:
        """Say whether one of these words stands within ``after`` characters behind ``stop``."""
        return bool(_words(words).search(text, stop, stop + self.after))

    def is_something_else(self, text: str, start: int, stop: int) -> bool:
        """Say whether the words right before or after ``text[start:stop]`` make it another thing."""
        return self._is_called(text, start) or self._is_followed(text, stop)

    def _is_called(self, text: str, start: int) -> bool:
        begin = max(0, start - CALLED)
        names = _words(self.not_after).finditer(text, begin, start) if self.not_after else ()
        return any(SLOT.match(text, one.end(), start) for one in names)

    def _is_followed(self, text: str, stop: int) -> bool:
        if not self.not_before:
            return False
        space = re.compile(r"\s{0,3}").match(text, stop)
        return bool(_words(self.not_before).match(text, space.end() if space else stop))

    def suggested(self, found: Found) -> Suggestion:
        """Return what a reviewer is told of a place of this sort."""
        return Suggestion(found.start, found.stop, self.name, self.why, self.exemption)


class Personal(Struct, frozen=True, forbid_unknown_fields=True):
    """All of ``personal.toml``."""

    published_kinds: frozenset[str]
    column_kinds: frozenset[str]
    skipped_fields: tuple[str, ...]
    sorts: tuple[Sort, ...]


@cache
def personal() -> Personal:
    """Return what is pointed out as personal, the strongest sort first."""
    return msgspec.convert(tomllib.loads((files(__package__) / "personal.toml").read_text(encoding="utf-8")), Personal)


@cache
def named_sort(name: str) -> Sort:
    """Return the sort of this name; raises KeyError, since names come from code alone."""
    return {one.name: one for one in personal().sorts}[name]


@cache
def _words(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(words)}(?!\w)", re.IGNORECASE)


@cache
def _counting(words: tuple[str, ...], unless: tuple[str, ...]) -> re.Pattern[str]:
    if not words:
        return re.compile(r"(?!)")
    followed = rf"(?!\s+{any_of(unless)}(?!\w))" if unless else ""
    return re.compile(rf"(?<!\w){any_of(words)}(?!\w){followed}", re.IGNORECASE)


def any_of(words: Iterable[str]) -> str:
    """Return the pattern of any of these words, the longest first, with any blanks between their parts."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(r"\s+".join(map(re.escape, word.split())) for word in ordered) + ")"
