"""YouTube's Data API v3: videos with the public's comments, those held for review and taken for spam included.

Takeout holds the channel's own words only, so this dump is a city's only backup of what the public wrote. How to
make one is told in docs/formats.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from archive.records import Kind
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading
from ingest.platforms import youtube_takeout
from ingest.platforms.answers import Piece, answers, first_answers, first_bytes, pieces, read_pieces, tops
from ingest.platforms.youtube_api_items import HELD, Items, settled
from ingest.words.captions import ENDINGS as CAPTIONS

GAPS = (
    "comments that were deleted before this dump was made, and rejected ones: the API lists neither",
    "what a text said before it was edited",
    "who liked; who disliked, and how many",
    "subscribers who keep their subscriptions private",
    "the videos themselves: the API gives their facts; their files come with Takeout",
)
INSIDE = ("items",)
KIND = re.compile(
    rb'"kind"\s*:\s*"youtube#(commentThread|comment|video|channel|caption|playlistItem|subscription|liveChatMessage)'
)
MOVING = (".mp4", ".mov", ".webm", ".mkv")
STEM = re.compile(r"[_-]?\d{1,6}(?=\.\w+$)")
NAME_TELLS = re.compile("|".join(HELD), re.IGNORECASE)


class _Dump(Struct):
    """What a dump says of itself: whose it is, which lists have an end, and how many replies are missing.

    ``pages`` and ``open`` count answers, and those that name a further page, by kind and the beginning of their
    files' names. ``listed`` are the videos that lists of uploads name, ``videos`` those that are here. Replies are
    counted by thread: ``promised``, ``inside`` the thread, and ``fetched`` by themselves. ``captions`` and
    ``video_of`` give the video of a caption and of a thread.
    """

    owner: str = ""
    channels: set[str] = set()
    guessed: Counter[str] = Counter()
    pages: Counter[tuple[str, str]] = Counter()
    open: Counter[tuple[str, str]] = Counter()
    listed: set[str] = set()
    videos: set[str] = set()
    promised: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    fetched: Counter[str] = Counter()
    captions: dict[str, str] = {}
    video_of: dict[str, str] = {}
    failed: bool = False

    @property
    def endless(self) -> list[tuple[str, str]]:
        """The lists of which every page names a further one."""
        return sorted(one for one, count in self.pages.items() if self.open[one] == count)

    def ended(self, kind: str) -> bool:
        """Say whether all lists of a kind were fetched to their end, as far as can be seen."""
        return any(one == kind for one, _ in self.pages) and not self.failed and kind not in dict(self.endless)

    @property
    def without_replies(self) -> dict[str, int]:
        """How many replies are missing, by thread."""
        lacking = ((one, count - max(self.inside[one], self.fetched[one])) for one, count in self.promised.items())
        return {one: count for one, count in sorted(lacking) if count > 0}


class YouTubeApiIngestor(Ingestor):
    """Reads answers of the Data API: comment threads, comments, videos, channels, captions, live chats."""

    name = "youtube-api"
    platform = "youtube"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the kinds that the API writes into every answer; a Takeout has such files too, until 2021."""
        if not any(KIND.search(first_bytes(one)) for one in first_answers(backup)):
            return Confidence.NONE
        older = youtube_takeout.YouTubeTakeoutIngestor().identify(backup)
        return Confidence.NONE if older == Confidence.CONTENT else Confidence.CONTENT

    def coverage(self, backup: Backup) -> Coverage:
        """Comments and videos are whole if their lists were fetched to the end; no answer tells when."""
        dump = _survey(backup)
        complete: set[Kind] = set()
        if dump.ended("playlistItem") and dump.listed <= dump.videos:
            complete.add("post")
        if dump.ended("commentThread") and not dump.without_replies:
            complete.add("comment")
        return Coverage(complete=frozenset(complete))

    def material(self, native: bytes) -> bytes:
        """Leave out counts and marks of versions that move by themselves."""
        return settled(native)

    def read(self, backup: Backup) -> Reading:
        """Yield what is in the answers, file by file; then what they say is missing."""
        yield from (Gap(what) for what in GAPS)
        dump = _survey(backup)
        beside = _Beside(backup, dump)
        items = Items(dump.owner, beside.by_video, dump.video_of)
        for member in answers(backup):
            yield from _file(member, items)
        yield from beside.left
        yield from _unfetched(dump)


def _file(member: Member, items: Items) -> Reading:
    named = NAME_TELLS.search(member.path)
    held = next(one for one in HELD if one.lower() == named[0].lower()) if named else ""

    def read(piece: Piece) -> Reading:
        if isinstance(piece.value.get("error"), dict):
            error = piece.value["error"]
            told = f"YouTube answered with an error in place of data: {error.get('message')} (code {error.get('code')})"
            yield Defect(piece.place, f"{told}. Make this request again", native=piece.native)
        elif not str(piece.value.get("kind", "")).endswith("ListResponse"):
            yield from items.read(piece, held)

    yield from read_pieces(member, INSIDE, read)


