"""Meta's Graph API: a Page's feed with the public's comments and what was hidden, saved answer by answer.

No export that Facebook offers holds what visitors wrote, so this dump is a city's only backup of it. How to
make one is told in docs/formats.md.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from archive.records import Kind
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, read_items, without
from ingest.platforms import facebook_graph_files as files
from ingest.platforms.facebook_graph_items import VOLATILE, Items, decoded, elements, is_comment

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

ID = re.compile(r"\d+(_\d+)?")
NO_NAMES = "names of commenters: the token had no permission to read them (pages_read_user_content)"


class FacebookGraphIngestor(Ingestor):
    """Reads Graph API answers about a Page: posts, all comments with hidden flags, reviews, messages."""

    name = "facebook-graph"
    platform = "facebook"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise ids and ``created_time`` as the API writes them, or its own addresses."""
        return Confidence.CONTENT if any(files.is_dump(one) for one in files.members(backup)) else Confidence.NONE

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
        items = Items(dump, backup)
        for member in files.members(backup):
            yield from _file(member, items)
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


def _file(member: Member, items: Items) -> Reading:
    """Read one file, whatever it answers."""
    head = files.first_bytes(member)
    if files.is_lines(member, head):
        yield from _lines(member, items)
    elif re.match(rb'\s*\{\s*"data"\s*:\s*\[', head):
        yield from _list(member, items, head, after='"data"')
    elif re.match(rb"\s*\[", head):
        yield from _list(member, items, head, after="")
    else:
        yield from _object(member, items, head)


def _list(member: Member, items: Items, head: bytes, after: str) -> Reading:
    owner = files.owner_by_name(member)
    comments = files.holds_comments(member, head)

    def read(value: Any, native: bytes, place: str) -> Reading:
        return _item(value, native, place, items, owner, comments)

    for one in read_items(member, read, after=after):
        yield replace(one, native=files.without_tokens(one.native)) if isinstance(one, Defect) else one


def _item(value: Any, native: bytes, place: str, items: Items, owner: str = "", comments: bool = False) -> Reading:
    """Read an item by what it has; ``owner`` is what its list is of, ``comments`` says that it is one of comments."""
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


def _guarded(native: bytes, place: str, items: Items, owner: str = "", comments: bool = False) -> Reading:
    """Read an item; one that is not what the API gives costs itself."""
    try:
        yield from _item(decoded(native), native, place, items, owner, comments)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        yield Defect(place, f"this is not what the API gives ({error})", native=files.without_tokens(native))


def _lines(member: Member, items: Items) -> Reading:
    with member.open() as stream:
        for number, line in enumerate(stream, 1):
            if native := line.removeprefix(codecs.BOM_UTF8).strip():
                yield from _answer(native, f"{member.path}, line {number}", items)


def _object(member: Member, items: Items, head: bytes) -> Reading:
    """Read a file that is one object; of one that cannot be read whole, its first list."""
    if member.size > files.LARGEST_OBJECT:
        yield Defect(member.path, f"one object of {member.size:,} bytes: more than is read at once")
        return
    try:
        native = member.read().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        yield Defect(member.path, f"this file cannot be read ({error})")
        return
    if _parts(native) is None:
        yield from _list(member, items, head, after='"data"')
    else:
        yield from _answer(native, member.path, items, files.owner_by_name(member))


def _parts(native: bytes) -> dict[str, msgspec.Raw] | None:
    """Return an object's fields as their own bytes, None if it is no object or not JSON."""
    try:
        return msgspec.json.decode(native, type=dict[str, msgspec.Raw])
    except (ValueError, RecursionError):
        return None


def _answer(native: bytes, place: str, items: Items, owner: str = "") -> Reading:
    """Read an answer: an error, a list beside its paging, one item, items by their ids, or the Page."""
    raw = _parts(native)
    if raw is None:
        yield Defect(place, "this is no answer of the API", native=files.without_tokens(native))
    elif bytes(raw.get("error", b"")).startswith(b"{"):
        yield _error(bytes(raw["error"]), native, place)
    elif bytes(raw.get("data", b"")).startswith(b"["):
        yield from _elements(raw["data"], place, items, owner)
    elif "created_time" in raw:
        yield from _guarded(native, place, items)
    elif raw and all(ID.fullmatch(key) for key in raw):
        for key, value in raw.items():
            yield from _answer(bytes(value), f"{place}, {key}", items, key)
    elif "id" in raw:
        yield from _page(raw, place, items)
    else:
        yield Defect(place, "neither posts nor comments nor a Page are in this answer", quarantined=False)


def _elements(data: msgspec.Raw, place: str, items: Items, owner: str = "") -> Reading:
    for number, native in enumerate(elements(bytes(data)), 1):
        yield from _guarded(native, f"{place}, item {number}", items, owner, bool(owner) and owner[0].isdigit())


REMEDIES = (
    ((190, 102, 467), "The token has ended: make a new one, then this request again"),
    ((4, 17, 32, 341, 613, 80001, 80006), "Too many requests: wait an hour, then make this one again"),
    ((3, 10, *range(200, 300)), "The token lacks a permission, or its owner a task on the Page (docs/formats.md)"),
    ((12,), "Facebook does not answer this any more: leave this request out"),
    ((1, 2), "It passes: make this request again, for fewer items at a time"),
)
"""What to do, by the code of the error."""


def _error(error: bytes, native: bytes, place: str) -> Defect:
    told = decoded(error)
    message = files.text_without_tokens(str(told.get("message")))
    remedy = next((one for codes, one in REMEDIES if told.get("code") in codes), "Make this request again")
    reason = f"Facebook answered with an error in place of data: {message} (code {told.get('code')}). {remedy}"
    return Defect(place, reason, native=files.without_tokens(native))


def _page(raw: dict[str, msgspec.Raw], place: str, items: Items) -> Reading:
    """Read the Page, and the lists in it that are items of their own."""
    edges = {key: value for key, value in raw.items() if key in (*files.POST_EDGES, "ratings", "conversations")}
    own = {key: value for key, value in raw.items() if key not in edges}
    plain = b"{" + b",".join(msgspec.json.encode(key) + b":" + bytes(value) for key, value in own.items()) + b"}"
    try:
        yield items.page(decoded(plain), plain, place)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        yield Defect(place, f"this Page is not what the API gives ({error})", native=files.without_tokens(plain))
    for key, value in edges.items():
        found = (_parts(bytes(value)) or {}).get("data")
        if found is not None and bytes(found).startswith(b"["):
            yield from _elements(found, f"{place}, {key}", items)
        else:
            reason = f"“{key}” is no list as the API gives it"
            yield Defect(f"{place}, {key}", reason, native=files.without_tokens(bytes(value)))
