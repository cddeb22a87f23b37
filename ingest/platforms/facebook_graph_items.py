"""Posts, comments, reviews and messages as the Graph API answers them (reference of Page, Page Post, Comment).

A nested comment's own bytes are cut out of its post's, so that each record keeps what is its own and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from archive.matching import PLATFORM_SAYS
from archive.records import Audience, Author, Kind, Recipient, Timestamp
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.platforms import facebook_graph_attachments as attachments
from ingest.platforms.facebook_text import hashtags
from ingest.platforms.meta_graph import decoded, fields, inside, split, total
from ingest.platforms.meta_graph_files import without_tokens
from ingest.timestamps import from_iso, from_unix

Drafts = Iterator[Draft | Defect]

VOLATILE = (
    "updated_time", "reactions", "likes", "like_count", "comment_count", "shares", "insights", "comments",
    "attachments", "attachment", "full_picture", "picture", "can_remove", "can_hide", "can_like",
    "can_comment", "can_reply_privately", "user_likes",
)  # fmt: skip
"""Fields of an item that change by themselves, or whose addresses are signed anew in every answer."""


class Items:
    """Makes drafts of one dump's items. Pictures that lie in the backup under their own names are attached."""

    def __init__(self, page_id: str, backup: Backup) -> None:
        self._page_id = page_id
        self.files = attachments.Files(backup)
        self.named = 0
        self.unnamed = 0

    def page(self, item: Mapping[str, Any], native: bytes, place: str) -> Draft:
        """Return the Page itself."""
        kept = ("category", "username", "website", "phone", "description", "mission", "company_overview")
        return Draft(
            kind="profile",
            place=place,
            native=without_tokens(native),
            native_id=_id(item),
            author=Author(str(item.get("name") or ""), str(item.get("username") or ""), str(item["id"]), True),
            title=str(item.get("name") or ""),
            text=str(item.get("about") or ""),
            url=str(item.get("link") or ""),
            details={key: str(item[key]) for key in kept if isinstance(item.get(key), str) and item[key]},
        )

    def post(self, native: bytes, place: str) -> Drafts:
        """Yield a post and all comments nested in it."""
        item, own, edge = split(native, "comments")
        details = _details(item, list(attachments.attached(item)))
        yield replace(self._written("post", item, own, edge, place), audience=_audience(item), details=details)
        yield from self._nested(edge, str(item["id"]), str(item["id"]), place)

    def _written(self, kind: Kind, item: Mapping[str, Any], own: bytes, edge: msgspec.Raw | None, place: str) -> Draft:
        """Return what a post and a comment have in common."""
        text = str(item.get("message") or "")
        parts = list(attachments.attached(item))
        return Draft(
            kind=kind,
            place=place,
            native=without_tokens(own),
            native_id=_id(item),
            created=_moment(item["created_time"]),
            author=self._author(item.get("from")),
            text=text,
            url=str(item.get("permalink_url") or ""),
            attachments=tuple(self.files.named(attachments.names(parts))),
            links=tuple(attachments.links(parts)),
            tags=hashtags(text),
            mentions=_mentions(item),
            metrics=_metrics(item, edge),
        )

    def _nested(self, edge: msgspec.Raw | None, parent: str, thread: str, place: str) -> Drafts:
        """Yield the comments inside a post or comment; one that cannot be read costs itself."""
        for count, native in enumerate(inside(edge), 1):
            where = f"{place}, comment {count}"
            try:
                yield from self.comment(native, where, parent, thread)
            except (ValueError, TypeError, AttributeError, KeyError) as error:
                reason = f"this comment is not what the API gives ({error})"
                yield Defect(where, reason, native=without_tokens(native))

    def comment(self, native: bytes, place: str, parent: str = "", thread: str = "") -> Drafts:
        """Yield a comment and the answers nested in it; ``parent`` and ``thread`` are ids, where it is known."""
        item, own, edge = split(native, "comments")
        answered = item.get("parent")
        thread = thread or self._post_of(str(item["id"]))
        yield replace(
            self._written("comment", item, own, edge, place),
            parent=str(answered["id"]) if isinstance(answered, dict) and answered.get("id") else parent or thread,
            thread=thread,
            audience="hidden" if item.get("is_hidden") is True else "private" if item.get("is_private") else "public",
            details=_written_by(item),
        )
        yield from self._nested(edge, str(item["id"]), thread, place)

    def _post_of(self, native_id: str) -> str:
        """Return the id of the post that a comment's own id names."""
        post = native_id.partition("_")[0]
        return f"{self._page_id}_{post}" if self._page_id and post != native_id else post

    def owner(self, native_id: str) -> tuple[str, str]:
        """Return (parent, thread) of the comments that were fetched of a post or comment."""
        is_post = not self._page_id or native_id.startswith(f"{self._page_id}_") or "_" not in native_id
        if is_post:
            return native_id, native_id
        return native_id, self._post_of(native_id)

    def review(self, native: bytes, place: str) -> Draft:
        """Return a rating or recommendation of the Page."""
        item = decoded(native)
        story = item.get("open_graph_story") or {}
        kept = ("rating", "recommendation_type", "has_rating")
        return Draft(
            kind="review",
            place=place,
            native=without_tokens(native),
            native_id=str(story["id"]) if isinstance(story, dict) and story.get("id") else None,
            created=_moment(item["created_time"]),
            author=self._author(item.get("reviewer")),
            text=str(item.get("review_text") or ""),
            details={key: str(item[key]) for key in kept if item.get(key) not in (None, "")},
        )

    def conversation(self, native: bytes, place: str) -> Drafts:
        """Yield the messages of a conversation with the Page."""
        raw = fields(native)
        thread = str(msgspec.json.decode(raw["id"]))
        for count, inner in enumerate(inside(raw.get("messages")), 1):
            where = f"{place}, message {count}"
            try:
                yield self.message(inner, where, thread)
            except (ValueError, TypeError, AttributeError, KeyError) as error:
                reason = f"this message is not what the API gives ({error})"
                yield Defect(where, reason, native=without_tokens(inner))

    def message(self, native: bytes, place: str, thread: str = "") -> Draft | Defect:
        """Return one message; of one that the API gives no more than the id of, say so."""
        item = decoded(native)
        if set(item) <= {"id", "created_time"}:
            reason = "the API gives the id of this message only: it is not among the last 20 of its conversation"
            return Defect(place, reason, quarantined=False)
        to = [one for one in (item.get("to") or {}).get("data") or () if isinstance(one, dict)]
        return Draft(
            kind="message",
            place=place,
            native=without_tokens(native),
            native_id=_id(item),
            created=_moment(item["created_time"]),
            author=self._author(item.get("from")),
            text=str(item.get("message") or ""),
            thread=thread,
            attachments=tuple(self.files.named(attachments.message_names(item))),
            links=tuple(attachments.message_links(item)),
            audience="private",
            recipients=tuple(_recipient(one) for one in to),
            details=attachments.message_details(item),
        )

    def _author(self, given: Any) -> Author:
        """Return who wrote an item; the API leaves it out where the token may not know."""
        if not isinstance(given, dict):
            self.unnamed += 1
            return Author()
        self.named += 1
        native_id = str(given.get("id") or "")
        return Author(str(given.get("name") or ""), "", native_id, bool(native_id) and native_id == self._page_id)


