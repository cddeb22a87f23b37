"""Papers of one look: title, sections of paragraphs, facts and tables, signatures; each set in a process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct

from export.bundle.bag import Bag
from export.bundle.pdf.lines import Line, line
from export.bundle.pdf.printed import Fact
from export.bundle.pdf.processes import in_processes
from export.released import Production

LONGEST_IN_CELL = 14
"""Letters of one word that fit into a column of a table."""


class Table(Struct, frozen=True, kw_only=True):
    """A table whose headings are repeated on each page; ``widths`` are shares of the page's width."""

    headings: tuple[str, ...]
    widths: tuple[float, ...]
    rows: Sequence[tuple[Line, ...]]


class Section(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a paper. ``heading`` may be empty."""

    heading: str = ""
    paragraphs: tuple[Line, ...] = ()
    facts: tuple[Fact, ...] = ()
    table: Table | None = None


class Paper(Struct, frozen=True, kw_only=True):
    """What the template ``paper.typ`` is given. ``letterhead`` are the lines at the top of a letter.

    ``about`` stands at the head of each page; empty for the number of the request.
    """

    title: str
    office: str
    request: str
    watermark: str
    sections: Sequence[Section]
    letterhead: tuple[str, ...] = ()
    wide: bool = False
    signatures: tuple[str, ...] = ()
    about: str = ""


class _Job(Struct, frozen=True, kw_only=True):
    path: str
    data: str
    production: Production
    target: Path


def cells(*values: object) -> tuple[Line, ...]:
    """Return a row of a table."""
    return tuple(line(str(value), LONGEST_IN_CELL) for value in values)


def write_papers(production: Production, bag: Bag, papers: Iterable[tuple[str, Paper]]) -> tuple[str, ...]:
    """Set papers and put them into the bag under their paths; return the characters that no font could draw."""
    missing: set[str] = set()
    with TemporaryDirectory(prefix="papers-") as name:
        jobs = (
            _Job(
                path=path,
                data=msgspec.json.encode(paper).decode(),
                production=production,
                target=Path(name) / f"{place}.pdf",
            )
            for place, (path, paper) in enumerate(papers)
        )
        for path, target, without_font in in_processes(_set, jobs):
            bag.add_file(target, path)
            missing.update(without_font)
    return tuple(sorted(missing))


def _set(job: _Job) -> tuple[str, Path, tuple[str, ...]]:
    """Set one paper: runs in a process of its own."""
    from export.bundle.pdf.typesetting import Sheet, typeset

    with TemporaryDirectory(prefix="paper-") as name:
        done = typeset(Sheet(template="paper.typ", data=job.data, moment=job.production.built_at), Path(name))
    job.target.write_bytes(done.pdf)
    return job.path, job.target, done.without_font
