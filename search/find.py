"""Finding: a query's tree answered by the engine, the reference matcher and the archive together."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from msgspec import Struct
from whoosh import query

from archive.archive import Archive
from archive.records import Version
from search import facts, reference
from search.documents import Document, document
from search.index import SearchIndex
from search.language import is_text, mapped, parse
from search.snippets import Snippet, snippet, wanted

Sort = Literal["relevance", "newest", "oldest"]

EXPANSIONS = 500
"""Words that one prefix may stand for; more are cut off, with a message."""


class Hit(Struct, frozen=True):
    """One version that answers: its score by the engine, and the stretch where the words stand."""

    version: Version
    score: float
    snippet: Snippet


class Results(Struct, frozen=True):
    """The answer to a query. ``total`` counts all versions that answer, ``hits`` are the first of them.

    ``messages`` say what a person should know about the answer, ``position`` is the ledger position asked.
    """

    total: int
    hits: tuple[Hit, ...]
    messages: tuple[str, ...]
    position: int


class Finder:
    """Answers queries over one archive, as it stands when the finder is made or at an earlier position."""

    def __init__(self, archive: Archive, index: SearchIndex) -> None:
        self._archive = archive
        self._index = index

    def find(self, text: str, at_seq: int | None = None) -> list[int]:
        """Return the ids of all versions that answer, in the order in which they were taken in."""
        return sorted(_Answer(self._archive, self._index, text, at_seq).found)

    def count(self, text: str, at_seq: int | None = None) -> int:
        """Return how many versions answer."""
        return len(_Answer(self._archive, self._index, text, at_seq).found)

    def search(self, text: str, *, limit: int = 20, sort: Sort = "relevance", at_seq: int | None = None) -> Results:
        """Return the first answers with their snippets."""
        answer = _Answer(self._archive, self._index, text, at_seq)
        first = answer.ordered(sort)[:limit]
        sought = wanted(answer.asked)
        hits = tuple(
            Hit(version, answer.found[version.id], snippet(version.content, sought))
            for version in self._archive.version(first)
        )
        return Results(len(answer.found), hits, tuple(answer.messages), answer.position)


class _Answer:
    """One query, answered: ``found`` maps version ids to scores."""

    def __init__(self, archive: Archive, index: SearchIndex, text: str, at_seq: int | None) -> None:
        self._archive = archive
        self._engine = index.engine()
        self._indexed = index.position if self._engine is not None else 0
        head = archive.head()
        self.position = head if at_seq is None else min(at_seq, head)
        self.messages: list[str] = []
        self.asked = parse(text)
        self._tree = mapped(self.asked, self._expanded)
        self.found = self._told_once(self._not_disposed(self._answer(self._tree)))

    def ordered(self, sort: Sort) -> list[int]:
        """Return the ids in an order: best first, or by the time of creation."""
        times = facts.created(self._archive.connection, list(self.found))
        if sort == "oldest":
            return sorted(self.found, key=lambda one: (times.get(one) or "9", one))
        newest = sorted(self.found, key=lambda one: (times.get(one, ""), one), reverse=True)
        return newest if sort == "newest" else sorted(newest, key=lambda one: -self.found[one])

    def _not_disposed(self, found: dict[int, float]) -> dict[int, float]:
        """Leave out what is gone; for an earlier position, say how much of what was held then."""
        connection = self._archive.connection
        for version in facts.disposed(connection):
            found.pop(version, None)
        is_past = self.position < self._archive.head()
        gone = facts.disposed_since(connection, self.position) if is_past else 0
        if gone:
            self.messages.append(
                f"{gone:,} of the versions held then have been lawfully disposed of since; whether any of them would "
                "have answered can no longer be told."
            )
        return found

    def _told_once(self, found: dict[int, float]) -> dict[int, float]:
        """Leave out what another format tells of a record whose standing version answers in the same words."""
        for version, standing in facts.counterparts(self._archive.connection):
            if version in found and standing in found:
                found[standing] = max(found[standing], found.pop(version))
        return found

    # -- evaluation: text subtrees by the engine and the tail, facts by SQL, the rest as sets

    def _answer(self, node: query.Query) -> dict[int, float]:
        if isinstance(node, query.Every):
            return dict.fromkeys(self._everything, 0.0)
        if node == query.NullQuery:
            return {}
        if isinstance(node, query.Not):
            excluded = self._answer(node.query)
            return dict.fromkeys(self._everything - excluded.keys(), 0.0)
        if is_text(node):
            return self._text(node)
        if isinstance(node, query.And):
            return self._and(node)
        if isinstance(node, query.Or):
            return self._or(node)
        found = facts.ids(self._archive.connection, node, self._archive.timezone, self.position)
        return dict.fromkeys(found, 0.0)

    @cached_property
    def _everything(self) -> set[int]:
        return facts.all_ids(self._archive.connection, self.position)

    def _and(self, node: query.And) -> dict[int, float]:
        """Intersect; the text parts go to the engine as one tree, so that it can be clever about them."""
        text = [child for child in node.subqueries if is_text(child) and not isinstance(child, query.Not)]
        rest = [child for child in node.subqueries if child not in text]
        parts = [self._answer(query.And(text) if len(text) > 1 else text[0])] if text else []
        for child in sorted(rest, key=lambda one: isinstance(one, query.Not)):
            if isinstance(child, query.Not) and parts:
                excluded = self._answer(child.query)
                parts = [{one: score for one, score in parts[0].items() if one not in excluded}, *parts[1:]]
            else:
                parts.append(self._answer(child))
        smallest = min(parts, key=len)
        return {one: sum(part[one] for part in parts) for one in smallest if all(one in part for part in parts)}

    def _or(self, node: query.Or) -> dict[int, float]:
        found: dict[int, float] = {}
        for child in node.subqueries:
            for one, score in self._answer(child).items():
                found[one] = found.get(one, 0.0) + score
        return found

    def _text(self, node: query.Query) -> dict[int, float]:
        found = self._engine.answer(node) if self._engine is not None else {}
        if self.position < self._archive.head():
            found = {one: score for one, score in found.items() if one in self._everything}
        for one in self._tail:
            if reference.matches(node, one):
                found[one.id] = 0.0
        return found

    @cached_property
    def _tail(self) -> list[Document]:
        """What the index has not reached, analysed here and now."""
        if self._indexed >= self.position:
            return []
        return [document(version) for version in self._archive.versions(self._indexed, self.position)]

    # -- expansion

    def _expanded(self, leaf: query.Query) -> query.Query:
        """Return a prefix as the words that begin with it, in the order of the alphabet, up to the cap."""
        if not isinstance(leaf, query.Prefix):
            return leaf
        known = set(self._engine.lexicon(leaf.text)) if self._engine is not None else set()
        for one in self._tail:
            known.update(word for word in one.words if word.startswith(leaf.text))
        chosen = sorted(known)
        if len(chosen) > EXPANSIONS:
            self.messages.append(
                f"“{leaf.text}*” stands for {len(chosen):,} words; the first {EXPANSIONS} were looked for. "
                "Write more letters to be sure of everything."
            )
        terms = [query.Term("words", word) for word in chosen[:EXPANSIONS]]
        return query.Or(terms) if len(terms) > 1 else terms[0] if terms else query.NullQuery
