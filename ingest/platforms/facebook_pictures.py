"""Albums, and pictures and videos that no post shows."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, TypeGuard

from msgspec.structs import replace

from ingest.ingestor import Draft
from ingest.json_items import Broken, Item, Reading, items
from ingest.platforms.facebook_drafts import Drafting, moment, with_text
from ingest.platforms.facebook_text import repaired_item


class Pictures:
    """Reads albums and loose pictures; call it after all that may show them in a better place.

    A picture in several places is one record: that of the post, else of the album, else its own. An album's
    pictures share its thread, so that one more of them does not edit the album.
    """

    def __init__(self, drafting: Drafting) -> None:
        self._drafting = drafting

    def album(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield an album's name and description, and then its pictures."""
        item = repaired_item(value, native)
        name = str(item["name"])
        photos = [one for one in items(io.BytesIO(native), after='"photos"') if _is_picture(one)]
        stamps = [int(one.value["creation_timestamp"]) for one in photos if one.value.get("creation_timestamp")]
        changed = moment(item.get("last_modified_timestamp"))
        base = Draft(
            kind="post",
            place=place,
            native=native,
            native_id=f"album {name}",
            created=moment(min(stamps, default=0)) or changed,
            author=self._drafting.author,
            title=name,
            thread=f"album {name}",
        )
        yield with_text(base, str(item.get("description") or ""))
        for one in photos:
            where = f"{place}, photo {one.number}"
            yield from self._picture(repaired_item(one.value, one.native), one.native, where, base.thread)

    def loose(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield a picture or video that nothing else has shown."""
        yield from self._picture(repaired_item(value, native), native, place, "")

    def _picture(self, item: Mapping[str, Any], native: bytes, place: str, thread: str) -> Reading:
        if self._drafting.media.was_shown(str(item["uri"])):
            return
        base = with_text(
            Draft(
                kind="post",
                place=place,
                native=native,
                created=moment(item.get("creation_timestamp")),
                author=self._drafting.author,
                thread=thread,
            ),
            str(item.get("description") or ""),
        )
        yield replace(base, attachments=tuple(self._drafting.picture(item, base.text)))


def _is_picture(one: Item | Broken) -> TypeGuard[Item]:
    return isinstance(one, Item) and isinstance(one.value, dict) and bool(one.value.get("uri"))
