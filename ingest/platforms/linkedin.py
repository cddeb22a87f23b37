"""A member's export of LinkedIn: shares, comments, reactions, articles, messages, connections.

It is of one person, such as an official who writes as one. A company page has no export: its posts come out of
analytics workbooks (``linkedin_page.py``), its comments out of no file at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from archive.records import Author
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists.reading import read_dated_rows
from ingest.platforms.linkedin_articles import articles
from ingest.platforms.linkedin_rows import SORTS, Sort, full_name
from ingest.tables import Row, Table, find_table

GAPS = (
    "comments and reactions by others: LinkedIn exports a member's own words only",
    "followers: only connections are exported",
    "on whose post a comment was made, and what that said",
    "what was deleted, and what a text said before it was edited",
    "not read, on purpose: contacts, advertising, sign-ins, searches, jobs, phone numbers, whom the member follows",
)
MADE = re.compile(r"LinkedInDataExport_(\d\d)-(\d\d)-(\d{4})")
PROFILE = ("Headline", "Summary", "Industry", "Geo Location", "Websites")
"""What of a profile is public; the row also has an address and a date of birth, which are not read."""


class LinkedInIngestor(Ingestor):
    """Reads the zip that LinkedIn makes for a member, basic or complete."""

    name = "linkedin"
    platform = "linkedin"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the headings of the tables that are read."""
        return Confidence.CONTENT if any(_table(one) for one in backup.members()) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """The day of the export is in its name; that it is whole, nothing says."""
        for name in (*(one.name for one in backup.parts), *(one.path for one in backup.members()[:1])):
            if found := MADE.search(name):
                month, day, year = map(int, found.groups())
                return Coverage(exported_at=datetime(year, month, day, 23, 59, 59, tzinfo=UTC))
        return Coverage()

    def read(self, backup: Backup) -> Reading:
        """Yield the profile, then what each table holds, then the articles."""
        yield from (Gap(what) for what in GAPS)
        found = [one for one in map(_table, backup.members()) if one is not None]
        author = Author(_owner(backup), is_account=True)
        if not author.name:
            reason = "no Profile.csv says whose export this is; who wrote which message is told by name only"
            yield Defect("Profile.csv", reason, quarantined=False)
        yield from _profile(backup)
        for table, sort in found:
            read = partial(sort.read, author)
            yield from read_dated_rows(table.member.path, table.rows, [sort.dates], read, sort.writer)
        yield from articles(backup, author)


def _table(member: Member) -> tuple[Table, Sort] | None:
    if not member.path.lower().endswith(".csv"):
        return None
    table = find_table(member, lambda cells: _sort(cells) is not None)
    sort = _sort(table.columns) if table is not None else None
    if table is None or sort is None or (sort.plain and not _leads_to_linkedin(table)):
        return None
    return table, sort


def _leads_to_linkedin(table: Table) -> bool:
    first = next((row for row in table.rows() if isinstance(row, Row)), None)
    return first is not None and "linkedin.com" in first.cells["Link"]


def _sort(columns: Sequence[str]) -> Sort | None:
    """Return the sort of a table by the columns that it must have; the name of a file is no help in a renamed one."""
    names = set(columns)
    return next((one for one in SORTS if one.columns == names or (not one.plain and one.columns <= names)), None)


# -- whose it is


def _profile_row(backup: Backup) -> tuple[Member, Row] | None:
    for member in backup.members():
        if member.path.lower().endswith("profile.csv"):
            table = find_table(member, lambda cells: {"First Name", "Last Name", "Headline"} <= set(cells))
            row = next(iter(table.rows()), None) if table is not None else None
            if isinstance(row, Row):
                return member, row
    return None


def _owner(backup: Backup) -> str:
    found = _profile_row(backup)
    return full_name(found[1].cells) if found else ""


def _profile(backup: Backup) -> Reading:
    found = _profile_row(backup)
    if found is None:
        return
    member, row = found
    kept = {name: row.cells[name] for name in ("First Name", "Last Name", *PROFILE) if row.cells.get(name)}
    yield Draft(
        kind="profile",
        place=f"{member.path}, row {row.number}",
        native=json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogateescape"),
        native_id="profile",
        author=Author(full_name(row.cells), is_account=True),
        title=row.cells.get("Headline", ""),
        text=row.cells.get("Summary", ""),
        details={name: kept[name] for name in PROFILE[2:] if name in kept},
    )
