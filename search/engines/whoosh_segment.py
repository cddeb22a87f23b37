"""One segment of a Whoosh index, read by whole terms and answered by sets.

Whoosh's matchers step from posting to posting through Python; reading a term's blocks whole and joining dictionaries
does the same in a tenth of the time. What a posting is worth is BM25, with Whoosh's own constants.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from typing import Any

from msgspec import Struct
from whoosh import query
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.searching import Searcher
from whoosh.util.numeric import byte_to_length

from search.engines.whoosh_codec import Columns

K1, B = 1.2, 0.75

Scores = dict[int, float]
"""Document numbers with their scores."""


class Postings(Struct, frozen=True):
    """A term's documents, how often it stands in each, and where (native unsigned integers), if that is kept."""

    numbers: list[int]
    weights: list[float]
    places: list[bytes]


class Segment:
    """Answers trees of words. ``searcher`` knows how common a word is in all segments."""

    def __init__(self, reader: SegmentReader, searcher: Searcher) -> None:
        self._reader = reader
        self._columns: Columns = reader._perdoc
        self._searcher = searcher
        self._norms: dict[str, list[float]] = {}

    @property
    def ids(self) -> array[int]:
        """The versions' ids, by document number."""
        return self._columns.ids()

    def answer(self, tree: query.Query) -> Scores:
        """Return the documents that answer, without those that were taken out."""
        found = self._of(tree)
        for number in self._columns.deleted_docs():
            found.pop(number, None)
        return found

    def _of(self, node: query.Query) -> Scores:
        if isinstance(node, query.And):
            return self._and(node.subqueries)
        if isinstance(node, query.Or):
            return reduce(_joined, map(self._of, node.subqueries), {})
        if isinstance(node, query.Not):
            return self._and([node])
        if isinstance(node, query.Phrase):
            return self._phrase(node.fieldname, list(node.words))
        return self._scores(node.fieldname, node.text, self._postings(node.fieldname, node.text))

    def _and(self, parts: Sequence[query.Query]) -> Scores:
        """Join what must be and what must not; what only must not is taken from everything."""
        negative = [one.query for one in parts if isinstance(one, query.Not)]
        positive = [self._of(one) for one in parts if not isinstance(one, query.Not)]
        found = _common(positive) if positive else dict.fromkeys(range(len(self.ids)), 0.0)
        for one in negative:
            excluded = self._of(one)
            found = {number: score for number, score in found.items() if number not in excluded}
        return found

    def _phrase(self, field: str, words: list[str]) -> Scores:
        """Return where the words follow each other: only what has them all is looked at."""
        read = {word: self._postings(field, word) for word in words}
        found = _common([self._scores(field, word, postings) for word, postings in read.items()])
        where = {word: _places(postings, found) for word, postings in read.items()}
        return {number: score for number, score in found.items() if _follow([where[one][number] for one in words])}

    def _postings(self, field: str, text: str) -> Postings:
        """Read a term's blocks whole."""
        found = Postings([], [], [])
        reader: Any = self._reader
        try:
            block = reader._terms.matcher(field, text.encode(), reader.schema[field].format)
        except TermNotFound:
            return found
        while True:
            block._read_data()
            numbers, weights, places = block._data
            found.numbers.extend(accumulate(numbers))
            found.weights.extend(weights if isinstance(weights, tuple) else [weights or 1.0] * len(numbers))
            found.places.extend(places or ())
            if block._lastblock:
                return found
            block._goto(block._nextoffset)

    def _scores(self, field: str, text: str, postings: Postings) -> Scores:
        if not postings.numbers:
            return {}
        worth = self._searcher.idf(field, text) * (K1 + 1)
        lengths, norms = self._columns.lengths(field), self._norms_of(field)
        return {
            number: worth * weight / (weight + norms[lengths[number]])
            for number, weight in zip(postings.numbers, postings.weights, strict=True)
        }

    def _norms_of(self, field: str) -> list[float]:
        """Return what each length of a field, as the byte that stands for it, takes from a word's worth."""
        if field not in self._norms:
            average = self._searcher.avg_field_length(field) or 1
            self._norms[field] = [K1 * (1 - B + B * byte_to_length(one) / average) for one in range(256)]
        return self._norms[field]


def _common(parts: Sequence[Scores]) -> Scores:
    """Return what is in all parts, its scores added."""
    first, *others = sorted(parts, key=len)
    for other in others:
        first = {number: score + other[number] for number, score in first.items() if number in other}
    return first


def _joined(found: Scores, more: Scores) -> Scores:
    """Return what is in either part, scores added; both may be changed."""
    if len(found) < len(more):
        found, more = more, found
    for number, score in more.items():
        found[number] = found.get(number, 0.0) + score
    return found


def _places(postings: Postings, wanted: Scores) -> dict[int, array[int]]:
    pairs = zip(postings.numbers, postings.places, strict=True)
    return {number: array("I", places) for number, places in pairs if number in wanted}


def _follow(places: Sequence[array[int]]) -> bool:
    """Say whether one place of each follows the one before it."""
    starts = set(places[0])
    for offset, found in enumerate(places[1:], 1):
        starts &= {one - offset for one in found}
    return bool(starts)
