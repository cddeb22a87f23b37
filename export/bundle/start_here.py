"""``START-HERE.html``: the first thing a citizen sees, at the top of the bag."""

from __future__ import annotations

from export.bundle.bag import Bag
from export.bundle.pages import page
from export.bundle.writer import BundleWriter
from export.released import Production


class StartHere(BundleWriter):
    """What this is, how to open it, what was searched, and how to check it."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the page."""
        subscribers = len({one.record for one in production.records() if one.kind == "subscriber"})
        bag.write("START-HERE.html", page("start_here.html", production=production, subscribers=subscribers))
