"""Posts of a Facebook export, stories among them, and what became of posts: archived, pending, in the trash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from archive.records import Audience, Author, Kind
from ingest.ingestor import Draft
from ingest.json_items import Reading
from ingest.platforms.facebook_drafts import Drafting, moment
from ingest.platforms.facebook_history import Histories
from ingest.platforms.facebook_labels import labelled
from ingest.platforms.facebook_text import repaired_item

SHAPE = ("timestamp", "data", "attachments", "title")


class Posts:
    """Reads posts of one kind and audience, each with its earlier words where a history tells them."""

    def __init__(
        self, drafting: Drafting, histories: Histories, kind: Kind = "post", audience: Audience = "public"
    ) -> None:
        self._drafting = drafting
        self._histories = histories
        self._kind = kind
        self._audience = audience

    def read(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield the post or posts of one object, in either of Facebook's two styles."""
        item = repaired_item(value, native)
        if "label_values" not in item:
            yield self._histories.told_by(self._classic(item, native, place))
            return
        for one in labelled(item, native, place):
            yield self._histories.told_by(self._drafting.from_labels(one, self._kind, self._audience))

    def by_visitors(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield a post of somebody else on the account's page; who it is only Facebook's sentence tells."""
        yield replace(self._classic(repaired_item(value, native), native, place), author=Author())

    def archived(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield posts without their ids: they are matched to what they were by time."""
        for draft in self.read(value, native, place):
            yield replace(draft, native_id=None) if isinstance(draft, Draft) else draft

    def trashed(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield removed posts.

        In the newer style the trash tells their words and when they went, not when they were written; in the
        classic style it is the other way round.
        """
        item = repaired_item(value, native)
        if "label_values" not in item:
            yield replace(self._histories.told_by(self._classic(item, native, place)), removed_by="city")
            return
        for one in labelled(item, native, place):
            post = self._drafting.from_labels(one, self._kind, self._audience)
            gone = next(iter(one.moments), None)
            removed = replace(post, native_id=None, created=None, removed=gone, removed_by="city")
            yield self._histories.told_by(removed)

    def _classic(self, item: Mapping[str, Any], native: bytes, place: str) -> Draft:
        if not any(key in item for key in SHAPE):
            raise ValueError("a post has a time, words or something attached")
        parts = [one for one in item.get("data") or () if isinstance(one, dict)]
        created = moment(item.get("timestamp"))
        updated = moment(next((one["update_timestamp"] for one in parts if one.get("update_timestamp")), None))
        later = updated and created and updated.at and created.at and updated.at > created.at
        base = Draft(
            kind=self._kind,
            place=place,
            native=native,
            created=created,
            edited=updated if later else None,
            author=self._drafting.author,
            audience=self._audience,
        )
        return self._drafting.written(base, item, "\n".join(str(one["post"]) for one in parts if one.get("post")))
