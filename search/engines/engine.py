"""The seam between ``search`` and its engines: an engine is add, commit, query, and a lexicon.

An engine holds postings and nothing else: it answers trees of terms, phrases and booleans over the
fields ``words``, ``stems`` and ``author`` with version ids and scores, and may be remote.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from whoosh import query

from search.documents import Document


class Engine(ABC):
    """One index in one folder. At most one writer at a time; readers see the last commit."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def add(self, documents: Iterable[Document]) -> int:
        """Add documents and commit them; return how many there were."""

    @abstractmethod
    def answer(self, tree: query.Query) -> dict[int, float]:
        """Return the ids that answer a tree, each with its score."""

    @abstractmethod
    def lexicon(self, prefix: str) -> Iterator[str]:
        """Yield the folded words that begin with a prefix, in order."""

    @abstractmethod
    def count(self) -> int:
        """Return how many documents are committed."""
