"""The YouTube part of Google Takeout: the channel, its videos with files and captions, its own comments.

Tables and columns are those of an export in English. What is deleted is gone; a video that was taken out of sight
is private. Nothing tells when a comment was edited; a video's text has the time of its last change.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from demo import captions, pictures, tables, zips
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, profile
from demo.world import Account, Entry

FOLDER = "Takeout/YouTube and YouTube Music"
CHANNEL = ("Channel ID", "Channel Title (Original)", "Channel Description (Original)", "Channel Visibility")
VIDEOS = (
    "Video ID", "Approx Duration (ms)", "Video Audio Language", "Video Category", "Video Description (Original)",
    "Channel ID", "Video Title (Original)", "Privacy", "Video State", "Video Create Timestamp",
    "Video Publish Timestamp",
)  # fmt: skip
TEXTS = (
    "Video ID", "Video Text Create Timestamp", "Video Text Update Timestamp", "Video Title Text Segments 1",
    "Video Description Text Segments 1",
)  # fmt: skip
COMMENTS = (
    "Comment ID", "Channel ID", "Comment Create Timestamp", "Price", "Parent Comment ID", "Post ID", "Video ID",
    "Comment Text", "Top-Level Comment ID",
)  # fmt: skip
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
CUT = 47
"""Characters of a title that a file is named for."""


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip."""
    standing = [one for one in account.standing(at) if one.author is None]
    videos = [one for one in standing if one.kind == "post"]
    comments = [one for one in standing if one.kind == "comment"]
    about = profile(account, at).says
    with zipfile.ZipFile(path, "w") as archive:
        _table(archive, "channels/channel", CHANNEL, [(account.native_id, account.title, about, "Public")])
        _table(archive, "comments/comments", COMMENTS, (_comment(account, one, at) for one in comments))
        _table(archive, "video metadata/videos", VIDEOS, (_video(account, one, at) for one in videos))
        _table(archive, "video metadata/video texts", TEXTS, (_text(one, at) for one in videos))
        for name, content in _files(videos):
            zips.add(archive, f"{FOLDER}/videos/{name}", [content])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The channel's own videos and comments, and the channel."""
    for one in account.standing(at):
        if one.author is None:
            wording = one.wording(at)
            is_video = one.kind == "post"
            yield Item(
                kind=one.kind, id=one.id, says=wording.text,
                audience="hidden" if one.absence(at) else "there", changed_at=wording.at if is_video else None,
            )  # fmt: skip
    yield profile(account, at)


FORMAT = Format("youtube-takeout", write, show, ANY_KIND, declared=True)


def _table(archive: zipfile.ZipFile, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    zips.add(archive, f"{FOLDER}/{name}.csv", tables.lines(columns, rows))


def _moment(at: datetime) -> str:
    return at.isoformat()


def _video(account: Account, one: Entry, at: datetime) -> Sequence[str]:
    duration = str(2000 if one.media else 61_500)
    privacy = "Private" if one.absence(at) else "Public"
    return (
        one.id, duration, one.language, "News & Politics", one.wordings[0].text, account.native_id, one.title, privacy,
        "Processed", _moment(one.at), _moment(one.at),
    )  # fmt: skip


def _text(one: Entry, at: datetime) -> Sequence[str]:
    wording = one.wording(at)
    return (one.id, _moment(one.at), _moment(wording.at), one.title, wording.text)


def _comment(account: Account, one: Entry, at: datetime) -> Sequence[str]:
    top = one.parent if one.parent != one.thread else ""
    text = json.dumps({"text": one.wording(at).text}, ensure_ascii=False)
    return (one.id, account.native_id, _moment(one.at), "0", top, "", one.thread, text, top)


def _files(videos: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
    """Yield the videos' files and captions, named for their titles: cut short, without what a disk cannot hold."""
    for one in videos:
        for media in one.media:
            stem = FORBIDDEN.sub("_", one.title)[:CUT].strip()
            yield f"{stem}.webm", pictures.of(media)
            yield f"{stem}.srt", captions.srt(media.captions)
