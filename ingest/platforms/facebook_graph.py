"""Meta's Graph API: a Page's feed with the public's comments and what was hidden, saved answer by answer.

No export that Facebook offers holds what visitors wrote, so this dump is a city's only backup of it. How to
make one is told in docs/formats.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from archive.records import Kind
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, read_items
from ingest.platforms import facebook_graph_files as files
from ingest.platforms.facebook_graph_items import Items, elements, is_comment, material

LARGEST_OBJECT = 256 << 20
"""Bytes of the largest file that is one object and not a list of items."""

GAPS = (
    "comments and posts that were deleted before this dump was made",
    "what a text said before it was edited: the API gives the present one only",
    "who reacted or shared: only their numbers",
    "the bytes of pictures and videos: the API gives addresses",
    "followers: the API gives no list of them",
)
NO_NAMES = "names of commenters: the token had no permission to read them (pages_read_user_content)"


class FacebookGraphIngestor(Ingestor):
    """Reads Graph API answers about a Page: posts, all comments with hidden flags, reviews, messages."""

    name = "facebook-graph"
    platform = "facebook"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise ids and ``created_time`` as the API writes them, or its own addresses."""
        return Confidence.CONTENT if any(files.is_dump(one) for one in backup.members()) else Confidence.NONE

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
        return material(native)

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


def _unfetched(dump: files.Dump) -> Iterator[Defect]:
    """Tell which pages the dump names and does not hold."""
    if dump.to_come >= max(dump.pages, 1):
        reason = "the last page of posts names a further one, which is not here: fetch it, until there is no “next”"
        yield Defect("the feed", reason, quarantined=False)
    for one in dump.unfinished:
        reason = "not all pages of its comments are here: fetch them, until there is no “next”"
        yield Defect(f"post or comment {one}", reason, quarantined=False)


def _file(member: Member, items: Items) -> Reading:
    """Read one file, whatever it answers."""
    head = files.first_bytes(member)
    if re.match(rb'\s*\{\s*"data"\s*:\s*\[', head):
        yield from _list(member, items, head, after='"data"')
    elif re.match(rb"\s*\[", head):
        yield from _list(member, items, head, after="")
    elif _is_lines(head):
        yield from _lines(member, items)
    else:
        yield from _object(member, items)


def _is_lines(head: bytes) -> bool:
    """Say whether a file has an object on each line."""
    first, _, second = head.lstrip().partition(b"\n")
    return first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")


def _list(member: Member, items: Items, head: bytes, after: str) -> Reading:
    parent, thread = items.owner(owner) if (owner := files.owner_by_name(member)) else ("", "")
    comments = files.holds_comments(member, head)

    def read(value: Any, native: bytes, place: str) -> Reading:
        if comments and "created_time" in value:
            yield from items.comment(native, place, parent, thread)
        else:
            yield from _item(value, native, place, items)

    for one in read_items(member, read, after=after):
        yield replace(one, native=files.without_tokens(one.native)) if isinstance(one, Defect) else one


def _item(value: Any, native: bytes, place: str, items: Items) -> Reading:
    """Read an item that stands by itself, by what it has."""
    if "reviewer" in value or "recommendation_type" in value:
        yield items.review(native, place)
    elif "messages" in value or "senders" in value or "participants" in value:
        yield from items.conversation(native, place)
    elif "to" in value and "message" in value and "permalink_url" not in value and "from" in value:
        yield items.message(native, place)
    elif is_comment(value):
        yield from items.comment(native, place)
    else:
        yield from items.post(native, place)


def _lines(member: Member, items: Items) -> Reading:
    with member.open() as stream:
        for number, line in enumerate(stream, 1):
            place = f"{member.path}, line {number}"
            if line.strip():
                yield from _guarded(line.strip(), place, items)


def _guarded(native: bytes, place: str, items: Items) -> Reading:
    try:
        yield from _item(json.loads(native), native, place, items)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        yield Defect(place, f"this is not what the API gives ({error})", native=files.without_tokens(native))


def _object(member: Member, items: Items) -> Reading:
    """Read a file that is one object: the Page with its feed inside, a single post, or an error."""
    if member.size > LARGEST_OBJECT:
        yield Defect(member.path, f"one object of {member.size:,} bytes: more than is read at once")
        return
    try:
        native = member.read()
        raw = msgspec.json.decode(native, type=dict[str, msgspec.Raw])
    except (OSError, ValueError, RecursionError) as error:
        yield Defect(member.path, f"this is no answer of the API ({error})")
        return
    if "error" in raw:
        yield _error(member, bytes(raw["error"]), native)
    elif "created_time" in raw:
        yield from _guarded(native, member.path, items)
    elif "id" in raw:
        yield from _page(member, raw, items)
    else:
        yield Defect(member.path, "neither posts nor comments nor a Page are in this file", quarantined=False)


def _error(member: Member, error: bytes, native: bytes) -> Defect:
    told = json.loads(error)
    message = f"{told.get('message')} (code {told.get('code')})" if isinstance(told, dict) else str(told)
    reason = f"Facebook answered with an error in place of data: {message}. Make this request again"
    return Defect(member.path, reason, native=files.without_tokens(native))


def _page(member: Member, raw: dict[str, msgspec.Raw], items: Items) -> Reading:
    own = {key: value for key, value in raw.items() if not bytes(value).lstrip().startswith(b'{"data"')}
    plain = b"{" + b",".join(msgspec.json.encode(key) + b":" + bytes(value) for key, value in own.items()) + b"}"
    try:
        yield items.page(json.loads(plain), plain, member.path)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        yield Defect(member.path, f"this Page is not what the API gives ({error})", native=files.without_tokens(plain))
    for key, value in raw.items():
        if key in (*files.POST_EDGES, "ratings", "conversations"):
            edge = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
            for number, native in enumerate(elements(bytes(edge.get("data", msgspec.Raw(b"[]")))), 1):
                yield from _guarded(native, f"{member.path}, {key}, item {number}", items)
