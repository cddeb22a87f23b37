"""Mailchimp's files of contacts, in an audience's own export and in an account's: one file a status.

The names of the system's columns are the same in every language of the interface; what the city named
itself (merge fields, groups) is kept under the city's names. Times are without a zone; Mailchimp's
documentation says GMT for its programming interface; whether that holds here is not certain, so the zone is unknown.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from archive.records import Audience, Author, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Defect, Draft
from ingest.json_items import Reading
from ingest.lists.reading import read_dated_rows
from ingest.tables import BadRow, Row, find_table, one_row
from ingest.written_dates import DateReader

STATUSES = {
    "subscribed": "subscribed",
    "members": "subscribed",
    "unsubscribed": "unsubscribed",
    "cleaned": "cleaned",
    "nonsubscribed": "nonsubscribed",
    "transactional": "nonsubscribed",
}
"""A contact's status by the word that a file or folder is named with."""

AUDIENCES: dict[str, Audience] = {
    "subscribed": "private",
    "unsubscribed": "removed",
    "cleaned": "removed",
    "nonsubscribed": "draft",
}
LEFT: dict[str, tuple[str, Literal["", "author", "platform"]]] = {
    "unsubscribed": ("UNSUB_TIME", "author"),
    "cleaned": ("CLEAN_TIME", "platform"),
}
"""By status: the column that tells when a contact left, and who ended it. A cleaned address bounced."""

DATES = ("CONFIRM_TIME", "OPTIN_TIME", "LAST_CHANGED", "UNSUB_TIME", "CLEAN_TIME")
"""Columns of moments: ISO, unless a spreadsheet has saved the file anew."""

COUNTS = ("MEMBER_RATING", "GMTOFF", "DSTOFF")
"""Columns that Mailchimp computes anew by itself: whole numbers among them are metrics, and make no edit."""

PLACED = ("LEID", "EUID", "TAGS", "LAST_CHANGED", *COUNTS)
"""Columns that go elsewhere than into the details."""

FIRST_NAMES = ("First Name", "FNAME")
LAST_NAMES = ("Last Name", "LNAME")
WHOLE_NAMES = ("Name", "Full Name")
_FILE = re.compile(r"(non[-_ ]?subscribed|unsubscribed|subscribed|cleaned|members|transactional)[-_ ]+(.*)\.\w+$", re.I)
_FOLDER = re.compile(r"(^|/)lists/(members|unsubscribed|cleaned|transactional|nonsubscribed)/[^/]+$", re.I)
_EXPORT = re.compile(r"(email[-_ ])?(members|audience)[-_ ]export[-_ ](\w+)", re.I)
_ACCOUNTS = re.compile(r"\d+[-_ ]+(.+)$")
_ROUNDED = re.compile(r"[.,]|E\+", re.I)


class ContactFile(Struct, frozen=True):
    """One file of contacts: the status that its name tells, and the list that it tells, empty if none.

    ``whole`` means that its name is the one Mailchimp gives to the export of a whole audience; ``export`` is the
    mark that all files of one export share.
    """

    member: Member
    status: str
    list_name: str
    whole: bool
    export: str = ""


def is_heading(cells: Sequence[str]) -> bool:
    """Know the columns that every Mailchimp export of contacts has."""
    return {"LEID", "EUID"} <= set(cells) or {"MEMBER_RATING", "OPTIN_TIME"} <= set(cells)


def contact_files(backup: Backup) -> list[ContactFile]:
    """Return the files of contacts in a backup, by content, in the order of their paths."""
    return [_named(member) for member in backup.members() if is_contacts(member)]


def in_lists(member: Member) -> bool:
    """Say whether a file stands in the folder of lists of an account's export."""
    return re.search(r"(^|/)lists/", member.path, re.IGNORECASE) is not None


def is_contacts(member: Member) -> bool:
    """Say whether a file holds contacts, as CSV or in the lines of the former Export API."""
    return _rows_of(member) is not None


def _rows_of(member: Member) -> Iterator[Row | BadRow] | None:
    """Return the rows of a file of contacts, None if it is none."""
    if _json_heading(member) is not None:
        return _json_rows(member)
    table = find_table(member, is_heading)
    return table.rows() if table is not None else None


def _named(member: Member) -> ContactFile:
    name = member.path.rsplit("/", 1)[-1]
    in_account = _FOLDER.search(member.path)
    of_file = _FILE.match(name)
    word = in_account[2] if in_account else of_file[1] if of_file else ""
    status = STATUSES.get(re.sub(r"[-_ ]", "", word.lower()), "")
    if in_account:
        rest = (of_file[2] if of_file else name.rsplit(".", 1)[0]).strip()
        of_account = _ACCOUNTS.match(rest)
        return ContactFile(member, status, of_account[1] if of_account else rest, whole=True)
    rest = of_file[2] if of_file else ""
    export = _EXPORT.match(rest)
    return ContactFile(member, status, "", whole=export is not None, export=export[3] if export else "")


