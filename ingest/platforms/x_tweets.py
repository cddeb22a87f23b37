"""One post of an X archive, of any generation, as a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import unescape
from typing import Any

from archive.records import Author, Timestamp
from archive.version_digest import stored_time
from ingest.backup import Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.platforms.x_account import XAccount, snowflake_time
from ingest.timestamps import day_only, from_iso, from_twitter

ZEROED_UNTIL = "2010-11-30"
"""Archives of 2012–18 give every post before early November 2010 the time 00:00:00."""

TRUNCATED_FROM = 140
"""Code points from which a post may be the beginning of a longer note."""


class Tweets:
    """Makes drafts of one archive's posts. ``media`` maps file names to members, ``notes`` are long texts."""

    def __init__(self, account: XAccount, media: Mapping[str, Member], notes: Notes) -> None:
        self._account = account
        self._author = account.author()
        self._url = f"https://x.com/{account.handle or 'i'}/status/"
        self._media = media
        self._notes = notes

    def draft(self, tweet: Mapping[str, Any], native: bytes, place: str) -> Draft:
        """Return the draft of one post; raises ValueError if it has no id."""
        native_id = _id(tweet, "id")
        if not native_id:
            raise ValueError("a post without an id")
        created = _created(str(tweet.get("created_at", "")))
        initial, edited = _edit(tweet, native_id, created)
        if edited is not None:
            created = Timestamp(snowflake_time(initial) or created.at, "", created.precision, "format")
        text, links = _text(tweet)
        note = self._notes.take(created if edited is None else edited, text)
        if note is not None:
            text, links, native = note[0], links or note[1], native + b"\n" + note[2]
        removed = tweet.get("deleted_at")
        entities: Mapping[str, Any] = tweet.get("entities") or {}
        return Draft(
            kind="post",
            place=place,
            native=native,
            native_id=initial,
            revision=native_id if edited is not None else "",
            created=created,
            edited=edited,
            removed=_created(str(removed)) if removed else None,
            author=self._by(tweet),
            text=text,
            parent=_id(tweet, "in_reply_to_status_id"),
            url=self._url + native_id,
            attachments=self._attachments(tweet, native_id),
            links=links,
            tags=tuple(str(one.get("text", "")) for one in entities.get("hashtags") or ()),
            mentions=tuple(str(one.get("screen_name", "")) for one in entities.get("user_mentions") or ()),
            audience="removed" if removed else "public",
            details=_details(tweet),
            metrics=_metrics(tweet),
        )

    def _by(self, tweet: Mapping[str, Any]) -> Author:
        user = tweet.get("user")
        if not isinstance(user, dict) or not user.get("screen_name"):
            return self._author
        native_id = _id(user, "id")
        own = not self._account.native_id or native_id == self._account.native_id
        return Author(str(user.get("name", "")), str(user["screen_name"]), native_id, is_account=own)

    def _attachments(self, tweet: Mapping[str, Any], native_id: str) -> tuple[SourceAttachment, ...]:
        extended = tweet.get("extended_entities")
        media = (extended or tweet.get("entities") or {}).get("media")
        if not media:
            return ()
        return tuple(self._attachment(one, native_id) for one in media if isinstance(one, dict))

    def _attachment(self, one: Mapping[str, Any], native_id: str) -> SourceAttachment:
        names = [f"{native_id}-{name}" for name in _media_names(one)]
        alt = str(one.get("ext_alt_text") or "")
        for name in names:
            if name in self._media:
                return SourceAttachment(name, member=self._media[name], alt=alt)
        return SourceAttachment(names[0] if names else native_id, alt=alt)


def _id(item: Mapping[str, Any], name: str) -> str:
    """Return an id as text; older archives also carry numbers, which Python reads exactly."""
    value = item.get(f"{name}_str") or item.get(name)
    return "" if value is None else str(value)


def _created(raw: str) -> Timestamp:
    if len(raw) == 30:
        return from_twitter(raw)
    moment = from_iso(raw)
    if raw[11:19] == "00:00:00" and raw < ZEROED_UNTIL:
        return day_only(moment)
    return moment


def _edit(tweet: Mapping[str, Any], native_id: str, created: Timestamp) -> tuple[str, Timestamp | None]:
    """Return the id of the first of a post's edits and, if there are several, when this one was made."""
    info = tweet.get("edit_info")
    if not isinstance(info, dict):
        return native_id, None
    edit = info.get("edit")
    if isinstance(edit, dict) and edit.get("initialTweetId"):
        return str(edit["initialTweetId"]), created
    initial = info.get("initial")
    chain = initial.get("editTweetIds") if isinstance(initial, dict) else None
    return native_id, created if isinstance(chain, list) and len(chain) > 1 else None


