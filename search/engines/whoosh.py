"""Whoosh: the default engine, pure Python, for archives of up to some tens of thousands of versions.

The schema is lean, since many columns cost more than the words: an id column and three token fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path

from whoosh import fields, formats, index, query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.searching import Searcher

from search.documents import Document
from search.engines.engine import Engine
from search.engines.whoosh_codec import IDS, Places, Writer
from search.engines.whoosh_segment import Segment

SEGMENT = 50_000
"""Documents whose postings are gathered in memory (about 2 KiB each) before they are written."""


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.COLUMN(IDS),
        words=_field(Places()),
        stems=_field(formats.Existence()),
        author=_field(formats.Existence()),
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
        """Mark what is gone and add documents, so many to a segment; the same again does no harm."""
        waiting = iter(documents)
        while self._write(gone, islice(waiting, SEGMENT)) == SEGMENT:
            gone = ()

    def _write(self, gone: Collection[int], documents: Iterable[Document]) -> int:
        """Write one segment; return how many documents it has."""
        writer = Writer(self._index)
        try:
            self._remove(writer, gone)
            for one in documents:
                writer.add(one)
        except BaseException:
            writer.cancel()
            raise
        written = int(writer.doc_count())
        writer.commit(merge=True)
        self._forget()
        return written

    def _remove(self, writer: Writer, gone: Collection[int]) -> None:
        """Find documents by the column of ids: an index of ids would cost more at every addition."""
        if not gone:
            return
        searcher = self._open()
        for leaf, offset in searcher.leaf_searchers():
            for number, one in enumerate(Segment(leaf.reader(), searcher).ids):
                if one in gone:
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
        """Ask every segment; ids come from their column."""
        found: dict[int, float] = {}
        searcher = self._open()
        for leaf, _ in searcher.leaf_searchers():
            if leaf.doc_count_all():
                segment = Segment(leaf.reader(), searcher)
                answered = segment.answer(tree)
                found.update(zip(map(segment.ids.__getitem__, answered), answered.values(), strict=True))
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
