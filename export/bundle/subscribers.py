"""The people on the lists, as the archive holds them, in the columns that are released."""

from __future__ import annotations

from export.bundle.records import decision
from export.bundle.tables import Row, Table, TableWriter
from export.released import BASIC_COLUMNS, TAGS_COLUMN, Production, ReleasedRecord

COLUMNS = (
    "Bates number", "number", "account", "list", "name", "address or handle", "id at the platform", "joined", "left",
    "decision", "state", "what happened", "standing", "first taken in", "tags",
)  # fmt: skip


NOBODY = "Subscriber lists: nobody on one is part of this package"


class SubscribersTable(TableWriter):
    """``subscribers.csv``, ``.xlsx``: a line a subscriber; without any, a table with its headings only.

    Columns that the platforms have besides stand at the end, each under the platform's own name.
    """

    def table(self, production: Production) -> Table:
        """Describe the table."""
        more = [
            one.name for one in production.columns if one.released and one.name not in (*BASIC_COLUMNS, TAGS_COLUMN)
        ]
        people = len({one.record for one in production.records() if one.kind == "subscriber"})
        return Table(
            name="subscribers",
            says=f"Subscriber lists: {people:,} {'person' if people == 1 else 'people'}" if people else NOBODY,
            headings=(*COLUMNS, *more),
            rows=lambda: (_row(one, more) for one in production.records() if one.kind == "subscriber"),
            whole_in="records.jsonl",
        )


def _row(one: ReleasedRecord, more: list[str]) -> Row:
    return (
        one.bates, one.number, one.account, one.list_name, one.author, one.handle, one.author_id or one.native_id,
        one.joined, one.left, decision(one), one.state, one.state_note, one.standing, one.captured_at,
        ", ".join(one.tags), *(one.details.get(name, "") for name in more),
    )  # fmt: skip
