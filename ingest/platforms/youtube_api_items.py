"""Items of the YouTube Data API v3 (reference of commentThread, comment, video, channel, caption, liveChatMessage)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from archive.records import Audience, Author, Timestamp
from ingest.ingestor import Draft, SourceAttachment
from ingest.json_items import Reading
from ingest.platforms.answers import Piece, decoded, elements, parts
from ingest.timestamps import from_iso, from_unix_ms

WATCH = "https://www.youtube.com/watch?v="
SUBSCRIBERS = "subscribers"
"""Muniment's own name for the list of a channel's subscribers."""

HELD: dict[str, Audience] = {"heldForReview": "hidden", "likelySpam": "spam", "rejected": "removed"}
"""Who can see a comment, by its moderation status; ``published`` is public."""

VOLATILE = ("etag", "statistics", "likeCount", "canRate", "viewerRating", "authorProfileImageUrl", "thumbnails")
"""Fields of an item or its snippet that move by themselves."""


class Items:
    """Makes drafts of one dump's items.

    ``owner`` is the channel's id, ``files`` what lies beside the answers for each video: the video, its captions.
    ``video_of`` gives the video of a thread, which replies that were fetched by themselves do not tell.
    """

    def __init__(
        self, owner: str, files: Mapping[str, tuple[SourceAttachment, ...]], video_of: Mapping[str, str]
    ) -> None:
        self._owner = owner
        self._files = files
        self._video_of = video_of

    def read(self, piece: Piece, held: str = "") -> Reading:
        """Read one item by its kind; ``held`` is the moderation status that its file was asked for."""
        kind = str(piece.value["kind"]).removeprefix("youtube#")
        if kind == "commentThread":
            yield from self._thread(piece, held)
        elif kind == "comment":
            yield self._comment(piece, held)
        elif kind in READERS:
            yield READERS[kind](self, piece)

    def _thread(self, piece: Piece, held: str) -> Reading:
        """Yield a thread's first comment and the replies that are in it, each with its own bytes."""
        about, fields = piece.value["snippet"], parts(piece.native)
        video = str(about.get("videoId") or "")
        first = Piece(about["topLevelComment"], parts(fields["snippet"])["topLevelComment"], piece.place)
        yield self._comment(first, held, video, about.get("totalReplyCount"))
        inside = (piece.value.get("replies") or {}).get("comments") or []
        own = elements(parts(fields["replies"])["comments"]) if inside else []
        for number, (reply, native) in enumerate(zip(inside, own, strict=True), 1):
            yield self._comment(Piece(reply, native, f"{piece.place}, reply {number}"), "", video)

    def _comment(self, piece: Piece, held: str, video: str = "", replies: Any = None) -> Draft:
        native_id, said = str(piece.value["id"]), piece.value["snippet"]
        thread = str(said.get("parentId") or native_id.rpartition(".")[0])
        video = str(said.get("videoId") or video or self._video_of.get(thread, ""))
        status = str(said.get("moderationStatus") or held)
        published, updated = said.get("publishedAt"), said.get("updatedAt")
        return Draft(
            kind="comment",
            place=piece.place,
            native=piece.native,
            native_id=native_id,
            created=_moment(published),
            edited=_moment(updated) if updated != published else None,
            author=self._author(said),
            text=_text(said),
            parent=thread or video,
            thread=video,
            url=f"{WATCH}{video}&lc={native_id}" if video else "",
            audience=HELD.get(status, "public"),
            removed_by="city" if status == "rejected" else "",
            details={"moderation": status} if status in HELD else {},
            metrics=_counts({"likes": said.get("likeCount"), "replies": replies}),
        )

    def _author(self, said: Mapping[str, Any]) -> Author:
        channel = said.get("authorChannelId")
        native_id = str(channel.get("value") or "") if isinstance(channel, dict) else ""
        name = str(said.get("authorDisplayName") or "")
        handle = name if name.startswith("@") else ""
        return Author(name, handle, native_id, is_account=bool(native_id) and native_id == self._owner)

    def _video(self, piece: Piece) -> Draft:
        item, about = piece.value, piece.value["snippet"]
        native_id = str(item["id"])
        status = item.get("status") or {}
        channel = str(about.get("channelId") or "")
        return Draft(
            kind="post",
            place=piece.place,
            native=piece.native,
            native_id=native_id,
            created=_moment(about.get("publishedAt")),
            author=Author(str(about.get("channelTitle") or ""), "", channel, channel == self._owner),
            title=str(about.get("title") or ""),
            text=str(about.get("description") or ""),
            url=WATCH + native_id,
            attachments=self._files.get(native_id, ()),
            tags=tuple(str(one) for one in about.get("tags") or ()),
            audience=_audience(status),
            removed_by="platform" if status.get("uploadStatus") == "rejected" else "",
            details=_video_details(item, status),
            metrics=_counts(item.get("statistics") or {}),
        )

    def _channel(self, piece: Piece) -> Draft:
        item, about = piece.value, piece.value["snippet"]
        native_id, handle = str(item["id"]), str(about.get("customUrl") or "")
        branding = (item.get("brandingSettings") or {}).get("channel") or {}
        kept = {"country": about.get("country"), "keywords": branding.get("keywords")}
        if isinstance(branding.get("moderateComments"), bool):
            kept["comments are reviewed first"] = "yes" if branding["moderateComments"] else "no"
        return Draft(
            kind="profile",
            place=piece.place,
            native=piece.native,
            native_id=native_id,
            author=Author(str(about.get("title") or ""), handle, native_id, native_id == self._owner),
            title=str(about.get("title") or ""),
            text=str(about.get("description") or ""),
            url=f"https://www.youtube.com/{handle or f'channel/{native_id}'}",
            details={name: str(value) for name, value in kept.items() if value},
            metrics=_counts(item.get("statistics") or {}),
        )

    def _subscription(self, piece: Piece) -> Draft:
        person = piece.value["subscriberSnippet"]
        native_id = str(person["channelId"])
        return Draft(
            kind="subscriber",
            place=piece.place,
            native=piece.native,
            native_id=native_id,
            created=_moment((piece.value.get("snippet") or {}).get("publishedAt")),
            author=Author(str(person.get("title") or ""), "", native_id),
            url=f"https://www.youtube.com/channel/{native_id}",
            list_name=SUBSCRIBERS,
        )

    def _chat(self, piece: Piece) -> Draft:
        said, person = piece.value["snippet"], piece.value.get("authorDetails") or {}
        native_id = str(said.get("authorChannelId") or person.get("channelId") or "")
        sort = str(said.get("type") or "")
        moderated = sort in ("messageDeletedEvent", "userBannedEvent", "tombstone")
        return Draft(
            kind="moderation" if moderated else "comment",
            place=piece.place,
            native=piece.native,
            native_id=str(piece.value["id"]),
            created=_moment(said.get("publishedAt")),
            author=Author(str(person.get("displayName") or ""), "", native_id, native_id == self._owner),
            text=str(said.get("displayMessage") or (said.get("textMessageDetails") or {}).get("messageText") or ""),
            thread=str(said.get("liveChatId") or ""),
            audience="private" if moderated else "public",
            details={"live chat": "yes"} | _chat_details(sort, said),
        )


