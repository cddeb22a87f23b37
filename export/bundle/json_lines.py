"""``records.jsonl``: every released value as it is, a JSON object a line, for programs."""

from __future__ import annotations

import msgspec

from export.bundle.bag import Bag
from export.bundle.writer import BundleWriter
from export.released import Production


class RecordsJson(BundleWriter):
    """Nothing is made safe for spreadsheets here; the keys are those of ``ReleasedRecord``."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the lines."""
        encode = msgspec.json.Encoder(order="sorted").encode
        with bag.open("data/records.jsonl") as file:
            for record in production.records():
                file.write(encode(record) + b"\n")
