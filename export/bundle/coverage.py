"""Coverage: what was searched, in which backups, and what those can never hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from export.bundle.bag import Bag
from export.bundle.pages import page
from export.bundle.tables import Row, Table, TableWriter
from export.bundle.writer import Entry
from export.released import Production

COLUMNS = (
    "account", "title", "platform", "department", "backup", "made by the platform on", "taken in on", "format",
    "says it is complete", "items", "unreadable items", "SHA-256 of the backup", "what this format never holds",
)  # fmt: skip


PAGE = "data/coverage.html"


class CoverageSheet(TableWriter):
    """``coverage.html`` for people, ``coverage.csv``, ``.xlsx`` with a line for each backup searched."""

    def table(self, production: Production) -> Table:
        """Describe the table."""
        return Table(name="coverage", says="", headings=COLUMNS, rows=lambda: _rows(production))

    def write(self, production: Production, bag: Bag) -> None:
        """Write page and table."""
        bag.write(PAGE, page("coverage.html", production=production))
        super().write(production, bag)

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the line of page and table."""
        says = "Which accounts and backups were searched, and what those can never hold"
        return [Entry((PAGE, "data/coverage.xlsx", "data/coverage.csv"), says)]


def _rows(production: Production) -> Iterator[Row]:
    for one in production.accounts:
        head = (one.account, one.title, one.platform, one.department)
        gaps = "; ".join(one.gaps)
        if not one.backups:
            yield (*head, "", "", "", "", "no backup of this account is held", "", "", "", gaps)
        for backup in one.backups:
            yield (
                *head, backup.accession, backup.exported_on, backup.taken_in_on, backup.format,
                "yes" if backup.complete else "no", backup.items, backup.quarantined, backup.sha256, gaps,
            )  # fmt: skip
