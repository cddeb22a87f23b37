"""The exemption log: what stays in, span by span and record by record, under which law and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from export.bundle.bag import Bag
from export.bundle.grounds import summary
from export.bundle.pages import page
from export.bundle.places import where
from export.bundle.tables import Row, Table, TableWriter
from export.bundle.writer import BundleWriter, Entry
from export.released import Ground, Production, ReleasedRecord, WithheldRecord

COLUMNS = (
    "Bates number", "what stays in", "span", "date and time", "kind", "author", "recipients", "where", "exemption",
    "title of the exemption", "reason", "attachments",
)  # fmt: skip

NAME = "exemption-log"
PAGE = f"data/{NAME}.html"
EMPTY = "Nothing was withheld or blacked out."


class Exempt(Struct, frozen=True, kw_only=True):
    """A line of the log. ``span`` is 0 and ``where`` "the whole record" for what is withheld whole."""

    number: int
    bates: str
    what: str
    span: int = 0
    date: str
    kind: str
    author: str
    recipients: tuple[str, ...] = ()
    where: str
    ground: Ground
    attachments: int = 0


class ExemptionLogPage(BundleWriter):
    """``exemption-log.html``, in every package: reasons go with what they keep in."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the page."""
        lines = exempt(production)
        bag.write(
            PAGE,
            page("exemption_log.html", production=production, lines=lines, grounds=summary(production), empty=EMPTY),
        )

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the line of the page, and of its tables where they are there."""
        forms = [f"data/{NAME}{ending}" for ending in (".html", ".xlsx", ".csv")]
        sums = production.reconciliation
        nothing = "" if sums.withheld or sums.redacted else f": {EMPTY[0].lower()}{EMPTY[1:-1]}"
        says = f"What stays in, under which law and why{nothing}"
        return [Entry(tuple(path for path in forms if path in bag), says)]


class ExemptionLogTable(TableWriter):
    """``exemption-log.csv``, ``.xlsx``: a line a span and a line a withheld record."""

    def table(self, production: Production) -> Table:
        """Describe the table."""
        return Table(name=NAME, says="", headings=COLUMNS, rows=lambda: _rows(production))


def exempt(production: Production) -> list[Exempt]:
    """Return the lines of the log, by Bates number; kept in memory, for they are few beside the records."""
    lines = [line for record in production.records() for line in _spans(record)]
    lines += [_whole(kept) for kept in production.withheld()]
    return sorted(lines, key=lambda line: (line.number, line.span))


def _spans(record: ReleasedRecord) -> Iterator[Exempt]:
    for one in record.redactions:
        yield Exempt(
            number=record.number, bates=record.bates, what="blacked out", span=one.number,
            date=record.local_time or record.created_at, kind=record.kind, author=record.author or record.handle,
            where=where(one, record), ground=one.ground,
        )  # fmt: skip


def _whole(kept: WithheldRecord) -> Exempt:
    return Exempt(
        number=kept.number, bates=kept.bates, what="withheld", date=kept.local_time or kept.created_at, kind=kept.kind,
        author=kept.author, recipients=kept.recipients, where="the whole record", ground=kept.ground,
        attachments=kept.attachments,
    )  # fmt: skip


def _rows(production: Production) -> Iterator[Row]:
    lines = exempt(production)
    if not lines:
        yield ("", EMPTY, *[""] * (len(COLUMNS) - 2))
    for one in lines:
        yield (
            one.bates, one.what, one.span or "", one.date, one.kind, one.author, "; ".join(one.recipients), one.where,
            one.ground.citation or one.ground.code, one.ground.title, one.ground.reason,
            one.attachments if not one.span else "",
        )  # fmt: skip
