"""A query cut into its pieces: words, quoted phrases, filters, operators and parentheses, each with its place."""

from __future__ import annotations

import re

from msgspec import Struct

from search.filters import FILTERS
from search.mistakes import QueryError, suggestion

WITHIN = 10
"""Words between two that are NEAR each other, if no number is given."""

_PIECE = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<word>(?<![\w.-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-]))"
    r"|(?P<open>\()|(?P<close>\))"
    r'|"(?P<quoted>[^"]*)"'
    r"|(?P<filter>[A-Za-z][A-Za-z_-]*):(?!//)(?=\S)"
    r'|(?P<more>[^\s()"]+)'
    r'|(?P<quote>")'
)
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_NEAR = re.compile(r"NEAR(?:/(\d{1,4}))?|[Ww]/(\d{1,4})")
_NO_WORD = re.compile(r"[-–—+&/.,;:!?…·•‣=<>\[\]{}'’]+")
_MAILTO = ("mailto", "http", "https", "tel")


class Piece(Struct, frozen=True):
    """One piece: its text without quotation marks or colon, its place, a NEAR's distance.

    ``sort`` is open, close, filter, quoted, word, end, or the operator itself.
    """

    sort: str
    text: str
    start: int
    distance: int = 0


def pieces(text: str) -> list[Piece]:
    """Return the pieces of a query, an ``end`` last; raises :class:`QueryError`."""
    found: list[Piece] = []
    place, flat = 0, text.translate(_QUOTES)
    while match := _PIECE.match(flat, place):
        place = match.end()
        piece = _piece(text, match)
        if piece is not None:
            found.append(piece)
    return [*found, Piece("end", "", len(text))]


def _piece(text: str, match: re.Match[str]) -> Piece | None:
    start, raw = match.start(), match[0]
    if match.lastgroup == "quote":
        raise QueryError(text, start, "This quotation mark has no partner. Close the phrase with another.")
    if match.lastgroup == "quoted":
        return Piece("quoted", match["quoted"], start)
    if match.lastgroup == "filter":
        return _filter(text, match["filter"], start)
    if match.lastgroup in ("open", "close"):
        return Piece("open" if raw == "(" else "close", raw, start)
    if match.lastgroup == "space":
        return None
    return _word(text, raw, start)


def _filter(text: str, typed: str, start: int) -> Piece | None:
    name = typed.lower().replace("_", "-")
    if name in FILTERS:
        return Piece("filter", name, start)
    if name in _MAILTO:
        return None
    hint = suggestion(name, FILTERS, "{}:")
    raise QueryError(
        text, start, f"“{typed}:” is not a filter; {hint} To look for it as a word, put it in quotation marks."
    )


def _word(text: str, raw: str, start: int) -> Piece | None:
    if raw in ("AND", "OR", "NOT"):
        return Piece(raw, raw, start)
    near = _NEAR.fullmatch(raw)
    if near:
        return Piece("NEAR", raw, start, int(near[1] or near[2] or WITHIN))
    if _NO_WORD.fullmatch(raw):
        return None
    if set(raw) <= {"|"}:
        raise QueryError(text, start, "Write OR between two words of which one is enough.")
    if re.match(r"-[^\W\d]", raw):
        raise QueryError(text, start, f"To leave a word out, write NOT before it: NOT {raw[1:]}")
    if raw[:-1].lower() in FILTERS and raw.endswith(":"):
        name = raw[:-1].lower()
        raise QueryError(text, start, f"“{name}:” needs a value right behind the colon, such as {FILTERS[name]}")
    return Piece("word", raw, start)