def _text(tweet: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the text as a reader saw it, and its links: entities unescaped, t.co addresses expanded."""
    text = str(tweet.get("full_text") or tweet.get("text") or "")
    if "&" in text:
        text = unescape(text)
    entities: Mapping[str, Any] = tweet.get("entities") or {}
    links: tuple[str, ...] = ()
    if urls := entities.get("urls"):
        text, links = expanded(text, urls)
    for one in entities.get("media") or ():
        if address := str(one.get("url") or ""):
            text = text.replace(address, "").rstrip()
    return text, links


def expanded(text: str, urls: Sequence[Mapping[str, Any]]) -> tuple[str, tuple[str, ...]]:
    """Return the text with short addresses replaced by what they lead to, and those addresses."""
    links: list[str] = []
    for one in urls:
        target = str(one.get("expanded_url") or one.get("expanded") or one.get("url") or "")
        short = str(one.get("url") or "")
        if target:
            links.append(target)
            if short:
                text = text.replace(short, target)
    return text, tuple(links)


def _media_names(one: Mapping[str, Any]) -> list[str]:
    """Return the file names that one media entity may have: its best video, then its picture."""
    variants = (one.get("video_info") or {}).get("variants") or []
    videos = [v for v in variants if isinstance(v, dict) and v.get("content_type") == "video/mp4"]
    videos.sort(key=lambda v: -int(v.get("bitrate") or 0))
    addresses = [str(v.get("url", "")) for v in videos]
    addresses.append(str(one.get("media_url_https") or one.get("media_url") or ""))
    return [name for address in addresses if (name := address.split("?")[0].rsplit("/", 1)[-1])]


def _details(tweet: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    original = tweet.get("retweeted_status")
    if isinstance(original, dict):
        found["retweet_of"] = _id(original, "id")
    if answered := tweet.get("in_reply_to_screen_name"):
        found["in_reply_to"] = f"@{answered}"
    if tweet.get("possibly_sensitive") is True:
        found["possibly_sensitive"] = "yes"
    return found


def _metrics(tweet: Mapping[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in ("favorite_count", "retweet_count"):
        value = tweet.get(name)
        if value is not None and str(value).isdigit():
            found[name] = int(value)
    return found


class Notes:
    """The long texts of ``note-tweet.js``: nothing but time and beginning ties them to their posts."""

    def __init__(self) -> None:
        self._by_second: dict[str, list[tuple[str, tuple[str, ...], bytes, str, Timestamp]]] = {}

    def add(self, note: Mapping[str, Any], native: bytes) -> None:
        """Keep one note until its post comes by."""
        core: Mapping[str, Any] = note.get("core") or {}
        created = from_iso(str(note.get("createdAt", "")))
        text, links = expanded(unescape(str(core.get("text", ""))), _note_urls(core))
        entry = (text, links, native, str(note.get("noteTweetId", "")), created)
        self._by_second.setdefault(_second(created.at), []).append(entry)

    def take(self, created: Timestamp | None, text: str) -> tuple[str, tuple[str, ...], bytes] | None:
        """Return and remove the note that a post is the beginning of (text, links, native), if any."""
        if not self._by_second or len(text) < TRUNCATED_FROM or created is None:
            return None
        beginning = _beginning(text)
        entries = self._by_second.get(_second(created.at), [])
        for position, entry in enumerate(entries):
            if _folded(entry[0]).startswith(beginning):
                del entries[position]
                return entry[:3]
        return None

    def rest(self) -> list[tuple[str, tuple[str, ...], bytes, str, Timestamp]]:
        """Return the notes that no post took: (text, links, native, id, created)."""
        return [entry for second in sorted(self._by_second) for entry in self._by_second[second]]


def _note_urls(core: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"url": one.get("shortUrl"), "expanded_url": one.get("expandedUrl")}
        for one in core.get("urls") or ()
        if isinstance(one, dict)
    ]


def _second(moment: datetime | None) -> str:
    return stored_time(moment)[:19] if moment is not None else ""


def _folded(text: str) -> str:
    return "".join(text.split())


def _beginning(text: str) -> str:
    """Return the part of a truncated post that its note begins with: without ellipsis and last word."""
    cut = text.rsplit("…", 1)[0].rsplit("https://", 1)[0] if "…" in text[-40:] else text
    return _folded(cut)[:100]