def read_contacts(file: ContactFile, list_name: str) -> Reading:
    """Yield the contacts of one file as subscribers of a list."""

    def read(dates: DateReader, row: Row, place: str) -> Iterator[Draft]:
        yield _draft(row, dates, place, file.status or _status_of(row.cells), list_name)

    if not file.status:
        reason = (
            "the name of this file tells no status (subscribed, unsubscribed, cleaned); it was taken from its columns"
        )
        yield Defect(file.member.path, reason, quarantined=False)
    yield from read_dated_rows(file.member.path, lambda: _rows_of(file.member) or (), DATES, read)


def material(native: bytes) -> bytes:
    """Return a contact's row without what Mailchimp computes anew by itself."""
    row = next(_rows_of(one_row(native)) or iter(()), None)
    if not isinstance(row, Row):
        return native
    kept = {name: value for name, value in row.cells.items() if name not in (*COUNTS, "LAST_CHANGED")}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")


# -- one contact


def _draft(row: Row, dates: DateReader, place: str, status: str, list_name: str) -> Draft:
    cells = row.cells
    address_column = "Email Address" if "Email Address" in cells else next(iter(cells))
    address = cells[address_column].strip()
    names = _name_columns(cells)
    if not address:
        raise ValueError("a contact without an address")
    if row.short and "LEID" in cells and not cells["LEID"]:
        raise ValueError("the row breaks off before the columns that say which entry of the list it is")
    placed = {address_column, *names, *PLACED}
    left_at, left_by = LEFT.get(status, ("", ""))
    return Draft(
        kind="subscriber",
        place=place,
        native=row.native,
        native_id=_entry_id(cells.get("LEID", "")) or f"{list_name or 'unnamed list'}: {address.casefold()}",
        created=_time(dates, cells.get("CONFIRM_TIME", "")) or _time(dates, cells.get("OPTIN_TIME", "")),
        edited=_time(dates, cells.get("LAST_CHANGED", "")),
        removed=_time(dates, cells.get(left_at, "")),
        removed_by=left_by,
        author=Author(" ".join(cells[one] for one in names if cells[one]), address, cells.get("EUID", "")),
        tags=tags(cells.get("TAGS", "")),
        audience=AUDIENCES.get(status, "private"),
        list_name=list_name,
        details={"status": status} | {name: value for name, value in cells.items() if value and name not in placed},
        metrics={name: int(cells[name]) for name in COUNTS if _is_whole(cells.get(name, ""))},
    )


def _name_columns(cells: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns that hold a contact's name, as the city has called them."""
    first, last, whole = (
        tuple(one for one in wanted if one in cells)[:1] for wanted in (FIRST_NAMES, LAST_NAMES, WHOLE_NAMES)
    )
    return (*first, *last) or whole


def _entry_id(leid: str) -> str:
    """Return the id of the entry in the list, empty if there is none or a spreadsheet has rounded it."""
    return "" if _ROUNDED.search(leid) else leid.strip()


def _time(dates: DateReader, raw: str) -> Timestamp | None:
    return dates.read(raw) if raw.strip() else None


def _is_whole(value: str) -> bool:
    return re.fullmatch(r"[+-]?\d{1,9}", value) is not None


def _status_of(cells: Mapping[str, str]) -> str:
    """Return the status that a row tells by its own columns."""
    told = next((value for name, value in cells.items() if name.lower() == "status"), "")
    if told.lower() in STATUSES:
        return STATUSES[told.lower()]
    if cells.get("UNSUB_TIME"):
        return "unsubscribed"
    return "cleaned" if cells.get("CLEAN_TIME") else "subscribed"


def tags(cell: str) -> tuple[str, ...]:
    """Return the tags in a cell that is itself a row of quoted words: ``"VIP","Blog, weekly"``."""
    try:
        found = next(csv.reader((cell,), skipinitialspace=True, strict=True), [])
    except csv.Error:
        found = [cell]
    return tuple(one.strip() for one in found if one.strip())


# -- the former Export API: a JSON array a line, the first one being the heading


def _json_heading(member: Member) -> list[str] | None:
    try:
        head = member.read(1 << 16)
    except OSError:
        return None
    line = head.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0]
    cells = _json_cells(line) if line.startswith(b"[") else None
    return cells if cells is not None and is_heading(cells) else None


def _json_cells(line: bytes) -> list[str] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list) or any(isinstance(one, dict | list) for one in value):
        return None
    return ["" if one is None else str(one) for one in value]


def _json_rows(member: Member) -> Iterator[Row | BadRow]:
    number = 0
    try:
        with member.open() as stream:
            heading = stream.readline().removeprefix(codecs.BOM_UTF8)
            columns = _json_cells(heading) or []
            for number, line in enumerate(stream, 2):
                cells = _json_cells(line)
                if cells is not None and len(cells) == len(columns):
                    yield Row(number, dict(zip(columns, cells, strict=True)), heading + line)
                elif line.strip():
                    yield BadRow(number, "this line is not an array with a value for each column", line)
    except OSError as error:
        yield BadRow(number + 1, f"the file cannot be read on: {error}", b"")
