"""What a word or phrase of a query looks for: leaves of text, made by the same analyzer as the index."""

from __future__ import annotations

import re

from whoosh import query

from search.analysis import asked, sequence, stem, whole
from search.folding import fold
from search.mistakes import Unusable

_JOKER = re.compile(r"[*?]+")
_FUZZY = re.compile(r"(.+)~(\d*)", re.DOTALL)
_SHORTEST_FUZZY = 3
"""Letters below which one letter more or less makes any word of any other."""


def word(typed: str, exact: bool) -> query.Query:
    """Return the leaf of an unquoted word; raises :class:`Unusable`."""
    fuzzy = _FUZZY.fullmatch(typed)
    if fuzzy:
        return _fuzzy(fuzzy[1], fuzzy[2])
    typed = typed.rstrip("?.,;:!") or typed
    if _JOKER.search(typed):
        return _pattern(typed)
    return _plain(typed, exact)


def phrase(typed: str) -> query.Query:
    """Return the leaf of a quoted phrase, whose words stand as they are; raises :class:`Unusable`."""
    return _plain(typed, exact=True)


def author(typed: str) -> query.Query:
    """Return the leaves that find all words of a name, or a handle or address whole."""
    if _JOKER.search(typed) or "~" in typed:
        raise Unusable("“author:” takes whole words of a name, a handle or an address, such as author:grace")
    terms = [query.Term("author", one) for one in _asked(typed.lstrip("@\uff20"))]
    return terms[0] if len(terms) == 1 else query.And(terms)


def in_order(typed: str) -> query.Query:
    """Return what an address, tag or number is where its place among words counts: its words in their order."""
    return _one_or_phrase(sequence(typed))


def _asked(typed: str) -> list[str]:
    found = asked(typed)
    if not found:
        raise Unusable(f"There is no word to look for in “{typed}”: no letter and no digit.")
    return found


def _plain(typed: str, exact: bool) -> query.Query:
    found = _asked(typed)
    if len(found) > 1 or exact or whole(typed.strip()):
        return _one_or_phrase(found)
    return query.Term("stems", stem(found[0]))


def _one_or_phrase(found: list[str]) -> query.Query:
    return query.Term("words", found[0]) if len(found) == 1 else query.Phrase("words", found)


def _fuzzy(typed: str, distance: str) -> query.Query:
    found = _asked(typed)
    if len(found) != 1 or _JOKER.search(typed) or len(found[0]) < _SHORTEST_FUZZY:
        raise Unusable("The sign ~ goes at the end of one word of three letters or more: fuzzy~")
    if distance not in ("", "1"):
        raise Unusable(f"Only one letter may differ: write {typed}~")
    return query.FuzzyTerm("words", found[0], maxdist=1, prefixlength=0)


def _pattern(typed: str) -> query.Query:
    """Return a prefix or wildcard; at the ends of a stretch of a script without spaces, stars change nothing."""
    pieces = [piece for piece in _JOKER.split(typed) if piece]
    read = [sequence(piece) for piece in pieces]
    if not any(read):
        raise Unusable(f"There is no word to look for in “{typed}”: a star stands for the rest of a word, as in po*")
    if len(pieces) == 1 and len(read[0]) > 1 and "?" not in typed and "".join(read[0]) == fold(pieces[0]):
        return query.Phrase("words", read[0])
    if not all(map(_is_piece, pieces)):
        raise Unusable(f"A star stands inside or at the end of one word, as in po*; “{typed}” is more than one word.")
    pattern = re.sub(r"\*[*?]*\*", "*", "".join(fold(one) for one in re.split(r"([*?])", typed)))
    head = pattern[:-1]
    return query.Wildcard("words", pattern) if _JOKER.search(head) else query.Prefix("words", head)


def _is_piece(piece: str) -> bool:
    """Say whether this can stand inside one token: one word, or part of a tag, handle, address or number."""
    return sequence(piece) == [fold(piece)] or bool(re.search(r"[@#/.]|^\d", piece))
