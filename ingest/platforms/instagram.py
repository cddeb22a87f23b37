"""Instagram's export ("Download your information") in JSON, of every layout since 2018.

Since 2021 its records and their encoding are Facebook's own, and messages are Messenger's: they are read by the
same modules. What is read is told file by file in ``instagram_files``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.backup import Backup
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, ReadItem, first_bytes, without
from ingest.platforms import instagram_first, instagram_people
from ingest.platforms.facebook_drafts import Drafting
from ingest.platforms.facebook_files import FACEBOOK
from ingest.platforms.facebook_media import Media as Pictures
from ingest.platforms.facebook_messages import is_conversation, loose_conversations, messages
from ingest.platforms.instagram_files import INSTAGRAM, THREADS
from ingest.platforms.instagram_items import Comments, Media, People
from ingest.platforms.meta_files import Files, html_beside, is_named, records

GAPS = (
    "comments by others under the account's posts: Instagram puts only the account's own into its export",
    "who liked posts, stories and comments, and how many; the numbers of its insights",
    "which comments were hidden or deleted, and earlier wordings of captions",
    "addresses and ids of posts, and which post a comment of the account's own stands under",
    "stories that others mentioned the account in, and posts it was tagged in",
)

MARKS = ('"string_map_data"', '"string_list_data"', '"ig_', '"media_metadata"', '"cross_post_source"', '"profile_user"')
"""What only Instagram's exports write near the beginning of a file."""

FIRST_MARKS: Mapping[str, tuple[str, ...]] = {
    "first media": ('"taken_at"', '"path"'),
    "first comments": ('"media_comments"',),
    "first connections": ('"follow_requests_sent"',),
    "first messages": ('"conversation"', '"participants"'),
    "first profile": ('"username"', '"private_account"'),
}
"""The same for the flat layout, whose files have names that others use too: all of them must be there."""

OF_AN_EXPORT = "your_instagram_activity/"
"""The folder that addresses of a conversation's pictures begin with, since 2023."""

VOLATILE = ("reactions", "media_metadata", "cross_post_source", "likes")


class InstagramIngestor(Ingestor):
    """Reads JSON exports of Instagram accounts."""

    name = "instagram-export"
    platform = "instagram"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise files by name and content; a conversation by itself may be Facebook's as well."""
        sure = Confidence.NONE
        for member in backup.members():
            if sort := INSTAGRAM.sort_of(member):
                sure = max(sure, _confidence(sort, member.path, first_bytes(member)))
            if sure == Confidence.CONTENT:
                return sure
        others = {FACEBOOK.sort_of(member) for member in backup.members()}
        if is_named(backup, "facebook") or others - {"", "messages"}:
            return Confidence.NONE
        loose = any(loose_conversations(backup, INSTAGRAM))
        found = sure or (Confidence.NAME if loose else Confidence.NONE)
        return Confidence.CONTENT if found and is_named(backup, "instagram") else found

    def coverage(self, backup: Backup) -> Coverage:
        """Go by the name of file or folder; an export never says that it is complete."""
        return instagram_people.coverage(backup)

    def material(self, native: bytes) -> bytes:
        """Leave out reactions and the facts of pictures."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield profile, posts, stories, comments, messages and people."""
        yield from (Gap(what) for what in GAPS)
        files = Files(backup, INSTAGRAM)
        author = instagram_people.account(files, backup)
        if not (author.name or author.handle):
            yield Defect("export", "it does not say whose it is; authors stay without a name", quarantined=False)
        drafting = Drafting(author, Pictures(backup))
        yield from instagram_people.profiles(files, drafting)
        yield from _published(files, drafting)
        yield from _each(files, Comments(drafting).read, "comments")
        for member in [*files.of("messages"), *loose_conversations(backup, INSTAGRAM)]:
            yield from messages(member, drafting)
        yield from _each(files, People(drafting, list_name="followers").read, "followers")
        yield from _each(files, People(drafting, done="blocked").read, "blocked")
        yield from _each(files, People(drafting, done="restricted").read, "restricted")
        for sort, read in instagram_first.SORTS.items():
            for member in files.of(sort):
                yield from read(instagram_first.First(drafting), member)
        yield from files.unread()
        yield from html_beside(backup, INSTAGRAM, "instagram-html")
        yield from _of_threads(backup)


def _confidence(sort: str, path: str, head: str) -> Confidence:
    if sort in FIRST_MARKS:
        return Confidence.CONTENT if all(mark in head for mark in FIRST_MARKS[sort]) else Confidence.NONE
    in_its_folder = OF_AN_EXPORT in path.lower()
    if sort == "messages":
        mine = in_its_folder or OF_AN_EXPORT in head.replace("\\/", "/")
        found = Confidence.CONTENT if mine else Confidence.NAME
        return found if is_conversation(head) else Confidence.NONE
    if any(mark in head for mark in MARKS):
        return Confidence.CONTENT
    if '"creation_timestamp"' in head or '"label_values"' in head:
        return Confidence.CONTENT if in_its_folder else Confidence.NAME
    return Confidence.NONE


def _each(files: Files, read: ReadItem, *sorts: str) -> Reading:
    for member in files.of(*sorts):
        yield from records(member, read)


def _published(files: Files, drafting: Drafting) -> Reading:
    yield from _each(files, Media(drafting).read, "posts")
    yield from _each(files, Media(drafting, form="reel").read, "reels")
    yield from _each(files, Media(drafting).read, "other")
    yield from _each(files, Media(drafting, audience="hidden").read, "archived")
    yield from _each(files, Media(drafting, audience="removed").read, "deleted")
    yield from _each(files, Media(drafting, kind="story").read, "stories")
    yield from _each(files, Media(drafting, form="profile picture").read, "profile pictures")


def _of_threads(backup: Backup) -> Reading:
    """Say that the export holds another account's posts: those on Threads."""
    for member in Files(backup, THREADS).of("threads"):
        reason = (
            "this export holds the posts of the account on Threads too: take it in once more, with "
            "--format threads-export, into an account of the platform “threads”"
        )
        yield Defect(member.path, reason, quarantined=False)
