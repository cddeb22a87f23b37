"""What Facebook's export and its Graph API have in common: numbers, addresses and file names.

Entries carry Facebook's ids: ``<page>_<post>`` for a post, ``<post>_<comment>`` for a comment.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from archive.records import Kind
from demo.people import Person
from demo.world import Account, Entry, Media

ACTIVITY = "this_profile's_activity_across_facebook"
"""The folder of an export that holds what the account itself did."""

PAGE_URL = "https://www.facebook.com"
_LINK = re.compile(r"https://milbrook\.example\S*[\w/]")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def unix(at: datetime) -> int:
    """Return a time as most of the export's files carry it."""
    return int(at.timestamp())


def founded(account: Account) -> datetime:
    """Return when the account began: with its first words about itself, or its first entry."""
    first = [one.at for one in account.biography[:1]]
    return min([*first, *(one.at for one in account.entries)], default=datetime(2012, 4, 2, tzinfo=UTC))


def number(entry: Entry) -> str:
    """Return the last part of an id, which is the thing's own."""
    return entry.id.rsplit("_", 1)[-1]


def person_id(person: Person) -> str:
    """Return somebody's id as the Page sees it: thirteen digits, of which Facebook has never given out any."""
    return f"9{person.x_id}"


def file_name(entry: Entry, media: Media) -> str:
    """Return what Facebook names the file: two entries may have pictures of the same name."""
    return f"{number(entry)}_{media.name}"


def shared_link(text: str) -> str:
    """Return the address that a post shows a preview of, empty without one."""
    found = _LINK.search(text)
    return found[0] if found else ""


def public_number(native_id: str) -> str:
    """Return an id as addresses show it: ``pfbid0…``."""
    value, letters = int.from_bytes(hashlib.sha256(native_id.encode()).digest(), "big"), ""
    while value:
        value, at = divmod(value, len(_BASE58))
        letters += _BASE58[at]
    return f"pfbid0{letters}l"


def newest(entries: Iterable[Entry], kind: Kind) -> list[Entry]:
    """Return the posts or the comments among some entries, newest first."""
    return sorted((one for one in entries if one.kind == kind), key=lambda one: (one.at, one.id), reverse=True)
