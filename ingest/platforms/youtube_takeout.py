"""YouTube in Google Takeout: the channel's videos, its own comments and live chats, in whatever language it was asked.

What was watched and searched for, whom the channel follows, and playlists are not read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

from msgspec import Struct

from archive.records import Author
from ingest.backup import Backup
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists.reading import read_rows
from ingest.platforms import youtube_older
from ingest.platforms.answers import LOOKED_AT
from ingest.platforms.youtube_tables import Sheet, Unknown, sheet, sheets
from ingest.platforms.youtube_videos import Videos
from ingest.tables import Row
from ingest.takeout import made_at
from ingest.timestamps import from_iso

GAPS = (
    "comments by others and what is held for review: Takeout gives the channel's own words only; use the Data API",
    "subscribers: Takeout gives only whom the channel follows",
    "what a comment said before it was edited",
    "views, likes and who gave them",
    "not read, on purpose: what was watched and searched for, whom the channel follows, playlists",
)
OF_VIDEOS = ("videos", "texts", "recordings")
WATCH = "https://www.youtube.com/watch?v="
FOREIGN = "this table's headings are in a language that Muniment does not know; ask for the export in English"


class YouTubeTakeoutIngestor(Ingestor):
    """Reads the YouTube part of a Takeout, in one or several zips."""

    name = "youtube-takeout"
    platform = "youtube"
    names_files = False
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the heading of one of YouTube's tables, the shape of its values, or the older page of comments."""
        tables = (one for one in backup.members() if one.path.lower().endswith(".csv"))
        if any(map(sheet, islice(tables, LOOKED_AT))) or youtube_older.pages(backup):
            return Confidence.CONTENT
        return Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """The names of Takeout's zips say when it was made; that everything was asked for nothing says."""
        return Coverage(exported_at=made_at(backup))

    def read(self, backup: Backup) -> Reading:
        """Yield the channel, its videos, its posts, comments and live chats."""
        yield from (Gap(what) for what in GAPS)
        found = list(sheets(backup))
        for one in found:
            if isinstance(one, Unknown):
                yield Defect(one.member.path, FOREIGN)
        known = [one for one in found if isinstance(one, Sheet)]
        channel = _channel(known)
        if channel.draft is not None:
            yield channel.draft
        yield from _videos(backup, known, channel.author)
        for sort, read in READERS.items():
            for one in known:
                if one.sort == sort:
                    yield from read_rows(one.table.member.path, one.table.rows(), partial(read, one, channel.author))
        yield from youtube_older.videos(backup, channel.author)
        yield from youtube_older.comments(backup, channel.author)


class _Channel(Struct, frozen=True):
    author: Author
    draft: Draft | None = None


def _videos(backup: Backup, known: list[Sheet], author: Author) -> Reading:
    videos = Videos()
    for one in known:
        if one.sort in OF_VIDEOS:
            yield from videos.collect(one)
    yield from videos.attach(backup)
    yield from videos.drafts(author)


def _channel(known: list[Sheet]) -> _Channel:
    """Return the channel by its own table, else by the id that its comments carry."""
    features = {name: value for one in known if one.sort == "features" for name, value in _first(one).items()}
    for one in known:
        if one.sort != "channel":
            continue
        for row in one.table.rows():
            if isinstance(row, Row):
                native_id, title = one.cell(row, "channel"), one.cell(row, "channel_title")
                author = Author(title, "", native_id, is_account=True)
                kept = {"visibility": one.cell(row, "channel_visibility")} | features
                draft = Draft(
                    kind="profile",
                    place=f"{one.table.member.path}, row {row.number}",
                    native=row.native,
                    native_id=native_id or None,
                    author=author,
                    title=title,
                    text=one.cell(row, "channel_description"),
                    url=f"https://www.youtube.com/channel/{native_id}" if native_id else "",
                    details={name: value for name, value in kept.items() if value},
                )
                return _Channel(author, draft)
    return _Channel(Author(is_account=True))


