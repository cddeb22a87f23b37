"""``records.jsonl``: every released value as it is, a JSON object a line, for programs."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from export.bundle.bag import Bag
from export.bundle.writer import BundleWriter, Entry
from export.released import Production, ReleasedRecord

PATH = "data/records.jsonl"


class _DraftRecord(ReleasedRecord, frozen=True, kw_only=True):
    draft: str


class RecordsJson(BundleWriter):
    """Nothing is made safe for spreadsheets here; the keys are those of ``ReleasedRecord``, and ``draft`` in one."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the lines."""
        encode = msgspec.json.Encoder(order="sorted").encode
        with bag.open(PATH) as file:
            for record in production.records():
                file.write(encode(_marked(record, production.watermark)) + b"\n")

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the file's line."""
        return [Entry((PATH,), "The same records for programs, one JSON object a line")]


def _marked(record: ReleasedRecord, watermark: str) -> ReleasedRecord:
    if not watermark:
        return record
    values = {name: getattr(record, name) for name in ReleasedRecord.__struct_fields__}
    return _DraftRecord(draft=watermark, **values)
