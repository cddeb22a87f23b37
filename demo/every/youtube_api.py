"""Answers of YouTube's Data API v3, each saved as it came: the one backup that holds what the public wrote.

Fields are those of the reference (https://developers.google.com/youtube/v3/docs). Threads are asked for three times:
those that everybody sees, those held for review, and those taken for spam. What is deleted is gone.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import zips
from demo.every.small_life import address_name, letters, newest
from demo.people import Person
from demo.schedule import Format
from demo.shown import Item, profile
from demo.world import Account, Entry, Subscription

Json = dict[str, Any]
STATES = ("published", "heldForReview", "likelySpam")
A_PAGE = 50


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the answers as a zip, a file each."""
    dump = _Dump(account, at)
    with zipfile.ZipFile(path, "w") as archive:
        for name, answer in dump.answers():
            zips.add(archive, f"{name}.json", [json.dumps(answer, ensure_ascii=False, indent=2).encode()])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's comments, with the moment of the last edit, and the videos; who subscribes; the channel."""
    for one in account.standing(at):
        wording = one.wording(at)
        yield Item(
            kind=one.kind, id=one.id, says=wording.text, audience="hidden" if one.absence(at) else "there",
            changed_at=wording.at if one.kind == "comment" else None, by="city" if one.author is None else "author",
        )  # fmt: skip
    for member in _subscribers(account, at):
        yield Item(kind="subscriber", id=member.id, says=member.person.name, list_name="subscribers")
    yield profile(account, at)


FORMAT = Format("youtube-api", write, show, frozenset({"post", "comment"}))


def channel_of(person: Person) -> str:
    """Return the id of somebody's channel."""
    return f"UC{letters(person.x_id, 22)}"


def _subscribers(account: Account, at: datetime) -> list[Subscription]:
    return [one for one in account.subscriptions if one.stands(at)]


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class _Dump:
    """All answers of a moment."""

    def __init__(self, account: Account, at: datetime) -> None:
        self._account = account
        self._at = at
        standing = account.standing(at)
        self._videos = newest(standing, "post")
        self._answers: dict[str, list[Entry]] = defaultdict(list)
        for one in standing:
            self._answers[one.parent].append(one)
        self._threads = [one for one in newest(standing, "comment") if one.parent == one.thread]

    def answers(self) -> Iterator[tuple[str, Json]]:
        """Yield a name and an answer, page by page."""
        yield "channel", _listed("channel", [self._channel()])
        yield from _pages("uploads", "playlistItem", [self._upload(one) for one in self._videos])
        yield from _pages("videos", "video", [self._video(one) for one in self._videos], chained=False)
        for state in STATES:
            threads = [self._thread(one) for one in self._threads if self._state(one) == state]
            stem = "threads" if state == "published" else f"threads_{state}"
            yield from _pages(stem, "commentThread", threads)
        people = _subscribers(self._account, self._at)
        yield from _pages("subscribers", "subscription", [self._subscription(one) for one in people])

    def _state(self, one: Entry) -> str:
        gone = one.absence(self._at)
        return "published" if gone is None else "likelySpam" if gone.by == "platform" else "heldForReview"

    def _channel(self) -> Json:
        account = self._account
        snippet = {
            "title": account.title, "description": profile(account, self._at).says, "customUrl": f"@{account.handle}",
            "publishedAt": "2015-03-01T00:00:00Z", "country": "US",
        }  # fmt: skip
        counted = {"videoCount": str(len(self._videos)), "hiddenSubscriberCount": False}
        return _item("channel", account.native_id) | {"snippet": snippet, "statistics": counted}

    def _about(self, video: Entry) -> Json:
        return {
            "publishedAt": _moment(video.at), "channelId": self._account.native_id,
            "channelTitle": self._account.title, "title": video.title, "description": video.wording(self._at).text,
        }  # fmt: skip

    def _upload(self, video: Entry) -> Json:
        where = {"kind": "youtube#video", "videoId": video.id}
        playlist = f"UU{self._account.native_id[2:]}"
        about = self._about(video) | {"playlistId": playlist, "resourceId": where}
        return _item("playlistItem", letters(f"upload {video.id}", 40)) | {"snippet": about}

    def _video(self, video: Entry) -> Json:
        privacy = "private" if video.absence(self._at) else "public"
        seconds = 2 if video.media else 61
        return _item("video", video.id) | {
            "snippet": self._about(video) | {"categoryId": "25", "defaultAudioLanguage": video.language},
            "contentDetails": {"duration": f"PT{seconds // 60}M{seconds % 60}S" if seconds > 59 else f"PT{seconds}S"},
            "status": {"uploadStatus": "processed", "privacyStatus": privacy, "embeddable": True},
            "statistics": {"viewCount": str(video.likes * 31), "likeCount": str(video.likes)},
        }

    def _thread(self, top: Entry) -> Json:
        replies = [self._comment(one) for one in self._answers[top.id]]
        about = {
            "channelId": self._account.native_id, "videoId": top.thread, "topLevelComment": self._comment(top),
            "canReply": True, "totalReplyCount": len(replies), "isPublic": True,
        }  # fmt: skip
        inside = {"replies": {"comments": replies}} if replies else {}
        return _item("commentThread", top.id) | {"snippet": about} | inside

    def _comment(self, one: Entry) -> Json:
        wording, author = one.wording(self._at), one.author
        handle = self._account.handle if author is None else address_name(author)
        state = self._state(one)
        return _item("comment", one.id) | {
            "snippet": {
                "channelId": self._account.native_id, "videoId": one.thread, "textDisplay": wording.text,
                "textOriginal": wording.text, **({"parentId": one.parent} if one.parent != one.thread else {}),
                "authorDisplayName": f"@{handle}", "authorChannelUrl": f"http://www.youtube.com/@{handle}",
                "authorChannelId": {"value": self._account.native_id if author is None else channel_of(author)},
                "canRate": True, "viewerRating": "none", "likeCount": one.likes,
                **({"moderationStatus": state} if state != "published" else {}),
                "publishedAt": _moment(one.at), "updatedAt": _moment(wording.at),
            }
        }  # fmt: skip

    def _subscription(self, one: Subscription) -> Json:
        who = {"title": one.person.name, "description": "", "channelId": one.id}
        about = {"publishedAt": _moment(one.joined_at), "title": self._account.title}
        return _item("subscription", letters(f"subscription {one.id}", 40)) | {
            "snippet": about, "subscriberSnippet": who,
        }  # fmt: skip


def _item(kind: str, native_id: str) -> Json:
    return {"kind": f"youtube#{kind}", "etag": letters(f"{kind} {native_id}", 27), "id": native_id}


def _pages(stem: str, kind: str, items: Sequence[Json], chained: bool = True) -> Iterator[tuple[str, Json]]:
    """Yield the pages of a list; each but the last names the next, where they are ``chained``."""
    for number, begin in enumerate(range(0, max(1, len(items)), A_PAGE), 1):
        more = chained and begin + A_PAGE < len(items)
        answer = _listed(kind, items[begin : begin + A_PAGE], len(items))
        token = {"nextPageToken": letters(f"{stem} {number}", 20)} if more else {}
        yield f"{stem}_{number:04}", answer | token


def _listed(kind: str, items: Sequence[Json], total: int = 1) -> Json:
    return {
        "kind": f"youtube#{kind}ListResponse", "etag": letters(f"{kind} {len(items)}", 27),
        "pageInfo": {"totalResults": total, "resultsPerPage": A_PAGE}, "items": list(items),
    }  # fmt: skip