def _first(one: Sheet) -> dict[str, str]:
    """Return the first row of a table of settings, without the channel's id."""
    row = next(iter(one.table.rows()), None)
    cells = row.cells if isinstance(row, Row) else {}
    return {name: value for name, value in cells.items() if value and name != one.columns.get("channel")}


# -- rows


def _author(one: Sheet, row: Row, author: Author) -> Author:
    native_id = one.cell(row, "channel")
    return author if native_id in ("", author.native_id) else Author(author.name, "", native_id, is_account=True)


def _comment(one: Sheet, author: Author, row: Row, place: str) -> Reading:
    native_id = one.cell(row, "comment")
    if not (native_id and one.cell(row, "created")):
        raise ValueError("a comment without an id or a time")
    video, post = one.cell(row, "video"), one.cell(row, "post")
    said = _said(one.cell(row, "text"))
    parent = one.cell(row, "parent") or one.cell(row, "top") or (native_id.rpartition(".")[0])
    yield Draft(
        kind="comment",
        place=place,
        native=row.native,
        native_id=native_id,
        created=from_iso(one.cell(row, "created")),
        author=_author(one, row, author),
        text=said.text,
        parent=parent if parent and parent != native_id else video or post,
        thread=video or post,
        url=f"{WATCH}{video}&lc={native_id}" if video else "",
        links=said.links,
        mentions=said.mentions,
        details=_paid(one, row),
    )


def _chat(one: Sheet, author: Author, row: Row, place: str) -> Reading:
    video = one.cell(row, "video")
    said = _said(one.cell(row, "text"))
    yield Draft(
        kind="comment",
        place=place,
        native=row.native,
        native_id=one.cell(row, "chat") or None,
        created=from_iso(one.cell(row, "created")),
        author=_author(one, row, author),
        text=said.text,
        parent=video,
        thread=video,
        url=WATCH + video if video else "",
        links=said.links,
        mentions=said.mentions,
        details={"live chat": "yes"} | _paid(one, row),
    )


def _post(one: Sheet, author: Author, row: Row, place: str) -> Reading:
    native_id = one.cell(row, "post")
    said = _said(one.cell(row, "text"))
    yield Draft(
        kind="post",
        place=place,
        native=row.native,
        native_id=native_id or None,
        created=from_iso(one.cell(row, "created")),
        author=_author(one, row, author),
        text=said.text,
        url=f"https://www.youtube.com/post/{native_id}" if native_id else "",
        links=said.links,
        mentions=said.mentions,
    )


READERS: dict[str, Callable[[Sheet, Author, Row, str], Reading]] = {
    "posts": _post,
    "comments": _comment,
    "chats": _chat,
}


def _paid(one: Sheet, row: Row) -> dict[str, str]:
    """Return what was paid for a comment, as Takeout writes it."""
    price = one.cell(row, "price")
    if price in ("", "0"):
        return {}
    currency = one.cell(row, "currency")
    return {"price": f"{price} {currency}".strip()}


class _Said(Struct, frozen=True):
    """A text with the links and people in it."""

    text: str
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


def _said(cell: str) -> _Said:
    """Read a text: objects of JSON with a segment each, one object with all segments, or the words themselves."""
    if not cell.startswith("{"):
        return _Said(cell)
    try:
        found = json.loads(f"[{cell}]", strict=False)
    except (ValueError, RecursionError):
        return _Said(cell)
    segments = [inner for one in found if isinstance(one, dict) for inner in one.get("takeoutSegments") or [one]]
    segments = [one for one in segments if isinstance(one, dict)]
    links = (_address(one["link"]) for one in segments if "link" in one)
    mentions = (str(one.get("text") or "").strip() for one in segments if "mention" in one)
    text = "".join(str(one.get("text") or "") for one in segments)
    return _Said(text, tuple(filter(None, links)), tuple(filter(None, mentions)))


def _address(link: Any) -> str:
    values = link.values() if isinstance(link, dict) else (link,)
    return next((str(one) for one in values if str(one).startswith("http")), "")
