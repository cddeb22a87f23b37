"""The reference matcher: does this text answer this tree? Plain, slow and right.

It is production code: it answers for what the index has not reached, so that no search is silently
incomplete, and it is what every engine is tested against.
"""

from __future__ import annotations

from whoosh import query

from search.documents import Document


def matches(node: query.Query, document: Document) -> bool:
    """Say whether a document answers a tree of text leaves."""
    if isinstance(node, query.And):
        return all(matches(child, document) for child in node.subqueries)
    if isinstance(node, query.Or):
        return any(matches(child, document) for child in node.subqueries)
    if isinstance(node, query.Not):
        return not matches(node.query, document)
    if isinstance(node, query.Every):
        return True
    if node == query.NullQuery:
        return False
    return _leaf(node, document)


def _leaf(node: query.Query, document: Document) -> bool:
    tokens: list[str] = getattr(document, node.field())
    if isinstance(node, query.Phrase):
        return _holds(tokens, list(node.words))
    if isinstance(node, query.Prefix):
        return any(token.startswith(node.text) for token in tokens)
    return node.text in tokens


def _holds(tokens: list[str], wanted: list[str]) -> bool:
    """Say whether the wanted tokens stand one after the other."""
    first, length = wanted[0], len(wanted)
    return any(token == first and tokens[place : place + length] == wanted for place, token in enumerate(tokens))
