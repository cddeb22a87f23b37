"""Lists out of GovDelivery (Granicus): an account's subscribers, a topic's, and lists prepared for its upload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from archive.records import Audience, Author, Timestamp
from ingest.backup import Backup, Member
from ingest.contacts import is_phone, normal_contact
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists.reading import read_dated_rows
from ingest.tables import TEXTS, BadRow, Row, Table, find_table
from ingest.written_dates import DateReader

ALL = "All subscribers"
"""Muniment's own name for the list of an account's subscribers, which has none."""

DATES = ("modified", "subscription created")
"""Columns of moments, as they are written in the United States."""

GAPS = (
    "who unsubscribed or was deleted: GovDelivery keeps that for up to a year in a report of its own",
    "to which topics somebody is subscribed: an account's list gives only their number",
    "bulletins: they are not in a list; collect them as e-mail, feed or web pages",
)
UNNAMED = "the file does not say which topic it is of; say its name with --list, or no missing subscribers are found"
UPLOAD = "this is a list prepared for an upload: whom the city meant to add, not whom GovDelivery has"


class _List(Struct, frozen=True):
    """One file: its table, and whether it is of the account, of a topic, or for an upload."""

    table: Table
    sort: str

    @property
    def contact(self) -> str:
        """The column that holds the address or number."""
        return next(one for one in self.table.columns if one.lower() in ("contacts", "destination"))


class GovDeliveryIngestor(Ingestor):
    """Reads lists of subscribers; a contact is a mail address or a telephone number."""

    name = "govdelivery"
    platform = "govdelivery"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the columns; an upload's one known column must hold addresses or numbers."""
        return Confidence.CONTENT if any(map(_list, backup.likely(200, *TEXTS))) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """An account's list is whole, and a topic's too once it is named."""
        found = [one for one in map(_list, backup.members()) if one is not None]
        names = {_list_name(one, backup.list_name) for one in found}
        whole = bool(found) and "" not in names and all(one.sort != "upload" for one in found)
        return Coverage(complete=frozenset({"subscriber"}) if whole else frozenset(), lists=frozenset(names))

    def read(self, backup: Backup) -> Reading:
        """Yield the subscribers, file by file."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            found = _list(member)
            if found is None:
                if member.size:
                    yield Defect(member.path, "this file is no list of GovDelivery; it was not read", quarantined=False)
                continue
            name = _list_name(found, backup.list_name)
            if found.sort == "upload":
                yield Defect(member.path, UPLOAD, quarantined=False)
            elif not name:
                yield Defect(member.path, UNNAMED, quarantined=False)
            dated = [one for one in found.table.columns if one.lower() in DATES]
            read = partial(_subscriber, found, name)
            yield from read_dated_rows(member.path, found.table.rows, dated, read, "GovDelivery")


def _is_heading(cells: Sequence[str]) -> bool:
    return _sort(cells) != ""


def _sort(columns: Sequence[str]) -> str:
    names = [one.lower() for one in columns]
    if "contacts" in names and "origin" in names:
        if "subscription created" in names or "location type" in names:
            return "topic"
        return "account" if {"subscriptions", "modified"} & set(names) else ""
    return "upload" if names[:1] == ["destination"] else ""


def _list(member: Member) -> _List | None:
    table = find_table(member, _is_heading)
    if table is None:
        return None
    found = _List(table, _sort(table.columns))
    return found if found.sort != "upload" or _begins_with_a_contact(found) else None


def _begins_with_a_contact(found: _List) -> bool:
    first: Row | BadRow | None = next(found.table.rows(), None)
    return isinstance(first, Row) and ("@" in first.cells[found.contact] or is_phone(first.cells[found.contact]))


def _list_name(found: _List, named: str) -> str:
    return named or (ALL if found.sort == "account" else "")


def _subscriber(found: _List, list_name: str, dates: DateReader, row: Row, place: str) -> Iterator[Draft]:
    contact = row.cells[found.contact].strip()
    if not contact:
        raise ValueError("a subscriber without an address or number")
    columns = {name.lower(): value for name, value in row.cells.items()}
    nobody = found.sort == "account" and columns.get("subscriptions", "").strip() == "0"
    audience: Audience = "draft" if nobody else "private"
    placed = {found.contact.lower(), *DATES}
    normal = normal_contact(contact)
    yield Draft(
        kind="subscriber",
        place=place,
        native=row.native,
        native_id=normal if found.sort == "account" else f"{list_name or 'unnamed topic'}: {normal}",
        created=_time(dates, columns.get("subscription created", "")),
        edited=_time(dates, columns.get("modified", "")),
        author=Author(handle=contact),
        audience=audience,
        list_name=list_name,
        details={name: value for name, value in row.cells.items() if value and name.lower() not in placed},
    )


def _time(dates: DateReader, raw: str) -> Timestamp | None:
    return dates.read(raw) if raw.strip() else None
