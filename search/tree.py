"""The one query tree: ``whoosh.query`` objects, and what walks over them.

Nodes are ``And``, ``Or``, ``Not`` and :class:`Near`; leaves of text are ``Term`` on ``words``, ``stems`` or
``author``, and ``Phrase``, ``Prefix``, ``Wildcard`` (``*`` and ``?`` over folded text) and ``FuzzyTerm`` on ``words``;
every other ``Term`` is a fact. ``Every`` and ``NullQuery`` are all and nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from whoosh import query

TEXT_FIELDS = frozenset({"words", "stems", "author"})
"""Fields of text, which every engine answers."""


class Near(query.Query):  # type: ignore[misc]  # whoosh has no types
    """A node with two children, trees of text leaves and ``Or``, that stand with at most so many words between.

    The order is free; both stand in the same text and do not overlap. An engine finds the candidates by
    ``And([left, right])``; the reference matcher tells whether they are near.
    """

    def __init__(self, left: query.Query, right: query.Query, distance: int) -> None:
        self.left, self.right, self.distance = left, right, distance

    def __repr__(self) -> str:
        return f"Near({self.left!r}, {self.right!r}, {self.distance})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Near) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.left, self.right, self.distance))

    def _key(self) -> tuple[query.Query, query.Query, int]:
        return self.left, self.right, self.distance

    def field(self) -> str:
        """Return the field whose order of words decides."""
        return "words"

    def is_leaf(self) -> bool:
        """Say that it has children."""
        return False


def children(node: query.Query) -> list[query.Query]:
    """Return the parts of a node from left to right; a leaf has none."""
    if isinstance(node, query.And | query.Or):
        return list(node.subqueries)
    if isinstance(node, query.Not):
        return [node.query]
    return [node.left, node.right] if isinstance(node, Near) else []


def leaves(node: query.Query) -> list[query.Query]:
    """Return the leaves of a tree from left to right, those of :class:`Near` too."""
    parts = children(node)
    return [leaf for part in parts for leaf in leaves(part)] if parts else [node]


def mapped(node: query.Query, change: Callable[[query.Query], query.Query]) -> query.Query:
    """Return the tree with every leaf replaced by what ``change`` makes of it."""
    parts = [mapped(part, change) for part in children(node)]
    if isinstance(node, query.And | query.Or):
        return type(node)(parts)
    if isinstance(node, query.Not):
        return query.Not(parts[0])
    return Near(parts[0], parts[1], node.distance) if isinstance(node, Near) else change(node)


def is_text(node: query.Query) -> bool:
    """Say whether a whole tree asks for text only, and for no fact."""
    return all(one.field() in TEXT_FIELDS for one in leaves(node))
