"""The seam between ``search`` and its engines: an engine is update, answer, and a lexicon.

An engine holds postings and nothing else: it answers trees of terms, phrases and booleans over the
fields ``words``, ``stems`` and ``author`` with version ids and scores, and may be remote. One that also
keeps facts in columns (:class:`FactEngine`) answers whole searches, page by page, without listing every id.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal

from msgspec import Struct
from whoosh import query

from search.documents import Document

Sort = Literal["relevance", "newest", "oldest"]
"""By time means by the second in which a record was created, then by version; what has no date comes last."""


class Page(Struct, frozen=True):
    """The first hits of a search as (version, score), and how many there are in all."""

    total: int
    hits: Sequence[tuple[int, float]]


class Engine(ABC):
    """One index in one folder. At most one writer at a time; readers see the last commit."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def update(self, gone: Collection[int], documents: Iterable[Document]) -> None:
        """Take ids out, add documents, and commit both at once."""

    @abstractmethod
    def answer(self, tree: query.Query) -> dict[int, float]:
        """Return the ids that answer a tree, each with its score."""

    @abstractmethod
    def lexicon(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield the folded words that begin with a prefix, in order, each with in how many versions it stands."""

    @abstractmethod
    def count(self) -> int:
        """Return how many documents are committed."""


class FactEngine(Engine):
    """An engine that knows facts of documents too (:data:`search.facts.SEVERAL` among them), as leaves of trees."""

    @abstractmethod
    def first(self, tree: query.Query, limit: int, sort: Sort) -> Page:
        """Return the first hits in an order."""

    @abstractmethod
    def facets(self, tree: query.Query, names: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """Return how many hits have which account, platform, kind, state or month (empty where there is none)."""
