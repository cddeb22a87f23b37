"""Snippets: the stretch of a text in which a query's words stand, and where they stand in it."""

from __future__ import annotations

from msgspec import Struct
from whoosh import query

from archive.records import Content
from search.analysis import stem, tokens
from search.documents import texts
from search.language import leaves

WIDTH = 160
"""Code points in a snippet, more or less."""


class Snippet(Struct, frozen=True):
    """A stretch of plain text; ``marks`` are the (start, end) code points of the words that matched."""

    text: str
    marks: tuple[tuple[int, int], ...]


class Wanted(Struct, frozen=True):
    """What a query's text leaves look for."""

    words: frozenset[str]
    stems: frozenset[str]
    prefixes: tuple[str, ...]

    def has(self, token: str) -> bool:
        """Say whether a folded token is looked for."""
        return token in self.words or stem(token) in self.stems or token.startswith(self.prefixes)


def wanted(tree: query.Query) -> Wanted:
    """Return the words, stems and prefixes in a tree, those under NOT too (they match nothing shown)."""
    words: set[str] = set()
    stems: set[str] = set()
    prefixes: list[str] = []
    for leaf in leaves(tree):
        if isinstance(leaf, query.Prefix):
            prefixes.append(leaf.text)
        elif isinstance(leaf, query.Phrase):
            words.update(leaf.words)
        elif isinstance(leaf, query.Term) and leaf.fieldname in ("words", "author"):
            words.add(str(leaf.text))
        elif isinstance(leaf, query.Term) and leaf.fieldname == "stems":
            stems.add(str(leaf.text))
    return Wanted(frozenset(words), frozenset(stems), tuple(prefixes))


def snippet(content: Content, sought: Wanted) -> Snippet:
    """Return the best stretch: around the first match, else the beginning of the text."""
    found = [text for text in texts(content) if text]
    for text in found:
        marks = [(token.start, token.end) for token in tokens(text) if sought.has(token.text)]
        if marks:
            return _cut(text, marks)
    return _cut(content.text or content.title or (found[0] if found else ""), [])


def _cut(text: str, marks: list[tuple[int, int]]) -> Snippet:
    first = marks[0][0] if marks else 0
    start = 0 if first < WIDTH // 2 else _word_start(text, first - WIDTH // 3)
    end = len(text) if len(text) - start <= WIDTH else _word_end(text, start + WIDTH)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    shift = len(before) - start
    shown = sorted({(a + shift, b + shift) for a, b in marks if a >= start and b <= end})
    flat = "".join(" " if one in "\n\r\t" else one for one in text[start:end])
    return Snippet(before + flat + after, tuple(shown))


def _word_start(text: str, place: int) -> int:
    space = text.find(" ", place, place + 20)
    return space + 1 if space >= 0 else place


def _word_end(text: str, place: int) -> int:
    space = text.rfind(" ", place - 20, place)
    return space if space >= 0 else place
