"""Finding: what a person types, answered with versions, snippets, facets and what one should know about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

from msgspec import Struct
from whoosh import query

from archive import clock
from archive.archive import Archive
from archive.records import Version
from search import duplicates
from search.answer import Answer
from search.archive_facts import happened
from search.dates import Calendar
from search.engines.engine import Sort
from search.facets import FACETS, Counts, Facet, facets
from search.findings import KINDS, Happened
from search.index import SearchIndex
from search.language import hints, leaves, parse
from search.snippets import Snippet, snippet, wanted

Together = Literal["versions", "records", "alike"]
"""Each version by itself, all that answer of a record together, or near-duplicates too."""

LOOKED_AT = 1_000
"""Hits among which those that belong together are looked for."""


class Hit(Struct, frozen=True):
    """One version that answers: its score by the engine, and the stretch where the words stand.

    ``happened`` says, where ``removed:`` or ``hidden:`` was asked, what happened then, surely or possibly.
    ``others`` are versions that answer too and were put together with this one.
    """

    version: Version
    score: float
    snippet: Snippet
    happened: Happened | None = None
    others: tuple[Version, ...] = ()


class Results(Struct, frozen=True):
    """The answer to a query. ``total`` counts all versions that answer, ``hits`` are the first of them.

    ``records`` is of how many records they are, None where too many have several versions to tell at once. ``messages``
    say what a person should know about the answer, ``position`` is the ledger position asked.
    """

    total: int
    hits: tuple[Hit, ...]
    messages: tuple[str, ...]
    position: int
    records: int | None = None


class Finder:
    """Answers queries over one archive, as it stands when it is asked or at an earlier position."""

    def __init__(self, archive: Archive, index: SearchIndex) -> None:
        self._archive = archive
        self._index = index

    def find(self, text: str, at_seq: int | None = None) -> list[int]:
        """Return the ids of all versions that answer, in the order in which they were taken in."""
        return sorted(self.answer(text, at_seq).found)

    def count(self, text: str, at_seq: int | None = None) -> int:
        """Return how many versions answer."""
        return self.answer(text, at_seq).first(1, "relevance").total

    def search(
        self,
        text: str,
        *,
        limit: int = 20,
        sort: Sort = "relevance",
        at_seq: int | None = None,
        together: Together = "versions",
    ) -> Results:
        """Return the first answers with their snippets, each version by itself or put together."""
        asked = self._parsed(text, at_seq)
        answer = Answer(self._archive, self._index, asked, at_seq)
        page = answer.first(limit if together == "versions" else max(LOOKED_AT, limit), sort)
        scores = dict(page.hits)
        then = self._happened(asked, answer.position)
        sought = wanted(asked)
        hits = tuple(
            Hit(first, scores[first.id], snippet(first.content, sought), then.get(first.record), tuple(others))
            for first, *others in islice(self._grouped(scores, together), limit)
        )
        messages = [*hints(text), *answer.messages, *_apart(then, answer), *self._advice(answer, page.total)]
        if together == "alike" and page.total > LOOKED_AT:
            messages.append(f"What is nearly the same was looked for among the first {LOOKED_AT:,}.")
        return Results(page.total, hits, tuple(messages), answer.position, answer.count_records(page.total))

    def _grouped(self, ids: Iterable[int], together: Together) -> Iterator[Sequence[Version]]:
        versions = self._archive.version(ids)
        if together == "versions":
            return ((one,) for one in versions)
        if together == "alike":
            return iter(duplicates.groups(list(versions)))
        found: dict[int, list[Version]] = {}
        for one in versions:
            found.setdefault(one.record, []).append(one)
        return iter(found.values())

    def facets(self, text: str, names: Sequence[Facet] = FACETS, at_seq: int | None = None) -> dict[Facet, Counts]:
        """Return how many versions that answer have which account, platform, kind, state, series and month."""
        return facets(self._archive, self.answer(text, at_seq), names)

    def answer(self, text: str, at_seq: int | None = None) -> Answer:
        """Return the answer to a query, to be asked for what one wants to know of it."""
        return Answer(self._archive, self._index, self._parsed(text, at_seq), at_seq)

    def _parsed(self, text: str, at_seq: int | None) -> query.Query:
        """Read a query on the city's calendar; as of an earlier position “yesterday” is the day before that."""
        archive = self._archive
        row = archive.connection.execute("SELECT at FROM ledger WHERE seq = ?", (at_seq,)).fetchone()
        today = clock.local_date(clock.read_stored(row[0]) if row else clock.now(), archive.timezone)
        return parse(text, Calendar(today, archive.fiscal_year_start))

    def _happened(self, asked: query.Query, position: int) -> dict[int, Happened]:
        found: dict[int, Happened] = {}
        for leaf in leaves(asked):
            if isinstance(leaf, query.Term) and leaf.fieldname in KINDS:
                found.update(happened(self._archive, leaf, position))
        return found

    def _advice(self, answer: Answer, total: int) -> Iterator[str]:
        """Where nothing was found: what a misspelt word may have meant."""
        if total:
            return
        for leaf in leaves(answer.tree):
            if isinstance(leaf, query.Term) and leaf.fieldname in ("words", "stems"):
                meant = self._index.lexicon().meant(str(leaf.text))
                if meant:
                    yield f"No record has “{leaf.text}”. Did you mean “{meant}”?"


def _apart(then: dict[int, Happened], answer: Answer) -> Iterator[str]:
    """Say how many things happened surely in the period asked, and how many possibly."""
    told = [one.sureness for record, one in then.items() if record in answer.records]
    if told:
        surely = sum(one == "surely" for one in told)
        possibly = len(told) - surely
        yield f"Within that time, as the backups tell: surely {surely:,} of these records, possibly {possibly:,}."
