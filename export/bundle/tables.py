"""CSV for people with spreadsheets: RFC 4180, UTF-8 with a mark so that Excel reads it, cells made safe."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from export.bundle.bag import Bag
from export.bundle.writer import BundleWriter
from export.released import Production, ReleasedRecord

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula (OWASP, CSV injection)."""


def safe(value: object) -> object:
    """Return a cell that no spreadsheet computes: an apostrophe goes before a dangerous beginning."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return "'" + value
    return value


def write_csv(bag: Bag, path: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table into the bag, row by row."""
    with bag.open(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="")
        table = csv.writer(text, lineterminator="\r\n")
        table.writerow(headings)
        for row in rows:
            table.writerow([safe(value) for value in row])
        text.flush()
        text.detach()


COLUMNS = (
    "number", "account", "platform", "kind", "date and time", "author", "handle", "by the city", "title", "text",
    "state", "what happened", "standing", "in reply to number", "conversation", "audience", "recipients", "list",
    "tags", "links", "attachments", "address", "record", "version", "digest", "taken in", "accession",
    "source file",
)  # fmt: skip


class RecordsTable(BundleWriter):
    """``records.csv``: a line a record."""

    def write(self, production: Production, bag: Bag) -> None:
        """Write the table."""
        write_csv(bag, "data/records.csv", COLUMNS, (_row(record) for record in production.records()))


def _row(one: ReleasedRecord) -> tuple[object, ...]:
    return (
        one.number, one.account, one.platform, one.kind, one.local_time, one.author, one.handle,
        "yes" if one.by_account else "no", one.title, one.text, one.state, one.state_note, one.standing,
        one.parent_number or "", one.conversation or "", one.audience, "; ".join(one.first_recipients), one.list_name,
        ", ".join(one.tags), " ".join(one.links),
        "; ".join(each.path or f"{each.name} ({each.missing})" for each in one.attachments),
        one.url, one.record, one.version, one.digest, one.captured_at, one.accession, one.native_path,
    )  # fmt: skip
