"""Threads as Instagram's export holds it: the account's own posts and replies, and its followers.

Posts have no ids, and a reply does not say what it answers. Whoever left and came back is somebody new.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from demo import pictures, zips
from demo.days import stored
from demo.every.small_life import address_name
from demo.facebook import unix
from demo.meta_json import Json, Pieces, keyed
from demo.schedule import ANY_KIND, Format
from demo.shown import Item
from demo.world import Account, Entry, Media, Subscription


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, pieces in _files(account, at):
            zips.add(archive, name, pieces)


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own posts and replies, and followers."""
    for one in _own(account, at):
        yield Item(kind=one.kind, id=one.id, says=one.wording(at).text)
    for member in _followers(account, at):
        who = f"{address_name(member.person)} since {stored(member.joined_at)}"
        yield Item(kind="subscriber", id=who, says=who, list_name="followers")


FORMAT = Format("threads-export", write, show, ANY_KIND, declared=True)


def _own(account: Account, at: datetime) -> list[Entry]:
    return [one for one in account.standing(at) if one.author is None]


def _followers(account: Account, at: datetime) -> list[Subscription]:
    return [one for one in account.subscriptions if one.stands(at)]


def _files(account: Account, at: datetime) -> Iterator[tuple[str, Pieces]]:
    """Yield name and content of each file."""
    own = _own(account, at)
    yield (
        "your_instagram_activity/threads/threads_and_replies.json",
        keyed("text_post_app_text_posts", (_post(one, at) for one in own)),
    )
    yield (
        "your_instagram_activity/threads/followers.json",
        keyed("text_post_app_text_post_app_followers", (_follower(one) for one in _followers(account, at))),
    )
    for entry in own:
        for media in entry.media:
            yield _path(entry, media), [pictures.of(media)]


def _path(entry: Entry, media: Media) -> str:
    return f"media/posts/{entry.at:%Y%m}/{entry.id}_{media.name}"


def _post(one: Entry, at: datetime) -> Json:
    """Return a post; one without a picture has an empty one that bears its words."""
    shown = [_path(one, media) for media in one.media] or [""]
    return {"media": [_part(one, uri, one.wording(at).text if uri == shown[0] else "") for uri in shown]}


def _part(one: Entry, uri: str, text: str) -> Json:
    facts = {"reply_control": "everyone", "is_reply": bool(one.parent), "geo_gated_country_list": ""}
    return {"uri": uri, "creation_timestamp": unix(one.at), "title": text, "text_app_post": facts}


def _follower(one: Subscription) -> Json:
    handle = address_name(one.person)
    entry = {"href": f"https://www.threads.net/@{handle}", "value": handle, "timestamp": unix(one.joined_at)}
    return {"title": "", "media_list_data": [], "string_list_data": [entry]}
