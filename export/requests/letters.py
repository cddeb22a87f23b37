"""Letters: composed from templates with the law's citations, sent once and kept exactly as they were sent."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.terminal import safe
from export.bundle.pages import page
from export.released import Ground
from export.requests.case import Case, case
from export.requests.correspondence import blocks, searched
from export.requests.fees.money import dollars
from export.requests.law import law


class UnknownLetter(MunimentError):
    """There is no letter of this kind."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no letter “{kind}”. Kinds: {', '.join(kinds())}. Nothing was written.")


Need = Literal["grounds", "note", "extension", "search"]
"""What a letter cannot do without; a note may stand for grounds."""


class LetterNeeds(MunimentError):
    """A letter lacks what it has to say: the reasons of a denial, a person's words, an extension, a search."""

    exit_code = ExitCode.REFUSED

    def __init__(self, kind: str, what: Need, number: int) -> None:
        ways = {
            "grounds": f"a denial gives specific reasons ({law().cite('denial')}). Write them with --note",
            "note": "it has a part that only you can say. Write it with --note",
            "extension": f"no more time was taken. Use `muniment request extend {number} --until DATE --reason TEXT`",
            "search": f"nothing was searched. Use `muniment request collect {number} --query …`",
        }
        super().__init__(f"The letter “{kind}” cannot be written yet: {ways[what]}.")


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of letter, as ``letters.toml`` has it."""

    title: str
    to: Literal["requester", "subject"] = "requester"
    needs: tuple[Need, ...] = ()
    status: str = ""


class Letter(Struct, frozen=True):
    """A letter as text and as a page that stands alone."""

    number: int
    kind: str
    title: str
    text: str
    html: str


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of letters by name."""
    raw = tomllib.loads((files(__package__) / "letters.toml").read_text(encoding="utf-8"))
    return msgspec.convert(raw, dict[str, Kind])


def is_denial(kind: str) -> bool:
    """Say whether a kind of letter denies something, and so gives the grounds."""
    return kind in kinds() and "grounds" in kinds()[kind].needs


@cache
def _environment() -> Environment:
    """Templates of plain text: every value that is filled in becomes one line without control characters."""
    return Environment(
        loader=PackageLoader("export", "templates/letters"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_one_line,
    )


def _one_line(value: object) -> str:
    """Return a value on one line, with no line's end after a §."""
    return safe(re.sub(r"[ \t\r\n]+", " ", str(value)).strip()).replace("§ ", "§\u00a0")


def compose(
    archive: Archive,
    number: int,
    kind: str,
    grounds: Sequence[Ground] = (),
    note: str = "",
    *,
    addressee: str = "",
    signed: str = "",
    on: date | None = None,
) -> Letter:
    """Compose a letter about a request; write nothing.

    ``grounds`` are the reasons of a denial (those given with ``request deny`` if there are neither grounds nor a
    note), ``note`` what a person adds (blank lines part paragraphs),
    ``addressee`` whom it goes to if that is not the requester, ``signed`` who signs it, ``on`` its
    date (None: today).
    """
    if kind not in kinds():
        raise UnknownLetter(kind)
    this, about = kinds()[kind], case(archive, number, on)
    note = note or _denied_because(about, this, grounds)
    for needed in this.needs:
        if not _has(about, needed, grounds, note):
            raise LetterNeeds(kind, needed, number)
    values = {
        "city": archive.name,
        "title": this.title,
        "grounds": list(grounds),
        "notes": [part for part in note.split("\n\n") if part.strip()],
        "to": addressee or (about.request.requester if this.to == "requester" else ""),
        "to_requester": this.to == "requester",
        "signed": signed,
        **_values(archive, about),
    }
    body = blocks.read(_environment().get_template(f"{kind}.txt").render(values))
    html = page("letter.html", title=this.title, city=archive.name, shown=about.request.shown, blocks=body)
    return Letter(number, kind, this.title, blocks.written(this.title, body), html)


def _denied_because(about: Case, this: Kind, grounds: Sequence[Ground]) -> str:
    """Return the reasons given with ``request deny``, where a denial has none of its own."""
    latest = about.steps[-1]
    return latest.reason if "grounds" in this.needs and not grounds and latest.status == "denied" else ""


def _has(about: Case, needed: Need, grounds: Sequence[Ground], note: str) -> bool:
    if needed == "extension":
        return bool(about.clock.extensions)
    if needed == "search":
        return about.searched
    return bool(note or (needed == "grounds" and grounds))


def _values(archive: Archive, about: Case) -> Mapping[str, Any]:
    return {
        "request": about.request,
        "today": about.on,
        "clock": about.clock,
        "routed_to": about.routed_to,
        "fees": about.fees,
        "dollars": dollars,
        "day": searched.day,
        "law": law(),
        "cite": law().cite,
        "searched": searched.searched(archive, about.request.id),
    }
