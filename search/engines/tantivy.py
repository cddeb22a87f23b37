"""Tantivy: the engine of larger archives, a library in Rust that keeps facts in columns beside the words.

Queries are built by its API, never by its query strings, which drop what they do not know. A document's
time is one number, its second above and its id below, so that an order by time is the same everywhere;
a document without a date has its id alone below every date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query
from whoosh import query

from search.documents import Document
from search.engines.engine import FactEngine, Page, Sort
from search.facts import PERIODS, bounds, month, token, tokens

MEMORY = 256 << 20
"""Bytes of postings that are gathered before a segment is written."""

BELOW = 29
"""Bits of a time that hold the version's id: half a thousand million of them."""

DATED = "is=dated"
"""The fact of a document that has a date."""

UNDATED = -(1 << 62)
"""The time of a document without a date, its id added."""

FIRST_SECOND, LAST_SECOND = -(1 << 32), 1 << 33
"""From 1833 to 2242; a source's nonsense beyond counts as the nearest of them."""

NAMED = ("account", "platform", "kind", "state")
"""Facets that one column tells together, since each column costs a pass over all hits."""

BETWEEN = "\x1f"
"""Stands between the values of a named column: no name has it."""

MOST_VALUES = 65_000
"""Values of one column: accounts with all their kinds and states, and months, stay far below."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("time", indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name="blanks", index_option="position")
    for name in ("stems", "author"):
        builder.add_text_field(name, tokenizer_name="blanks", index_option="freq")
    builder.add_text_field("facts", tokenizer_name="blanks", index_option="basic")
    for name in ("named", "month"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


class TantivyEngine(FactEngine):
    """An index in Tantivy's own files."""

    name = "tantivy"

    def __init__(self, folder: Path, zone: Any) -> None:
        super().__init__(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._zone = zone
        self._index = tantivy.Index(_schema(), str(folder))
        blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("blanks", blanks)

    def update(self, gone: Collection[int], documents: Iterable[Document]) -> None:
        """Write both in one commit."""
        writer = self._index.writer(heap_size=MEMORY, num_threads=1)
        try:
            for one in gone:
                writer.delete_documents_by_term("id", one)
            for document in documents:
                writer.add_document(self._document(document))
        except BaseException:
            writer.rollback()
            raise
        writer.commit()
        writer.wait_merging_threads()

    def _document(self, one: Document) -> tantivy.Document:
        facts = one.facts
        found = tantivy.Document()
        found.add_integer("id", one.id)
        found.add_integer("time", _time(facts.created_at, one.id))
        found.add_text("words", " ".join(one.words))
        found.add_text("stems", " ".join(one.stems))
        found.add_text("author", " ".join(one.author))
        found.add_text("facts", f"{tokens(facts)} {DATED}" if facts.created_at else tokens(facts))
        found.add_text("named", BETWEEN.join((facts.account, facts.platform, facts.kind, facts.state)))
        found.add_text("month", month(facts.created_at[:13], self._zone))
        return found

    # -- answers

    def _open(self) -> tantivy.Searcher:
        """Return a searcher that sees the last commit, another process's too."""
        self._index.reload()
        return self._index.searcher()

    def answer(self, tree: query.Query) -> dict[int, float]:
        """List every hit; ids come from their column."""
        searcher = self._open()
        if not searcher.num_docs:
            return {}
        hits: Any = searcher.search(self._query(tree), limit=searcher.num_docs, count=False).hits
        ids: Any = searcher.fast_field_values("id", [address for _, address in hits])
        return {one: score for one, (score, _) in zip(ids, hits, strict=True)}

    def first(self, tree: query.Query, limit: int, sort: Sort) -> Page:
        """Let Tantivy keep the best few; in the order of age those without a date come after all others."""
        searcher = self._open()
        asked = self._query(tree)
        if sort != "oldest":
            return _page(searcher, asked, limit, sort)
        dated = Query.term_query(self._index.schema, "facts", DATED)
        found = _page(searcher, Query.boolean_query([(Occur.Must, asked), (Occur.Must, dated)]), limit, sort)
        rest = Query.boolean_query([(Occur.Must, asked), (Occur.MustNot, dated)])
        more = _page(searcher, rest, max(limit - len(found.hits), 1), sort)
        return Page(found.total + more.total, [*found.hits, *more.hits][:limit])

    def facets(self, tree: query.Query, names: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Count in the columns."""
        columns = {"month" if name == "month" else "named" for name in names}
        asked = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in sorted(columns)}
        told: Any = self._open().aggregate(self._query(tree), asked)
        found: dict[str, Counter[str]] = {name: Counter() for name in names}
        for column in columns:
            for bucket in told[column]["buckets"]:
                values = {"month": bucket["key"]} if column == "month" else _named(bucket["key"])
                for name in values.keys() & found.keys():
                    found[name][values[name]] += int(bucket["doc_count"])
        return found

    def lexicon(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Read the term dictionary."""
        yield from self._open().terms_with_prefix("words", prefix)

    def count(self) -> int:
        """Return the documents in all segments."""
        return int(self._open().num_docs)

    # -- from our tree to Tantivy's

    def _query(self, node: query.Query) -> Query:
        if isinstance(node, query.And):
            return self._and(node.subqueries)
        if isinstance(node, query.Or):
            return Query.boolean_query([(Occur.Should, self._query(child)) for child in node.subqueries])
        if isinstance(node, query.Not):
            return self._and([node])
        if isinstance(node, query.Every):
            return Query.all_query()
        if node == query.NullQuery:
            return Query.empty_query()
        if isinstance(node, query.Phrase):
            return Query.phrase_query(self._index.schema, node.fieldname, list(node.words))
        return self._leaf(node.field(), str(node.text))

    def _and(self, parts: Sequence[query.Query]) -> Query:
        """Join what must be and what must not; what only must not is taken from everything."""
        negative = [(Occur.MustNot, self._query(one.query)) for one in parts if isinstance(one, query.Not)]
        positive = [(Occur.Must, self._query(one)) for one in parts if not isinstance(one, query.Not)]
        return Query.boolean_query([*(positive or [(Occur.Must, Query.all_query())]), *negative])

    def _leaf(self, name: str, value: str) -> Query:
        if name in PERIODS:
            return self._period(name, value)
        if name in ("words", "stems", "author"):
            return Query.term_query(self._index.schema, name, value)
        return Query.const_score_query(Query.term_query(self._index.schema, "facts", token(name, value)), 0.0)

    def _period(self, name: str, value: str) -> Query:
        first, after = bounds(value, self._zone)
        low = _second(first) if name != "to" else FIRST_SECOND
        high = _second(after) if name != "from" else LAST_SECOND + 1
        found = Query.range_query(
            self._index.schema, "time", FieldType.Integer, low << BELOW, high << BELOW, include_upper=False
        )
        return Query.const_score_query(found, 0.0)


def _page(searcher: tantivy.Searcher, asked: Query, limit: int, sort: Sort) -> Page:
    found: Any
    if sort == "relevance":
        found = searcher.search(asked, limit=limit)
        scores = [score for score, _ in found.hits]
    else:
        order = tantivy.Order.Asc if sort == "oldest" else tantivy.Order.Desc
        found = searcher.search(asked, limit=limit, order_by_field="time", order=order)
        scores = [0.0] * len(found.hits)
    ids: Any = searcher.fast_field_values("id", [address for _, address in found.hits]) if found.hits else []
    return Page(found.count, list(zip(ids, scores, strict=True)))


def _named(told: str) -> dict[str, str]:
    return dict(zip(NAMED, told.split(BETWEEN), strict=True))


def _time(created_at: str, number: int) -> int:
    return (_second(created_at) << BELOW) + number if created_at else UNDATED + number


def _second(stored: str) -> int:
    second = _midnight(stored[:10]) + int(stored[11:13]) * 3600 + int(stored[14:16]) * 60 + int(stored[17:19])
    return min(max(second, FIRST_SECOND), LAST_SECOND)


@lru_cache(maxsize=20_000)
def _midnight(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * 86_400
