"""What YouTube exports had until about 2021 in place of tables.

``my-comments.html`` is a list with an entry a comment. Beside each video lies a file of its name with the video as the
Data API gives it.
"""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import islice
from pathlib import PurePosixPath

from archive.records import Author
from ingest.backup import Backup, Member
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.json_items import Reading
from ingest.platforms.answers import LOOKED_AT, Piece, answers, first_bytes, read_pieces
from ingest.platforms.youtube_api_items import Items
from ingest.text import decoded, html_to_text
from ingest.timestamps import from_iso

LARGEST = 64 << 20
"""Bytes of the largest page that is read."""

_OF_A_VIDEO = re.compile(rb'"kind"\s*:\s*"youtube#video"')
_ENTRY = re.compile(r"<li\b[^>]*>(.*?)</li>", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r'href="[^"]*?watch\?v=([\w-]{11})(?:&amp;|&)lc=([\w.-]+)')
_VIDEO = re.compile(r'href="[^"]*?watch\?v=([\w-]{11})')
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC")
_FIRST_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def pages(backup: Backup) -> list[Member]:
    """Return the pages whose entries link to comments or, with a moment in UTC, to videos."""
    named = (one for one in backup.members() if one.path.lower().endswith(".html"))
    return [one for one in islice(named, LOOKED_AT) if _is_page(one)]


def _is_page(member: Member) -> bool:
    try:
        head = decoded(member.read(1 << 16))
    except OSError:
        return False
    entry = _ENTRY.search(head)
    return entry is not None and bool(_VIDEO.search(entry[1]) and _MOMENT.search(entry[1]))


def comments(backup: Backup, author: Author) -> Reading:
    """Yield the comments and live chats; an entry's words follow its first line break."""
    for member in pages(backup):
        page = decoded(member.read(LARGEST))
        for number, entry in enumerate(_ENTRY.finditer(page), 1):
            yield _draft(entry[0], f"{member.path}, entry {number}", author)


def _draft(entry: str, place: str, author: Author) -> Draft | Defect:
    about, _, words = _partition(entry)
    comment = _COMMENT.search(about)
    video = _VIDEO.search(about)
    moment = _MOMENT.search(about)
    if video is None and moment is None:
        return Defect(place, "this entry is no comment", native=entry.encode("utf-8", "surrogateescape"))
    native_id = comment[2] if comment else ""
    thread = video[1] if video else ""
    return Draft(
        kind="comment",
        place=place,
        native=entry.encode("utf-8", "surrogateescape"),
        native_id=native_id or None,
        created=from_iso(f"{moment[1]}Z") if moment else None,
        author=author,
        text=html_to_text(words),
        parent=native_id.rpartition(".")[0] or thread,
        thread=thread,
        url=f"https://www.youtube.com/watch?v={thread}" + (f"&lc={native_id}" if native_id else ""),
        details={} if comment else {"live chat": "yes"},
    )


def _partition(entry: str) -> tuple[str, str, str]:
    found = _FIRST_BREAK.search(entry)
    return (entry[: found.start()], found[0], entry[found.end() :]) if found else (entry, "", "")


def sidecars(backup: Backup) -> dict[str, Member]:
    """Return the files that tell of one video each, by their paths without an ending."""
    found = (one for one in answers(backup) if _OF_A_VIDEO.search(first_bytes(one)))
    return {str(PurePosixPath(one.path).with_suffix("")): one for one in found}


def sidecar_of(told: Container[str], path: str) -> str:
    """Return the path, without an ending, of the file that tells of the video that a file belongs to; else empty."""
    name = path.rfind("/") + 1
    while (dot := path.rfind(".", name)) > name:
        path = path[:dot]
        if path in told:
            return path
    return ""


def videos(backup: Backup, author: Author) -> Reading:
    """Yield the videos that have a file beside them, each with all that has its name."""
    told = sidecars(backup)
    same: dict[str, list[SourceAttachment]] = {}
    for one in backup.members() if told else ():
        if (stem := sidecar_of(told, one.path)) and one.path != told[stem].path:
            same.setdefault(stem, []).append(SourceAttachment(one.path.rsplit("/", 1)[-1], member=one))
    for stem, member in told.items():
        files = tuple(same.get(stem, ()))

        def read(piece: Piece, files: tuple[SourceAttachment, ...] = files) -> Reading:
            owner = author.native_id or str(piece.value["snippet"].get("channelId"))
            yield from Items(owner, {str(piece.value["id"]): files}, {}).read(piece)

        yield from read_pieces(member, (), read)
