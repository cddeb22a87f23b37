"""Threads: its posts and replies, which come in a folder of Instagram's export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from archive.records import Author
from ingest.backup import Backup
from ingest.ingestor import Confidence, Coverage, Draft, Gap, Ingestor
from ingest.json_items import Reading, first_bytes, without
from ingest.platforms import instagram_people
from ingest.platforms import instagram_values as values
from ingest.platforms.facebook_drafts import Drafting
from ingest.platforms.facebook_media import Media as Pictures
from ingest.platforms.facebook_text import repaired_item
from ingest.platforms.instagram import VOLATILE, InstagramIngestor
from ingest.platforms.instagram_files import INSTAGRAM, THREADS
from ingest.platforms.instagram_items import Media, People
from ingest.platforms.meta_files import Files, exported, records

GAPS = (
    "replies by others, and what the account's own replies answer: Threads puts neither into its export",
    "who liked, reposted or quoted, and how many",
    "which replies were hidden, and what was deleted or edited before the export",
    "addresses and ids of posts",
)
MARK = '"text_post_app_'
"""How the keys of Threads begin."""

EVERYBODY = ("", "everyone", "EVERYONE")


class ThreadsIngestor(Ingestor):
    """Reads what an export of Instagram holds of the same account on Threads."""

    name = "threads-export"
    platform = "threads"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the folder of Threads by itself; within an export of Instagram that comes first."""
        members = [one for one in backup.members() if THREADS.sort_of(one)]
        if not any(MARK in first_bytes(one) for one in members):
            return Confidence.NONE
        sure = InstagramIngestor().identify(backup) < Confidence.CONTENT
        return Confidence.CONTENT if sure else Confidence.NAME

    def coverage(self, backup: Backup) -> Coverage:
        """Go by the name of file or folder; an export never says that it is complete."""
        made_at, handle = exported(backup, "instagram")
        lists = frozenset({"followers"}) if Files(backup, THREADS).of("followers") else frozenset()
        return Coverage(exported_at=made_at, account_handle=handle, lists=lists)

    def material(self, native: bytes) -> bytes:
        """Leave out the facts of pictures."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield posts, replies and followers."""
        yield from (Gap(what) for what in GAPS)
        files = Files(backup, THREADS)
        author = instagram_people.account(Files(backup, INSTAGRAM), backup)
        drafting = Drafting(Author(author.name, author.handle, is_account=True), Pictures(backup))
        for member in files.of("threads"):
            yield from records(member, Posts(drafting).read)
        for member in files.of("followers"):
            yield from records(member, People(drafting, list_name="followers").read)


class Posts:
    """Reads posts and replies: Instagram's shape, with what Threads adds to it."""

    def __init__(self, drafting: Drafting) -> None:
        self._media = Media(drafting)

    def read(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield one post; a reply says that it is one, and not of what."""
        item = repaired_item(value, native)
        facts = next((one for part in values.listed(item, "media") if (one := _facts(part))), {})
        for post in self._media.read(value, native, place):
            yield replace(post, details={**post.details, **_details(facts)}) if isinstance(post, Draft) else post


def _facts(part: Mapping[str, Any]) -> Mapping[str, Any]:
    found = part.get("text_app_post")
    return found if isinstance(found, dict) else {}


def _details(facts: Mapping[str, Any]) -> dict[str, str]:
    found = {"reply": "yes"} if facts.get("is_reply") is True else {}
    allowed = str(facts.get("reply_control") or "")
    return found if allowed in EVERYBODY else {**found, "who may reply": allowed}
