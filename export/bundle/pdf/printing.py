"""Papers of other rooms, such as a certificate of destruction, in the look of ours: PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from export.bundle.pdf.characters import printable
from export.bundle.pdf.lines import line, lines
from export.bundle.pdf.papers import Paper, Section
from export.bundle.pdf.printed import Fact

Part = tuple[str, str, Sequence[tuple[str, str]]]
"""A part of a paper: its heading, its text, and its facts (name, value); each may be empty."""


def printed(title: str, owner: str, parts: Iterable[Part], moment: datetime) -> bytes:
    """Return a paper as a PDF that is dated at a moment; the same paper gives the same bytes."""
    from export.bundle.pdf.typesetting import Sheet, typeset

    paper = Paper(
        title=printable(title),
        office=printable(owner),
        request="",
        watermark="",
        about=printable(title),
        sections=tuple(_section(*part) for part in parts),
    )
    with TemporaryDirectory(prefix="paper-") as folder:
        sheet = Sheet(template="paper.typ", data=msgspec.json.encode(paper).decode(), moment=moment)
        return typeset(sheet, Path(folder)).pdf


def _section(heading: str, text: str, facts: Sequence[tuple[str, str]]) -> Section:
    return Section(
        heading=printable(heading),
        paragraphs=lines(text) if text else (),
        facts=tuple(Fact(printable(name), (line(value),)) for name, value in facts),
    )
