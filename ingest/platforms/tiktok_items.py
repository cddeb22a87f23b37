"""Items of TikTok's export as drafts. The case of keys differs within one file, and nothing is written in four ways."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from archive.records import Audience, Author, Recipient, Timestamp
from ingest.ingestor import Draft
from ingest.timestamps import from_iso

NOTHING = ("", "n/a", "none", "null")
PUBLIC = ("everyone", "public", "public to everyone")
MINE = ("only me", "private", "onlyme", "self")
PROFILE = ("userName", "displayName", "nickName", "bioDescription")
"""What of a profile is public; the section also has a telephone number, a mail address and a date of birth."""

_VIDEO = re.compile(r"/(?:video|photo)/(\d{10,})")
_WITH = re.compile(r"^(?:Chat History with|Chat history with|Group chat:?)?\s*(.*?):*\s*$")
_LASTING = re.compile(r"https?://(?:www\.)?tiktok(?:v)?\.com/")


class Item:
    """One item by its keys, whatever their case; what says nothing is empty."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._values = {key.casefold().replace(" ", ""): one for key, one in value.items()}

    def __call__(self, *names: str) -> str:
        """Return the first value that says something."""
        for name in names:
            value = self._values.get(name)
            if value is not None and str(value).strip().casefold() not in NOTHING:
                return str(value)
        return ""


def moment(raw: str) -> Timestamp | None:
    """Read a time, which has no zone in JSON and UTC in text."""
    return from_iso(raw, "unknown") if raw else None


def profile(value: Mapping[str, Any], place: str) -> Draft:
    """Return the account itself; the record's bytes are the public fields alone."""
    kept = {name: str(value[name]) for name in PROFILE if str(value.get(name) or "").strip().casefold() not in NOTHING}
    handle = kept.get("userName", "")
    name = kept.get("displayName") or kept.get("nickName") or ""
    return Draft(
        kind="profile",
        place=place,
        native=json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogateescape"),
        native_id="profile",
        author=Author(name, handle, is_account=True),
        title=name,
        text=kept.get("bioDescription", ""),
        url=f"https://www.tiktok.com/@{handle}" if handle else "",
    )


def post(value: Mapping[str, Any], native: bytes, place: str, _: str, handle: str) -> Draft:
    """Return a post; addresses of its media are signed and end, so that they are in its bytes only."""
    item = Item(value)
    links = item("link", "links", "videolink", "url").split()
    lasting = next((one for one in links if _LASTING.match(one)), "")
    found = _VIDEO.search(lasting)
    who = item("whocanview", "visibility")
    named = {"sound": item("sound"), "location": item("location"), "who can view": who}
    named["comments allowed"] = item("allowcomments", "allowcomment")
    return Draft(
        kind="post",
        place=place,
        native=native,
        native_id=found[1] if found else None,
        created=moment(item("date", "createtime")),
        author=Author(handle=handle, is_account=True),
        text=item("title", "caption", "description", "text"),
        url=lasting,
        tags=tuple(re.findall(r"#(\w+)", item("title", "caption", "description", "text"))),
        audience=_audience(who),
        details={name: one for name, one in named.items() if one},
        metrics={name: int(count) for name in ("likes", "views", "shares") if (count := item(name)).isdigit()},
    )


def deleted(value: Mapping[str, Any], native: bytes, place: str, name: str, handle: str) -> Draft:
    """Return a post that was deleted of late."""
    gone = Item(value)("datedeleted", "deletedate", "deletetime", "deletiondate")
    draft = post(value, native, place, name, handle)
    return replace(draft, audience="removed", removed=moment(gone), removed_by="city")


def comment(value: Mapping[str, Any], native: bytes, place: str, _: str, handle: str) -> Draft:
    """Return a comment of the account's; on what, few exports tell."""
    item = Item(value)
    url = item("url", "link")
    found = _VIDEO.search(url)
    if not (item("comment", "text") or item("photo")):
        raise ValueError("a comment without words or a picture")
    return Draft(
        kind="comment",
        place=place,
        native=native,
        created=moment(item("date")),
        author=Author(handle=handle, is_account=True),
        text=item("comment", "text"),
        parent=found[1] if found else "",
        thread=found[1] if found else "",
        url=url if _LASTING.match(url) else "",
        details={"picture": "yes"} if item("photo") else {},
    )


def follower(value: Mapping[str, Any], native: bytes, place: str, _: str, __: str) -> Draft:
    """Return a follower, of whom TikTok tells the handle and the day."""
    item = Item(value)
    handle = item("username", "name")
    if not handle:
        raise ValueError("a follower without a name")
    return Draft(
        kind="subscriber",
        place=place,
        native=native,
        native_id=handle,
        created=moment(item("date")),
        author=Author(handle=handle),
        url=f"https://www.tiktok.com/@{handle}",
        list_name="followers",
    )


def blocked(value: Mapping[str, Any], native: bytes, place: str, _: str, handle: str) -> Draft:
    """Return that somebody was blocked, and when."""
    item = Item(value)
    who = item("username", "name")
    return Draft(
        kind="moderation",
        place=place,
        native=native,
        native_id=f"blocked {who}",
        created=moment(item("date")),
        author=Author(handle=handle, is_account=True),
        text=f"blocked {who}",
        audience="private",
        details={"blocked": who},
    )


def message(value: Mapping[str, Any], native: bytes, place: str, name: str, handle: str) -> Draft:
    """Return a message; its conversation is named for whom it is with."""
    item = Item(value)
    found = _WITH.match(name)
    who = found[1] if found else name
    sender = item("from", "username")
    of_two = name.casefold().startswith("chat history with")
    own = sender == handle if handle else of_two and sender != who
    to = who if own or sender != who else handle
    return Draft(
        kind="message",
        place=place,
        native=native,
        created=moment(item("date")),
        author=Author(handle=sender, is_account=own),
        text=item("content", "text", "message"),
        thread=who,
        audience="private",
        recipients=(Recipient("to", address=to),) if to else (),
        links=tuple(one for one in item("link").split() if _LASTING.match(one)),
    )


ReadItem = Callable[[Mapping[str, Any], bytes, str, str, str], Draft]

READERS: dict[str, ReadItem] = {
    "posts": post,
    "deleted": deleted,
    "comments": comment,
    "followers": follower,
    "blocks": blocked,
    "messages": message,
}


def _audience(who: str) -> Audience:
    word = who.casefold()
    if not word or word in PUBLIC:
        return "public"
    return "private" if word in MINE else "followers"
