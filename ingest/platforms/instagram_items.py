"""Posts, reels, stories, comments and people of an Instagram export, from 2021 on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from archive.matching import PLATFORM_SAYS
from archive.records import Audience, Author, Kind
from ingest.ingestor import Draft, SourceAttachment
from ingest.json_items import Reading
from ingest.platforms import instagram_values as values
from ingest.platforms.facebook_drafts import Drafting, moment, with_text
from ingest.platforms.facebook_labels import labelled
from ingest.platforms.facebook_text import repaired_item
from ingest.platforms.meta_captions import captions_of

FORM = f"{PLATFORM_SAYS} / form"
"""The detail that tells a reel or a profile picture from other posts: the platform's sorting, which it has changed."""

_ROUTES = ("_u", "_n", "p", "reel", "stories", "accounts", "explore")
_ACCOUNTS = ("instagram.com", "threads.net", "threads.com")


class Media:
    """Reads what an account published, of one kind and audience.

    What stands in two files (a reel among the posts too) is one record, that of the file read first.
    """

    def __init__(self, drafting: Drafting, kind: Kind = "post", audience: Audience = "public", form: str = "") -> None:
        self._drafting = drafting
        self._kind = kind
        self._audience = audience
        self._form = form

    def read(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield one post: with one picture its caption is that picture's, with several its own."""
        item = repaired_item(value, native)
        if "label_values" in item:
            for one in labelled(item, native, place):
                yield self._sorted(self._drafting.from_labels(one, self._kind, self._audience))
            return
        shown = media_of(item)
        if not shown and not item.get("title"):
            raise ValueError("a post has a picture, a video or words")
        if self._was_told(shown, caption_of(item, shown)):
            return
        yield self._sorted(self._draft(item, shown, native, place))

    def _was_told(self, shown: Sequence[Mapping[str, Any]], caption: str) -> bool:
        """Say whether these very pictures were told under this caption, or are told once more without one."""
        media = self._drafting.media
        uris = [str(one["uri"]) for one in shown if one.get("uri")]
        worded = [f"{uri}\n{caption}" for uri in uris]
        if uris and all(map(media.was_shown, worded if caption else uris)):
            return True
        for one in worded:
            media.note(one)
        return False

    def _draft(self, item: Mapping[str, Any], shown: Sequence[Mapping[str, Any]], native: bytes, place: str) -> Draft:
        caption = caption_of(item, shown)
        stamps = [int(one["creation_timestamp"]) for one in shown if one.get("creation_timestamp")]
        base = Draft(
            kind=self._kind,
            place=place,
            native=native,
            created=moment(item.get("creation_timestamp") or min(stamps, default=0)),
            author=self._drafting.author,
            audience=self._audience,
            removed_by="city" if self._audience == "removed" else "",
        )
        return replace(with_handles(with_text(base, caption)), attachments=tuple(self._files(shown, caption)))

    def _sorted(self, draft: Draft) -> Draft:
        return replace(draft, details={**draft.details, FORM: self._form}) if self._form else draft

    def _files(self, shown: Sequence[Mapping[str, Any]], caption: str) -> Iterator[SourceAttachment]:
        for one in shown:
            title = str(one.get("title") or "")
            if one.get("uri"):
                yield self._drafting.media.attachment(str(one["uri"]), title if title != caption else "")
            yield from map(self._drafting.media.attachment, captions_of(one))


def media_of(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the pictures and videos of an item, which may be one itself."""
    return values.listed(item, "media") or ([item] if item.get("uri") else [])


def caption_of(item: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> str:
    """Return an item's caption: its own, or its only picture's."""
    own = str(item.get("title") or "")
    return own or (str(shown[0].get("title") or "") if len(shown) == 1 else "")


def with_handles(draft: Draft) -> Draft:
    """Return a draft with the accounts that its words mention by their handles."""
    found = [word.strip(".,;:!?()\"'’…") for word in draft.text.split() if "@" in word] if "@" in draft.text else []
    handles = [one.rpartition("@")[2] for one in found if one.startswith("@") and len(one) > 1]
    return replace(draft, mentions=tuple(dict.fromkeys((*draft.mentions, *handles))))


class Comments:
    """Reads the account's own comments; whose post they stand under is told by a handle, and no more."""

    def __init__(self, drafting: Drafting) -> None:
        self._drafting = drafting

    def read(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield one comment."""
        item = repaired_item(value, native)
        if "label_values" in item:
            for one in labelled(item, native, place):
                yield self._drafting.from_labels(one, "comment")
            return
        told = values.named(item)
        words, owner = values.in_order(told, ("comment", "media owner"))
        if not told:
            raise ValueError("there are no values")
        uris = [str(one["uri"]) for one in values.listed(item, "media_list_data") if one.get("uri")]
        base = Draft(
            kind="comment",
            place=place,
            native=native,
            created=values.moment(told),
            author=self._drafting.author,
            attachments=tuple(self._drafting.media.attachment(uri) for uri in uris),
            details={"under a post of": owner} if owner else {},
        )
        yield with_handles(with_text(base, words))


class People:
    """Reads lists of people: who follows the account, whom it has blocked or restricted."""

    def __init__(self, drafting: Drafting, list_name: str = "", done: str = "") -> None:
        self._drafting = drafting
        self._list_name = list_name
        self._done = done

    def read(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield one of them: a subscriber, or what the account did to somebody."""
        item = repaired_item(value, native)
        entry = next(iter(values.listed(item)), {})
        handle = handle_of(item, entry)
        if not handle:
            raise ValueError("there is no handle")
        base = Draft(kind="subscriber", place=place, native=native, created=moment(entry.get("timestamp")))
        if self._done:
            yield replace(
                base,
                kind="moderation",
                author=self._drafting.author,
                mentions=(handle,),
                audience="private",
                details={"action": self._done},
            )
            return
        yield replace(base, author=Author(handle=handle), list_name=self._list_name, url=str(entry.get("href") or ""))


def handle_of(item: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """Return a handle: the value, else the title, else the end of the address (``/_u/`` is a route, no handle)."""
    return str(entry.get("value") or item.get("title") or "") or handle_in(str(entry.get("href") or ""))


def handle_in(address: str) -> str:
    """Return the handle that an address of an account ends in, empty if it is no account's."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not (parts.hostname or "").endswith(_ACCOUNTS):
        return ""
    names = [one.removeprefix("@") for one in parts.path.split("/") if one]
    if len(names) == 2 and names[0] in ("_u", "_n"):
        return names[1]
    return names[0] if len(names) == 1 and names[0] not in _ROUTES else ""
