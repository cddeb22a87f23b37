"""``letter.html``: the cover letter."""

from __future__ import annotations

from collections.abc import Sequence

from export.bundle.bag import Bag
from export.bundle.letter_parts import titled
from export.bundle.pages import page
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

PAGE = "data/letter.html"


class Letter(BundleWriter):
    """The letter's paragraphs as they were written; without a letter there is no page."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the page."""
        if production.letter.strip():
            title, rest = titled(production.letter)
            bag.write(PAGE, page("cover_letter.html", production=production, title=title, parts=rest))

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the page's line."""
        return [Entry((PAGE,), "The letter that goes with this package")] if PAGE in bag else []
