"""From what a person typed to what engines agree on: prefixes, wildcards and misspellings become words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice

from whoosh import query

from archive.archive import Archive
from search.language import mapped
from search.lexicon import Lexicon

MOST = 500
"""Words that one prefix, wildcard or misspelling may stand for; more are cut off, with a message."""


class Expansion:
    """Rewrites a tree by the words that there are; ``messages`` say what was cut off."""

    def __init__(self, archive: Archive, lexicons: Sequence[Lexicon]) -> None:
        self._archive = archive
        self._lexicons = lexicons
        self.messages: list[str] = []

    def of(self, tree: query.Query) -> query.Query:
        """Return the tree in words, phrases, booleans and facts."""
        return mapped(tree, self._leaf)

    def _leaf(self, leaf: query.Query) -> query.Query:
        if isinstance(leaf, query.Prefix):
            return self._words(f"{leaf.text}*", lambda lexicon: lexicon.prefix(leaf.text))
        if isinstance(leaf, query.Wildcard):
            return self._words(leaf.text, lambda lexicon: lexicon.wildcard(leaf.text))
        if isinstance(leaf, query.FuzzyTerm):
            return self._words(f"{leaf.text}~", lambda lexicon: lexicon.fuzzy(leaf.text))
        if leaf.field() == "department":
            return self._department(leaf)
        return leaf

    def _words(self, typed: str, choose: Callable[[Lexicon], Iterator[str]]) -> query.Query:
        """Return any of the words, in the order of the alphabet up to the cap."""
        words = [word for word, _ in islice(groupby(merge(*map(choose, self._lexicons))), MOST + 1)]
        if len(words) > MOST:
            self.messages.append(
                f"“{typed}” stands for more than {MOST} words; the first {MOST} by the alphabet were looked for. "
                "Write more letters to be sure of everything."
            )
        return any_of([query.Term("words", word) for word in words[:MOST]])

    def _department(self, leaf: query.Term) -> query.Query:
        rows = self._archive.connection.execute(
            "SELECT id FROM account WHERE department = ? COLLATE NOCASE ORDER BY id", (str(leaf.text),)
        )
        return any_of([query.Term("account", name) for (name,) in rows])


def any_of(leaves: Iterable[query.Query]) -> query.Query:
    """Return a tree that any of some leaves answers."""
    found = list(leaves)
    return query.Or(found) if len(found) > 1 else found[0] if found else query.NullQuery
