"""The reference matcher: does this text answer this tree? Plain, slow and right.

It is production code: it answers for what the index has not reached, so that no search is silently
incomplete, it decides what is near, and it is what every engine is tested against.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from whoosh import query

from search.analysis import BREAK, stem
from search.documents import Document
from search.likeness import fits, is_one_apart
from search.tree import Near

Span = tuple[int, int]
"""Where a leaf stands among words: the first, and the one after the last."""


def matches(node: query.Query, document: Document) -> bool:
    """Say whether a document answers a tree of text."""
    if isinstance(node, query.And):
        return all(matches(child, document) for child in node.subqueries)
    if isinstance(node, query.Or):
        return any(matches(child, document) for child in node.subqueries)
    if isinstance(node, query.Not):
        return not matches(node.query, document)
    if isinstance(node, query.Every):
        return True
    if isinstance(node, query.Term):
        return node.text in getattr(document, node.fieldname)
    return any(True for _ in spans(node, document.words))


def spans(node: query.Query, words: Sequence[str]) -> Iterator[Span]:
    """Yield where a leaf of words, any of several, or both sides of what is near stand, in no certain order."""
    if isinstance(node, query.Or):
        for child in node.subqueries:
            yield from spans(child, words)
    elif isinstance(node, Near):
        yield from _near(node, words)
    elif isinstance(node, query.Phrase):
        wanted = list(node.words)
        for place in _places(words, lambda word: word == wanted[0]):
            if list(words[place : place + len(wanted)]) == wanted:
                yield place, place + len(wanted)
    elif node != query.NullQuery:
        yield from ((place, place + 1) for place in _places(words, _test(node)))


def _places(words: Sequence[str], test: Callable[[str], bool]) -> Iterator[int]:
    return (place for place, word in enumerate(words) if word != BREAK and test(word))


def _test(leaf: query.Query) -> Callable[[str], bool]:
    text = str(leaf.text)
    if isinstance(leaf, query.Prefix):
        return lambda word: word.startswith(text)
    if isinstance(leaf, query.Wildcard):
        return lambda word: fits(text, word)
    if isinstance(leaf, query.FuzzyTerm):
        return lambda word: is_one_apart(text, word)
    if leaf.fieldname == "stems":
        return lambda word: stem(word) == text
    return lambda word: word == text


def _near(node: Near, words: Sequence[str]) -> Iterator[Span]:
    """Yield both of any two spans with few enough words between, in one text and without overlap."""
    others = sorted(spans(node.right, words))
    longest = max((end - start for start, end in others), default=0)
    for one in spans(node.left, words):
        for other in _starting(others, one[0] - node.distance - longest, one[1] + node.distance):
            first, second = sorted((one, other))
            between = words[first[1] : second[0]]
            if first[1] <= second[0] and len(between) <= node.distance and BREAK not in between:
                yield one
                yield other


def _starting(ordered: list[Span], first: int, last: int) -> Iterator[Span]:
    for place in range(bisect_left(ordered, (first, 0)), len(ordered)):
        if ordered[place][0] > last:
            return
        yield ordered[place]
