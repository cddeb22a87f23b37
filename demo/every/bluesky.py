"""A Bluesky account's repository with its blobs, and what it has in common with the answers of the public API.

An entry's id is its address, ``at://…``; a record's key is a clock's number. Posts cannot be edited, what is deleted is
gone, and which replies are hidden is told by the gate of their post.
"""

from __future__ import annotations

import zipfile
from base64 import b32encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from demo import pictures, zips
from demo.every.repository import RAW, Link, car, link_to
from demo.people import Person
from demo.schedule import Format
from demo.shown import Item, profile
from demo.world import Account, Entry

DID = "did:plc:milbrookcity2222222222aa"
POST, PROFILE, GATE = "app.bsky.feed.post", "app.bsky.actor.profile", "app.bsky.feed.threadgate"
_SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Record = dict[str, Any]


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the repository, and the blobs that its records name, as a zip."""
    posts = [one for one in account.standing(at) if one.author is None]
    blobs = {str(link): content for one in posts for link, content in files(one)}
    with zipfile.ZipFile(path, "w") as archive:
        zips.add(archive, "repo.car", [car(DID, key(at, 1), dict(_records(account, posts, at)))])
        for name, content in blobs.items():
            zips.add(archive, f"{name}.jpg", [content])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own posts and replies, the gates that hide others' replies, the profile."""
    for one in account.standing(at):
        if one.author is None:
            yield Item(kind="post", id=one.id, says=one.wording(at).text)
    for post, hidden in gates(account, at).items():
        yield Item(kind="moderation", id=gate_of(post), says="\n".join(hidden))
    yield profile(account, at, f"at://{DID}/{PROFILE}/self")


FORMAT = Format("bluesky", write, show, frozenset({"post", "moderation", "profile"}))


def key(at: datetime, count: int) -> str:
    """Return a record's key (TID): microseconds and the number of a clock, in letters that sort."""
    number, found = int((at - _EPOCH).total_seconds()) * 1_000_000 << 10 | count % 1024, ""
    for _ in range(13):
        found = _SORTABLE[number & 31] + found
        number >>= 5
    return found


def key_of(uri: str) -> str:
    """Return the key that an address ends with."""
    return uri.rpartition("/")[2]


def did_of(person: Person | None) -> str:
    """Return somebody's permanent number, or the city's."""
    return f"did:plc:{b32encode(sha256(person.x_id.encode()).digest()).decode().lower()[:24]}" if person else DID


def address(at: datetime, count: int, person: Person | None = None) -> str:
    """Return the address of a post of somebody's, or the city's."""
    return f"at://{did_of(person)}/{POST}/{key(at, count)}"


def gate_of(post: str) -> str:
    """Return the address of the gate of a post."""
    return f"at://{DID}/{GATE}/{key_of(post)}"


def moment(at: datetime) -> str:
    """Return a moment as applications write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def gates(account: Account, at: datetime) -> Mapping[str, list[str]]:
    """Return by post which replies are hidden; a post under which one ever was keeps its gate."""
    found: dict[str, list[str]] = {}
    for one in account.standing(at):
        if any(gone.how == "hidden" and gone.since <= at for gone in one.absences):
            hidden = found.setdefault(one.thread, [])
            hidden.extend([one.id] if one.absence(at) else [])
    return found


def files(one: Entry) -> Iterator[tuple[Link, bytes]]:
    """Yield the pictures of a post under their identifiers."""
    for media in one.media:
        content = pictures.of(media)
        yield link_to(content, RAW), content


def post(one: Entry, at: datetime, link: Callable[[Link], Any] = lambda one: one) -> Record:
    """Return a post's record; ``link`` writes an identifier."""
    images = [
        {"alt": media.alt, "image": {"$type": "blob", "ref": link(to), "mimeType": "image/jpeg", "size": len(content)}}
        for media, (to, content) in zip(one.media, files(one), strict=True)
    ]
    root, parent = ({"uri": uri, "cid": str(link_to(uri.encode()))} for uri in (one.thread, one.parent))
    return {
        "$type": POST, "text": one.wording(at).text, "createdAt": moment(one.at), "langs": [one.language],
        **({"embed": {"$type": "app.bsky.embed.images", "images": images}} if images else {}),
        **({"reply": {"root": root, "parent": parent}} if one.parent else {}),
    }  # fmt: skip


def gate(account: Account, of: str, hidden: list[str]) -> Record:
    """Return the record of a post's gate, made when the first reply was hidden."""
    first = min(gone.since for one in account.entries if one.thread == of for gone in one.absences)
    return {"$type": GATE, "post": of, "createdAt": moment(first), "hiddenReplies": hidden}


def _records(account: Account, posts: list[Entry], at: datetime) -> Iterator[tuple[str, Record]]:
    about = {"$type": PROFILE, "displayName": account.title, "description": profile(account, at).says}
    yield f"{PROFILE}/self", about
    for one in posts:
        yield f"{POST}/{key_of(one.id)}", post(one, at)
    for of, hidden in gates(account, at).items():
        yield f"{GATE}/{key_of(of)}", gate(account, of, hidden)
