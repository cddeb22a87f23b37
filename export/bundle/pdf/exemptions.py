"""``exemption-log.pdf``: a row for everything that was blacked out, and for every record that stays in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from export.bundle.bag import Bag
from export.bundle.pdf.lines import Line, line
from export.bundle.pdf.papers import Paper, Section, Table, cells, write_papers
from export.bundle.pdf.printed import bates, field_name, office, place
from export.bundle.writer import BundleWriter, Entry
from export.released import Ground, Production

PATH = "data/exemption-log.pdf"

REDACTED_WIDTHS = (2.8, 1.3, 1.5, 1.7, 2, 3)
WITHHELD_WIDTHS = (3.1, 1.3, 1, 1.4, 1.7, 1.5, 1.7, 2.4)
REDACTED = ("Bates number", "Field", "Place", "Citation", "Title", "Reason")
WITHHELD = ("Bates number", "Date and time", "Kind", "Author", "Recipients", "Citation", "Title", "Reason")


ROWS = 4000
"""Rows in one PDF, so that its making stays under 500 MB; more of them go into exemption-log-2.pdf and so on."""


class ExemptionLog(BundleWriter):
    """The log; where nothing stays in, it says so."""

    waits = True

    def write(self, production: Production, bag: Bag) -> None:
        """Set the log."""
        write_papers(production, bag, _papers(production))

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the line of what was written."""
        written = bag.like("data/exemption-log*.pdf")
        return [Entry(written, "The exemption log on paper")] if written else []


def _papers(production: Production) -> Iterator[tuple[str, Paper]]:
    for number, sections in enumerate(_parts(production), start=1):
        path = PATH if number == 1 else PATH.replace(".pdf", f"-{number}.pdf")
        part = "" if number == 1 else f", part {number}"
        yield (
            path,
            Paper(
                title=f"Exemption log of request {production.request}{part}",
                office=office(production),
                request=production.request,
                watermark=production.watermark,
                wide=True,
                sections=sections,
            ),
        )


def _parts(production: Production) -> Iterator[tuple[Section, ...]]:
    """Yield the sections of each PDF: both tables together where they are short."""
    redacted = list(_in_parts(_redacted(production), "Blacked out", REDACTED, REDACTED_WIDTHS))
    withheld = list(_in_parts(_withheld(production), "Records withheld in whole", WITHHELD, WITHHELD_WIDTHS))
    redacted = redacted or [_none("Blacked out", "Nothing is blacked out in this package.")]
    withheld = withheld or [_none("Records withheld in whole", "No record is withheld in whole.")]
    if len(redacted) == len(withheld) == 1:
        yield (*redacted, *withheld)
    else:
        yield from ((one,) for one in (*redacted, *withheld))


def _in_parts(
    rows: Iterator[tuple[Line, ...]], heading: str, headings: tuple[str, ...], widths: tuple[float, ...]
) -> Iterator[Section]:
    while part := list(islice(rows, ROWS)):
        yield Section(heading=heading, table=Table(headings=headings, widths=widths, rows=part))


def _redacted(production: Production) -> Iterator[tuple[Line, ...]]:
    for one in production.records():
        for each in one.redactions:
            yield cells(bates(one), field_name(each.field), place(each), *_grounds(each.ground))


def _withheld(production: Production) -> Iterator[tuple[Line, ...]]:
    for one in production.withheld():
        to = "; ".join(one.recipients)
        yield cells(bates(one), one.local_time, one.kind, one.author, to, *_grounds(one.ground))


def _grounds(ground: Ground) -> tuple[str, str, str]:
    return ground.citation or ground.code, ground.title, ground.reason


def _none(heading: str, sentence: str) -> Section:
    return Section(heading=heading, paragraphs=(line(sentence),))
