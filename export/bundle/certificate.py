"""``certificate.html``: what the custodian answers for, for the signature."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from export.bundle.bag import Bag
from export.bundle.grounds import summary
from export.bundle.pages import page
from export.bundle.places import resting
from export.bundle.rolling import note
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

PAGE = "data/certificate.html"


class Resting(Struct, frozen=True):
    """Words that rest on the certificate alone: a record's Bates number, the value, the pieces of it."""

    bates: str
    field: str
    pieces: tuple[str, ...]


class Certificate(BundleWriter):
    """Custodian, request, what was searched, sums, approval, the ledger's place, and what no digest proves."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the page."""
        bag.write(
            PAGE,
            page(
                "certificate.html",
                production=production,
                grounds=summary(production),
                rolling=note(production),
                resting=list(_resting(production)),
            ),
        )

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the page's line."""
        return [Entry((PAGE,), "The custodian’s certificate: what was searched, the sums, who approved it")]


def _resting(production: Production) -> Iterator[Resting]:
    for record in production.records():
        for field, pieces in resting(record):
            yield Resting(record.bates, field, pieces)
