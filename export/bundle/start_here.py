"""``START-HERE.html``: the first thing a citizen sees, at the top of the bag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from export.bundle.bag import Bag
from export.bundle.grounds import summary
from export.bundle.pages import page
from export.bundle.rolling import note
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

VIEWER = "data/index.html"
CHECK = "data/CHECK.html"
OPENED = (".html", ".pdf", ".csv", ".xlsx")
"""Files that a double click opens in something useful."""


class StartHere(BundleWriter):
    """What this is, how to open it, what was searched, and how to check it; it names what is in the bag."""

    def __init__(self, forms: Sequence[BundleWriter]) -> None:
        """Take the package's other forms, in the order of the page."""
        self._forms = forms

    def write(self, production: Production, bag: Bag) -> None:
        """Write the page; every other form is in the bag by now."""
        entries = list(self._all(production, bag))
        bag.write(
            "START-HERE.html",
            page(
                "start_here.html",
                production=production,
                entries=entries,
                opened=OPENED,
                first=_first(entries),
                viewer=VIEWER,
                check=CHECK if CHECK in bag else "",
                grounds=summary(production),
                rolling=note(production),
            ),
        )

    def _all(self, production: Production, bag: Bag) -> Iterator[Entry]:
        if VIEWER in bag:
            count = production.reconciliation.going_out
            says = f"All {count:,} records to read and search, with their conversations, pictures and attachments"
            yield Entry((VIEWER,), says)
        for form in self._forms:
            yield from form.entries(production, bag)


def _first(entries: Sequence[Entry]) -> str:
    """Return what the large button opens: the viewer, else the first PDF, else nothing."""
    paths = [path for entry in entries for path in entry.paths]
    return next((path for path in paths if path == VIEWER or path.endswith(".pdf")), "")
