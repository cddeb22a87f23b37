"""Coverage: what was searched, in which backups, and what those can never hold."""

from __future__ import annotations

from collections.abc import Iterator

from export.bundle.bag import Bag
from export.bundle.pages import page
from export.bundle.tables import write_csv
from export.bundle.writer import BundleWriter
from export.released import Production

COLUMNS = (
    "account", "title", "platform", "department", "backup", "made by the platform on", "taken in on", "format",
    "says it is complete", "items", "unreadable items", "SHA-256 of the backup", "what this format never holds",
)  # fmt: skip


class CoverageSheet(BundleWriter):
    """``coverage.html`` for people, ``coverage.csv`` with a line for each backup searched."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write page and table."""
        bag.write("data/coverage.html", page("coverage.html", production=production))
        write_csv(bag, "data/coverage.csv", COLUMNS, _rows(production))


def _rows(production: Production) -> Iterator[tuple[object, ...]]:
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