def _recipient(given: Mapping[str, Any]) -> Recipient:
    return Recipient("member", str(given.get("name") or given.get("username") or ""), str(given.get("id") or ""))


def _id(item: Mapping[str, Any]) -> str:
    value = item["id"]
    if not isinstance(value, str | int):
        raise ValueError(f"the id {value} was rounded by some program")
    return str(value)


def _moment(value: Any) -> Timestamp:
    """Read a time: as the API writes it, or seconds since 1970 where they were asked for (``date_format=U``)."""
    return from_unix(value) if isinstance(value, int) else from_iso(str(value))


def _mentions(item: Mapping[str, Any]) -> tuple[str, ...]:
    named = [one for one in item.get("message_tags") or () if isinstance(one, dict) and not _is_hashtag(one)]
    return tuple(dict.fromkeys(str(one["name"]) for one in named if one.get("name")))


def _is_hashtag(tag: Mapping[str, Any]) -> bool:
    return str(tag.get("name") or "").startswith("#")


def _audience(item: Mapping[str, Any]) -> Audience:
    if item.get("is_published") is False:
        return "draft"
    if item.get("is_hidden") is True or item.get("is_expired") is True:
        return "hidden"
    privacy = (item.get("privacy") or {}).get("value") or "EVERYONE"
    return "public" if privacy == "EVERYONE" else "private"


def _details(item: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> dict[str, str]:
    found = {PLATFORM_SAYS: str(item["story"])} if item.get("story") else {}
    found |= _written_by(item)
    shared = [str(one["title"]) for one in parts if one.get("type") == "share" and one.get("title")]
    return found | ({"shared": "; ".join(shared)} if shared else {})


def _written_by(item: Mapping[str, Any]) -> dict[str, str]:
    """Return who wrote in the Page's name; only those who work on the Page are told."""
    admin = item.get("admin_creator")
    return {"written by": str(admin["name"])} if isinstance(admin, dict) and admin.get("name") else {}


def _metrics(item: Mapping[str, Any], edge: msgspec.Raw | None) -> dict[str, int]:
    found = {key: item[key] for key in ("like_count", "comment_count") if isinstance(item.get(key), int)}
    for key in ("reactions", "likes"):
        given = ((item.get(key) or {}).get("summary") or {}).get("total_count")
        if isinstance(given, int):
            found[key] = given
    shares = (item.get("shares") or {}).get("count")
    if isinstance(shares, int):
        found["shares"] = shares
    told = total(edge)
    return found | ({"comments": told} if isinstance(told, int) else {})


def is_comment(item: Mapping[str, Any]) -> bool:
    """Say whether an item that stands by itself is a comment and not a post."""
    if any(key in item for key in ("status_type", "is_published", "shares", "story", "attachments")):
        return False
    return any(key in item for key in ("comment_count", "like_count", "can_remove", "parent", "object", "attachment"))
