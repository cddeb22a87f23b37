"""What Mastodon's archive and its API have in common: addresses, numbers, markup, and who says what in private.

An entry's id is its address (URI); the server's own number ends it. Residents are on another server.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

from demo.every.small_life import address_name
from demo.people import Person
from demo.world import Account, Conversation, Line

SERVER = "social.milbrook.example"
ELSEWHERE = "neighbors.example"
USER = f"https://{SERVER}/users/city"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(at: datetime, count: int) -> str:
    """Return what a server numbers a status: its milliseconds, and sixteen bits that tell those of one moment apart."""
    return str((int((at - _EPOCH).total_seconds() * 1000) << 16) + count % 65_536)


def own(at: datetime, count: int) -> str:
    """Return the address of a status of the city's."""
    return f"{USER}/statuses/{number(at, count)}"


def others(at: datetime, count: int) -> str:
    """Return the address of a resident's status."""
    return f"https://{ELSEWHERE}/statuses/{number(at, count)}"


def number_of(uri: str) -> str:
    """Return the number that an address ends with."""
    return uri.rpartition("/")[2]


def handle(person: Person) -> str:
    """Return somebody's handle as another server writes it."""
    return f"{address_name(person)}@{ELSEWHERE}"


def moment(at: datetime) -> str:
    """Return a moment as Mastodon writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def marked_up(text: str) -> str:
    """Return a text as a server shows it: a paragraph, its line breaks marked."""
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br />')}</p>"


def lines(account: Account, at: datetime) -> Iterator[tuple[Conversation, Line]]:
    """Yield the private messages that were written by a moment, each with its conversation."""
    for talk in account.conversations:
        yield from ((talk, line) for line in talk.lines if line.at <= at)
