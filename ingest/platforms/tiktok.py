"""TikTok's own export: ``user_data.json`` of every year, or a folder of text files.

Sections move and are renamed from year to year, so lists are found by the key that they stand under. What was watched,
liked, searched for and bought, sign-ins and advertising are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ingest.backup import BLOCK, Backup, Member
from ingest.ingestor import Confidence, Defect, Gap, Ingestor
from ingest.json_items import Reading
from ingest.platforms import tiktok_text
from ingest.platforms.answers import LOOKED_AT, decoded, elements, first_bytes, parts
from ingest.platforms.tiktok_items import READERS, profile

GAPS = (
    "comments by others, and who liked: TikTok exports only what the account wrote",
    "the videos themselves: TikTok gives addresses, which end after some days; fetch them on the day of the export",
    "on which video a comment was made, in most exports",
    "what was deleted, but for the posts deleted recently; captions of videos in older exports",
    "not read, on purpose: what was watched, liked, searched for and bought, whom the account follows, sign-ins",
)
LARGEST = 256 << 20
"""Bytes of the largest file that is read: its lists are kept as bytes until their turn comes."""

LONGEST_NAME = 100
"""Bytes within which a list's name stands."""

DEEPEST = 12
"""How deep sections may lie in each other."""

LEAVES = re.compile(
    rb'"(FansList|Following|ItemFavoriteList|FavoriteVideoList|FavoriteEffectsList|FavoriteHashtagList|ChatHistory|'
    rb"CommentsList|VideoList|BlockList|SearchList|LoginHistoryList|ShareHistoryList|ProfileMap|ProfileInfo|PostList|"
    rb'FavoriteSoundList|StatusList|AppsThatReceivedYourData|GoLiveList)"\s*:'
)
SORTS: dict[str, str] = {
    "fanslist": "followers", "commentslist": "comments", "videolist": "posts", "postlist": "posts",
    "blocklist": "blocks",
}  # fmt: skip
NOT_OWN = re.compile(r"brows|watch|histor|favou?rite|like|share|search|live", re.IGNORECASE)
"""Sections whose lists of videos are other people's."""

Path = tuple[str, ...]


class TikTokIngestor(Ingestor):
    """Reads TikTok's export, JSON or text: posts, comments, messages, followers, blocks and the profile."""

    name = "tiktok"
    platform = "tiktok"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise two of the keys that TikTok's lists stand under, or its blocks of text."""
        texts = map(tiktok_text.sort_of, backup.members())
        if any(map(_is_export, islice(_json(backup), LOOKED_AT))) or any(texts):
            return Confidence.CONTENT
        return Confidence.NONE

    def read(self, backup: Backup) -> Reading:
        """Yield what is in the file or files, section by section."""
        yield from (Gap(what) for what in GAPS)
        for member in _json(backup):
            if _is_export(member):
                yield from _export(member)
        for member in backup.members():
            if sort := tiktok_text.sort_of(member):
                yield from tiktok_text.read(member, sort)


def _json(backup: Backup) -> Iterator[Member]:
    return (one for one in backup.members() if one.path.lower().endswith(".json"))


def _is_export(member: Member) -> bool:
    """Look for a second list behind the first where there is one: that may be long."""
    names = {found[1] for found in LEAVES.finditer(first_bytes(member))}
    if len(names) != 1 or member.size > LARGEST:
        return len(names) >= 2
    try:
        with member.open() as stream:
            block = b""
            while len(names) < 2 and (more := stream.read(BLOCK)):
                block = block[-LONGEST_NAME:] + more
                names.update(found[1] for found in LEAVES.finditer(block))
    except OSError:
        return False
    return len(names) >= 2


def _export(member: Member) -> Reading:
    if member.size > LARGEST:
        yield Defect(member.path, f"a file of {member.size:,} bytes: more than is read; ask TikTok for less at a time")
        return
    try:
        sections = parts(member.read().removeprefix(b"\xef\xbb\xbf"))
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        yield Defect(member.path, f"this file is not JSON as TikTok writes it ({error})")
        return
    handle = ""
    for path, native in _leaves(sections):
        if path[-1].casefold() in ("profilemap", "profileinfo"):
            draft = profile(decoded(native), member.path)
            handle = draft.author.handle
            yield draft
    for path, native in _leaves(sections):
        if native.startswith(b"[") and (sort := _sort(path)):
            yield from _list(native, f"{member.path}, {' › '.join(path)}", sort, path, handle)


def _leaves(sections: Mapping[str, bytes], above: Path = ()) -> Iterator[tuple[Path, bytes]]:
    """Yield lists, and objects too, with the names of the sections that they lie in, as their own bytes."""
    for name, native in sections.items():
        path = (*above, name)
        if native.startswith(b"{"):
            yield path, native
            if len(path) < DEEPEST:
                yield from _leaves(parts(native), path)
        elif native.startswith(b"["):
            yield path, native


def _sort(path: Path) -> str:
    """Return what a list is of, empty for what is not read."""
    if any(one.casefold() == "chathistory" for one in path[:-1]):
        return "messages"
    sort = SORTS.get(path[-1].casefold(), "")
    if sort == "posts":
        around = " ".join(path[:-1])
        if "deleted" in around.casefold():
            return "deleted"
        return "" if NOT_OWN.search(around) else sort
    return sort


def _list(native: bytes, where: str, sort: str, path: Sequence[str], handle: str) -> Reading:
    for number, own in enumerate(elements(native), 1):
        place = f"{where}, item {number}"
        try:
            value: Any = decoded(own)
            yield READERS[sort](value, own, place, path[-1], handle)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            yield Defect(place, f"this item is not what TikTok writes here ({error})", native=own)
