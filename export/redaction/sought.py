"""Many words looked for in many texts at once: as :func:`export.redaction.words.occurrences` finds them, indexed.

Ten thousand records and five hundred redactions are five million pairs; here each text is read once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from export.redaction.folding import folded_text
from export.redaction.words import UNSPACED, stand_in

_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
_PLAIN_TOKEN = re.compile(r"[0-9a-z]+")
_DIGITS = re.compile(r"\d(?:[\s().+/·_-]{0,4}\d){6,}")
_UNSPACED = re.compile(f"[{UNSPACED}]")
SHORTEST_NUMBER = 7


def tokens(folded: str) -> list[str]:
    """Return the words of a folded text, in order; in scripts without spaces each sign is one."""
    return (_PLAIN_TOKEN if folded.isascii() else _TOKEN).findall(folded)


class Sought:
    """Words to look for. A text can only have them if it has their longest token, their digits, or their signs."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_token: dict[str, list[str]] = {}
        self._by_digits: dict[str, list[str]] = {}
        self._others: list[str] = []
        for one in dict.fromkeys(words):
            self._file(one)

    def _file(self, words: str) -> None:
        folded = folded_text(words)
        digits = re.sub(r"\D", "", folded)
        parts = tokens(folded)
        if len(digits) >= SHORTEST_NUMBER:
            self._by_digits.setdefault(digits[-SHORTEST_NUMBER:], []).append(words)
        if _UNSPACED.search(folded) or not parts:
            self._others.append(words)
        else:
            self._by_token.setdefault(max(parts, key=len), []).append(words)

    def __bool__(self) -> bool:
        """Whether anything is looked for."""
        return bool(self._by_token or self._by_digits or self._others)

    def within(self, text: str) -> list[str]:
        """Return those of the words that stand in a text."""
        folded = folded_text(text)
        return self.within_folded(folded, tokens(folded))

    def within_folded(self, folded: str, tokens: Sequence[str]) -> list[str]:
        """Return those of the words that stand in a text, given folded and as its :func:`tokens`."""
        possible = dict.fromkeys(self._possible(folded, tokens))
        return [one for one in possible if stand_in(one, folded)]

    def _possible(self, folded: str, tokens: Sequence[str]) -> Iterator[str]:
        for token in sorted(self._by_token.keys() & tokens):
            yield from self._by_token[token]
        for found in _DIGITS.findall(folded) if self._by_digits else ():
            digits = re.sub(r"\D", "", found)
            for start in range(len(digits) - SHORTEST_NUMBER + 1):
                yield from self._by_digits.get(digits[start : start + SHORTEST_NUMBER], ())
        yield from self._others
