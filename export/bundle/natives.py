"""Media and natives: the attachments, and each record's own bytes as the platform gave them."""

from __future__ import annotations

from export.bundle.bag import Bag
from export.bundle.writer import BundleWriter
from export.released import Production


class Natives(BundleWriter):
    """``media/`` and ``natives/``."""

    def write(self, production: Production, bag: Bag) -> None:
        """Copy the files that the records name."""
        for record in production.records():
            for one in record.attachments:
                if one.path:
                    bag.add_file(production.file(one.path), f"data/{one.path}")
            if record.native_path:
                bag.add_file(production.file(record.native_path), f"data/{record.native_path}")
