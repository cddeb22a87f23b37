"""What is wrong with a query, told with its place and with what would work."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

from archive.errors import MunimentError

SHOWN = 60
"""Code points shown on each side of a mistake in a long query."""


class QueryError(MunimentError):
    """A query that cannot be understood: what, where, and what would work.

    ``position`` is the code point of the mistake in ``text``, ``reason`` the sentence without the place.
    """

    def __init__(self, text: str, position: int, reason: str) -> None:
        self.text, self.position, self.reason = text, position, reason
        first = max(0, position - SHOWN) if len(text) > 2 * SHOWN else 0
        before = _flat(text[first:position])
        after = _flat(text[position : position + 2 * SHOWN - min(position, SHOWN)])
        super().__init__(f"{_flat(reason)}\n  {before}{after}\n  {' ' * _columns(before)}^")


class Unusable(ValueError):
    """A word or value of a query with which nothing can be looked for; the parser adds the place."""


def suggestion(typed: str, known: Iterable[str], form: str = "{}") -> str:
    """Return “did you mean …?” when one of the known words is close, else a list of all."""
    names = list(known)
    close = difflib.get_close_matches(typed.lower()[:40], names, 1, 0.5)
    if close:
        return f"did you mean “{form.format(close[0])}”?"
    return f"known are {', '.join(form.format(name) for name in names)}."


def _flat(text: str) -> str:
    """Return text that is one line on any terminal."""
    return "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") else one for one in text)


def _columns(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(one) in ("W", "F") for one in text)
    return len(text) + wide - sum(unicodedata.combining(one) > 0 for one in text)
