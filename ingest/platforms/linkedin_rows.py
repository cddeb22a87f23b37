"""Rows of a LinkedIn member's tables as drafts, and the columns by which each sort of table is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, unquote

from msgspec import Struct

from archive.records import Audience, Author, Recipient
from ingest.ingestor import Draft
from ingest.json_items import Reading
from ingest.tables import Row
from ingest.written_dates import DateReader

CONNECTIONS = "connections"
"""Muniment's own name for the list of a member's connections."""

URN = re.compile(r"urn:li:(?:share|activity|ugcPost|article|groupPost|linkedInArticle):[\w-]+")


class Sort(Struct, frozen=True):
    """One sort of table: the columns that tell it, its reader, and its column of dates.

    ``plain`` columns could be anybody's: then there are no others, and the first link leads to LinkedIn. ``writer``
    writes the month first; other dates are ISO or name their month, unless a spreadsheet has saved the file anew.
    """

    columns: frozenset[str]
    read: Callable[[Author, DateReader, Row, str], Reading]
    dates: str
    plain: bool = False
    writer: str = ""


def full_name(cells: Mapping[str, str]) -> str:
    """Return the name that a row gives."""
    return f"{cells.get('First Name', '').strip()} {cells.get('Last Name', '').strip()}".strip()


def _share(author: Author, dates: DateReader, row: Row, place: str) -> Reading:
    cells = row.cells
    link = cells["ShareLink"].strip()
    visibility = cells.get("Visibility", "").strip()
    yield Draft(
        kind="post",
        place=place,
        native=row.native,
        native_id=_urn(link) or None,
        created=dates.read(cells["Date"]),
        author=author,
        text=unfolded(cells["ShareCommentary"]),
        url=link,
        links=tuple(one for one in (cells.get("SharedUrl", "").strip(), cells.get("MediaUrl", "").strip()) if one),
        audience="public" if visibility.upper() in ("", "ANYONE", "PUBLIC", "MEMBER_NETWORK") else "followers",
        details={"visibility": visibility} if visibility else {},
    )


def _comment(author: Author, dates: DateReader, row: Row, place: str) -> Reading:
    link = row.cells["Link"].strip()
    thread = _urn(link)
    yield Draft(
        kind="comment",
        place=place,
        native=row.native,
        native_id=_comment_urn(link) or None,
        created=dates.read(row.cells["Date"]),
        author=author,
        text=unfolded(row.cells["Message"]),
        parent=thread,
        thread=thread,
        url=link,
    )


def _reaction(author: Author, dates: DateReader, row: Row, place: str) -> Reading:
    link = row.cells["Link"].strip()
    yield Draft(
        kind="reaction",
        place=place,
        native=row.native,
        created=dates.read(row.cells["Date"]),
        author=author,
        text=row.cells["Type"],
        parent=_urn(link),
        thread=_urn(link),
        url=link,
    )


def _message(author: Author, dates: DateReader, row: Row, place: str) -> Reading:
    cells = row.cells
    sender, address = cells["FROM"].strip(), cells.get("SENDER PROFILE URL", "").strip()
    names, addresses = cells["TO"], cells.get("RECIPIENT PROFILE URLS", "")
    draft = cells.get("IS MESSAGE DRAFT", "").strip().casefold() in ("yes", "true")
    audience: Audience = "draft" if draft else "spam" if cells.get("FOLDER") == "SPAM" else "private"
    yield Draft(
        kind="message",
        place=place,
        native=row.native,
        created=dates.read(cells["DATE"]),
        author=Author(sender, address, is_account=bool(sender) and sender == author.name),
        title=cells.get("SUBJECT", ""),
        text=cells["CONTENT"],
        thread=cells["CONVERSATION ID"],
        audience=audience,
        recipients=_recipients(names, addresses),
        links=tuple(one for one in cells.get("ATTACHMENTS", "").split() if one.startswith("http")),
        details=_kept(cells, {"CONVERSATION TITLE": "conversation", "FOLDER": "folder"}),
    )


def _invitation(author: Author, dates: DateReader, row: Row, place: str) -> Reading:
    sender, to = row.cells["From"].strip(), row.cells["To"].strip()
    yield Draft(
        kind="message",
        place=place,
        native=row.native,
        created=dates.read(row.cells["Sent At"]),
        author=Author(sender, row.cells.get("inviterProfileUrl", ""), is_account=sender == author.name),
        text=row.cells["Message"],
        audience="private",
        recipients=(Recipient("to", to, row.cells.get("inviteeProfileUrl", "")),) if to else (),
        details={"event": "invitation to connect"},
    )


def _connection(author: Author, dates: DateReader, row: Row, place: str) -> Reading:
    cells = row.cells
    name, url = full_name(cells), cells.get("URL", "").strip()
    if not (name or url):
        raise ValueError("a connection without a name or an address: LinkedIn leaves out who does not want to be named")
    since = cells["Connected On"].strip()
    yield Draft(
        kind="subscriber",
        place=place,
        native=row.native,
        native_id=url or None,
        created=dates.read(since) if since else None,
        author=Author(name, cells.get("Email Address", "").strip()),
        url=url,
        audience="private",
        list_name=CONNECTIONS,
        details=_kept(cells, {"Company": "Company", "Position": "Position"}),
    )


SORTS = (
    Sort(frozenset({"Date", "ShareLink", "ShareCommentary"}), _share, "Date"),
    Sort(frozenset({"Date", "Link", "Message"}), _comment, "Date", plain=True),
    Sort(frozenset({"Date", "Type", "Link"}), _reaction, "Date", plain=True),
    Sort(frozenset({"CONVERSATION ID", "FROM", "TO", "DATE", "CONTENT"}), _message, "DATE"),
    Sort(frozenset({"From", "To", "Sent At", "Message", "Direction"}), _invitation, "Sent At", writer="LinkedIn"),
    Sort(frozenset({"First Name", "Last Name", "Connected On"}), _connection, "Connected On"),
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
    query = link.partition("#")[0].partition("?")[2]
    return parse_qs(query).get("commentUrn", [""])[0]


def unfolded(text: str) -> str:
    """Return a text as it was written: LinkedIn puts each line of some between quotation marks of their own."""
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) < 2 or not all(one.startswith('"') for one in lines[1:]):
        return text
    if not all(one.endswith('"') for one in lines[:-1]):
        return text
    first, *middle, last = lines
    return "\n".join((first[:-1], *(one[1:-1] for one in middle), last[1:]))
