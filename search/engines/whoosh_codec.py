"""Whoosh's own files, written by whole terms and read by whole columns.

Stock Whoosh makes a tuple of each posting, sorts them all (on disk beyond some megabytes) and hands them to its writer
one at a time: nine tenths of indexing. Documents come in the order of their numbers, so here the postings of a term are
gathered in that order and only the terms are sorted.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from whoosh import columns, formats
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, W3FieldWriter, W3PerDocReader, W3PostingsWriter, _lenfield
from whoosh.util.numeric import byte_to_length
from whoosh.writing import SegmentWriter

from search.analysis import BREAK
from search.documents import Document

IDS = columns.NumericColumn("q")
"""The column of versions' ids, by document number."""

TEXTS = ("author", "stems", "words")
"""The fields of text, in the order in which they are written."""

List = tuple["array[int]", "array[float]", list[bytes]]
"""A term's document numbers, how often it stands in each, and where, if that is kept."""


class LeanCodec(W3Codec):  # type: ignore[misc]  # whoosh has no types
    """Whoosh's own codec, uncompressed."""

    def __init__(self) -> None:
        super().__init__(compression=0)

    def per_document_reader(self, storage: Any, segment: Any) -> Columns:
        """Return a reader that reads each column once."""
        return Columns(storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> _FieldWriter:
        """Return a writer of whole terms."""
        return _FieldWriter(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> _BlockWriter:
        """Return a writer of whole blocks."""
        return _BlockWriter(dbfile, self._blocklimit, byteids, self._compression, self._inlinelimit)


class Columns(W3PerDocReader):  # type: ignore[misc]
    """What a segment keeps by document number: ids, and the lengths of fields as bytes."""

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        self._whole: dict[str, array[int]] = {}

    def ids(self) -> array[int]:
        """Return the versions' ids."""
        return self._column("id", IDS)

    def lengths(self, field: str) -> array[int]:
        """Return how long a field is, each as the byte that stands for a length."""
        return self._column(_lenfield(field), LENGTHS_COLUMN)

    def _column(self, name: str, column: columns.NumericColumn) -> array[int]:
        if name not in self._whole:
            found: array[int] = array(column._typecode)
            if self.has_column(name):
                reader = self.column_reader(name, column)
                found.frombytes(reader._dbfile.get(reader._basepos, reader._count * reader._fixedlen))
                if sys.byteorder == "little":
                    found.byteswap()
            found.extend([0] * (self.doc_count_all() - len(found)))
            self._whole[name] = found
        return self._whole[name]

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how long a field is, about."""
        return byte_to_length(self.lengths(fieldname)[docnum]) or default


class Places(formats.Existence):  # type: ignore[misc]
    """Where a word stands in a text: four bytes a place."""

    def fixed_value_size(self) -> None:
        """Say that values are of any size."""
        return


class Writer(SegmentWriter):  # type: ignore[misc]
    """Writes one segment of documents."""

    def __init__(self, index: Any) -> None:
        super().__init__(index, codec=LeanCodec())
        self.pool = _Pool()

    def add(self, document: Document) -> None:
        """Take in one document."""
        writer = self.perdocwriter
        writer.start_doc(self.docnum)
        for name in TEXTS:
            words: list[str] = getattr(document, name)
            self.pool.gather(name, words, self.docnum)
            writer.add_field(name, None, None, len(words))
        writer.add_column_value("id", IDS, document.id)
        writer.finish_doc()
        self._added = True
        self.docnum += 1


class _Pool:
    """Postings by field and term, as :class:`SegmentWriter` asks for them."""

    def __init__(self) -> None:
        self._fields: dict[str, defaultdict[str, List]] = {
            name: defaultdict(lambda: (array("I"), array("f"), [])) for name in TEXTS
        }

    def gather(self, field: str, words: list[str], number: int) -> None:
        """Take in the words of one field of a document, whose number is greater than those before."""
        terms = self._fields[field]
        if field != "words":
            for word, count in Counter(words).items():
                ids, weights, _ = terms[word]
                ids.append(number)
                weights.append(count)
            return
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            found[word].append(place)
        found.pop(BREAK, None)
        for word, places in found.items():
            ids, weights, values = terms[word]
            ids.append(number)
            weights.append(len(places))
            values.append(array("I", places).tobytes())

    def add(self, posting: tuple[str, bytes, int, float, bytes | None]) -> None:
        """Take in one posting of an older segment, whose documents follow the new ones."""
        field, term, number, weight, value = posting
        ids, weights, values = self._fields[field][term.decode()]
        ids.append(number)
        weights.append(weight)
        if value is not None:
            values.append(value)

    def iter_postings(self) -> Iterator[tuple[str, bytes, List]]:
        """Yield whole terms in the order of a dictionary."""
        for field, terms in self._fields.items():
            for term in sorted(terms):
                yield field, term.encode(), terms[term]

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, lengths: Columns, items: Iterable[tuple[str, bytes, List]]) -> None:
        """Write whole terms."""
        field = None
        for name, term, postings in items:
            if name != field:
                field = name
                self.start_field(name, schema[name])
            self.start_term(term)
            self._postwriter.take(postings, lengths.lengths(name))
            self.finish_term()
        self._infield = False


class _BlockWriter(W3PostingsWriter):  # type: ignore[misc]
    def take(self, postings: List, lengths: array[int]) -> None:
        """Write the postings of a term in blocks; the last of them is left to its end."""
        ids, weights, values = postings
        for at in range(0, len(ids), self._blocklimit):
            if at:
                self._write_block()
            upto = at + self._blocklimit
            self._ids, self._weights, self._values = ids[at:upto], weights[at:upto], values[at:upto]
            known = [lengths[one] for one in self._ids]
            self._minlength, self._maxlength = byte_to_length(min(known)), byte_to_length(max(known))
            self._maxweight = max(self._weights)
