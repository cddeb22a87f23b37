"""Papers: letters and certificates as a value, and the value as plain text and as a page of its own.

Everything in a paper is text: a page escapes it, so nothing that a person typed can become markup.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive.archive import Act, Archive
from archive.errors import ExitCode, MunimentError
from archive.terminal import safe


class Facts(Struct, frozen=True, tag="facts"):
    """Rows of a name and a value."""

    rows: tuple[tuple[str, str], ...]


class Lines(Struct, frozen=True, tag="lines"):
    """A list, an entry a line; ``box`` gives each a box to tick on paper."""

    entries: tuple[str, ...]
    box: bool = False


class Heading(Struct, frozen=True, tag="heading"):
    """What begins a part."""

    text: str


class Said(Struct, frozen=True, tag="said"):
    """One paragraph; its lines stay lines, as in an address."""

    text: str


Block = Heading | Said | Facts | Lines


class Paper(Struct, frozen=True):
    """One paper: its title, whose it is, and its blocks in order. Any room can print it (PDF too)."""

    title: str
    owner: str
    blocks: tuple[Block, ...]

    def parts(self) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
        """Yield heading, text and facts of each part, for whoever prints it; each may be empty."""
        heading = ""
        for block in self.blocks:
            if isinstance(block, Heading):
                heading = block.text
                continue
            facts = block.rows if isinstance(block, Facts) else ()
            yield heading, "" if facts else "\n".join(_text(block)), facts
            heading = ""


Printer = Callable[[Paper, datetime], bytes]
"""Prints a paper as a PDF that is dated at a moment; the composition knows how."""


class NotPrinted(MunimentError):
    """A PDF is asked for of a paper that an earlier Muniment kept without one."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, target: Path) -> None:
        super().__init__(
            f"{target} was not written: this paper was kept without a PDF. Ask for a name that ends in .html and print "
            "that page."
        )


class Kept(Struct, frozen=True):
    """A paper in the object store: the digests of its page, its text, and its PDF, empty if none was printed."""

    html: str
    text: str
    pdf: str = ""


def keep(archive: Archive, paper: Paper, printer: Printer | None = None) -> Kept:
    """Store a paper's page, text and PDF as objects; the act that names them comes next."""
    html = _stored(archive, as_html(paper).encode())
    text = _stored(archive, as_text(paper).encode())
    pdf = _stored(archive, printer(paper, archive.now_local())) if printer else ""
    archive.objects.sync()
    return Kept(html, text, pdf)


def _stored(archive: Archive, payload: bytes) -> str:
    return archive.objects.add(lambda: io.BytesIO(payload))[0]


def write(archive: Archive, kept: Kept, target: Path) -> None:
    """Write a paper to a file: its PDF or text where the name ends so, else its page; raises :class:`NotPrinted`."""
    wanted = {".pdf": kept.pdf, ".txt": kept.text}.get(target.suffix.lower(), kept.html)
    if not wanted:
        raise NotPrinted(target)
    target.write_bytes(archive.objects.path(wanted).read_bytes())


def given(archive: Archive, kept: Kept, target: Path | None) -> str:
    """Return a paper's text to read, or write it to a file and return where it is."""
    if target is None:
        return archive.objects.path(kept.text).read_text(encoding="utf-8").rstrip("\n")
    write(archive, kept, target)
    return f"It is in {target}."


def state_kept(act: Act, kept: Kept) -> None:
    """State which objects an act brought, so that ``verify`` looks for them and ``backup`` copies them."""
    for sha256 in filter(None, (kept.html, kept.text, kept.pdf)):
        act.state(act.subject, "object", sha256)
    act.facts |= {"object": kept.html, "text": kept.text, "pdf": kept.pdf}


def kept(facts: Mapping[str, Any]) -> Kept:
    """Return the paper that an act brought, from the facts of its ledger row."""
    return Kept(facts["object"], facts["text"], facts.get("pdf", ""))


def as_text(paper: Paper) -> str:
    """Return a paper as plain text."""
    lines = [paper.owner, "", paper.title, "=" * len(paper.title)]
    for block in paper.blocks:
        lines += ["", *_text(block)]
    return "\n".join(lines) + "\n"


def _text(block: Block) -> Iterable[str]:
    if isinstance(block, Heading):
        return [block.text, "-" * len(block.text)]
    if isinstance(block, Facts):
        return [f"{name}: {value}" for name, value in block.rows]
    if isinstance(block, Lines):
        return [f"{'[ ]' if block.box else '-'} {entry}" for entry in block.entries]
    return [block.text]


def as_html(paper: Paper) -> str:
    """Return a paper as a page that needs nothing else and prints on letter paper."""
    body = "\n".join(_html(block) for block in paper.blocks)
    return _PAGE.format(title=_escaped(paper.title), owner=_escaped(paper.owner), style=_STYLE, body=body)


def _html(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{_escaped(block.text)}</h2>"
    if isinstance(block, Facts):
        rows = "".join(
            f'<tr><th scope="row">{_escaped(name)}</th><td>{_escaped(value)}</td></tr>' for name, value in block.rows
        )
        return f"<table><tbody>{rows}</tbody></table>"
    if isinstance(block, Lines):
        box = '<span aria-hidden="true">☐ </span>' if block.box else ""
        kind = ' class="boxes"' if block.box else ""
        return f"<ul{kind}>" + "".join(f"<li>{box}{_escaped(entry)}</li>" for entry in block.entries) + "</ul>"
    return "<p>" + "<br>".join(_escaped(one) for one in block.text.split("\n")) + "</p>"


def _escaped(text: str) -> str:
    return escape(safe(text))


_STYLE = """
body { font: 12pt/1.45 Georgia, "Times New Roman", serif; color: #111; background: #fff; max-width: 42rem;
  margin: 2.5rem auto; padding: 0 1.5rem; overflow-wrap: anywhere }
header { border-bottom: 1px solid #444; margin-bottom: 1.5rem } header p { margin: 0 0 .5rem }
h1 { font-size: 1.5rem; margin: 1.5rem 0 } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top;
  padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #ccc } th { width: 34%; font-weight: 600 }
ul { padding-left: 1.2rem } ul.boxes { list-style: none; padding-left: 0 } li { margin: .2rem 0 }
@page { size: letter; margin: 2.2cm } @media print { body { margin: 0; max-width: none; padding: 0 } }
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>{style}</style></head>
<body><header><p>{owner}</p></header><main><h1>{title}</h1>
{body}
</main></body>
</html>
"""
