"""``subscribers.csv``: the people on the lists, as the archive holds them, in the columns that are released."""

from __future__ import annotations

from export.bundle.bag import Bag
from export.bundle.tables import write_csv
from export.bundle.writer import BundleWriter
from export.released import BASIC_COLUMNS, TAGS_COLUMN, Production, ReleasedRecord

COLUMNS = (
    "number", "account", "list", "name", "address or handle", "id at the platform", "joined", "left", "state",
    "what happened", "standing", "first taken in", "tags",
)  # fmt: skip


class SubscribersTable(BundleWriter):
    """A line a subscriber; a request without subscribers gets a table with its headings only.

    Columns that the platforms have besides stand at the end, each under the platform's own name.
    """

    def write(self, production: Production, bag: Bag) -> None:
        """Write the table."""
        more = [
            one.name for one in production.columns if one.released and one.name not in (*BASIC_COLUMNS, TAGS_COLUMN)
        ]
        rows = (_row(one, more) for one in production.records() if one.kind == "subscriber")
        write_csv(bag, "data/subscribers.csv", (*COLUMNS, *more), rows)


def _row(one: ReleasedRecord, more: list[str]) -> tuple[object, ...]:
    return (
        one.number, one.account, one.list_name, one.author, one.handle, one.author_id or one.native_id, one.joined,
        one.left, one.state, one.state_note, one.standing, one.captured_at, ", ".join(one.tags),
        *(one.details.get(name, "") for name in more),
    )  # fmt: skip
