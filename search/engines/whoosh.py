"""Whoosh: the default engine, pure Python, for archives of up to some tens of thousands of versions.

The schema is lean, since many columns cost more than the words: an id column and three token fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from whoosh import columns, fields, formats, index, query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter

from search.documents import Document
from search.engines.engine import Engine
from search.engines.whoosh_codec import LeanCodec, PlacedWords, Words

MEMORY = 128
"""Megabytes of postings that are gathered before they are written."""


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.COLUMN(columns.NumericColumn("q")),
        words=_field(PlacedWords()),
        stems=_field(Words()),
        author=_field(Words()),
    )


def _field(format_: formats.Format) -> fields.FieldType:
    return fields.FieldType(format_, SpaceSeparatedTokenizer(), scorable=True)


class WhooshEngine(Engine):
    """An index in Whoosh's own files."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        if not index.exists_in(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
            index.create_in(str(folder), _schema())
        self._index = index.open_dir(str(folder))
        self._searcher: Searcher | None = None

    def update(self, gone: Collection[int], documents: Iterable[Document]) -> None:
        """Mark what is gone, add documents as one new segment."""
        writer = self._index.writer(limitmb=MEMORY, codec=LeanCodec())
        try:
            self._remove(writer, gone)
            for one in documents:
                writer.add_document(
                    id=one.id, words=" ".join(one.words), stems=" ".join(one.stems), author=" ".join(one.author)
                )
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=True)
        self._forget()

    def _remove(self, writer: IndexWriter, gone: Collection[int]) -> None:
        """Find documents by the column of ids: an index of ids would cost more at every addition."""
        if not gone:
            return
        for leaf, offset in self._open().leaf_searchers():
            reader = leaf.reader()
            if not reader.has_column("id"):
                continue
            ids = reader.column_reader("id").load()
            for number in reader.all_doc_ids():
                if ids[number] in gone:
                    writer.delete_document(offset + number)

    def _forget(self) -> None:
        if self._searcher is not None:
            self._searcher.close()
            self._searcher = None

    def _open(self) -> Searcher:
        """Return a searcher that sees the last commit, another process's too."""
        self._searcher = self._index.searcher() if self._searcher is None else self._searcher.refresh()
        return self._searcher

    def answer(self, tree: query.Query) -> dict[int, float]:
        """Walk the matching postings once; ids come from their column."""
        found: dict[int, float] = {}
        searcher = self._open()
        for leaf, _ in searcher.leaf_searchers():
            reader = leaf.reader()
            if not reader.has_column("id"):
                continue
            ids = reader.column_reader("id").load()
            matcher = tree.matcher(leaf, leaf.boolean_context() if _is_negative(tree) else None)
            while matcher.is_active():
                found[ids[matcher.id()]] = matcher.score()
                matcher.next()
        return found

    def lexicon(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Read the term dictionary."""
        reader = self._open().reader()
        for term in reader.expand_prefix("words", prefix):
            word = term.decode("utf-8") if isinstance(term, bytes) else term
            yield word, reader.doc_frequency("words", term)

    def count(self) -> int:
        """Return the documents in all segments."""
        return int(self._open().doc_count())


def _is_negative(tree: query.Query) -> bool:
    return isinstance(tree, query.Not)
