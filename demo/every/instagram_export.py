"""Instagram's export in JSON, in the layout of 2023: the account's own posts, comments, messages and followers.

Posts and comments have no ids, followers a handle and the moment they came: who left and came back is somebody new.
What was deleted lies in *recently deleted* for thirty days, where no file tells when it was deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from demo import captions, facebook_account, pictures, zips
from demo.days import DAY
from demo.every import instagram
from demo.facebook import unix
from demo.meta_json import Json, Pieces, ascii_json, keyed, listed
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, messages, profile
from demo.world import Account, Entry, Media

MEDIA = "your_instagram_activity/media"
KEPT = 30 * DAY
"""How long Instagram keeps what was deleted."""


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    zips.write(path, _files(account, at))


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own posts and comments, what was deleted of late, messages, followers, the profile."""
    for one in instagram.own(account, at):
        yield Item(kind=one.kind, id=one.id, says=one.wording(at).text)
    for one in recently_deleted(account, at):
        yield Item(kind="post", id=one.id, says=one.wording(at).text, audience="removed")
    yield from messages(account, at)
    yield from instagram.shown_followers(account, at)
    yield profile(account, at, "profile")


FORMAT = Format("instagram-export", write, show, ANY_KIND, declared=True)


def recently_deleted(account: Account, at: datetime) -> list[Entry]:
    """Return the posts that were deleted of late and can still be taken back."""
    found = []
    for one in account.entries:
        gone = one.absence(at) if one.author is None and one.kind == "post" else None
        if gone is not None and gone.trashed and at - gone.since < KEPT:
            found.append(one)
    return found


def _files(account: Account, at: datetime) -> Iterator[tuple[str, Pieces]]:
    """Yield name and content of each file."""
    posts = [one for one in instagram.own(account, at) if one.kind == "post"]
    deleted = recently_deleted(account, at)
    comments = [one for one in instagram.own(account, at) if one.kind == "comment"]
    yield f"{MEDIA}/posts_1.json", listed(_post(one, at) for one in posts)
    if deleted:
        content = keyed("ig_recently_deleted_media", (_post(one, at) for one in deleted))
        yield f"{MEDIA}/recently_deleted_content.json", content
    yield (
        "your_instagram_activity/comments/post_comments_1.json",
        listed(_comment(account, one, at) for one in comments),
    )
    followers = instagram.followers(account, at, "https://www.instagram.com/")
    yield "connections/followers_and_following/followers_1.json", listed(followers)
    yield "personal_information/personal_information/personal_information.json", [ascii_json(_profile(account, at))]
    for conversation in account.conversations:
        folder = "your_instagram_activity/messages"
        yield from facebook_account.messages(folder, account, conversation, at, 100)
    for entry in (*posts, *deleted):
        for media in entry.media:
            yield instagram.path(entry, media), [pictures.of(media)]
            if media.captions:
                yield f"{instagram.path(entry, media).rsplit('.', 1)[0]}.srt", [captions.srt(media.captions)]


def _post(one: Entry, at: datetime) -> Json:
    """Return a post; the caption of a single picture is the picture's."""
    text = one.wording(at).text
    shown = [_picture(one, media, text) for media in one.media]
    return {"media": shown} if len(shown) == 1 else {"media": shown, "title": text, "creation_timestamp": unix(one.at)}


def _picture(one: Entry, media: Media, text: str) -> Json:
    metadata: Json = {"camera_metadata": {"has_camera_metadata": False}}
    if media.captions:
        uri = f"{instagram.path(one, media).rsplit('.', 1)[0]}.srt"
        metadata = {"video_metadata": {"subtitles": {"uri": uri, "creation_timestamp": unix(one.at)}}}
    return {
        "uri": instagram.path(one, media), "creation_timestamp": unix(one.at), "media_metadata": metadata,
        "title": text, "cross_post_source": {"source_app": "FB"},
    }  # fmt: skip


def _comment(account: Account, one: Entry, at: datetime) -> Json:
    values: Json = {
        "Comment": {"value": one.wording(at).text}, "Media Owner": {"value": account.handle},
        "Time": {"timestamp": unix(one.at)},
    }  # fmt: skip
    return {"media_list_data": [{"uri": ""}], "string_map_data": values}


def _profile(account: Account, at: datetime) -> Json:
    values = profile_values(account, profile(account, at).says)
    named = {name: {"href": "", "value": value, "timestamp": 0} for name, value in values.items()}
    return {"profile_user": [{"title": "User Information", "media_map_data": {}, "string_map_data": named}]}


def profile_values(account: Account, about: str) -> dict[str, str]:
    """Return what an account says of itself, by the interface's words for it."""
    return {
        "Email": "clerk@milbrook.example", "Username": account.handle, "Name": account.title, "Bio": about,
        "Website": "https://milbrook.example/",
    }  # fmt: skip
