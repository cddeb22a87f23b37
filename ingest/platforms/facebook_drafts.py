"""What drafts of a Facebook export have in common, in either of its two styles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from archive.matching import PLATFORM_SAYS
from archive.records import Audience, Author, Kind, Timestamp
from ingest.ingestor import Draft, SourceAttachment
from ingest.platforms.facebook_labels import Labelled
from ingest.platforms.facebook_media import Media
from ingest.platforms.facebook_text import hashtags, rendered
from ingest.platforms.meta_captions import captions_of
from ingest.timestamps import from_unix

NO_ADDRESS = ("", "http://0.0.0.0/")
"""What stands in place of a shared address that Facebook does not tell."""

PLACE_KEYS = ("name", "address", "url")
"""What is told of a place; its coordinates are in the native bytes only."""


_OWN_ADDRESS = re.compile(r"https?://([a-z]+\.)?facebook\.com/")


class Drafting:
    """Makes drafts for one export. ``author`` is the account itself."""

    def __init__(self, author: Author, media: Media) -> None:
        self.author = author
        self.media = media

    def by(self, name: object) -> Author:
        """Return who is meant by a name: the account, which may have a handle too, or somebody else."""
        return self.author if not name or name in (self.author.name, self.author.handle) else Author(str(name))

    def written(self, base: Draft, item: Mapping[str, Any], text: str) -> Draft:
        """Return a draft with a text and what is attached to it, in the classic style."""
        attached = _attached(item)
        worded = with_text(base, text)
        return replace(
            worded,
            mentions=(*worded.mentions, *_tagged(item.get("tags"))),
            attachments=tuple(self._pictures(attached, worded.text)),
            links=tuple(_links(attached)),
            details=says(item.get("title")) | _details(attached) | dict(base.details),
        )

    def _pictures(self, attached: list[Mapping[str, Any]], text: str) -> Iterator[SourceAttachment]:
        for one in attached:
            media = one.get("media")
            if isinstance(media, dict) and media.get("uri"):
                yield from self.picture(media, text)

    def picture(self, media: Mapping[str, Any], text: str) -> Iterator[SourceAttachment]:
        """Yield a media file and its captions; a description that repeats the text describes nothing."""
        description = rendered(str(media.get("description") or ""))[0]
        yield self.media.attachment(str(media["uri"]), description if description != text else "")
        yield from map(self.media.attachment, captions_of(media))

    def from_labels(self, one: Labelled, kind: Kind, audience: Audience = "public") -> Draft:
        """Return a draft of a record in the newer style; its labels are what the platform says."""
        url = next((url for url in one.urls if _OWN_ADDRESS.match(url)), "")
        base = Draft(
            kind=kind,
            place=one.place,
            native=one.native,
            native_id=one.native_id or None,
            created=one.created or next(iter(one.moments), None),
            author=self.author,
            url=url,
            links=tuple(link for link in one.urls if link != url and link not in NO_ADDRESS),
            details=says(one.title) | {key: value for key, value in one.details.items() if value != one.text},
            audience=audience,
        )
        worded = with_text(base, one.text)
        attachments = tuple(
            self.media.attachment(uri, alt if alt not in (one.text, worded.text) else "") for uri, alt in one.media
        )
        return replace(worded, attachments=attachments)


def with_text(draft: Draft, text: str) -> Draft:
    """Return a draft with these words, and what they mention and are tagged with."""
    shown, mentions = rendered(text)
    return replace(draft, text=shown, mentions=mentions, tags=hashtags(shown))


def says(title: object) -> dict[str, str]:
    """Return Facebook's own sentence as a detail."""
    return {PLATFORM_SAYS: str(title)} if title else {}


def moment(value: object) -> Timestamp | None:
    """Return seconds since 1970 as a timestamp, None for nothing."""
    return from_unix(value) if value else None


def inner(item: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Return the first object under one of these keys in an item's ``data``; empty if there is none."""
    for one in item.get("data") or ():
        for key in keys:
            if isinstance(one, dict) and isinstance(one.get(key), dict):
                found: Mapping[str, Any] = one[key]
                return found
    return {}


def _attached(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    groups = (one for one in item.get("attachments") or () if isinstance(one, dict))
    return [one for group in groups for one in group.get("data") or () if isinstance(one, dict)]


def _tagged(tags: Any) -> tuple[str, ...]:
    found = (one.get("name") if isinstance(one, dict) else one for one in tags or ())
    return tuple(str(one) for one in found if one)


def _links(attached: list[Mapping[str, Any]]) -> Iterator[str]:
    for one in attached:
        shared = one.get("external_context")
        if isinstance(shared, dict) and str(shared.get("url") or "") not in NO_ADDRESS:
            yield str(shared["url"])


def _details(attached: list[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in attached:
        for key, name in (("external_context", "shared"), ("event", "event")):
            told = one.get(key)
            if isinstance(told, dict) and told.get("name"):
                found[name] = str(told["name"])
        found |= place_details(one.get("place"))
        if one.get("text"):
            found["with it"] = str(one["text"])
    return found


def place_details(place: object) -> dict[str, str]:
    """Return what is told of a place, without its coordinates."""
    if not isinstance(place, dict):
        return {}
    return {f"place {key}": str(place[key]) for key in PLACE_KEYS if place.get(key)}
