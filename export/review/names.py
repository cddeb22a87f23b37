"""Names in comments: those of children whom somebody names, and those of other people who write in these records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from export.review.births import WHOSE
from export.review.plain import plain
from export.review.sorts import Found, Sort, Suggestion, any_of, named_sort

_TITLE = r"(?-i:[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,20}(?:[-'][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,20})?)"
_NAME = rf"({_TITLE})(\s{_TITLE})?(?!\w)"
_AGED = r"(?:\d{1,2}[\s-](?:year|yr)s?[\s-]old\s{1,2})?"
_CALLED = (
    r"(?:(?:'s|s)?\s{1,2}(?:name\s{1,2}is|is\s{1,2}named|is\s{1,2}called|is|es|named|called|se\s{1,2}llama|llamad[oa])\s{1,2}"
    r"|,?\s{1,2}|\s{1,2}\()"
)
OURS = re.compile(rf"\b(?i:my|our)\s{{1,2}}{_NAME}")
"""Somebody of the family; a child only if what follows speaks of one."""

_WORD = re.compile(r"@?\w[\w'-]*")
MENTION = "@"
FEWEST_LETTERS = 3


def minors(text: str, sort: Sort) -> Iterator[Found]:
    """Yield the names of children in a plain text: "my daughter Emma", "our 8-year-old, Tyler", "mi hija Luz"."""
    for pattern in _patterns(sort.near):
        for match in pattern.finditer(text):
            if match.group(1).casefold() not in sort.not_before:
                yield Found(match.start(1), _stop(match, sort))
    for match in OURS.finditer(text):
        names = {name.strip().casefold() for name in match.groups("")}
        if names.isdisjoint(sort.not_before) and sort.is_followed_by(sort.around, text, match.end()):
            yield Found(match.start(1), match.end())


def _stop(match: re.Match[str], sort: Sort) -> int:
    surname = (match.group(2) or "").strip().casefold()
    return match.end(2) if surname and surname not in sort.not_before else match.end(1)


def _patterns(children: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    child = any_of(children)
    whose = rf"\b{WHOSE}\s{{1,2}}(?:\w{{1,12}}\s{{1,2}})?"
    return (
        re.compile(rf"{whose}{_AGED}{child}{_CALLED}{_NAME}", re.IGNORECASE),
        re.compile(rf"\b{WHOSE}\s{{1,2}}(?:1[0-7]|\d)[\s-](?:year|yr)s?[\s-]old,?\s{{1,2}}{_NAME}", re.IGNORECASE),
        re.compile(rf"(?<!\w){_NAME}\s{{1,2}}\({WHOSE}\s{{1,2}}{child}\)", re.IGNORECASE),
    )


class People:
    """The display names and handles of those who write in some records, to be found in what others wrote.

    A name of several words is found as it is, in any case; a single one only with a capital letter and if it is no
    everyday word, or behind "@". Reading a text takes the same time for ten names as for ten thousand.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.sort = named_sort("name")
        self._by_first: dict[str, set[tuple[str, ...]]] = {}
        for name in names:
            words = tuple(word.lstrip(MENTION) for word in _words(name))
            if words and not self._is_everyday(words):
                self._by_first.setdefault(words[0], set()).add(words)

    def _is_everyday(self, words: tuple[str, ...]) -> bool:
        return len(words) == 1 and (len(words[0]) < FEWEST_LETTERS or words[0] in self.sort.not_before)

    def suggestions(self, text: str, author: str = "") -> list[Suggestion]:
        """Return where a text names one of these people; ``author``, who wrote it, is not pointed out in it."""
        own = tuple(_words(author))
        found = list(_WORD.finditer(plain(text)))
        folded = [match.group().casefold() for match in found]
        suggestions, place = [], 0
        while place < len(found):
            length = self._named(found, folded, place, own)
            if length:
                start = found[place].start() + found[place].group().startswith(MENTION)
                suggestions.append(self.sort.suggested(Found(start, found[place + length - 1].end())))
            place += length or 1
        return suggestions

    def _named(self, found: list[re.Match[str]], folded: list[str], place: int, own: tuple[str, ...]) -> int:
        """Return how many words from this one on are the longest name that fits, 0 if none does."""
        written = found[place].group()
        lengths = [
            len(name)
            for name in self._by_first.get(folded[place].lstrip(MENTION), ())
            if name != own
            and tuple(folded[place + 1 : place + len(name)]) == name[1:]
            and (len(name) > 1 or written[0].isupper() or written.startswith(MENTION))
        ]
        return max(lengths, default=0)


def _words(name: str) -> list[str]:
    return [match.group().casefold() for match in _WORD.finditer(plain(name))]
