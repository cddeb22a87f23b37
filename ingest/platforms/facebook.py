"""Facebook's export of a Page or profile ("Download your information") in JSON, of every year.

What is read, and what is not on purpose, is told file by file in ``facebook_files``.
"""

from __future__ import annotations

from ingest.backup import Backup
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, ReadItem, first_bytes, without
from ingest.platforms import facebook_people
from ingest.platforms.facebook_activity import Activity
from ingest.platforms.facebook_drafts import Drafting
from ingest.platforms.facebook_files import FACEBOOK
from ingest.platforms.facebook_history import Histories
from ingest.platforms.facebook_media import Media
from ingest.platforms.facebook_messages import is_conversation, loose_conversations, messages
from ingest.platforms.facebook_people import Subscribers
from ingest.platforms.facebook_pictures import Pictures
from ingest.platforms.facebook_posts import Posts
from ingest.platforms.meta_files import Files, html_beside, is_named, records

GAPS = (
    "comments by visitors: Facebook puts only the account's own into its export",
    "who reacted to posts and comments, and how many",
    "ids of followers, and since when they follow: the export gives their names only",
    "which comments were hidden, and posts that were deleted for good",
    "permanent addresses of posts, and the posts that were shared from others",
)
META_ALONE = ('"label_values"', '_v2"', '_v3"')
"""What only Meta's exports write near the beginning of a file."""

ANY_RECORD = ('"timestamp"', '"data"', '"photos"', '"friends"', '"profile', '"prodash_activity"')
OWN_NAMES = ("posts", "visitors' posts", "group posts", "edits", "pending", "hosted events", "profile", "dashboard")
"""Sorts of files that nobody else names so."""

VOLATILE = ("reactions", "title", "media_metadata")


class FacebookIngestor(Ingestor):
    """Reads JSON exports of Facebook Pages and profiles."""

    name = "facebook-export"
    platform = "facebook"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise files of an account's activity by name and content; conversations alone may be Instagram's."""
        sure = Confidence.NONE
        for member in backup.members():
            if sort := FACEBOOK.sort_of(member):
                sure = max(sure, _confidence(sort, first_bytes(member)))
            if sure == Confidence.CONTENT:
                return sure
        loose = Confidence.NAME if any(loose_conversations(backup, FACEBOOK)) else Confidence.NONE
        return Confidence.NONE if is_named(backup, "instagram") else sure or loose

    def coverage(self, backup: Backup) -> Coverage:
        """Go by the name of file or folder; an export never says that it is complete."""
        return facebook_people.coverage(backup)

    def material(self, native: bytes) -> bytes:
        """Leave out reactions, Facebook's own sentence and the facts of pictures."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield profile, posts, what became of posts, stories, pictures, activity, messages, people."""
        yield from (Gap(what) for what in GAPS)
        files = Files(backup, FACEBOOK)
        author = facebook_people.account(files)
        if not author.name:
            yield Defect("export", "it does not say whose it is; authors stay without a name", quarantined=False)
        drafting = Drafting(author, Media(backup))
        posts, comments = Histories("post"), Histories("comment")
        yield from _each(files, posts.add, "edits")
        yield from _each(files, comments.add, "comment edits")
        yield from facebook_people.profiles(files, author)
        yield from _posts(files, drafting, posts)
        yield from _pictures(files, drafting)
        yield from _activity(files, drafting, comments)
        for member in [*files.of("messages"), *loose_conversations(backup, FACEBOOK)]:
            yield from messages(member, drafting)
        for sort, list_name in facebook_people.LISTS.items():
            yield from _each(files, Subscribers(list_name).read, sort)
        for histories in (posts, comments):
            yield from histories.unclaimed(author)
        yield from files.unread()
        yield from html_beside(backup, FACEBOOK, "facebook-html")


def _confidence(sort: str, head: str) -> Confidence:
    if sort == "messages":
        return Confidence.NAME if is_conversation(head) else Confidence.NONE
    if any(mark in head for mark in META_ALONE):
        return Confidence.CONTENT
    if any(mark in head for mark in ANY_RECORD):
        return Confidence.CONTENT if sort in OWN_NAMES else Confidence.NAME
    return Confidence.NONE


def _each(files: Files, read: ReadItem, *sorts: str) -> Reading:
    for member in files.of(*sorts):
        yield from records(member, read)


def _posts(files: Files, drafting: Drafting, histories: Histories) -> Reading:
    public = Posts(drafting, histories)
    yield from _each(files, public.read, "posts", "group posts")
    yield from _each(files, public.by_visitors, "visitors' posts")
    yield from _each(files, Posts(drafting, histories, audience="hidden").archived, "archived")
    yield from _each(files, Posts(drafting, histories, audience="draft").read, "pending")
    yield from _each(files, Posts(drafting, histories, audience="removed").trashed, "trash")
    yield from _each(files, Posts(drafting, histories, kind="story").read, "stories")


def _pictures(files: Files, drafting: Drafting) -> Reading:
    pictures = Pictures(drafting)
    yield from _each(files, pictures.album, "albums")
    yield from _each(files, pictures.loose, "videos", "photos")


def _activity(files: Files, drafting: Drafting, histories: Histories) -> Reading:
    activity = Activity(drafting, histories)
    yield from _each(files, activity.comment, "comments")
    yield from _each(files, activity.reaction, "reactions")
    yield from _each(files, activity.event, "events")
    yield from _each(files, activity.hosted, "hosted events")
    yield from _each(files, activity.review, "reviews")
    yield from _each(files, activity.moderation, "moderation")