def _unfetched(dump: _Dump) -> Iterator[Defect]:
    """Tell what the answers name and the dump does not hold."""
    for kind, stem in dump.endless:
        reason = f"every page of {kind}s here names a further one: fetch it, until no nextPageToken comes"
        yield Defect(stem, reason, quarantined=False)
    for one, count in list(dump.without_replies.items())[:1000]:
        reason = f"{count} of its replies are not here: fetch them with comments.list and parentId"
        yield Defect(f"comment {one}", reason, quarantined=False)
    if absent := sorted(dump.listed - dump.videos):
        reason = (
            f"{len(absent)} video(s) of the channel's list were not fetched with videos.list, {absent[0]} among them"
        )
        yield Defect("videos", reason, quarantined=False)
    if not dump.owner:
        yield Defect("channel", "no answer tells whose channel this is; no comment is known to be its own", False)


# -- what the dump says of itself


def _survey(backup: Backup) -> _Dump:
    dump = _Dump(
        channels=set(), guessed=Counter(), pages=Counter(), open=Counter(), listed=set(), videos=set(),
        promised=Counter(), inside=Counter(), fetched=Counter(), captions={}, video_of={},
    )  # fmt: skip
    for member in answers(backup):
        if KIND.search(first_bytes(member)) or b'"error"' in first_bytes(member):
            for top in tops(member):
                for item in _items_of(top, member, dump):
                    _look(dump, item)
    likely = dump.guessed.most_common(1)
    dump.owner = next(iter(dump.channels)) if len(dump.channels) == 1 else likely[0][0] if likely else ""
    return dump


def _items_of(top: Piece | Defect, member: Member, dump: _Dump) -> Iterator[Any]:
    """Yield the items of an answer, which is counted as a page; of one that is too large or broken, item by item."""
    if isinstance(top, Defect):
        yield from (one.value for one in pieces(member, INSIDE) if isinstance(one, Piece))
    elif isinstance(top.value, dict):
        _page(dump, top.value, STEM.sub("", member.path))
        found = top.value.get("items", [top.value])
        yield from found if isinstance(found, list) else ()


def _page(dump: _Dump, answer: dict[str, Any], stem: str) -> None:
    """Count a page of a list; ``stem`` is the name of its file without the number."""
    kind = str(answer.get("kind", ""))
    dump.failed = dump.failed or isinstance(answer.get("error"), dict)
    if kind.endswith("ListResponse"):
        of = kind.removeprefix("youtube#").removesuffix("ListResponse")
        dump.pages[of, stem] += 1
        dump.open[of, stem] += bool(answer.get("nextPageToken"))


def _look(dump: _Dump, item: Any) -> None:
    if not isinstance(item, dict):
        return
    kind = str(item.get("kind", "")).removeprefix("youtube#")
    about = item.get("snippet")
    about = about if isinstance(about, dict) else {}
    if kind == "channel":
        dump.channels.add(str(item.get("id")))
    elif kind == "video":
        dump.videos.add(str(item.get("id")))
    elif kind == "playlistItem":
        dump.listed.add(str((about.get("resourceId") or {}).get("videoId")))
    elif kind == "caption":
        dump.captions[str(item.get("id"))] = str(about.get("videoId"))
    elif kind == "commentThread":
        inside = (item.get("replies") or {}).get("comments") or ()
        dump.video_of[str(item.get("id"))] = str(about.get("videoId") or "")
        dump.promised[str(item.get("id"))] = int(about.get("totalReplyCount") or 0)
        dump.inside[str(item.get("id"))] += len(inside)
    elif kind == "comment" and about.get("parentId"):
        dump.fetched[str(about["parentId"])] += 1
    if kind in ("video", "commentThread") and about.get("channelId"):
        dump.guessed[str(about["channelId"])] += 1


class _Beside:
    """Files beside the answers: captions and videos that are named for a video's id or a caption's."""

    def __init__(self, backup: Backup, dump: _Dump) -> None:
        self.by_video: dict[str, tuple[SourceAttachment, ...]] = {}
        self.left: list[Defect] = []
        for member in backup.members():
            name = member.path.rsplit("/", 1)[-1]
            if not name.lower().endswith((*CAPTIONS, *MOVING)):
                continue
            stem = name.partition(".")[0]
            owner = dump.captions.get(stem) or next((one for one in dump.videos if one in name), "")
            if owner:
                self.by_video[owner] = (*self.by_video.get(owner, ()), SourceAttachment(name, member=member))
            else:
                reason = "neither a video's id nor a caption's is in this file's name; it was not taken in"
                self.left.append(Defect(member.path, reason, quarantined=False))
