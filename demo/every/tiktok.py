"""TikTok's export in JSON (``user_data_tiktok.json``): own videos, those deleted of late, own comments, followers.

Times have no zone and are UTC. Comments have no ids, and what they answer is not told; a caption can be edited, and
nothing tells when.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import zips
from demo.days import DAY
from demo.every.small_life import address_name
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, messages, profile
from demo.world import Account, Conversation, Entry, Line

KEPT = 30 * DAY
"""How long TikTok keeps what was deleted."""
Json = dict[str, Any]


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip with its one file."""
    with zipfile.ZipFile(path, "w") as archive:
        content = json.dumps(_export(account, at), ensure_ascii=False).encode()
        zips.add(archive, "user_data_tiktok.json", [content])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own videos, private ones told apart, and those deleted of late; own comments, messages, followers, profile."""
    for one in account.standing(at):
        if one.author is None:
            hidden = one.absence(at) is not None
            yield Item(kind=one.kind, id=one.id, says=one.wording(at).text, audience="hidden" if hidden else "there")
    for one in _deleted(account, at):
        gone = one.absence(at)
        removed_at = gone.since if gone else None
        yield Item(kind="post", id=one.id, says=one.wording(at).text, audience="removed", removed_at=removed_at)
    yield from messages(account, at)
    for member in account.subscriptions:
        if member.stands(at):
            yield Item(kind="subscriber", id=member.id, says=member.id, list_name="followers")
    yield profile(account, at, "profile")


FORMAT = Format("tiktok", write, show, ANY_KIND, declared=True)


def _own(account: Account, at: datetime, kind: str) -> list[Entry]:
    return [one for one in account.standing(at) if one.author is None and one.kind == kind]


def _deleted(account: Account, at: datetime) -> list[Entry]:
    found = []
    for one in account.entries:
        gone = one.absence(at) if one.author is None and one.kind == "post" else None
        if gone is not None and gone.trashed and at - gone.since < KEPT:
            found.append(one)
    return found


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _export(account: Account, at: datetime) -> Json:
    about = {"bioDescription": profile(account, at).says, "displayName": account.title, "userName": account.handle}
    followers = [
        {"Date": _moment(one.joined_at), "UserName": address_name(one.person)}
        for one in account.subscriptions
        if one.stands(at)
    ]
    talks = {
        f"Chat History with {address_name(one.person)}:": said
        for one in account.conversations
        if (said := [_message(account, one, line) for line in one.lines if line.at <= at])
    }
    videos = [_video(account, one, at) for one in _own(account, at, "post")]
    deleted = [_gone(account, one, at) for one in _deleted(account, at)]
    said = [_comment(one, at) for one in _own(account, at, "comment")]
    return {
        "Profile And Settings": {"Profile Info": {"ProfileMap": about}, "Block List": {"BlockList": None}},
        "Your Activity": {"Follower": {"FansList": followers}, "Watch History": {"VideoList": []}},
        "Comment": {"Comments": {"CommentsList": said}},
        "Direct Message": {"Direct Messages": {"ChatHistory": talks}},
        "Post": {"Posts": {"VideoList": videos}, "Recently Deleted Posts": {"PostList": deleted}},
    }


def _video(account: Account, one: Entry, at: datetime) -> Json:
    return {
        "Date": _moment(one.at), "Link": f"https://www.tiktok.com/@{account.handle}/video/{one.id}",
        "Likes": str(one.likes), "Title": one.wording(at).text,
        "WhoCanView": "Only me" if one.absence(at) and one.is_there(at) else "Everyone", "AllowComments": "Yes",
        "Sound": "original sound", "Location": "N/A",
    }  # fmt: skip


def _gone(account: Account, one: Entry, at: datetime) -> Json:
    gone = one.absence(at)
    return _video(account, one, at) | {"DateDeleted": _moment(gone.since) if gone else "N/A"}


def _comment(one: Entry, at: datetime) -> Json:
    return {"date": _moment(one.at), "comment": one.wording(at).text, "photo": "N/A", "url": ""}


def _message(account: Account, talk: Conversation, line: Line) -> Json:
    sender = account.handle if line.author is None else address_name(talk.person)
    return {"Date": _moment(line.at), "From": sender, "Content": line.text}
