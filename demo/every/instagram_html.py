"""Instagram's export in HTML: what the JSON of the same day holds, with minutes for seconds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from demo import meta_html, pictures, zips
from demo.every import instagram, instagram_export
from demo.every.instagram_export import MEDIA
from demo.every.small_life import address_name
from demo.meta_html import ENGLISH, block, page
from demo.meta_json import Pieces
from demo.schedule import ANY_KIND, Format
from demo.shown import profile
from demo.world import Account, Entry, Subscription


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    zips.write(path, _files(account, at))


FORMAT = Format("instagram-html", write, instagram_export.show, ANY_KIND, declared=True)


def _files(account: Account, at: datetime) -> Iterator[tuple[str, Pieces]]:
    """Yield name and content of each page, and the pictures."""
    own = instagram.own(account, at)[::-1]
    posts = [one for one in own if one.kind == "post"]
    deleted = instagram_export.recently_deleted(account, at)
    comments = (_comment(account, one, at) for one in own if one.kind == "comment")
    followers = (_follower(one) for one in account.subscriptions if one.stands(at))
    for place, title, blocks in (
        (f"{MEDIA}/posts_1", "Posts", (_post(one, at) for one in posts)),
        (f"{MEDIA}/recently_deleted_content", "Recently deleted content", (_post(one, at) for one in deleted)),
        ("your_instagram_activity/comments/post_comments_1", "Comments", comments),
        ("connections/followers_and_following/followers_1", "Followers", followers),
        (
            "personal_information/personal_information/personal_information",
            "Personal information",
            iter((_profile(account, at),)),
        ),
    ):
        yield f"{place}.html", page(ENGLISH, title, account.handle, at, blocks)
    for conversation in account.conversations:
        folder = "your_instagram_activity/messages"
        yield from meta_html.messages(folder, ENGLISH, account, conversation, at, 100)
    for entry in (*posts, *deleted):
        for media in entry.media:
            yield instagram.path(entry, media), [pictures.of(media)]


def _date(at: datetime) -> str:
    return ENGLISH.written(ENGLISH.date, at)


def _post(one: Entry, at: datetime) -> str:
    """Return a post: the caption is its heading; of a picture a table tells where it was taken, and by what."""
    taken = meta_html.table([("Has camera metadata", "False")])
    body = (meta_html.picture(instagram.path(one, media), f"<div>{taken}</div>") for media in one.media)
    return block(one.wording(at).text, body, _date(one.at), tag="h2")


def _comment(account: Account, one: Entry, at: datetime) -> str:
    rows = [("Comment", one.wording(at).text), ("Media Owner", account.handle), ("Time", _date(one.at))]
    return block("", [meta_html.table(rows)])


def _follower(one: Subscription) -> str:
    handle = address_name(one.person)
    link = f'<a target="_blank" href="https://www.instagram.com/{handle}">{handle}</a>'
    return block("", [f"<div><div>{link}</div><div>{_date(one.joined_at)}</div></div>"])


def _profile(account: Account, at: datetime) -> str:
    rows = instagram_export.profile_values(account, profile(account, at).says)
    return block("", [meta_html.table(rows.items())])
