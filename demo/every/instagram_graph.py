"""Answers of Meta's Graph API about an Instagram account: its media with everybody's comments, hidden ones marked.

Fields are those of the reference for IG User, IG Media and IG Comment. What is deleted is gone. Addresses of further
pages are there as the API gives them, but for the token, which nobody should save.
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
from demo.every.small_life import address_name, letters, newest
from demo.facebook import person_id
from demo.facebook_graph import graph_time
from demo.schedule import Format
from demo.shown import Item, profile
from demo.world import Account, Entry, Media

API = "https://graph.facebook.com/v26.0"
A_PAGE = 10
Json = dict[str, Any]


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the answers as a zip, a file each."""
    dump = _Dump(account, at)
    with zipfile.ZipFile(path, "w") as archive:
        for name, answer in dump.answers():
            zips.add(archive, f"{name}.json", [json.dumps(answer, separators=(",", ":")).encode()])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's posts and comments, hidden ones with their flag; the account."""
    for one in account.standing(at):
        yield Item(
            kind=one.kind, id=one.id, says=one.wording(at).text, audience="hidden" if one.absence(at) else "there"
        )
    yield profile(account, at)


FORMAT = Format("instagram-graph", write, show, frozenset({"post", "comment"}))


class _Dump:
    """All answers of a moment."""

    def __init__(self, account: Account, at: datetime) -> None:
        self._account = account
        self._at = at
        standing = account.standing(at)
        self._posts = newest(standing, "post")
        self._answers: dict[str, list[Entry]] = defaultdict(list)
        self._counts: dict[str, int] = defaultdict(int)
        for one in standing:
            self._answers[one.parent].append(one)
            self._counts[one.thread] += 1

    def answers(self) -> Iterator[tuple[str, Json]]:
        """Yield a name and an answer each; nobody has tagged the account."""
        account = self._account
        yield "user", {
            "biography": profile(account, self._at).says, "id": account.native_id, "username": account.handle,
            "name": account.title, "website": "https://milbrook.example/", "media_count": len(self._posts),
            "followers_count": sum(one.stands(self._at) for one in account.subscriptions),
        }  # fmt: skip
        for number, begin in enumerate(range(0, max(1, len(self._posts)), A_PAGE), 1):
            part = self._posts[begin : begin + A_PAGE]
            paging = self._paging(part, more=begin + A_PAGE < len(self._posts))
            yield f"media_{number:04}", {"data": [self._media(one) for one in part], **paging}
        yield "tags", {"data": []}

    def _paging(self, part: list[Entry], more: bool) -> Json:
        if not part:
            return {}
        cursors = {"before": letters(part[0].id, 40), "after": letters(part[-1].id, 40)}
        following = f"{API}/{self._account.native_id}/media?limit={A_PAGE}&after={cursors['after']}"
        return {"paging": {"cursors": cursors} | ({"next": following} if more else {})}

    def _media(self, one: Entry) -> Json:
        code = letters(one.id, 11)
        comments = [self._comment(inner) for inner in self._answers[one.id]]
        return {
            "id": one.id, "timestamp": graph_time(one.at), "caption": one.wording(self._at).text,
            **self._shown(one.media[0], code), "permalink": f"https://www.instagram.com/p/{code}/", "shortcode": code,
            "username": self._account.handle, "like_count": one.likes, "comments_count": self._counts[one.id],
            "is_comment_enabled": True, **({"comments": {"data": comments}} if comments else {}),
        }  # fmt: skip

    @staticmethod
    def _shown(media: Media, code: str) -> Json:
        sort = ("VIDEO", "REELS") if media.video else ("IMAGE", "FEED")
        alt = {"alt_text": media.alt} if media.alt else {}
        address = f"https://scontent.example/v/{code}_n.{'mp4' if media.video else 'jpg'}?oh=signed"
        return {"media_type": sort[0], "media_product_type": sort[1], "media_url": address, **alt}

    def _comment(self, one: Entry) -> Json:
        person = one.author
        handle, number = (self._account.handle, self._account.native_id) if person is None else (
            address_name(person), person_id(person)
        )  # fmt: skip
        replies = [self._comment(inner) for inner in self._answers[one.id]]
        return {
            "id": one.id, "timestamp": graph_time(one.at), "username": handle,
            "from": {"id": number, "username": handle}, "text": one.wording(self._at).text, "like_count": one.likes,
            "hidden": one.absence(self._at) is not None,
            **({"parent_id": one.parent} if one.parent != one.thread else {}),
            **({"replies": {"data": replies}} if replies else {}),
        }  # fmt: skip
