"""One query, answered: by the engine where it can, by the archive for facts, plainly for what the index lacks.

What is the same in the index as at the ledger position asked (*settled*) is answered by the engine and by
SQL. Records that the ledger changed since, or after an earlier position that is asked for, are answered
document by document with the reference matcher. So no search is silently incomplete or out of date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import nlargest

from whoosh import query

from archive.archive import Archive
from archive.reading import first_after
from search import archive_facts, changed, facts, reference
from search.documents import Document
from search.engines.engine import FactEngine, Page, Sort
from search.expansion import Expansion
from search.gathering import documents, pairs
from search.index import SearchIndex
from search.language import TEXT_FIELDS, Near, leaves
from search.lexicon import Lexicon

Found = dict[int, float]
"""Versions with their scores."""

AT_ONCE = 100
"""Facts asked in one statement: SQLite takes a thousand conditions at most."""

FEW = 20_000
"""Versions of records with several of them, up to which their records are counted."""

_DISTINCT = "SELECT count(DISTINCT record) FROM version WHERE id IN (SELECT value FROM json_each(?))"


class Answer:
    """The answer to one tree, at the ledger's head or an earlier position. ``messages`` are for the person."""

    def __init__(self, archive: Archive, index: SearchIndex, tree: query.Query, at_seq: int | None) -> None:
        self._archive = archive
        self._index = index
        self._engine = index.engine()
        head = archive.head()
        self.position = head if at_seq is None else min(at_seq, head)
        self.is_past = self.position < head
        self._asked: dict[tuple[str, str], set[int]] = {}
        expansion = Expansion(archive, list(self._lexicons(tree)))
        self.tree = expansion.of(tree)
        self.messages = expansion.messages

    # -- what the index has, and what it lacks

    @cached_property
    def _changed(self) -> changed.Changed:
        indexed = self._index.position if self._engine is not None else 0
        return changed.since(self._archive.connection, min(indexed, self.position))

    @cached_property
    def unsettled(self) -> list[Document]:
        """Versions of changed records as they stand at the position, analysed here and now."""
        later = first_after(self._archive.connection, "version", self.position)
        versions = self._archive.version(one for one in self._changed.standing if one < later)
        return list(documents(self._archive, versions, self.position if self.is_past else None))

    def _lexicons(self, tree: query.Query) -> Iterator[Lexicon]:
        """Yield the words that expansions choose from; without any, none are needed."""
        if not any(isinstance(one, query.Prefix | query.Wildcard | query.FuzzyTerm) for one in leaves(tree)):
            return
        if self._engine is not None:
            yield self._index.lexicon()
        if self.unsettled:
            yield Lexicon.of(word for one in self.unsettled for word in one.words)

    # -- whole answers

    @cached_property
    def found(self) -> Found:
        """Every version that answers."""
        found = self._settled(self.tree)
        for one in found.keys() & self._changed.gone:
            del found[one]
        found.update((one.id, 0.0) for one in self.unsettled if self._stands(self.tree, one))
        self._tell_of_disposed()
        return found

    def first(self, limit: int, sort: Sort) -> Page:
        """Return the first versions in an order, and how many answer in all."""
        if isinstance(self._engine, FactEngine) and self._is_engines_alone:
            return self._engine.first(self.tree, limit, sort)
        return Page(len(self.found), [(one, self.found[one]) for one in self._ordered(sort, limit)])

    @cached_property
    def records(self) -> set[int]:
        """The records that have versions among :attr:`found`."""
        later = dict(self._archive.connection.execute("SELECT id, record FROM version WHERE id <> record").fetchall())
        return {later.get(one, one) for one in self.found}

    def count_records(self, total: int) -> int | None:
        """Return of how many records the versions are, ``total`` in all; None where too many have several."""
        if not isinstance(self._engine, FactEngine) or not self._is_engines_alone:
            return len(self.records)
        several = self._engine.first(query.And([self.tree, facts.SEVERAL]), FEW, "relevance")
        if several.total > FEW:
            return None
        ids = json.dumps([one for one, _ in several.hits])
        distinct: int = self._archive.connection.execute(_DISTINCT, (ids,)).fetchone()[0]
        return total - several.total + distinct

    def facets(self, names: Sequence[str]) -> dict[str, dict[str, int]] | None:
        """Return what an engine counts by itself; None when it must be counted out of :attr:`found`."""
        if isinstance(self._engine, FactEngine) and self._is_engines_alone:
            return {name: dict(counts) for name, counts in self._engine.facets(self.tree, names).items()}
        return None

    @cached_property
    def _is_engines_alone(self) -> bool:
        return not self._changed.gone and self._is_engines(self.tree)

    def _ordered(self, sort: Sort, limit: int) -> list[int]:
        """Return the first in an order; of what scores alike, the newest come first."""
        found, connection = self.found, self._archive.connection
        if sort != "relevance":
            return facts.by_time(connection, found, limit, oldest=sort == "oldest")
        least = nlargest(limit, found.values())[-1] if found else 0.0
        better = facts.by_time(connection, [one for one, score in found.items() if score > least], limit)
        alike = facts.by_time(connection, [one for one, score in found.items() if score == least], limit)
        return [*sorted(better, key=lambda one: -found[one]), *alike][:limit]

    def _tell_of_disposed(self) -> None:
        """For an earlier position, say how much of what was held then is gone."""
        gone = facts.disposed_since(self._archive.connection, self.position) if self.is_past else 0
        if gone:
            self.messages.append(
                f"{gone:,} of the versions held then have been lawfully disposed of since; whether any of them would "
                "have answered can no longer be told."
            )

    # -- the settled part: the engine and sets

    def _is_engines(self, node: query.Query) -> bool:
        known = TEXT_FIELDS | facts.OF_DOCUMENTS if isinstance(self._engine, FactEngine) else TEXT_FIELDS
        if isinstance(node, query.And | query.Or):
            return all(self._is_engines(child) for child in node.subqueries)
        if isinstance(node, query.Not):
            return self._is_engines(node.query)
        if isinstance(node, query.Every) or node == query.NullQuery:
            return isinstance(self._engine, FactEngine)
        return not isinstance(node, Near) and node.field() in known

    def _settled(self, node: query.Query) -> Found:
        if self._is_engines(node):
            return self._engine.answer(node) if self._engine is not None else {}
        if isinstance(node, query.Every):
            return dict.fromkeys(self._everything, 0.0)
        if node == query.NullQuery:
            return {}
        if isinstance(node, query.Not):
            excluded = self._settled(node.query)
            return dict.fromkeys(self._everything - excluded.keys(), 0.0)
        if isinstance(node, query.And):
            return self._and(node)
        if isinstance(node, query.Or):
            return self._or(node)
        if isinstance(node, Near):
            return self._near(node)
        return dict.fromkeys(self._set(node), 0.0)

    @cached_property
    def _told(self) -> dict[int, int]:
        """Versions that tell again what a standing one tells, asked once for all facts of a query."""
        return pairs(self._archive.connection)

    @cached_property
    def _everything(self) -> set[int]:
        return facts.all_ids(self._archive.connection, self.position, self._told)

    def _set(self, leaf: query.Term) -> set[int]:
        if leaf.fieldname in facts.OF_DOCUMENTS:
            return self._facts([leaf])
        return archive_facts.ids(self._archive, leaf, self.position, self._told)

    def _facts(self, leaves: Sequence[query.Term]) -> set[int]:
        return facts.ids(self._archive.connection, leaves, self._archive.timezone, self.position, self._told)

    def _and(self, node: query.And) -> Found:
        """Intersect; what the engine knows goes to it as one tree, what the archive knows is asked of it at once."""
        whole: list[query.Query] = []
        together: list[query.Term] = []
        rest: list[query.Query] = []
        for one in node.subqueries:
            if self._is_engines(one) and not isinstance(one, query.Not):
                whole.append(one)
            elif isinstance(one, query.Term) and one.fieldname in facts.JOINED:
                together.append(one)
            else:
                rest.append(one)
        parts = [self._settled(query.And(whole) if len(whole) > 1 else whole[0])] if whole else []
        for at in range(0, len(together), AT_ONCE):
            parts.append(dict.fromkeys(self._facts(together[at : at + AT_ONCE]), 0.0))
        for child in sorted(rest, key=lambda one: isinstance(one, query.Not)):
            if isinstance(child, query.Not) and parts:
                excluded = self._settled(child.query)
                parts = [{one: score for one, score in parts[0].items() if one not in excluded}, *parts[1:]]
            else:
                parts.append(self._settled(child))
        smallest = min(parts, key=len)
        return {one: sum(part[one] for part in parts) for one in smallest if all(one in part for part in parts)}

    def _or(self, node: query.Or) -> Found:
        found: Found = {}
        for child in node.subqueries:
            for one, score in self._settled(child).items():
                found[one] = found.get(one, 0.0) + score
        return found

    def _near(self, node: Near) -> Found:
        """Read every version that has both sides, and look where they stand."""
        both = self._settled(query.And([node.left, node.right]))
        read = documents(self._archive, self._archive.version(sorted(both)))
        return {one.id: both[one.id] for one in read if reference.matches(node, one)}

    # -- the rest: one document at a time

    def _stands(self, node: query.Query, document: Document) -> bool:
        if isinstance(node, query.And):
            return all(self._stands(child, document) for child in node.subqueries)
        if isinstance(node, query.Or):
            return any(self._stands(child, document) for child in node.subqueries)
        if isinstance(node, query.Not):
            return not self._stands(node.query, document)
        if isinstance(node, query.Term) and node.fieldname in facts.OF_DOCUMENTS:
            return facts.holds(node, document, self._archive.timezone)
        if isinstance(node, query.Term) and node.fieldname not in TEXT_FIELDS:
            return document.id in self._asked_once(node)
        return reference.matches(node, document)

    def _asked_once(self, leaf: query.Term) -> set[int]:
        key = (leaf.fieldname, str(leaf.text))
        if key not in self._asked:
            self._asked[key] = archive_facts.ids(self._archive, leaf, self.position, self._told)
        return self._asked[key]
