"""TikTok's own export: ``user_data.json`` of every year, or a folder of text files.

Sections move and are renamed from year to year, so lists are found by the key that they stand under.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ingest.backup import BLOCK, Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.json_items import Broken, Item, Reading, broken
from ingest.json_sections import Path, sections
from ingest.platforms import tiktok_text
from ingest.platforms.answers import LOOKED_AT, first_bytes
from ingest.platforms.tiktok_items import READERS, ReadItem, profile

GAPS = (
    "comments by others, and who liked: TikTok exports only what the account wrote",
    "the videos themselves: TikTok gives addresses, which end after some days; fetch them on the day of the export",
    "on which video a comment was made, in most exports",
    "what was deleted, but for the posts deleted recently; captions of videos in older exports",
    "not read, on purpose: what was liked, shared and bought, whom the account follows",
)
LONGEST_NAME = 100
"""Bytes within which a list's name stands."""

PROFILES = ("profilemap", "profileinfo")

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
    if len(names) != 1:
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
    """Yield whose it is, which a section further in may tell, and then the lists."""
    account = _account(member)
    if account is not None:
        yield account
    handle = account.author.handle if account is not None else ""
    with member.open() as stream:
        for path, items in sections(stream, PROFILES):
            if not path or path[-1].casefold() in PROFILES:
                yield from (broken(member, one) for one in items if isinstance(one, Broken))
            elif sort := _sort(path):
                yield from _list(items, f"{member.path}, {' › '.join(path)}", READERS[sort], path[-1], handle)


def _account(member: Member) -> Draft | None:
    with member.open() as stream:
        lists = (items for path, items in sections(stream, PROFILES) if path and path[-1].casefold() in PROFILES)
        found = (one for items in lists for one in items if isinstance(one, Item) and isinstance(one.value, dict))
        return next((profile(one.value, member.path) for one in found), None)


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


def _list(items: Iterator[Item | Broken], where: str, read: ReadItem, name: str, handle: str) -> Reading:
    for item in items:
        place = f"{where}, item {item.number}"
        if isinstance(item, Broken):
            yield Defect(place, item.reason, quarantined=bool(item.native), native=item.native)
            continue
        try:
            yield read(item.value, item.native, place, name, handle)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            yield Defect(place, f"this item is not what TikTok writes here ({error})", native=item.native)
