"""Media and natives: the attachments, and each record's own bytes as the platform gave them."""

from __future__ import annotations

from collections.abc import Sequence

from export.bundle.bag import Bag
from export.bundle.writer import BundleWriter, Entry
from export.released import Production


class Media(BundleWriter):
    """``media/``."""

    def write(self, production: Production, bag: Bag) -> None:
        """Copy the attachments that the records name."""
        for record in production.records():
            for one in record.attachments:
                if one.path:
                    bag.add_file(production.file(one.path), f"data/{one.path}")

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the folder's line."""
        says = "Pictures, videos and other attachments"
        return [Entry(("data/media/",), says)] if bag.holds("data/media/") else []


class Natives(BundleWriter):
    """``natives/``, and ``rebuilt/`` for messages whose own bytes hold more than is released."""

    def write(self, production: Production, bag: Bag) -> None:
        """Copy the files that the records name."""
        for record in production.records():
            for path in (record.native_path, record.rebuilt_path):
                if path:
                    bag.add_file(production.file(path), f"data/{path}")

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the folders' lines."""
        said = {
            "data/natives/": "Each record’s own data exactly as the platform gave it, where it holds no more than is "
            "released",
            "data/rebuilt/": "Messages made anew from what is released, since their own data hold more",
        }
        return [Entry((folder,), says) for folder, says in said.items() if bag.holds(folder)]
