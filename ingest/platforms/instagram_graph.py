"""Meta's Graph API about an Instagram account: its posts and stories with the public's comments, hidden ones marked.

No export that Instagram offers holds what others wrote, so this dump is a city's only backup of it. How to make
one is told in docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.records import Kind
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, without
from ingest.platforms import instagram_graph_files as files
from ingest.platforms.instagram_graph_items import VOLATILE, Items, is_comment, missing_comments
from ingest.platforms.meta_graph import Answers, Raw, decoded, without_edges
from ingest.platforms.meta_graph_files import first_bytes, is_instagrams, members, without_tokens

GAPS = (
    "comments and posts that were deleted before this dump was made, and comments by accounts that are restricted",
    "what a caption said before it was edited: the API gives the present one only",
    "who liked, shared or saved: only numbers",
    "the bytes of pictures and videos: the API gives addresses that end after some days",
    "followers: the API gives their number only; Instagram's own export has the list",
    "stories older than a day, live video, and stories that mention the account",
    "messages before the last 20 of each conversation: the API gives no more than their ids",
)
EDGES = ("media", "stories", "tags", "live_media", "conversations")
MENTIONED = ("mentioned_media", "mentioned_comment")
NO_NAMES = "names of commenters: the token had no permission to read them (instagram_manage_comments)"


class InstagramGraphIngestor(Ingestor):
    """Reads Graph API answers about an Instagram account: media, stories, comments with hidden flags, messages."""

    name = "instagram-graph"
    platform = "instagram"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise ids, ``timestamp`` and names of fields as the API writes them of Instagram."""
        heads = map(first_bytes, members(backup))
        return Confidence.CONTENT if any(map(is_instagrams, heads)) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Lists that were fetched to their last page hold every post; comments likewise. No answer tells when."""
        dump = files.survey(backup)
        complete: set[Kind] = set()
        if dump.holds_every_post:
            complete.add("post")
        if dump.holds_every_comment:
            complete.add("comment")
        return Coverage(complete=frozenset(complete), account_handle=dump.username)

    def material(self, native: bytes) -> bytes:
        """Leave out counts and signed addresses."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield posts and stories with their comments, comments that were fetched by themselves, messages."""
        dump = files.survey(backup)
        items = Items(dump.page_id, dump.username, backup)
        answers = Answers(AccountReader(items))
        for member in members(backup):
            yield from answers.file(member)
        yield from (Gap(what) for what in GAPS)
        if items.unnamed and not items.named:
            yield Gap(NO_NAMES)
        yield from _unfetched(dump, items)
        reason = "no post, comment or message names this file; it was not taken in"
        yield from (Defect(path, reason, quarantined=False) for path in items.files.unnamed.values())


def _unfetched(dump: files.Dump, items: Items) -> Iterator[Defect]:
    """Tell what the dump names and does not hold, and what Instagram may have kept back."""
    if dump.to_come >= max(dump.pages, 1):
        reason = "the last page of posts names a further one, which is not here: fetch it, until there is no “next”"
        yield Defect("media", reason, quarantined=False)
    for stem in dump.left_out:
        yield Defect(stem, "a number is left out in the names of these files: is a page missing?", quarantined=False)
    if dump.posts >= files.MOST:
        reason = f"Instagram gives the newest {files.MOST:,} posts, and no more: older ones may not be here"
        yield Defect("media", reason, quarantined=False)
    for one in dump.unfinished:
        reason = "not all pages of its comments are here: fetch them, until there is no “next”"
        yield Defect(f"post or comment {one}", reason, quarantined=False)
    short = [one for one in missing_comments(items) if one not in dump.unfinished]
    if short:
        named = ", ".join(short[:5]) + (f" and {len(short) - 5} more" if len(short) > 5 else "")
        reason = (
            f"Instagram counts more comments than are here under {named}: replies that were not asked for, "
            "or comments that it keeps back"
        )
        yield Defect("comments", reason, quarantined=False)


class AccountReader:
    """Knows what the API gives of an account, an item by what it has and by the list it stands in."""

    def __init__(self, items: Items) -> None:
        self._items = items
        self._answers = Answers(self)

    def owner_of(self, member: Member) -> str:
        """Return the id of the post, comment or conversation that a file is named for."""
        return files.owner_by_name(member)

    def holds_comments(self, member: Member, head: bytes) -> bool:
        """Say whether a file is a page of comments."""
        return files.holds_comments(member, head)

    def is_item(self, raw: Raw) -> bool:
        """Say whether an object that stands by itself is an item, and not the account."""
        return "timestamp" in raw or "created_time" in raw

    def item(self, value: Any, native: bytes, place: str, owner: str, comments: bool) -> Reading:
        """Yield the drafts of one item."""
        if "messages" in value or "participants" in value:
            yield from self._items.conversation(native, place)
        elif "created_time" in value:
            yield self._items.message(native, place, owner)
        elif comments or is_comment(value):
            yield from self._items.comment(native, place, *(self._items.owner(owner, place) if owner else ()))
        else:
            yield from self._items.media(native, place, files.list_by_name(place))

    def whole(self, raw: Raw, place: str) -> Reading:
        """Yield the account, the lists in it, and what the account is mentioned in."""
        mentioned = {key: value for key, value in raw.items() if key in MENTIONED}
        edges = {key: value for key, value in raw.items() if key in EDGES}
        plain = without_edges(raw, mentioned | edges)
        try:
            item = decoded(plain)
            if "username" in item:
                yield self._items.user(item, plain, place)
            elif not mentioned and not edges:
                yield Defect(place, "this answer has ids only: ask for its fields too", quarantined=False)
            for key, value in mentioned.items():
                native = bytes(value)
                yield from self.item(decoded(native), native, f"{place}, {key}", "", key == "mentioned_comment")
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            yield Defect(place, f"this account is not what the API gives ({error})", native=without_tokens(plain))
        yield from self._answers.edges(edges, place)
