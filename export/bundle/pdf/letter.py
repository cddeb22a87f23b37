"""``letter.pdf``: the cover letter, on the office's paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from export.bundle.bag import Bag
from export.bundle.letter_parts import Part, titled
from export.bundle.pdf.characters import printable
from export.bundle.pdf.lines import line, lines
from export.bundle.pdf.papers import Paper, Section, write_papers
from export.bundle.pdf.printed import Fact, office
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

PATH = "data/letter.pdf"


def day_of(production: Production) -> str:
    """Return the local day of a production: "3 April 2026"."""
    local = production.built_at.astimezone(ZoneInfo(production.timezone))
    return f"{local.day} {local:%B %Y}"


class Letter(BundleWriter):
    """The letter as it was written; a production without one has no such paper."""

    waits = True

    def write(self, production: Production, bag: Bag) -> None:
        """Set the letter."""
        if production.letter.strip():
            write_papers(production, bag, [(PATH, _letter(production))])

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the line of what was written."""
        written = bag.like("data/letter.pdf")
        return [Entry(written, "The letter that goes with this package, on paper")] if written else []


def _letter(production: Production) -> Paper:
    to = [("To", production.requester)] if production.requester else []
    about = [*to, ("Date", day_of(production)), ("Request", f"{production.request}, received {production.received_on}")]
    head = dict.fromkeys((printable(production.archive_name), office(production)))
    title, rest = titled(production.letter)
    return Paper(
        title=printable(title) or f"Letter on records request {production.request}",
        office=office(production),
        request=production.request,
        watermark=production.watermark,
        letterhead=tuple(head),
        sections=(
            Section(facts=tuple(Fact(label, (line(value),)) for label, value in about)),
            *_sections(rest),
        ),
        signatures=("Signature",),
    )


def _sections(rest: Sequence[Part]) -> Iterator[Section]:
    """Yield a letter's parts, each under the heading before it."""
    heading, said = "", list[str]()
    for one in rest:
        if one.kind == "heading":
            if heading or said:
                yield Section(heading=printable(heading), paragraphs=lines("\n\n".join(said)))
            heading, said = one.lines[0], []
        else:
            said += [f"– {item}" for item in one.lines] if one.kind == "list" else one.lines
    yield Section(heading=printable(heading), paragraphs=lines("\n\n".join(said)))
