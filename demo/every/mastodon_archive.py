"""The archive that Mastodon makes of an account: its own posts, replies and direct messages as ActivityPub, and files.

It holds what there is on the day, with the moment of the last edit.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import pictures, zips
from demo.every import mastodon
from demo.every.mastodon import SERVER, USER, marked_up, moment, number_of
from demo.schedule import Format
from demo.shown import Item, profile
from demo.world import Account, Conversation, Entry, Line, Media

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = "https://www.w3.org/ns/activitystreams"
Json = dict[str, Any]


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    posts = [one for one in account.standing(at) if one.author is None]
    notes = [(one.at, _activity(one.at, _post(one, at))) for one in posts]
    notes += [(line.at, _activity(line.at, _direct(talk, line))) for talk, line in _own_lines(account, at)]
    items = [note for _, note in sorted(notes, key=lambda one: one[0])]
    outbox = {"@context": CONTEXT, "id": "outbox.json", "type": "OrderedCollection", "totalItems": len(items)}
    with zipfile.ZipFile(path, "w") as archive:
        zips.add(archive, "actor.json", [_bytes(_actor(account, at))])
        zips.add(archive, "outbox.json", [_bytes(outbox | {"orderedItems": items})])
        for entry in posts:
            for media in entry.media:
                zips.add(archive, _path(entry, media)[1:], [pictures.of(media)])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own posts and replies with the moment of the last edit, own direct messages, the account."""
    for one in account.standing(at):
        if one.author is None:
            wording = one.wording(at)
            yield Item(kind="post", id=one.id, says=wording.text, changed_at=wording.at)
    for _talk, line in _own_lines(account, at):
        yield Item(kind="message", id=line.id, says=line.text)
    yield profile(account, at, USER)


FORMAT = Format("mastodon-archive", write, show, frozenset({"post", "message"}))


def _own_lines(account: Account, at: datetime) -> Iterator[tuple[Conversation, Line]]:
    return ((talk, line) for talk, line in mastodon.lines(account, at) if line.author is None)


def _bytes(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _actor(account: Account, at: datetime) -> Json:
    return {
        "@context": CONTEXT, "id": USER, "type": "Person", "followers": f"{USER}/followers", "inbox": f"{USER}/inbox",
        "outbox": "outbox.json", "preferredUsername": account.handle, "name": account.title,
        "summary": marked_up(profile(account, at).says), "url": f"https://{SERVER}/@{account.handle}",
    }  # fmt: skip


def _activity(at: datetime, note: Json) -> Json:
    seen_by = {"to": note["to"], "cc": note["cc"]}
    return {
        "id": f"{note['id']}/activity", "type": "Create", "actor": USER, "published": _second(at), **seen_by,
        "object": note,
    }  # fmt: skip


def _second(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _note(native_id: str, at: datetime, text: str) -> Json:
    return {
        "id": native_id, "type": "Note", "summary": None, "inReplyTo": None, "published": _second(at),
        "url": f"https://{SERVER}/@city/{number_of(native_id)}", "attributedTo": USER, "to": [PUBLIC],
        "cc": [f"{USER}/followers"], "sensitive": False, "content": marked_up(text), "attachment": [], "tag": [],
    }  # fmt: skip


def _post(one: Entry, at: datetime) -> Json:
    wording = one.wording(at)
    files = [
        {"type": "Document", "mediaType": "image/jpeg", "url": _path(one, media), "name": media.alt or None}
        for media in one.media
    ]
    told = {"updated": moment(wording.at)} if wording.at != one.at else {}
    return _note(one.id, one.at, wording.text) | {"inReplyTo": one.parent or None, "attachment": files} | told


def _path(one: Entry, media: Media) -> str:
    return f"/media_attachments/files/{number_of(one.id)}/original/{media.name}"


def _direct(talk: Conversation, line: Line) -> Json:
    who = f"https://{mastodon.ELSEWHERE}/users/{talk.person.x_id}"
    mention = {"type": "Mention", "href": who, "name": f"@{mastodon.handle(talk.person)}"}
    return _note(line.id, line.at, line.text) | {"to": [who], "cc": [], "tag": [mention]}
