"""Meta's Graph API: a Page's feed with the public's comments and what was hidden, saved answer by answer.

No export that Facebook offers holds what visitors wrote, so this dump is a city's only backup of it. How to
make one is told in docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.records import Kind
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, without
from ingest.platforms import facebook_graph_files as files
from ingest.platforms.facebook_graph_items import VOLATILE, Items, is_comment
from ingest.platforms.meta_graph import Answers, Raw, decoded, without_edges
from ingest.platforms.meta_graph_files import first_bytes, is_instagrams, members, without_tokens

GAPS = (
    "comments and posts that were deleted before this dump was made",
    "what a text said before it was edited: the API gives the present one only",
    "who reacted or shared: only their numbers",
    "the bytes of pictures and videos: the API gives addresses",
    "followers: the API gives no list of them",
    "messages before the last 20 of each conversation: the API gives no more than their ids",
)
REVIEW = {"reviewer", "recommendation_type", "review_text", "has_review", "has_rating"}
"""Fields that only a review has."""

NO_NAMES = "names of commenters: the token had no permission to read them (pages_read_user_content)"


class FacebookGraphIngestor(Ingestor):
    """Reads Graph API answers about a Page: posts, all comments with hidden flags, reviews, messages."""

    name = "facebook-graph"
    platform = "facebook"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise ids and ``created_time`` as the API writes them, or its own addresses."""
        found = instagrams = False
        for head in map(first_bytes, members(backup)):
            if files.is_post(head):
                return Confidence.CONTENT
            found = found or files.is_dump(head)
            instagrams = instagrams or is_instagrams(head)
        return Confidence.CONTENT if found and not instagrams else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """A feed that was fetched to its last page holds every post; comments likewise. No answer tells when."""
        dump = files.survey(backup)
        complete: set[Kind] = set()
        if dump.holds_every_post:
            complete.add("post")
        if dump.holds_every_comment:
            complete.add("comment")
        return Coverage(complete=frozenset(complete))

    def material(self, native: bytes) -> bytes:
        """Leave out counts, signed addresses and the time of the last comment."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield posts with their comments, comments that were fetched by themselves, reviews, messages, the Page."""
        dump = files.survey(backup)
        items = Items(dump.page_id, backup)
        answers = Answers(PageReader(items))
        for member in members(backup):
            yield from answers.file(member)
        yield from (Gap(what) for what in GAPS)
        if items.unnamed and not items.named:
            yield Gap(NO_NAMES)
        yield from _unfetched(dump)
        reason = "no post, comment or message names this file; it was not taken in"
        yield from (Defect(path, reason, quarantined=False) for path in items.files.unnamed.values())


def _unfetched(dump: files.Dump) -> Iterator[Defect]:
    """Tell what the dump names and does not hold, and what Facebook may have kept back."""
    if dump.to_come >= max(dump.pages, 1):
        reason = "the last page of posts names a further one, which is not here: fetch it, until there is no “next”"
        yield Defect("the feed", reason, quarantined=False)
    for stem in dump.left_out:
        yield Defect(stem, "a number is left out in the names of these files: is a page missing?", quarantined=False)
    if dump.crowded:
        reason = f"{dump.years[dump.crowded]} posts of {dump.crowded}: Facebook gives about 600 of a year, not all"
        yield Defect("the feed", reason, quarantined=False)
    if dump.without_answers:
        reason = "comments have answers, and none is here: fetch them too (filter=stream, or comments inside comments)"
        yield Defect("comments", reason, quarantined=False)
    for one in dump.unfinished:
        reason = "not all pages of its comments are here: fetch them, until there is no “next”"
        yield Defect(f"post or comment {one}", reason, quarantined=False)


class PageReader:
    """Knows what the API gives of a Page, an item by what it has."""

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
        """Say whether an object that stands by itself is an item, and not the Page."""
        return "created_time" in raw

    def item(self, value: Any, native: bytes, place: str, owner: str, comments: bool) -> Reading:
        """Yield the drafts of one item."""
        items = self._items
        if comments and "created_time" in value:
            yield from items.comment(native, place, *items.owner(owner))
        elif not REVIEW.isdisjoint(value):
            yield items.review(native, place)
        elif "messages" in value or "senders" in value or "participants" in value:
            yield from items.conversation(native, place)
        elif str(value["id"]).startswith("m_") or ("to" in value and "from" in value and "permalink_url" not in value):
            yield items.message(native, place, owner)
        elif is_comment(value):
            yield from items.comment(native, place)
        else:
            yield from items.post(native, place)

    def whole(self, raw: Raw, place: str) -> Reading:
        """Yield the Page, and the lists in it that are items of their own."""
        edges = {key: value for key, value in raw.items() if key in (*files.POST_EDGES, "ratings", "conversations")}
        plain = without_edges(raw, edges)
        try:
            yield self._items.page(decoded(plain), plain, place)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            yield Defect(place, f"this Page is not what the API gives ({error})", native=without_tokens(plain))
        yield from self._answers.edges(edges, place)
