"""Media, comments and messages of Instagram as the Graph API answers them (reference of IG User, Media, Comment)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Author
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.platforms import facebook_graph_items
from ingest.platforms.facebook_text import hashtags
from ingest.platforms.instagram_items import FORM, with_handles
from ingest.platforms.meta_graph import inside, split
from ingest.platforms.meta_graph_files import without_tokens
from ingest.timestamps import from_iso

Drafts = Iterator[Draft | Defect]

VOLATILE = (
    "like_count", "comments_count", "view_count", "media_url", "thumbnail_url", "children", "comments", "replies",
    "insights", "boost_eligibility_info", "profile_picture_url", "followers_count", "follows_count", "media_count",
)  # fmt: skip
"""Fields that change by themselves, or whose addresses are signed anew in every answer."""

COUNTS = ("like_count", "comments_count", "view_count")
ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "mp4", "mov")
"""How a picture or video is named that was saved under the id of its post, or of the part of it."""


class Items(facebook_graph_items.Items):
    """Makes drafts of one dump's items; conversations are Messenger's.

    ``told`` and ``here`` count the comments of each post: as Instagram counts them, and as they are in the dump.
    """

    def __init__(self, page_id: str, username: str, backup: Backup) -> None:
        super().__init__(page_id, backup)
        self._username = username
        self.told: Counter[str] = Counter()
        self.here: Counter[str] = Counter()

    def user(self, item: Mapping[str, Any], native: bytes, place: str) -> Draft:
        """Return the account itself."""
        base = Draft(
            kind="profile",
            place=place,
            native=without_tokens(native),
            native_id=str(item["id"]),
            author=Author(str(item.get("name") or ""), str(item.get("username") or ""), str(item["id"]), True),
            title=str(item.get("name") or ""),
            text=str(item.get("biography") or ""),
            links=(str(item["website"]),) if item.get("website") else (),
            metrics=_counts(item, ("followers_count", "follows_count", "media_count")),
        )
        return with_handles(base)

    def media(self, native: bytes, place: str, of: str = "") -> Drafts:
        """Yield a post or story and the comments nested in it; ``of`` is the list it stands in, if not the own one."""
        item, own, edge = split(native, "comments")
        text = str(item.get("caption") or "")
        is_story = of == "stories" or item.get("media_product_type") == "STORY"
        author = self._author(item)
        base = Draft(
            kind="story" if is_story else "post",
            place=place,
            native=without_tokens(own),
            native_id=_id(item),
            created=from_iso(str(item["timestamp"])),
            author=author if author.handle or of in ("tags", "mentioned") else Author("", self._username, "", True),
            text=text,
            url=str(item.get("permalink") or ""),
            attachments=tuple(self.files.named(_names(item))),
            tags=hashtags(text),
            details=_details(item),
            metrics=_counts(item, COUNTS),
        )
        yield with_handles(base)
        if isinstance(item.get("comments_count"), int):
            self.told[_id(item)] = item["comments_count"]
        for count, inner in enumerate(inside(edge), 1):
            yield from self._guarded(inner, f"{place}, comment {count}", _id(item), _id(item))

    def _guarded(self, native: bytes, place: str, parent: str, thread: str) -> Drafts:
        """Yield a nested comment; one that cannot be read costs itself."""
        try:
            yield from self.comment(native, place, parent, thread)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            yield Defect(place, f"this comment is not what the API gives ({error})", native=without_tokens(native))

    def comment(self, native: bytes, place: str, parent: str = "", thread: str = "") -> Drafts:
        """Yield a comment and the replies nested in it; ``parent`` and ``thread`` are ids, where they are known."""
        item, own, edge = split(native, "replies")
        media = item.get("media")
        thread = thread or (str(media["id"]) if isinstance(media, dict) and media.get("id") else "")
        text = str(item.get("text") or "")
        self.here[thread] += 1
        base = Draft(
            kind="comment",
            place=place,
            native=without_tokens(own),
            native_id=_id(item),
            created=from_iso(str(item["timestamp"])),
            author=self._author(item),
            text=text,
            parent=str(item.get("parent_id") or parent or thread),
            thread=thread,
            audience="hidden" if item.get("hidden") is True else "public",
            tags=hashtags(text),
            metrics=_counts(item, ("like_count",)),
        )
        yield with_handles(base)
        for count, inner in enumerate(inside(edge), 1):
            yield from self._guarded(inner, f"{place}, reply {count}", _id(item), thread)

    def owner(self, native_id: str, place: str = "") -> tuple[str, str]:
        """Return (parent, thread) of comments that were fetched by themselves, by their file's name."""
        return (native_id, "") if "_replies" in place else (native_id, native_id)

    def _author(self, given: Any) -> Author:
        """Return who wrote an item: by ``from``, or by the handle beside it, which the token may not know."""
        told: Mapping[str, Any] = given if isinstance(given, dict) else {}
        inner = told.get("from")
        sender: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
        handle = str(sender.get("username") or told.get("username") or "")
        native_id = str(sender.get("id") or ("" if "timestamp" in told else told.get("id")) or "")
        self.named += bool(handle)
        self.unnamed += not handle
        mine = (
            handle.casefold() == self._username.casefold() if handle else bool(native_id) and native_id == self._page_id
        )
        return Author("", handle, native_id, mine)


def missing_comments(items: Items) -> list[str]:
    """Return the posts of which Instagram counts more comments than are here."""
    return sorted(one for one, count in items.told.items() if items.here[one] < count)


def is_comment(item: Mapping[str, Any]) -> bool:
    """Say whether an item that stands by itself is a comment and no post."""
    return any(key in item for key in ("text", "hidden", "parent_id")) and "media_type" not in item


def _id(item: Mapping[str, Any]) -> str:
    value = item["id"]
    if not isinstance(value, str | int):
        raise ValueError(f"the id {value} was rounded by some program")
    return str(value)


def _counts(item: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, int]:
    return {name: item[name] for name in names if isinstance(item.get(name), int)}


def _details(item: Mapping[str, Any]) -> dict[str, str]:
    found = {FORM: "reel"} if item.get("media_product_type") == "REELS" else {}
    if item.get("alt_text"):
        found["alt text"] = str(item["alt_text"])
    return found | ({"comments": "turned off"} if item.get("is_comment_enabled") is False else {})


def _names(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield under which names the pictures of a post may lie in the dump: as their addresses end, or by id."""
    children = item.get("children")
    inner = children.get("data") if isinstance(children, dict) else None
    for one in (item, *(part for part in (inner if isinstance(inner, list) else []) if isinstance(part, dict))):
        for key in ("media_url", "thumbnail_url"):
            yield str(one.get(key) or "").partition("?")[0].rpartition("/")[2]
        yield from (f"{one.get('id')}.{ending}" for ending in ENDINGS)
