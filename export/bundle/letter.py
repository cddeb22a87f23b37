"""``letter.html``: the cover letter."""

from __future__ import annotations

from collections.abc import Sequence

from export.bundle.bag import Bag
from export.bundle.pages import page
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

PAGE = "data/letter.html"


class Letter(BundleWriter):
    """The letter's paragraphs as they were written; without a letter there is no page."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the page."""
        if production.letter.strip():
            bag.write(PAGE, page("cover_letter.html", production=production, paragraphs=paragraphs(production.letter)))

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the page's line."""
        return [Entry((PAGE,), "The letter that goes with this package")] if PAGE in bag else []


def paragraphs(letter: str) -> list[list[str]]:
    """Return a letter's paragraphs, each as its lines."""
    found: list[list[str]] = [[]]
    for line in letter.splitlines():
        if line.strip():
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return [one for one in found if one]
