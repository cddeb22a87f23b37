"""The responses of Facebook's Graph API for a Page's feed, saved a page at a time, as of a moment.

Fields are those of the reference for Page, Page post, Comment and Story attachment, as answers to requests
with ``fields=`` (https://developers.facebook.com/docs/graph-api/reference). It is the one backup with what
visitors wrote, and with what is hidden; what is deleted is gone from it, with all that answered it. Addresses of
further pages are there as the API gives them, but for the token, which nobody should save.

The folder is ``page.json``, ``feed_0001.json`` … (newest posts first; the first comments of a post, and the first
answers to a comment, inside it) and, where there are more, ``<id>_comments_0002.json`` ….
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct

from demo import facebook, zips
from demo.people import Person
from demo.world import Account, Entry, Media

VERSION = "v23.0"
API = f"https://graph.facebook.com/{VERSION}"
Json = dict[str, Any]


def write(path: Path, account: Account, at: datetime, a_page: int = 25) -> None:
    """Write the pages as a zip; ``a_page`` (at most 100) is how many posts or comments each response holds."""
    dump = Dump(account, at, a_page)
    with zipfile.ZipFile(path, "w") as archive:
        for name, response in dump.responses():
            zips.add(archive, f"{name}.json", [_as_answered(response)])


def graph_time(at: datetime) -> str:
    """Return a time as the API writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def _as_answered(response: Json) -> bytes:
    """Return JSON as the API answers: on one line, ASCII, slashes escaped too."""
    return json.dumps(response, separators=(",", ":")).replace("/", "\\/").encode()


class Further(Struct, frozen=True):
    """Comments that did not fit into the answer about what they belong to."""

    parent: Entry
    begin: int