READERS: dict[str, Callable[[Items, Piece], Draft]] = {
    "video": Items._video,
    "channel": Items._channel,
    "subscription": Items._subscription,
    "liveChatMessage": Items._chat,
}
"""Readers of the kinds of which each item is one record."""


def settled(native: bytes) -> bytes:
    """Return an item's bytes without what moves by itself."""
    try:
        item = decoded(native)
        about = {key: one for key, one in item["snippet"].items() if key not in VOLATILE}
        kept = {key: one for key, one in item.items() if key not in VOLATILE}
        return msgspec.json.encode(kept | {"snippet": about}, order="sorted")
    except (ValueError, TypeError, AttributeError, KeyError):
        return native


def _moment(value: Any) -> Timestamp | None:
    if not value:
        return None
    return from_unix_ms(value) if isinstance(value, int) else from_iso(str(value))


def _text(said: Mapping[str, Any]) -> str:
    """Return the words as they were typed; others' are given only as they are shown, which may be HTML."""
    original = said.get("textOriginal")
    if original is not None:
        return str(original)
    shown = str(said.get("textDisplay") or "")
    if "<" not in shown and "&" not in shown:
        return shown
    from ingest.text import html_to_text

    return html_to_text(shown)


def _audience(status: Mapping[str, Any]) -> Audience:
    """Return who can see a video; without a status the API gives public ones only, but to its owner all."""
    if status.get("uploadStatus") in ("deleted", "failed", "rejected"):
        return "removed"
    if status.get("privacyStatus") == "private":
        return "draft" if status.get("publishAt") else "private"
    return "public"


def _video_details(item: Mapping[str, Any], status: Mapping[str, Any]) -> dict[str, str]:
    about, live = item["snippet"], item.get("liveStreamingDetails") or {}
    found = {
        "privacy": status.get("privacyStatus"),
        "to be published": status.get("publishAt"),
        "upload": status.get("uploadStatus") if status.get("uploadStatus") != "processed" else "",
        "refused for": status.get("rejectionReason"),
        "duration": (item.get("contentDetails") or {}).get("duration"),
        "language": about.get("defaultAudioLanguage") or about.get("defaultLanguage"),
        "live from": live.get("actualStartTime"),
        "live until": live.get("actualEndTime"),
        "recorded": (item.get("recordingDetails") or {}).get("recordingDate"),
    }
    return {name: str(value) for name, value in found.items() if value}


def _chat_details(sort: str, said: Mapping[str, Any]) -> dict[str, str]:
    found = {} if sort in ("", "textMessageEvent") else {"event": sort}
    deleted = (said.get("messageDeletedDetails") or {}).get("deletedMessageId")
    banned = (said.get("userBannedDetails") or {}).get("bannedUserDetails") or {}
    paid = (said.get("superChatDetails") or {}).get("amountDisplayString")
    named = {"message": deleted, "person": banned.get("displayName") or banned.get("channelId"), "price": paid}
    return found | {name: str(value) for name, value in named.items() if value}


def _counts(given: Mapping[str, Any]) -> dict[str, int]:
    """Return the counts among values, which the API writes as numbers or as their text."""
    return {name: int(value) for name, value in given.items() if str(value).isdigit()}
