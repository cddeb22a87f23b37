"""A member's export of LinkedIn: shares, comments, reactions, articles, messages, connections.

It is of one person, such as an official who writes as one. A company page has no export: its posts come out of
analytics workbooks (``linkedin_page.py``), its comments out of no file at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from archive.records import Audience, Author, Recipient, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists.reading import read_rows
from ingest.platforms.linkedin_articles import articles
from ingest.tables import Row, Table, find_table
from ingest.timestamps import MONTHS, from_iso, from_us

GAPS = (
    "comments and reactions by others: LinkedIn exports a member's own words only",
    "followers: only connections are exported",
    "on whose post a comment was made, and what that said",
    "what was deleted, and what a text said before it was edited",
    "not read, on purpose: contacts, advertising, sign-ins, searches, jobs, phone numbers, whom the member follows",
)
CONNECTIONS = "connections"
"""Muniment's own name for the list of a member's connections."""

MADE = re.compile(r"LinkedInDataExport_(\d\d)-(\d\d)-(\d{4})")
URN = re.compile(r"urn:li:(?:share|activity|ugcPost|article|groupPost|linkedInArticle):[\w-]+")
PROFILE = ("Headline", "Summary", "Industry", "Geo Location", "Websites")
"""What of a profile is public; the row also has an address and a date of birth, which are not read."""


class _Sort(Struct, frozen=True):
    """One sort of table: the columns that tell it, and its reader.

    ``plain`` columns could be anybody's: then there are no others, and the first link leads to LinkedIn.
    """

    columns: frozenset[str]
    read: Callable[[Author, Row, str], Reading]
    plain: bool = False


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
            yield from read_rows(table.member.path, table.rows(), partial(sort.read, author))
        yield from articles(backup, author)


def _table(member: Member) -> tuple[Table, _Sort] | None:
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


def _sort(columns: Sequence[str]) -> _Sort | None:
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
    return _name(found[1].cells) if found else ""


def _name(cells: Mapping[str, str]) -> str:
    return f"{cells.get('First Name', '').strip()} {cells.get('Last Name', '').strip()}".strip()


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
        author=Author(_name(row.cells), is_account=True),
        title=row.cells.get("Headline", ""),
        text=row.cells.get("Summary", ""),
        details={name: kept[name] for name in PROFILE[2:] if name in kept},
    )


# -- rows


def _share(author: Author, row: Row, place: str) -> Reading:
    cells = row.cells
    link = cells["ShareLink"].strip()
    visibility = cells.get("Visibility", "").strip()
    yield Draft(
        kind="post",
        place=place,
        native=row.native,
        native_id=_urn(link) or None,
        created=from_iso(cells["Date"], "unknown"),
        author=author,
        text=unfolded(cells["ShareCommentary"]),
        url=link,
        links=tuple(one for one in (cells.get("SharedUrl", "").strip(), cells.get("MediaUrl", "").strip()) if one),
        audience="public" if visibility.upper() in ("", "ANYONE", "PUBLIC", "MEMBER_NETWORK") else "followers",
        details={"visibility": visibility} if visibility else {},
    )


def _comment(author: Author, row: Row, place: str) -> Reading:
    link = row.cells["Link"].strip()
    thread = _urn(link)
    yield Draft(
        kind="comment",
        place=place,
        native=row.native,
        native_id=_comment_urn(link) or None,
        created=from_iso(row.cells["Date"], "unknown"),
        author=author,
        text=unfolded(row.cells["Message"]),
        parent=thread,
        thread=thread,
        url=link,
    )


def _reaction(author: Author, row: Row, place: str) -> Reading:
    link = row.cells["Link"].strip()
    yield Draft(
        kind="reaction",
        place=place,
        native=row.native,
        created=from_iso(row.cells["Date"], "unknown"),
        author=author,
        text=row.cells["Type"],
        parent=_urn(link),
        thread=_urn(link),
        url=link,
    )


def _message(author: Author, row: Row, place: str) -> Reading:
    cells = row.cells
    sender, address = cells["FROM"].strip(), cells.get("SENDER PROFILE URL", "").strip()
    names, addresses = cells["TO"], cells.get("RECIPIENT PROFILE URLS", "")
    draft = cells.get("IS MESSAGE DRAFT", "").strip().casefold() in ("yes", "true")
    audience: Audience = "draft" if draft else "spam" if cells.get("FOLDER") == "SPAM" else "private"
    yield Draft(
        kind="message",
        place=place,
        native=row.native,
        created=from_iso(cells["DATE"], "unknown"),
        author=Author(sender, address, is_account=bool(sender) and sender == author.name),
        title=cells.get("SUBJECT", ""),
        text=cells["CONTENT"],
        thread=cells["CONVERSATION ID"],
        audience=audience,
        recipients=_recipients(names, addresses),
        links=tuple(one for one in cells.get("ATTACHMENTS", "").split() if one.startswith("http")),
        details=_kept(cells, {"CONVERSATION TITLE": "conversation", "FOLDER": "folder"}),
    )


def _invitation(author: Author, row: Row, place: str) -> Reading:
    sender, to = row.cells["From"].strip(), row.cells["To"].strip()
    yield Draft(
        kind="message",
        place=place,
        native=row.native,
        created=from_us(row.cells["Sent At"]),
        author=Author(sender, row.cells.get("inviterProfileUrl", ""), is_account=sender == author.name),
        text=row.cells["Message"],
        audience="private",
        recipients=(Recipient("to", to, row.cells.get("inviteeProfileUrl", "")),) if to else (),
        details={"event": "invitation to connect"},
    )


def _connection(author: Author, row: Row, place: str) -> Reading:
    cells = row.cells
    name, url = _name(cells), cells.get("URL", "").strip()
    if not (name or url):
        raise ValueError("a connection without a name or an address: LinkedIn leaves out who does not want to be named")
    since = cells["Connected On"].strip()
    yield Draft(
        kind="subscriber",
        place=place,
        native=row.native,
        native_id=url or None,
        created=_day(since) if since else None,
        author=Author(name, cells.get("Email Address", "").strip()),
        url=url,
        audience="private",
        list_name=CONNECTIONS,
        details=_kept(cells, {"Company": "Company", "Position": "Position"}),
    )


SORTS = (
    _Sort(frozenset({"Date", "ShareLink", "ShareCommentary"}), _share),
    _Sort(frozenset({"Date", "Link", "Message"}), _comment, plain=True),
    _Sort(frozenset({"Date", "Type", "Link"}), _reaction, plain=True),
    _Sort(frozenset({"CONVERSATION ID", "FROM", "TO", "DATE", "CONTENT"}), _message),
    _Sort(frozenset({"From", "To", "Sent At", "Message", "Direction"}), _invitation),
    _Sort(frozenset({"First Name", "Last Name", "Connected On"}), _connection),
)


def _kept(cells: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    return {to: cells[name] for name, to in names.items() if cells.get(name)}


def _recipients(names: str, addresses: str) -> tuple[Recipient, ...]:
    """Return whom a message went to; names and addresses are two lists with commas, of equal length or not."""
    people, urls = ([one.strip() for one in listed.split(",") if one.strip()] for listed in (names, addresses))
    if len(people) == len(urls):
        return tuple(Recipient("to", *pair) for pair in zip(people, urls, strict=True))
    return tuple(Recipient("to", name=one) for one in people) or tuple(Recipient("to", address=one) for one in urls)


def _urn(link: str) -> str:
    """Return the URN of the post that a link leads to, empty if it names none."""
    found = URN.search(unquote(link))
    return found[0] if found else ""


def _comment_urn(link: str) -> str:
    return parse_qs(urlsplit(link).query).get("commentUrn", [""])[0] if "commentUrn" in link else ""


def _day(raw: str) -> Timestamp:
    """Read ``13 Jul 2025``."""
    found = re.fullmatch(r"(\d{1,2}) ([A-Za-z]{3}) (\d{4})", raw)
    if found is None or found[2].title() not in MONTHS:
        return from_us(raw)
    read = from_iso(f"{found[3]}-{MONTHS[found[2].title()]:02}-{int(found[1]):02}", "unknown")
    return Timestamp(read.at, raw, read.precision, read.zone)


def unfolded(text: str) -> str:
    """Return a text as it was written: LinkedIn puts each line of some between quotation marks of their own."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) < 2 or not all(one.startswith('"') for one in lines[1:]):
        return text
    if not all(one.endswith('"') for one in lines[:-1]):
        return text
    first, *middle, last = lines
    return "\n".join((first[:-1], *(one[1:-1] for one in middle), last[1:]))
