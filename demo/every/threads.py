"""Threads as Instagram's export holds it: the account's own posts and replies, and its followers.

Posts have no ids, and a reply does not say what it answers. Whoever left and came back is somebody new.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from demo import pictures, zips
from demo.every import instagram
from demo.facebook import unix
from demo.meta_json import Json, Pieces, keyed
from demo.schedule import ANY_KIND, Format
from demo.shown import Item
from demo.world import Account, Entry


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    zips.write(path, _files(account, at))


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own posts and replies, and followers."""
    for one in instagram.own(account, at):
        yield Item(kind=one.kind, id=one.id, says=one.wording(at).text)
    yield from instagram.shown_followers(account, at)


FORMAT = Format("threads-export", write, show, ANY_KIND, declared=True)


def _files(account: Account, at: datetime) -> Iterator[tuple[str, Pieces]]:
    """Yield name and content of each file."""
    own = instagram.own(account, at)
    yield (
        "your_instagram_activity/threads/threads_and_replies.json",
        keyed("text_post_app_text_posts", (_post(one, at) for one in own)),
    )
    yield (
        "your_instagram_activity/threads/followers.json",
        keyed("text_post_app_text_post_app_followers", instagram.followers(account, at, "https://www.threads.net/@")),
    )
    for entry in own:
        for media in entry.media:
            yield instagram.path(entry, media), [pictures.of(media)]


def _post(one: Entry, at: datetime) -> Json:
    """Return a post; one without a picture has an empty one that bears its words."""
    shown = [instagram.path(one, media) for media in one.media] or [""]
    return {"media": [_part(one, uri, one.wording(at).text if uri == shown[0] else "") for uri in shown]}


def _part(one: Entry, uri: str, text: str) -> Json:
    facts = {"reply_control": "everyone", "is_reply": bool(one.parent), "geo_gated_country_list": ""}
    return {"uri": uri, "creation_timestamp": unix(one.at), "title": text, "text_app_post": facts}
