"""The videos of a YouTube export: facts, texts and recordings from three tables, with their files and captions.

Nothing but its title ties a video's file to it, and the file's name has that title cut short and without what a disk
cannot hold. A file that fits two videos is attached to none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from archive.records import Audience, Author, Timestamp
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.json_items import Reading
from ingest.platforms import youtube_older
from ingest.platforms.youtube_tables import Sheet, privacy
from ingest.tables import BadRow, Row
from ingest.timestamps import from_iso
from ingest.words.captions import ENDINGS as CAPTIONS

MOVING = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp")
CUT = 40
"""Characters of a title that a file's name keeps at least."""

GONE = ("deleted", "gelöscht", "rejected", "failed", "abgelehnt", "fehlgeschlagen")
_MARKS = re.compile(r"(\(\d+\)|[._ -][a-z]{2,3}([-_][A-Za-z]{2,4})?|\([a-z]{2,3}([-_][A-Za-z]{2,4})?\))$")


class Video(Struct):
    """One video as its rows tell it: the row of facts, of texts, of the recording; each with its table."""

    native_id: str
    place: str = ""
    rows: dict[str, tuple[Sheet, Row]] = {}
    files: list[SourceAttachment] = []

    def cell(self, sort: str, meaning: str) -> str:
        """Return a cell of one of the rows."""
        if sort not in self.rows:
            return ""
        sheet, row = self.rows[sort]
        return sheet.cell(row, meaning)

    def segments(self, beginning: str) -> str:
        """Return a text out of its segments, empty where the table of texts has none."""
        if "texts" not in self.rows:
            return ""
        sheet, row = self.rows["texts"]
        return "".join(sheet.numbered(row, beginning))

    @property
    def title(self) -> str:
        """The title that stands."""
        return self.segments("video title text segments") or self.cell("videos", "title")


class Videos:
    """The videos of one export, by id, in the order in which their tables name them."""

    def __init__(self) -> None:
        self._by_id: dict[str, Video] = {}

    def collect(self, sheet: Sheet) -> Iterator[Defect]:
        """Take in a table of videos, texts or recordings; what cannot be read is told."""
        for row in sheet.table.rows():
            place = f"{sheet.table.member.path}, row {row.number}"
            if isinstance(row, BadRow):
                yield Defect(place, row.reason, native=row.native)
            elif native_id := sheet.cell(row, "video"):
                video = self._by_id.setdefault(native_id, Video(native_id, rows={}, files=[]))
                if sheet.sort == "videos" or not video.place:
                    video.place = place
                if sheet.sort not in video.rows or _updated(sheet, row) >= _updated(*video.rows[sheet.sort]):
                    video.rows[sheet.sort] = sheet, row
            else:
                yield Defect(place, "a video without an id", native=row.native)

    def attach(self, backup: Backup) -> Iterator[Defect]:
        """Tie the files of videos and captions to their videos, by the id or the title in their names."""
        titles = {one.native_id: _plain(one.title) for one in self._by_id.values() if one.title}
        told = youtube_older.sidecars(backup)
        for member in backup.members():
            path = PurePosixPath(member.path)
            if path.suffix.lower() not in (*MOVING, *CAPTIONS):
                continue
            if youtube_older.sidecar_of(told, member.path):
                continue
            owners = self._owners(path.stem, titles)
            if len(owners) == 1:
                self._by_id[owners[0]].files.append(SourceAttachment(path.name, member=member))
            else:
                reason = (
                    "several videos have the title that is this file's name" if owners else "no video has this name"
                )
                yield Defect(member.path, f"{reason}; it was not taken in", quarantined=False)

    def _owners(self, stem: str, titles: Mapping[str, str]) -> list[str]:
        by_id = [one for one in self._by_id if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", stem)]
        if by_id:
            return by_id
        for name in dict.fromkeys((stem, *_shorter(stem))):
            plain = _plain(name)
            whole = [one for one, title in titles.items() if title == plain]
            cut = [one for one, title in titles.items() if len(name) >= CUT and title.startswith(plain)]
            if whole or cut:
                return whole or cut
        return []

    def drafts(self, author: Author) -> Reading:
        """Yield the videos as posts."""
        for video in self._by_id.values():
            yield _draft(video, author)
            word = video.cell("videos", "privacy")
            if word and not privacy(word):
                reason = f"“{word}” is no privacy that Muniment knows; the video is kept as private"
                yield Defect(video.place, reason, quarantined=False)


def _draft(video: Video, author: Author) -> Draft:
    created = video.cell("videos", "published") or video.cell("videos", "video_created")
    tags = video.rows["videos"][0].numbered(video.rows["videos"][1], "tag ") if "videos" in video.rows else []
    return Draft(
        kind="post",
        place=video.place,
        native=b"\n".join(row.native for _, row in video.rows.values()),
        native_id=video.native_id,
        created=from_iso(created) if created else None,
        edited=_edited(video),
        author=author,
        title=video.title,
        text=video.segments("video description text segments") or video.cell("videos", "description"),
        url=f"https://www.youtube.com/watch?v={video.native_id}",
        attachments=tuple(video.files),
        tags=tuple(tags),
        audience=_audience(video),
        removed_by="platform" if _is_rejected(video) else "",
        details=_details(video),
    )


def _updated(sheet: Sheet, row: Row) -> str:
    return sheet.cell(row, "text_updated")


def _edited(video: Video) -> Timestamp | None:
    """Return when the text was changed last, if it was after it was written."""
    updated = video.cell("texts", "text_updated")
    return from_iso(updated) if updated and updated != video.cell("texts", "text_created") else None


def _is_rejected(video: Video) -> bool:
    return video.cell("videos", "state").casefold() in ("rejected", "abgelehnt")


def _audience(video: Video) -> Audience:
    """Return who can see a video; of one that no table of facts names, nothing is known but that it is the city's."""
    if video.cell("videos", "state").casefold() in GONE:
        return "removed"
    known = privacy(video.cell("videos", "privacy"))
    return "public" if known in ("public", "unlisted") else "private"


def _details(video: Video) -> dict[str, str]:
    found = {key: video.cell("videos", key) for key in ("privacy", "state", "category", "language")}
    found |= {"recorded": video.cell("recordings", "recorded"), "recorded at": video.cell("recordings", "place")}
    milliseconds = video.cell("videos", "duration")
    if milliseconds.isdigit():
        found["duration in seconds"] = str(int(milliseconds) // 1000)
    original = video.cell("videos", "title")
    if original and original != video.title:
        found["original title"] = original
    return {key: value for key, value in found.items() if value}


def _plain(title: str) -> str:
    """Return what is left of a title whatever a disk does to it: its letters and digits."""
    return "".join(one for one in title.casefold() if one.isalnum())


def _shorter(stem: str) -> Iterator[str]:
    """Yield a file's name without what was put behind its title: a number, a language."""
    while (shorter := _MARKS.sub("", stem).rstrip()) != stem and shorter:
        stem = shorter
        yield stem