class Dump:
    """All responses of a moment: ``a_page`` items in each."""

    def __init__(self, account: Account, at: datetime, a_page: int) -> None:
        self._account = account
        self._at = at
        self._a_page = a_page
        standing = account.standing(at)
        self._posts = facebook.newest(standing, "post")
        self._entries = {one.id: one for one in standing}
        self._answers: dict[str, list[Entry]] = defaultdict(list)
        for one in sorted(standing, key=lambda one: one.at):
            self._answers[one.parent].append(one)
        self._further: deque[Further] = deque()

    def responses(self) -> Iterator[tuple[str, Json]]:
        """Yield a name and a response, each as it is made; further comments follow the feed page they belong to."""
        yield "page", self._page()
        for number, begin in enumerate(range(0, max(1, len(self._posts)), self._a_page), 1):
            part = self._posts[begin : begin + self._a_page]
            posts = [self._post(one) for one in part]
            more = begin + self._a_page < len(self._posts)
            yield f"feed_{number:04}", {"data": posts, **self._paging(f"{self._account.native_id}/feed", part, more)}
            while self._further:
                yield self._further_comments(self._further.popleft())

    def _page(self) -> Json:
        about = [one.text for one in self._account.biography if one.at <= self._at][-1:]
        return {
            "name": self._account.title,
            **({"about": about[0]} if about else {}),
            "username": self._account.handle,
            "link": f"{facebook.PAGE_URL}/{self._account.handle}",
            "id": self._account.native_id,
        }

    def _paging(self, edge: str, part: Sequence[Entry], more: bool) -> Json:
        if not part:
            return {}
        cursors = {"before": _cursor(part[0]), "after": _cursor(part[-1])}
        following = f"{API}/{edge}?limit={self._a_page}&pretty=0&after={cursors['after']}"
        return {"paging": {"cursors": cursors} | ({"next": following} if more else {})}

    def _from(self, person: Person | None) -> Json:
        if person is None:
            return {"name": self._account.title, "id": self._account.native_id}
        return {"name": person.name, "id": facebook.person_id(person)}

    # -- posts

    def _post(self, entry: Entry) -> Json:
        text, attachments = entry.wording(self._at).text, self._attachments(entry)
        return {
            "id": entry.id,
            "created_time": graph_time(entry.at),
            "updated_time": graph_time(self._touched(entry)),
            "from": self._from(entry.author),
            **({"message": text} if text else {}),
            "permalink_url": f"{facebook.PAGE_URL}/{self._account.native_id}/posts/{facebook.number(entry)}",
            "status_type": _status(entry, text),
            "is_hidden": self._is_hidden(entry),
            "is_published": True,
            "is_expired": False,
            **({"attachments": {"data": attachments}} if attachments else {}),
            **({"shares": {"count": entry.likes // 9}} if entry.likes > 8 else {}),
            "reactions": {"data": [], "summary": {"total_count": entry.likes, "viewer_reaction": "NONE"}},
            "comments": self._comments(entry),
        }

    def _touched(self, entry: Entry) -> datetime:
        """Return when a post or what answers it changed last: no sign of an edit."""
        return max([entry.wording(self._at).at, *(one.at for one in self._answers[entry.id])])

    def _is_hidden(self, entry: Entry) -> bool:
        return entry.absence(self._at) is not None

    def _attachments(self, entry: Entry) -> list[Json]:
        text = entry.wording(self._at).text
        media = [self._attachment(entry, one, text) for one in entry.media]
        if len(media) > 1:
            address = f"{facebook.PAGE_URL}/{self._account.native_id}/posts/{facebook.number(entry)}"
            target = {"id": facebook.number(entry), "url": address}
            album = {"subattachments": {"data": media}, "target": target, "type": "album", "url": address}
            return [{"description": text, "media": media[0]["media"], **album, "title": f"{len(media)} photos"}]
        link = facebook.shared_link(text)
        share = {"target": {"url": link}, "title": link[8:], "type": "share", "unshimmed_url": link, "url": link}
        return media or ([share] if link else [])

    def _attachment(self, entry: Entry, media: Media, text: str) -> Json:
        """Return one picture or video: addresses of Facebook's, no bytes."""
        number = facebook.number(entry) + str(media.seed)
        address = f"{facebook.PAGE_URL}/{'watch/?v=' if media.video else 'photo.php?fbid='}{number}"
        source = f"https://scontent.example/v/{facebook.file_name(entry, media)}"
        still = source if not media.video else f"{source.rsplit('.', 1)[0]}.jpg"
        shown: Json = {"image": {"height": 200, "src": still, "width": 320}}
        return {
            "description": media.alt or text,
            "media": shown | ({"source": source} if media.video else {}),
            "target": {"id": number, "url": address},
            "type": "video_inline" if media.video else "photo",
            "url": address,
        }

    # -- comments

    def _comments(self, entry: Entry) -> Json:
        """Return the first comments of a post, and how many there are."""
        found = self._first(entry)
        summary = {"order": "chronological", "total_count": len(self._answers[entry.id]), "can_comment": True}
        return {**found, "summary": summary}

    def _first(self, entry: Entry) -> Json:
        answers = self._answers[entry.id]
        more = len(answers) > self._a_page
        if more:
            self._further.append(Further(entry, self._a_page))
        part = answers[: self._a_page]
        return {"data": [self._comment(one) for one in part], **self._paging(f"{entry.id}/comments", part, more)}

    def _further_comments(self, further: Further) -> tuple[str, Json]:
        answers, end = self._answers[further.parent.id], further.begin + self._a_page
        part = answers[further.begin : end]
        if end < len(answers):
            self._further.appendleft(Further(further.parent, end))
        data = [self._comment(one) for one in part]
        number = further.begin // self._a_page + 1
        paging = self._paging(f"{further.parent.id}/comments", part, end < len(answers))
        return f"{further.parent.id}_comments_{number:04}", {"data": data, **paging}

    def _comment(self, entry: Entry) -> Json:
        answered = self._entries[entry.parent]
        attached = self._attachments(entry)
        found: Json = {
            "id": entry.id,
            "created_time": graph_time(entry.at),
            "from": self._from(entry.author),
            "message": entry.wording(self._at).text,
            "permalink_url": self._comment_address(entry),
            "is_hidden": self._is_hidden(entry),
            "can_remove": True,
            "like_count": entry.likes,
            "comment_count": len(self._answers[entry.id]),
        }
        if attached:
            found["attachment"] = attached[0]
        if answered.kind == "comment":
            found["parent"] = self._answered(answered)
        if self._answers[entry.id]:
            found["comments"] = self._first(entry)
        return found

    def _comment_address(self, entry: Entry) -> str:
        thread = facebook.number(self._entries[entry.thread])
        return f"{facebook.PAGE_URL}/{self._account.native_id}/posts/{thread}?comment_id={facebook.number(entry)}"

    def _answered(self, entry: Entry) -> Json:
        return {
            "created_time": graph_time(entry.at), "from": self._from(entry.author),
            "message": entry.wording(self._at).text, "id": entry.id,
        }  # fmt: skip


def _status(entry: Entry, text: str) -> str:
    if entry.media:
        return "added_video" if entry.media[0].video else "added_photos"
    return "shared_story" if facebook.shared_link(text) else "mobile_status_update"


def _cursor(entry: Entry) -> str:
    """Return a cursor: letters that mean nothing."""
    return f"QVFI{sha256(entry.id.encode()).hexdigest()[:40]}ZD"
