"""The words of an index in order: what wildcards and misspellings stand for, and what a word may have meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from search.likeness import fits, is_one_apart

END = "\n"
_JOKER = re.compile(r"[*?]")

Words = Iterable[tuple[str, int]]
"""Words in order, each with in how many versions it stands."""


class Lexicon:
    """The words that begin with a text, as ``read`` yields them; all of them are read only for what needs all."""

    def __init__(self, read: Callable[[str], Words]) -> None:
        self._read = read

    @classmethod
    def of(cls, words: Iterable[str]) -> Lexicon:
        """Return the lexicon of some words."""
        known = sorted(set(words))
        return cls(lambda text: ((one, 1) for one in known if one.startswith(text)))

    @cached_property
    def _frequencies(self) -> dict[str, int]:
        return dict(self._read(""))

    @cached_property
    def _lines(self) -> str:
        """The words as lines of one text, in which a search runs at the speed of C."""
        return END + END.join(self._frequencies) + END

    def prefix(self, text: str) -> Iterator[str]:
        """Yield the words that begin so, in order."""
        return (word for word, _ in self._read(text))

    def wildcard(self, pattern: str) -> Iterator[str]:
        """Yield the words of a pattern in which * is any letters and ? is one, in order."""
        head = _JOKER.split(pattern, maxsplit=1)[0]
        if len(head) > 1:
            return (word for word in self.prefix(head) if fits(pattern, word))
        longest = max(_JOKER.split(pattern), key=len)
        return (word for word in sorted(set(self._with(longest))) if fits(pattern, word))

    def fuzzy(self, word: str) -> Iterator[str]:
        """Yield the words that at most one letter more, less or other makes of a word, in order.

        One change leaves the first half of a word as it is, or the second: only such words are looked at.
        """
        half = len(word) // 2
        found = {one for one in self.prefix(word[:half]) if is_one_apart(one, word)}
        found |= {one for one in self._with(word[half:] + END) if is_one_apart(one, word)}
        yield from sorted(found)

    def _with(self, text: str) -> Iterator[str]:
        """Yield the words in which a text stands, where it ends in a line's end those that end with it."""
        lines = self._lines
        place = lines.find(text)
        while place >= 0:
            end = lines.find(END, place)
            if end > 0:
                yield lines[lines.rfind(END, 0, max(place, 1)) + 1 : end]
            place = lines.find(text, max(place + 1, end))

    def meant(self, word: str) -> str:
        """Return the most frequent word that one change makes of a word, empty for none."""
        near = [one for one in self.fuzzy(word) if one != word and one.isalpha()]
        return max(near, key=lambda one: (self._frequencies[one], one), default="")
