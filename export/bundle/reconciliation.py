"""Reconciliation: every version that was found, and what became of it; the numbers must add up."""

from __future__ import annotations

from collections.abc import Iterator

from export.bundle.bag import Bag
from export.bundle.pages import page
from export.bundle.tables import write_csv
from export.bundle.writer import BundleWriter
from export.released import Production

COLUMNS = ("record", "version", "account", "outcome", "number in this package")


class ReconciliationSheet(BundleWriter):
    """``reconciliation.html`` for people, ``reconciliation.csv`` with a line for each version found."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write page and table."""
        bag.write("data/reconciliation.html", page("reconciliation.html", production=production))
        write_csv(bag, "data/reconciliation.csv", COLUMNS, _rows(production))


def _rows(production: Production) -> Iterator[tuple[object, ...]]:
    for one in production.records():
        yield (one.record, one.version, one.account, "released", one.number)
    for other in production.duplicates():
        yield (other.record, other.version, other.account, "duplicate, released once", other.duplicate_of)
