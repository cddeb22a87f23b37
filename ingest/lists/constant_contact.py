"""Contacts out of Constant Contact: one CSV, with the columns that whoever exported it chose."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from archive.records import Audience, Author, Timestamp
from ingest.backup import Backup, Member
from ingest.contacts import normal_contact
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists.reading import read_dated_rows
from ingest.tables import TEXTS, Row, Table, find_table
from ingest.written_dates import DateReader

ALL = "All contacts"
"""Muniment's own name for everybody in the account, whatever lists they are on."""

OWN = frozenset(
    (
        "email permission status",
        "email update source",
        "confirmed opt-out date",
        "confirmed opt-out reason",
        "email lists",
    )
)
"""Columns that no other service names so; one of them must be there."""

STATUSES: dict[str, Audience] = {
    "active": "private",
    "unsubscribed": "removed",
    "awaiting confirmation": "draft",
    "no permissions set": "draft",
    "not set": "draft",
    "": "draft",
}
"""Who is written to: the active alone. An empty status is not active, and neither is one that is not known here."""

DATES = ("created at", "updated at", "confirmed opt-out date")
"""Columns of moments: ISO, or as they are written in the United States."""

PLACED = frozenset((
    "email address", "first name", "last name", "email lists", "tags", *DATES,
))  # fmt: skip
"""Columns that go elsewhere than into the details."""

GAPS = (
    "contacts that were deleted before the export",
    "earlier spans of who left and came back",
    "the e-mails themselves, and to whom each was sent",
)
NO_STATUS = "the column “Email status” was not exported: nobody can be taken for active; export it with all columns"
NO_LISTS = "the column “Email Lists” was not exported: who is on which list is not known"


class ConstantContactIngestor(Ingestor):
    """Reads exports of contacts: who is active, who opted out when and why, on which lists."""

    name = "constant-contact"
    platform = "constant-contact"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the columns that only Constant Contact names so."""
        return Confidence.CONTENT if any(map(_table, backup.likely(200, *TEXTS))) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Say which list it is of, where that was named; a file never says whether it is whole."""
        return Coverage(lists=frozenset([backup.list_name]) if backup.list_name else None)

    def read(self, backup: Backup) -> Reading:
        """Yield the contacts, file by file: each once, and once more for every list that they are on."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            table = _table(member)
            if table is None:
                if member.size:
                    reason = "this file is no export of Constant Contact’s; it was not read"
                    yield Defect(member.path, reason, quarantined=False)
                continue
            columns = {name.lower() for name in table.columns}
            if "email status" not in columns:
                yield Defect(member.path, NO_STATUS, quarantined=False)
            if "email lists" not in columns and not backup.list_name:
                yield Defect(member.path, NO_LISTS, quarantined=False)
            yield from _contacts(member.path, table, backup.list_name)


def _is_heading(cells: Sequence[str]) -> bool:
    names = {one.lower() for one in cells}
    return "email address" in names and bool(names & OWN)


def _table(member: Member) -> Table | None:
    return find_table(member, _is_heading)


def _contacts(path: str, table: Table, list_name: str) -> Reading:
    unknown: set[str] = set()

    def read(dates: DateReader, row: Row, place: str) -> Iterator[Draft | Defect]:
        columns = {name.lower(): value.strip() for name, value in row.cells.items()}
        address = columns["email address"]
        if "@" not in address:
            raise ValueError(f"“{address}” is no mail address" if address else "a contact without a mail address")
        status = columns.get("email status", "").casefold()
        if status not in STATUSES and status not in unknown:
            unknown.add(status)
            yield Defect(place, f"the status “{status}” is not known; it was taken for not active", quarantined=False)
        if list_name:
            yield _draft(row, columns, dates, place, list_name, f"{list_name}: {normal_contact(address)}")
            return
        yield _draft(row, columns, dates, place, ALL, normal_contact(address))
        for one in dict.fromkeys(split(columns.get("email lists", ""))):
            yield _draft(row, columns, dates, place, one, f"{one}: {normal_contact(address)}")

    named = [one for one in table.columns if one.lower() in DATES]
    yield from read_dated_rows(path, table.rows, named, read, "Constant Contact")


def split(cell: str) -> list[str]:
    """Return the names in a cell: separated by commas or semicolons, quoted where they hold one."""
    separator = ";" if ";" in cell and "," not in cell else ","
    try:
        names = next(csv.reader([cell], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        names = [cell]
    return [one.strip() for one in names if one.strip()]


def _draft(row: Row, columns: dict[str, str], dates: DateReader, place: str, list_name: str, native_id: str) -> Draft:
    audience = STATUSES.get(columns.get("email status", "").casefold(), "draft")
    names = (columns.get("first name", ""), columns.get("last name", ""))
    return Draft(
        kind="subscriber",
        place=place,
        native=row.native,
        native_id=native_id,
        created=_time(dates, columns.get("created at", "")) if list_name == ALL else None,
        edited=_time(dates, columns.get("updated at", "")),
        removed=_time(dates, columns.get("confirmed opt-out date", "")) if audience == "removed" else None,
        removed_by="author" if audience == "removed" and _is_own_doing(columns) else "",
        author=Author(name=" ".join(filter(None, names)), handle=columns["email address"]),
        audience=audience,
        list_name=list_name,
        tags=tuple(split(columns.get("tags", ""))),
        details={name: value for name, value in row.cells.items() if value and name.lower() not in PLACED},
    )


def _is_own_doing(columns: dict[str, str]) -> bool:
    """Say whether the file tells that the contact opted out, and not the city."""
    return columns.get("confirmed opt-out source", "").casefold().startswith("contact")


def _time(dates: DateReader, raw: str) -> Timestamp | None:
    return dates.read(raw) if raw else None
