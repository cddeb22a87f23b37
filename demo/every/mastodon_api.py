"""Answers of Mastodon's API: the account's statuses, the public's replies, and every wording of what was edited.

Entities are those of Mastodon's documentation (https://docs.joinmastodon.org/entities/). A reply of the city's stands
among its statuses and in the context of the post that it belongs to.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import zips
from demo.every import mastodon
from demo.every.mastodon import SERVER, marked_up, moment, number_of
from demo.every.small_life import address_name, newest
from demo.people import Person
from demo.schedule import Format
from demo.shown import Item, profile
from demo.world import Account, Conversation, Entry, Line, Media, Wording

A_PAGE = 40
Json = dict[str, Any]


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the answers as a zip, a file each."""
    dump = _Dump(account, at)
    with zipfile.ZipFile(path, "w") as archive:
        for name, answer in dump.answers():
            zips.add(archive, f"{name}.json", [json.dumps(answer, ensure_ascii=False).encode()])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's statuses with all their wordings, direct messages both ways, followers, the account."""
    for one in account.standing(at):
        told = [wording.at for wording in one.wordings if wording.at <= at][1:]
        twice = one.author is None and bool(one.parent)
        yield Item(
            kind="post" if one.author is None else "comment", id=one.id, says=one.wording(at).text,
            edits=tuple(told), by="city" if one.author is None else "author", rows=1 + twice + len(told),
        )  # fmt: skip
    for _talk, line in mastodon.lines(account, at):
        yield Item(kind="message", id=line.id, says=line.text)
    for member in account.subscriptions:
        if member.stands(at):
            yield Item(kind="subscriber", id=member.id, says=member.person.name, list_name="followers")
    yield profile(account, at)


FORMAT = Format("mastodon-api", write, show, frozenset({"post", "comment", "message", "subscriber", "profile"}), True)


class _Dump:
    """All answers of a moment."""

    def __init__(self, account: Account, at: datetime) -> None:
        self._account = account
        self._at = at
        self._entries = account.standing(at)

    def answers(self) -> Iterator[tuple[str, Any]]:
        """Yield a name and an answer each."""
        lines = list(mastodon.lines(self._account, self._at))
        yield "account", self._own() | {"source": {"privacy": "public", "language": "en"}}
        own = [self._status(one) for one in self._entries if one.author is None]
        own += [self._direct(talk, line) for talk, line in lines if line.author is None]
        yield from _pages("statuses", sorted(own, key=lambda one: int(one["id"]), reverse=True))
        for post in newest([one for one in self._entries if not one.parent], "post"):
            below = [self._status(one) for one in self._entries if one.thread == post.id]
            if below:
                yield f"{number_of(post.id)}_context", {"ancestors": [], "descendants": below}
        for one in self._entries:
            told = [wording for wording in one.wordings if wording.at <= self._at]
            if len(told) > 1:
                yield f"{number_of(one.id)}_history", [self._edit(one, wording) for wording in told]
        received = [self._mention(talk, line) for talk, line in lines if line.author is not None]
        yield from _pages("mentions", received)
        people = (one.person for one in self._account.subscriptions if one.stands(self._at))
        yield from _pages("followers", [self._person(one) for one in people])

    def _own(self) -> Json:
        account = self._account
        return {
            "id": account.native_id, "username": account.handle, "acct": account.handle, "display_name": account.title,
            "note": marked_up(profile(account, self._at).says), "url": f"https://{SERVER}/@{account.handle}",
        }  # fmt: skip

    def _person(self, person: Person) -> Json:
        name = address_name(person)
        return {
            "id": person.x_id, "username": name, "acct": mastodon.handle(person), "display_name": person.name,
            "note": "", "url": f"https://{mastodon.ELSEWHERE}/@{name}",
        }  # fmt: skip

    def _by(self, person: Person | None) -> Json:
        return self._own() if person is None else self._person(person)

    def _status(self, one: Entry) -> Json:
        wording = one.wording(self._at)
        return self._said(one.id, one.at, wording.text, one.author) | {
            "in_reply_to_id": number_of(one.parent) if one.parent else None, "language": one.language,
            "edited_at": moment(wording.at) if wording.at != one.at else None, "favourites_count": one.likes,
            "media_attachments": [_media(one, media) for media in one.media],
        }  # fmt: skip

    def _said(self, uri: str, at: datetime, text: str, author: Person | None) -> Json:
        return {
            "id": number_of(uri), "created_at": moment(at), "in_reply_to_id": None, "in_reply_to_account_id": None,
            "sensitive": False, "spoiler_text": "", "visibility": "public", "language": "en", "uri": uri, "url": uri,
            "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "edited_at": None,
            "content": marked_up(text), "reblog": None, "account": self._by(author), "media_attachments": [],
            "mentions": [], "tags": [], "emojis": [], "card": None, "poll": None,
        }  # fmt: skip

    def _edit(self, one: Entry, wording: Wording) -> Json:
        return {
            "content": marked_up(wording.text), "spoiler_text": "", "sensitive": False,
            "created_at": moment(wording.at), "account": self._by(one.author),
            "media_attachments": [_media(one, media) for media in one.media], "emojis": [],
        }  # fmt: skip

    def _direct(self, talk: Conversation, line: Line) -> Json:
        to = self._own() if line.author is not None else self._person(talk.person)
        named = {"id": to["id"], "username": to["username"], "acct": to["acct"], "url": to["url"]}
        found = self._said(line.id, line.at, line.text, line.author)
        return found | {"visibility": "direct", "mentions": [named]}

    def _mention(self, talk: Conversation, line: Line) -> Json:
        return {
            "id": number_of(line.id), "type": "mention", "created_at": moment(line.at),
            "account": self._person(talk.person), "status": self._direct(talk, line),
        }  # fmt: skip


def _media(one: Entry, media: Media) -> Json:
    address = f"https://{SERVER}/media_attachments/files/{number_of(one.id)}/original/{media.name}"
    return {"id": number_of(one.id), "type": "image", "url": address, "description": media.alt or None}


def _pages(stem: str, items: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    for page, begin in enumerate(range(0, len(items), A_PAGE), 1):
        yield f"{stem}_{page:04}", items[begin : begin + A_PAGE]
