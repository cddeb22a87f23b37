"""The query language: what a person types becomes one tree of ``whoosh.query`` objects (:mod:`search.tree`).

Closest binds NEAR, then NOT, AND, OR, and last of all words that stand side by side, which are all looked for:
``snow OR leaf street`` is ``(snow OR leaf) AND street``. Mistakes are told with their place and with what would work.
"""

from __future__ import annotations

from collections.abc import Callable

from whoosh import query

from search import sought
from search.analysis import whole
from search.dates import Calendar
from search.filters import AUTHOR, EXACT, FILTERS, OF_WORDS, fact
from search.mistakes import QueryError, Unusable
from search.pieces import Piece, pieces
from search.tree import TEXT_FIELDS, Near, children, is_text, leaves, mapped

__all__ = ["FILTERS", "TEXT_FIELDS", "Near", "QueryError", "children", "hints", "is_text", "leaves", "mapped", "parse"]

DEEPEST = 50
"""Parentheses inside one another."""

_NEEDED = "AND, OR, NOT and NEAR need something to look for on the other side."


def parse(text: str, calendar: Calendar | None = None) -> query.Query:
    """Return the tree of a query; an empty one, or ``*``, asks for everything.

    ``calendar`` says what “last march” and ``fy:2025`` mean; without one, the present day in UTC.
    Raises :class:`QueryError`.
    """
    if text.strip() in ("", "*"):
        return query.Every()
    return _Parser(text, calendar or Calendar.default()).tree()


def hints(text: str) -> list[str]:
    """Return what a person may have meant otherwise, though the query can be answered."""
    return [
        f"“{one.text}” is looked for as a word. Write {one.text.upper()} in capitals to combine or leave out words."
        for one in pieces(text)
        if one.sort == "word" and one.text in ("and", "or", "not")
    ]


class _Parser:
    """Recursive descent over the pieces of one query; ``field`` is the filter whose value is being read."""

    def __init__(self, text: str, calendar: Calendar) -> None:
        self._text = text
        self._calendar = calendar
        self._pieces = pieces(text)
        self._at = 0
        self._wholes: dict[query.Query, str] = {}

    def tree(self) -> query.Query:
        if self._next.sort == "end":
            raise QueryError(self._text, 0, "There is no word to look for. Type a word, a phrase or a filter.")
        tree = self._side_by_side("", 0)
        if self._next.sort == "close":
            raise self._wrong(self._next, "This parenthesis closes nothing. Remove it, or open one before it.")
        return tree

    @property
    def _next(self) -> Piece:
        return self._pieces[self._at]

    def _take(self) -> Piece:
        self._at += 1
        return self._pieces[self._at - 1]

    def _wrong(self, piece: Piece, reason: str) -> QueryError:
        return QueryError(self._text, piece.start, reason)

    # -- operators, from the loosest to the closest

    def _side_by_side(self, field: str, depth: int) -> query.Query:
        parts = [self._or(field, depth)]
        while self._next.sort not in ("close", "end"):
            parts.append(self._or(field, depth))
        return query.And(parts) if len(parts) > 1 else parts[0]

    def _or(self, field: str, depth: int) -> query.Query:
        return self._joined("OR", query.Or, self._and, field, depth)

    def _and(self, field: str, depth: int) -> query.Query:
        return self._joined("AND", query.And, self._not, field, depth)

    def _joined(
        self,
        sort: str,
        node: Callable[[list[query.Query]], query.Query],
        part: Callable[[str, int], query.Query],
        field: str,
        depth: int,
    ) -> query.Query:
        parts = [part(field, depth)]
        while self._next.sort == sort:
            parts.append(self._other_side(part, field, depth))
        return node(parts) if len(parts) > 1 else parts[0]

    def _near(self, field: str, depth: int) -> query.Query:
        """Read ``a NEAR b NEAR c``: each is near the next."""
        sides, found = [(self._next, self._atom(field, depth))], []
        while self._next.sort == "NEAR":
            distance = self._next.distance
            sides.append((self._pieces[self._at + 1], self._other_side(self._atom, field, depth)))
            left, right = (self._in_order(*side) for side in sides[-2:])
            found.append(Near(left, right, distance))
        return sides[0][1] if not found else found[0] if len(found) == 1 else query.And(found)

    def _in_order(self, piece: Piece, node: query.Query) -> query.Query:
        """Return one side of NEAR: words, phrases, or some of them joined by OR."""
        if not _has_place(node):
            raise self._wrong(piece, "NEAR stands between words or phrases, or some of them in (one OR another).")
        return mapped(node, lambda leaf: sought.in_order(self._wholes[leaf]) if leaf in self._wholes else leaf)

    def _other_side(self, part: Callable[[str, int], query.Query], field: str, depth: int) -> query.Query:
        operator = self._take()
        if self._next.sort in ("end", "close", "AND", "OR", "NEAR"):
            raise self._wrong(operator, _NEEDED)
        return part(field, depth)

    def _not(self, field: str, depth: int) -> query.Query:
        negative, operator = False, self._next
        while self._next.sort == "NOT":
            negative, operator = not negative, self._take()
        if operator.sort == "NOT" and self._next.sort in ("end", "close", "AND", "OR", "NEAR"):
            raise self._wrong(operator, _NEEDED)
        found = self._near(field, depth)
        return query.Not(found) if negative else found

    # -- one thing

    def _atom(self, field: str, depth: int) -> query.Query:
        piece = self._take()
        if piece.sort == "open":
            return self._group(piece, field, depth + 1)
        if piece.sort == "filter":
            return self._filter(piece, field, depth)
        if piece.sort not in ("word", "quoted"):
            raise self._wrong(piece, _NEEDED)
        try:
            return self._leaf(piece, field)
        except Unusable as mistake:
            raise self._wrong(piece, str(mistake)) from None

    def _group(self, opened: Piece, field: str, depth: int) -> query.Query:
        if depth > DEEPEST:
            raise self._wrong(opened, f"More than {DEEPEST} parentheses are open here. Write the query with fewer.")
        if self._next.sort == "close":
            raise self._wrong(opened, "There is nothing in this parenthesis. Remove it, or write words into it.")
        if self._next.sort == "end":
            raise self._wrong(opened, "This parenthesis is never closed. Close it where the group ends.")
        found = self._side_by_side(field, depth)
        if self._next.sort != "close":
            raise self._wrong(opened, "This parenthesis is never closed. Close it where the group ends.")
        self._take()
        return found

    def _filter(self, piece: Piece, field: str, depth: int) -> query.Query:
        if field:
            raise self._wrong(piece, f"A filter cannot stand inside the values of “{field}:”. Close the parenthesis.")
        if self._next.sort not in ("word", "quoted", "open"):
            example = FILTERS[piece.text]
            raise self._wrong(piece, f"“{piece.text}:” needs a value right behind the colon, such as {example}")
        return self._atom(piece.text, depth)

    def _leaf(self, piece: Piece, field: str) -> query.Query:
        if field and field not in OF_WORDS:
            return fact(field, piece.text, self._calendar)
        if field == AUTHOR:
            return sought.author(piece.text)
        if piece.sort == "word" and not piece.text.strip("*"):
            return query.Every()
        found = sought.phrase(piece.text) if piece.sort == "quoted" else sought.word(piece.text, field == EXACT)
        if isinstance(found, query.Term) and whole(piece.text.strip()):
            self._wholes[found] = piece.text
        return found


def _has_place(node: query.Query) -> bool:
    if isinstance(node, query.Or):
        return all(map(_has_place, node.subqueries))
    return not children(node) and node.field() in ("words", "stems")
