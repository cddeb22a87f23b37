"""The flat layout of Instagram's first exports (2018 to 2020): ``media.json``, ``comments.json``, ``messages.json``.

No such file is in public; the shapes are those that programs of the time read.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from archive.records import Author, Kind, Recipient
from ingest.backup import Member
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.json_items import Item, Reading, first_bytes, guarded, items, read_items
from ingest.platforms.facebook_drafts import Drafting, with_text
from ingest.platforms.facebook_text import repaired_item
from ingest.platforms.instagram_items import FORM, with_handles
from ingest.platforms.meta_files import whole_object
from ingest.timestamps import from_iso

MEDIA: Mapping[str, tuple[Kind, str]] = {
    "photos": ("post", ""),
    "videos": ("post", ""),
    "stories": ("story", ""),
    "profile": ("post", "profile picture"),
}
"""The lists of ``media.json`` that the account published; pictures of messages (``direct``) are none."""


class First:
    """Reads the files of the flat layout."""

    def __init__(self, drafting: Drafting) -> None:
        self._drafting = drafting

    def media(self, member: Member) -> Reading:
        """Yield posts and stories; the pictures of one post are rows of their own with one time and caption."""
        whole = whole_object(member)
        if isinstance(whole, Defect):
            yield whole
            return
        for name, (kind, form) in MEDIA.items():
            if isinstance(whole.get(name), list):
                posts = Posts(self._drafting, name, kind, form)
                read = list(read_items(member, guarded(posts.add), after=f'"{name}"'))
                yield from (one for one in read if isinstance(one, Defect))
                yield from posts.drafts()

    def comments(self, member: Member) -> Reading:
        """Yield the account's own comments: rows of time, words and the handle of whose post it is."""
        if '"media_comments"' in first_bytes(member):
            yield from read_items(member, self._comment, after='"media_comments"')

    def _comment(self, value: Any, native: bytes, place: str) -> Reading:
        row = repaired_item(value, native)
        if not isinstance(row, list) or len(row) < 2:
            raise ValueError("no row of time and words")
        base = Draft(
            kind="comment",
            place=place,
            native=native,
            created=from_iso(str(row[0]), "unknown"),
            author=self._drafting.author,
            details={"under a post of": str(row[2])} if len(row) > 2 and row[2] else {},
        )
        yield with_handles(with_text(base, str(row[1])))

    def followers(self, member: Member) -> Reading:
        """Yield who follows: handles, each with the time since when."""
        whole = whole_object(member)
        if isinstance(whole, Defect):
            yield whole
            return
        found = whole.get("followers")
        for handle, since in found.items() if isinstance(found, dict) else ():
            yield Draft(
                kind="subscriber",
                place=f"{member.path}, {handle}",
                native=json.dumps({handle: since}).encode(),
                created=from_iso(str(since), "unknown"),
                author=Author(handle=handle),
                list_name="followers",
            )

    def messages(self, member: Member) -> Reading:
        """Yield the messages of all conversations."""
        yield from read_items(member, guarded(self._conversation))

    def _conversation(self, value: Any, native: bytes, place: str) -> Reading:
        people = [str(one) for one in value["participants"]]
        thread = " ".join(sorted(people))
        for one in items(io.BytesIO(native), after='"conversation"'):
            where = f"{place}, message {one.number}"
            if isinstance(one, Item) and isinstance(one.value, dict) and one.value.get("created_at"):
                yield self._message(repaired_item(one.value, one.native), one.native, where, people, thread)
            else:
                yield Defect(where, "this is no message as Instagram writes it", native=one.native)

    def _by(self, handle: str) -> Author:
        own = self._drafting.author
        return own if handle and handle in (own.handle, own.name) else Author(handle=handle)

    def _message(self, item: Mapping[str, Any], native: bytes, place: str, people: list[str], thread: str) -> Draft:
        sender = str(item.get("sender") or "")
        created = from_iso(str(item["created_at"]), "unknown")
        links = (item.get(key) for key in ("media_share_url", "link", "media_url", "animated_media_images"))
        base = Draft(
            kind="message",
            place=place,
            native=native,
            created=created,
            author=self._by(sender),
            thread=thread,
            links=tuple(one for one in links if isinstance(one, str) and one),
            audience="private",
            recipients=tuple(Recipient("member", address=one) for one in people if one != sender),
        )
        draft = with_text(base, str(item.get("text") or item.get("media_share_caption") or ""))
        path = item.get("media")
        files = (self._drafting.media.attachment(path),) if isinstance(path, str) and path else ()
        return replace(draft, attachments=files)


class Posts:
    """Rows of one list, put together to posts by their time and caption, in their order."""

    def __init__(self, drafting: Drafting, name: str, kind: Kind, form: str) -> None:
        self._drafting = drafting
        self._name = name
        self._kind = kind
        self._form = form
        self._rows: dict[tuple[str, str], list[tuple[str, bytes, str]]] = {}

    def add(self, value: Any, native: bytes, place: str) -> Reading:
        """Take one row; yields nothing."""
        item = repaired_item(value, native)
        key = (str(item["taken_at"]), str(item.get("caption") or ""))
        self._rows.setdefault(key, []).append((str(item["path"]), native, f"{self._name} of {place}"))
        yield from ()

    def drafts(self) -> Iterator[Draft]:
        """Yield the posts."""
        for (taken_at, caption), rows in self._rows.items():
            base = Draft(
                kind=self._kind,
                place=rows[0][2],
                native=b"[" + b", ".join(native for _, native, _ in rows) + b"]" if len(rows) > 1 else rows[0][1],
                created=from_iso(taken_at, "unknown"),
                author=self._drafting.author,
                attachments=tuple(self._file(path) for path, _, _ in rows),
                details={FORM: self._form} if self._form else {},
            )
            yield with_handles(with_text(base, caption))

    def _file(self, path: str) -> SourceAttachment:
        return self._drafting.media.attachment(path)


SORTS: Mapping[str, Callable[[First, Member], Reading]] = {
    "first media": First.media,
    "first comments": First.comments,
    "first connections": First.followers,
    "first messages": First.messages,
}
"""How each sort of file is read."""
