"""Snippets: the stretch of a text in which most of a query's words stand, and where they stand in it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from whoosh import query

from archive.records import Content
from search.analysis import tokens
from search.documents import texts
from search.reference import spans
from search.tree import Near, children

WIDTH = 160
"""Code points in a snippet, more or less."""

BEFORE = WIDTH // 3
"""Code points shown before the first mark."""


class Snippet(Struct, frozen=True):
    """A stretch of plain text; ``marks`` are the (start, end) code points of the words that matched."""

    text: str
    marks: tuple[tuple[int, int], ...]


class Wanted(Struct, frozen=True):
    """What a query looks for in texts: leaves, and pairs that are near."""

    parts: tuple[query.Query, ...]


class _Mark(Struct, frozen=True, order=True):
    """One word of a text that answers, and which part of the query it answers."""

    start: int
    end: int
    part: int


def wanted(tree: query.Query) -> Wanted:
    """Return what a tree looks for, without what stands under NOT, facts and authors (which a hit's heading names)."""
    return Wanted(tuple(dict.fromkeys(_sought(tree))))


def _sought(node: query.Query) -> Iterator[query.Query]:
    if isinstance(node, query.Not):
        return
    parts = [] if isinstance(node, Near) else children(node)
    for part in parts:
        yield from _sought(part)
    if not parts and node.field() in ("words", "stems"):
        yield node


def snippet(content: Content, sought: Wanted) -> Snippet:
    """Return the stretch with the most different words looked for, the first of equals; else the text's beginning."""
    best, shown = 0, _cut(content.text or content.title or next(filter(None, texts(content)), ""), [], 0)
    for text in filter(None, texts(content)):
        marks = _marks(text, sought)
        several, first = _densest(marks)
        if several > best:
            best, shown = several, _cut(text, marks, marks[first].start)
    return shown


def _marks(text: str, sought: Wanted) -> list[_Mark]:
    """Return the marks of a text in order; a phrase marks each of its words, so that any may be cut off."""
    found = list(tokens(text))
    words = [token.text for token in found]
    marks = {
        _Mark(token.start, token.end, part)
        for part, node in enumerate(sought.parts)
        for start, end in spans(node, words)
        for token in found[start:end]
    }
    return sorted(marks)


def _densest(marks: list[_Mark]) -> tuple[int, int]:
    """Return how many different parts the best stretch holds, and its first mark's place in the list."""
    best, first, inside = (0, 0), 0, Counter[int]()
    for last in marks:
        inside[last.part] += 1
        while last.end - marks[first].start > WIDTH - BEFORE and marks[first] is not last:
            inside[marks[first].part] -= 1
            first += 1
        several = sum(count > 0 for count in inside.values())
        if several > best[0]:
            best = (several, first)
    return best


def _cut(text: str, marks: list[_Mark], first: int) -> Snippet:
    start = 0 if first < WIDTH // 2 else _word_start(text, first - BEFORE)
    end = len(text) if len(text) - start <= WIDTH else _word_end(text, start + WIDTH)
    before, after = ("… " if start else ""), (" …" if end < len(text) else "")
    shift = len(before) - start
    shown = [(mark.start + shift, mark.end + shift) for mark in marks if mark.start >= start and mark.end <= end]
    flat = "".join(" " if one in "\n\r\t" else one for one in text[start:end])
    return Snippet(before + flat + after, tuple(_merged(shown)))


def _merged(marks: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield marks in order, those that touch or overlap as one."""
    current: tuple[int, int] | None = None
    for start, end in sorted(marks):
        if current is None or start > current[1]:
            if current is not None:
                yield current
            current = (start, end)
        else:
            current = (current[0], max(current[1], end))
    if current is not None:
        yield current


def _word_start(text: str, place: int) -> int:
    space = text.find(" ", place, place + 20)
    return space + 1 if space >= 0 else _not_inside(text, place)


def _word_end(text: str, place: int) -> int:
    space = text.rfind(" ", place - 20, place)
    return space if space >= 0 else _not_inside(text, place)


def _not_inside(text: str, place: int) -> int:
    """Return the nearest place before that stands not inside a letter with its marks or an emoji of several parts."""
    floor = max(0, place - 20)
    while place > floor and (_joins(text[place]) or text[place - 1] == "\u200d"):
        place -= 1
    return place


def _joins(character: str) -> bool:
    """Say whether this goes with the character before it: a mark, a joiner, a tone of skin, a flag's second half."""
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character in "\u200d"
        or ("\U0001f3fb" <= character <= "\U0001f3ff")
    )
