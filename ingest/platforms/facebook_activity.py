"""What an account did besides posting: comments, reactions, events, reviews, and moderating its groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from archive.matching import PLATFORM_SAYS
from archive.records import Audience, Kind
from ingest.ingestor import Draft
from ingest.json_items import Reading
from ingest.platforms.facebook_drafts import Drafting, inner, moment, place_details, says, with_text
from ingest.platforms.facebook_history import Histories
from ingest.platforms.facebook_labels import Labelled, labelled
from ingest.platforms.facebook_text import repaired_item

REVIEW_WORDS = ("review_text", "text", "message", "comment", "recommendation_text")
REVIEW_DETAILS = ("rating", "rating_scale", "recommendation_type", "location")


class Activity:
    """Reads the account's own activity; ``histories`` are those of its comments."""

    def __init__(self, drafting: Drafting, histories: Histories) -> None:
        self._drafting = drafting
        self._histories = histories
        self._announced: set[tuple[str, str]] = set()

    def comment(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield a comment of the account's own; what it answers is only told by Facebook's sentence."""
        item = repaired_item(value, native)
        if "label_values" in item:
            for one in labelled(item, native, place):
                yield self._histories.told_by(self._drafting.from_labels(one, "comment"))
            return
        said = inner(item, "comment")
        base = Draft(
            kind="comment",
            place=place,
            native=native,
            created=moment(item.get("timestamp") or said["timestamp"]),
            author=self._drafting.by(said.get("author")),
            details={"group": str(said["group"])} if said.get("group") else {},
        )
        yield self._histories.told_by(self._drafting.written(base, item, str(said.get("comment") or "")))

    def reaction(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield what the account liked."""
        item = repaired_item(value, native)
        if "label_values" in item:
            for one in labelled(item, native, place):
                yield self._worded_by_the_platform(one, "reaction", "public")
            return
        given = inner(item, "reaction")
        yield Draft(
            kind="reaction",
            place=place,
            native=native,
            created=moment(item["timestamp"]),
            author=self._drafting.by(given.get("actor")),
            text=str(given.get("reaction") or ""),
            details=says(item.get("title")),
        )

    def moderation(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield what the account did as the moderator of a group."""
        item = repaired_item(value, native)
        for one in labelled(item, native, place):
            yield self._worded_by_the_platform(one, "moderation", "private")

    def _worded_by_the_platform(self, one: Labelled, kind: Kind, audience: Audience) -> Draft:
        """Return a draft whose words are the interface's, in its language: they are details."""
        draft = self._drafting.from_labels(one, kind, audience)
        return replace(draft, text="", mentions=(), tags=(), details=says(one.title) | dict(one.details))

    def event(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield an event that the account announced."""
        item = repaired_item(value, native)
        if "label_values" in item:
            for one in labelled(item, native, place):
                yield self._labelled_event(one)
            return
        starts = item.get("start_timestamp")
        title = str(item.get("name") or item["title"])
        self._announced |= {(title, str(starts)), (title, str(item.get("create_timestamp")))}
        base = Draft(
            kind="event",
            place=place,
            native=native,
            created=moment(item.get("create_timestamp") or starts),
            author=self._drafting.author,
            title=title,
            details=_times(item) | place_details(item.get("place")),
        )
        yield with_text(base, str(item.get("description") or ""))

    def hosted(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield an event of the second list that Facebook keeps of them, unless the first one has told it."""
        item = repaired_item(value, native)
        title = str(item.get("name") or item.get("title") or "")
        if (title, str(item.get("timestamp") or item.get("start_timestamp"))) in self._announced:
            return
        if "label_values" in item or "timestamp" not in item:
            yield from self.event(value, native, place)
            return
        yield Draft(
            kind="event",
            place=place,
            native=native,
            native_id=str(item.get("fbid") or "") or None,
            created=moment(item["timestamp"]),
            author=self._drafting.author,
            title=title,
        )

    def _labelled_event(self, one: Labelled) -> Draft:
        draft = self._drafting.from_labels(one, "event")
        details = {key: value for key, value in draft.details.items() if key != PLATFORM_SAYS}
        return replace(draft, title=one.title, details=details) if one.title else draft

    def review(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield a review or recommendation."""
        item = repaired_item(value, native)
        if "label_values" in item:
            for one in labelled(item, native, place):
                yield self._drafting.from_labels(one, "review")
            return
        told = inner(item, "review", "recommendation") or item
        base = Draft(
            kind="review",
            place=place,
            native=native,
            created=moment(item.get("timestamp") or told["timestamp"]),
            author=self._drafting.by(told.get("author") or told.get("reviewer")),
            details=says(item.get("title"))
            | {key: str(told[key]) for key in REVIEW_DETAILS if isinstance(told.get(key), str | int | float)},
        )
        yield with_text(base, str(next((told[key] for key in REVIEW_WORDS if told.get(key)), "")))


def _times(item: Mapping[str, Any]) -> dict[str, str]:
    told = (("starts", moment(item.get("start_timestamp"))), ("ends", moment(item.get("end_timestamp"))))
    return {name: one.at.isoformat() for name, one in told if one is not None and one.at is not None}
