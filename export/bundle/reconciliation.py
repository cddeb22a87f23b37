"""Reconciliation: every version that was found, and what became of it; the numbers must add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from export.bundle.bag import Bag
from export.bundle.pages import page
from export.bundle.records import decision
from export.bundle.tables import Row, Table, TableWriter
from export.bundle.writer import Entry
from export.released import Production

COLUMNS = ("Bates number", "record", "version", "account", "outcome", "number in this package")

OUTCOMES = {
    "released": "released",
    "redacted": "released with something blacked out",
    "undecided": "not decided yet",
}
WITHHELD, NOT_RESPONSIVE, DUPLICATE = "withheld", "does not answer the request", "duplicate, released once"
PAGE = "data/reconciliation.html"


class ReconciliationSheet(TableWriter):
    """``reconciliation.html`` for people, ``reconciliation.csv``, ``.xlsx`` with a line for each version found."""

    def table(self, production: Production) -> Table:
        """Describe the table."""
        return Table(name="reconciliation", says="", headings=COLUMNS, rows=lambda: _rows(production))

    def write(self, production: Production, bag: Bag) -> None:
        """Write page and table."""
        bag.write(PAGE, page("reconciliation.html", production=production))
        super().write(production, bag)

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the line of page and table."""
        tables = ("data/reconciliation.xlsx", "data/reconciliation.csv")
        return [Entry((PAGE, *tables), "How many records were found, and what became of each")]


def _rows(production: Production) -> Iterator[Row]:
    for one in production.records():
        yield (one.bates, one.record, one.version, one.account, OUTCOMES[decision(one)], one.number)
    for kept in production.withheld():
        yield (kept.bates, kept.record, kept.version, kept.account, WITHHELD, kept.number)
    for other in production.not_responsive():
        yield ("", other.record, other.version, other.account, NOT_RESPONSIVE, "")
    for twin in production.duplicates():
        yield ("", twin.record, twin.version, twin.account, DUPLICATE, twin.duplicate_of)
