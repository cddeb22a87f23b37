"""A text as it is compared: case, accents, width and spelling of signs folded, each place leading back to the text.

What stands percent-encoded (``%40``) or as an HTML entity (``&#64;``) is folded to what it means, and leads back to
all of its signs, so that nothing is ever cut in half.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote

from msgspec import Struct

MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\uff9e\uff9f"
)
"""Accents, points and voicing signs: they belong to the sign before them. By number, since editors turn them around."""

_SIGNS = str.maketrans(
    dict.fromkeys("’‘‛ʼʹ′´`＇", "'") | dict.fromkeys("“”„‟″＂", '"') | dict.fromkeys("‐‑‒–—―−﹣－", "-")
)
_UNIT = re.compile(
    rf"(?P<ascii>[\x00-$'-\x7f]+(?![{MARKS}]))"
    r"|(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});)"
    rf"|[ᄀ-ᅟ][ᅠ-ᆧ]?[ᆨ-ᇿ]?|.[{MARKS}]*",
    re.DOTALL,
)
_CODED = re.compile(r"%[0-9A-Fa-f]{2}|&#?[0-9A-Za-z]+;")
_NOT_PLAIN = re.compile(r"([\x00-\x7f]?[^\x00-\x7f]+)")
"""A stretch that is more than ASCII, with the sign before it, which its accents belong to."""


SHORT = 32
"""Signs in a row that are folded once and remembered."""


class Folded(Struct, frozen=True):
    """A folded text. Its place ``n`` stands for the text from ``starts[n]`` to before ``stops[n]``, in code points."""

    text: str
    starts: Sequence[int]
    stops: Sequence[int]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Return where in the original text folded places ``start`` to before ``stop`` stand."""
        return self.starts[start], max(self.stops[start:stop])


def fold(text: str) -> Folded:
    """Fold a text."""
    if text.isascii() and not _CODED.search(text):
        return Folded(_lowered(text), range(len(text)), range(1, len(text) + 1))
    pieces: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    for unit in _UNIT.finditer(text):
        raw = unit.group()
        if unit["ascii"]:
            pieces.append(_lowered(raw))
            starts += range(unit.start(), unit.end())
            stops += range(unit.start() + 1, unit.end() + 1)
            continue
        plain = _folded(unquote(raw) if unit["percent"] else html.unescape(raw) if unit["entity"] else raw)
        pieces.append(plain)
        starts += [unit.start()] * len(plain)
        stops += [unit.end()] * len(plain)
        if not plain and stops:
            stops[-1] = unit.end()
    return Folded("".join(pieces), starts, stops)


def folded_text(text: str) -> str:
    """Return a folded text alone, some fifty times as fast, where no place in it matters."""
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return _lowered(text)
    return "".join(_lowered(one) if one.isascii() else _folded(one) for one in _NOT_PLAIN.split(text))


def _lowered(text: str) -> str:
    return text.lower().replace("`", "'")


def lightly_folded(text: str) -> str:
    """Return a text without case only: quick enough for megabytes that may be no text at all."""
    return text.casefold()


def _folded(raw: str) -> str:
    return _remembered(raw) if len(raw) < SHORT else _plain(raw)


@lru_cache(maxsize=20_000)
def _remembered(raw: str) -> str:
    return _plain(raw)


def _plain(raw: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", raw.translate(_SIGNS)).casefold())
    return unicodedata.normalize("NFKC", plain.translate(_KEPT)).casefold().translate(_SIGNS)


class _Kept(dict[int, str]):
    """What is left of each sign: nothing of silent ones, a plain digit of every script's digits."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kept = str(unicodedata.decimal(character)) if character.isdecimal() else character
        self[code] = "" if _is_silent(character) else kept
        return self[code]


_KEPT = _Kept()


def _is_silent(character: str) -> bool:
    """Say whether a sign changes nothing in reading: an accent, a point, a joiner, a mark of direction."""
    order = unicodedata.combining(character)
    return order >= 200 or 10 <= order <= 36 or unicodedata.category(character) == "Cf" or "︀" <= character <= "️"
