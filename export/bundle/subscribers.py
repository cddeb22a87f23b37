"""``subscribers.csv``: the people on the lists, as the archive holds them."""

from __future__ import annotations

from export.bundle.bag import Bag
from export.bundle.tables import write_csv
from export.bundle.writer import BundleWriter
from export.released import Production, ReleasedRecord

COLUMNS = (
    "number", "account", "list", "name", "address or handle", "id at the platform", "subscribed",
    "state", "what happened", "first taken in", "more",
)  # fmt: skip


class SubscribersTable(BundleWriter):
    """A line a subscriber; a request without subscribers gets a table with its headings only."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the table."""
        rows = (_row(one) for one in production.records() if one.kind == "subscriber")
        write_csv(bag, "data/subscribers.csv", COLUMNS, rows)


def _row(one: ReleasedRecord) -> tuple[object, ...]:
    more = "; ".join(f"{key}: {value}" for key, value in sorted(one.details.items()))
    return (
        one.number, one.account, one.list_name, one.author, one.handle, one.author_id or one.native_id,
        one.local_time, one.state, one.state_note, one.captured_at, more,
    )  # fmt: skip
