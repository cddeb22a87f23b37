"""A LinkedIn member's export: the shares and comments of an official who writes as one, messages, connections.

Tables and columns are those of the larger archive. Times have no zone and are UTC; messages have no ids. The comments
of others are in no export.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from demo import tables, zips
from demo.every.small_life import address_name
from demo.people import Person
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, messages, profile
from demo.world import Account, Conversation, Entry, Line

SHARES = ("Date", "ShareLink", "ShareCommentary", "SharedUrl", "MediaUrl", "Visibility")
COMMENTS = ("Date", "Link", "Message")
MESSAGES = (
    "CONVERSATION ID", "CONVERSATION TITLE", "FROM", "SENDER PROFILE URL", "TO", "RECIPIENT PROFILE URLS", "DATE",
    "SUBJECT", "CONTENT", "FOLDER", "ATTACHMENTS",
)  # fmt: skip
CONNECTIONS = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
PROFILE = ("First Name", "Last Name", "Headline", "Summary", "Industry", "Geo Location", "Websites")
SITE = "https://www.linkedin.com"


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    own = [one for one in account.standing(at) if one.author is None]
    lines = [(talk, line) for talk in account.conversations for line in talk.lines if line.at <= at]
    first, _space, last = account.title.partition(" ")
    about = (first, last, "Clerk-Treasurer", profile(account, at).says, "Government Administration", "Wisconsin", "")
    connected = [one for one in account.subscriptions if one.stands(at)]
    with zipfile.ZipFile(path, "w") as archive:
        _table(archive, "Profile", PROFILE, [about])
        _table(archive, "Shares", SHARES, (_share(one, at) for one in own if one.kind == "post"))
        _table(archive, "Comments", COMMENTS, (_comment(one, at) for one in own if one.kind == "comment"))
        _table(archive, "messages", MESSAGES, (_message(account, talk, line) for talk, line in lines))
        _table(archive, "Connections", CONNECTIONS, (_connection(one.person, one.joined_at) for one in connected))


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own shares and comments, messages, connections, the profile."""
    for one in account.standing(at):
        if one.author is None:
            yield Item(kind=one.kind, id=one.id, says=one.wording(at).text)
    yield from messages(account, at)
    for member in account.subscriptions:
        if member.stands(at):
            yield Item(kind="subscriber", id=member.id, says=member.person.name, list_name="connections")
    yield profile(account, at, "profile")


FORMAT = Format("linkedin", write, show, ANY_KIND, declared=True)


def address(person: Person) -> str:
    """Return where somebody's profile is."""
    return f"{SITE}/in/{address_name(person)}"


def _table(archive: zipfile.ZipFile, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    zips.add(archive, f"{name}.csv", tables.lines(columns, rows))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _share(one: Entry, at: datetime) -> Sequence[str]:
    return (_moment(one.at), f"{SITE}/feed/update/{quote(one.id)}", one.wording(at).text, "", "", "MEMBER_NETWORK")


def _comment(one: Entry, at: datetime) -> Sequence[str]:
    link = f"{SITE}/feed/update/{one.thread}?commentUrn={quote(one.id)}"
    return (_moment(one.at), link, one.wording(at).text)


def _message(account: Account, talk: Conversation, line: Line) -> Sequence[str]:
    own, other = (account.title, f"{SITE}/in/{account.handle}"), (talk.person.name, address(talk.person))
    sender, to = (own, other) if line.author is None else (other, own)
    return (talk.id, "", *sender, *to, f"{_moment(line.at)} UTC", "", line.text, "INBOX", "")


def _connection(person: Person, since: datetime) -> Sequence[str]:
    first, _, last = person.name.partition(" ")
    return (first, last, address(person), "", "", "", f"{since:%d %b %Y}")
