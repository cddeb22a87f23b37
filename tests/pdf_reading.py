"""What a reader gets out of a PDF: its text by page, its tags, labels and bookmarks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2


def pages(path: Path) -> list[str]:
    """Return the text of each page, lines joined."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def text(path: Path) -> str:
    """Return all text."""
    return " ".join(pages(path))


def labels(path: Path) -> list[str]:
    """Return the label of each page."""
    with pikepdf.open(path) as pdf:
        return [page.label for page in pdf.pages]


def tags(path: Path) -> list[pikepdf.Dictionary]:
    """Return all structure elements in reading order, as plain values (type, alternative text)."""
    with pikepdf.open(path) as pdf:
        return [
            pikepdf.Dictionary(S=one.S, Alt=one.get("/Alt", pikepdf.String("")))
            for one in _below(pdf.Root.StructTreeRoot)
        ]


def count(path: Path, kind: str) -> int:
    """Return how many structure elements of a kind ("TH", "Figure") a PDF has."""
    return sum(str(one.S) == f"/{kind}" for one in tags(path))


def bookmarks(path: Path) -> list[tuple[int, str]]:
    """Return the bookmarks with their depth."""
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        return list(_walk(outline.root, 0))


def _walk(items: list[pikepdf.OutlineItem], depth: int) -> Iterator[tuple[int, str]]:
    for item in items:
        yield depth, str(item.title)
        yield from _walk(item.children, depth + 1)


def _below(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    children = element.get("/K", pikepdf.Array())
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _below(child)
