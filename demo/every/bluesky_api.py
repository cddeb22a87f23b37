"""Answers of Bluesky's public API: the account's feed, the threads under its posts, its followers, its profile.

By the published lexicons (app.bsky.feed, app.bsky.graph, app.bsky.actor). A post with replies stands in the feed and in
its thread, a reply of the city's likewise.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import zips
from demo.every import bluesky
from demo.every.bluesky import DID, did_of, key_of, moment
from demo.every.repository import link_to
from demo.every.small_life import address_name
from demo.people import Person
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, profile
from demo.world import Account, Entry

A_PAGE = 100
Json = dict[str, Any]


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the answers as a zip, a file each."""
    dump = _Dump(account, at)
    with zipfile.ZipFile(path, "w") as archive:
        for name, answer in dump.answers():
            zips.add(archive, f"{name}.json", [json.dumps(answer, ensure_ascii=False).encode()])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's posts, hidden replies told apart; followers; the profile."""
    standing = account.standing(at)
    answered = {one.parent for one in standing}
    for one in standing:
        own = one.author is None
        yield Item(
            kind="post" if own else "comment", id=one.id, says=one.wording(at).text,
            audience="hidden" if one.absence(at) else "there",
            rows=2 if own and (one.parent or one.id in answered) else 1,
        )  # fmt: skip
    for member in account.subscriptions:
        if member.stands(at):
            yield Item(kind="subscriber", id=member.id, says=member.person.name, list_name="followers")
    yield profile(account, at, f"at://{DID}/{bluesky.PROFILE}/self")


FORMAT = Format("bluesky-api", write, show, ANY_KIND, declared=True)


class _Dump:
    """All answers of a moment."""

    def __init__(self, account: Account, at: datetime) -> None:
        self._account = account
        self._at = at
        self._own = [one for one in account.standing(at) if one.author is None]
        self._gates = bluesky.gates(account, at)
        self._answers: dict[str, list[Entry]] = defaultdict(list)
        for one in account.standing(at):
            self._answers[one.parent].append(one)

    def answers(self) -> Iterator[tuple[str, Json]]:
        """Yield a name and an answer each."""
        about = {"description": profile(self._account, self._at).says, "postsCount": len(self._own)}
        yield "profile", self._person(None) | about
        newest = sorted(self._own, key=lambda one: one.at, reverse=True)
        yield from self._pages("feed", [{"post": self._view(one)} for one in newest])
        for post in newest:
            if not post.parent and self._answers[post.id]:
                yield f"thread_{key_of(post.id)}", {"thread": self._thread(post)}
        people = [self._person(one.person) for one in self._account.subscriptions if one.stands(self._at)]
        for name, page in self._pages("followers", people):
            yield name, page | {"subject": self._person(None)}

    @staticmethod
    def _pages(stem: str, items: list[Json]) -> Iterator[tuple[str, Json]]:
        for number, begin in enumerate(range(0, max(1, len(items)), A_PAGE), 1):
            more = {"cursor": str(number)} if begin + A_PAGE < len(items) else {}
            yield f"{stem}_{number:04}", {stem: items[begin : begin + A_PAGE]} | more

    def _person(self, person: Person | None) -> Json:
        name, handle = self._account.title, self._account.handle
        if person is not None:
            name, handle = person.name, f"{address_name(person)}.bsky.example"
        return {"did": did_of(person), "handle": handle, "displayName": name, "labels": []}

    def _view(self, one: Entry) -> Json:
        record = bluesky.post(one, self._at, lambda link: {"$link": str(link)})
        gated = {}
        if one.id in self._gates:
            gate = bluesky.gate(self._account, one.id, self._gates[one.id])
            gated = {"threadgate": {"uri": bluesky.gate_of(one.id), "record": gate}}
        return {
            "uri": one.id, "cid": str(link_to(one.id.encode())), "author": self._person(one.author),
            "record": record, "replyCount": len(self._answers[one.id]), "repostCount": 0, "likeCount": one.likes,
            "quoteCount": 0, "indexedAt": moment(one.at), "labels": [], **gated,
        }  # fmt: skip

    def _thread(self, one: Entry) -> Json:
        return {
            "$type": "app.bsky.feed.defs#threadViewPost", "post": self._view(one),
            "replies": [self._thread(inner) for inner in self._answers[one.id]],
        }  # fmt: skip
