"""Answers of Bluesky's public API: replies and quotes by the public, which no repository of the account's holds.

Ids are the same as in the account's repository. Which replies were hidden is told by the gate of the post that they
answer. How to make a dump is told in docs/formats.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.records import Author, Kind
from ingest.backup import Backup
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, without
from ingest.platforms.answers import (
    Piece,
    answers,
    decoded,
    elements,
    first_answers,
    first_bytes,
    parts,
    pieces,
    read_pieces,
)
from ingest.platforms.bluesky_records import Records, Stored
from ingest.timestamps import from_iso

GAPS = (
    "replies that had been deleted before this dump was made, and those of accounts that were blocked",
    "who liked or reposted: only their numbers are read",
    "the pictures' bytes: fetch the blobs, or the account's repository for its own",
    "direct messages",
)
INSIDE = ("feed", "posts", "followers", "notifications")
POST = re.compile(rb'"uri"\s*:\s*"at://did:[^"]+/app\.bsky\.feed\.post/')
PERSON = re.compile(rb'"did"\s*:\s*"did:(?:plc|web):')
VOLATILE = (
    "replyCount",
    "repostCount",
    "likeCount",
    "quoteCount",
    "bookmarkCount",
    "viewer",
    "author",
    "indexedAt",
    "embed",
)
COUNTS = VOLATILE[:5]
DEEPEST = 1000
"""Posts that one thread may have above each other."""

WRITTEN = ("mention", "reply", "quote")
"""Reasons of notifications that are words of somebody's."""


class BlueskyApiIngestor(Ingestor):
    """Reads feeds, threads, notifications, followers and profiles."""

    name = "bluesky-api"
    platform = "bluesky"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise posts under their addresses, beside their authors' numbers."""
        heads = (first_bytes(one) for one in first_answers(backup))
        return Confidence.CONTENT if any(POST.search(one) and PERSON.search(one) for one in heads) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """A dump does not say that it is whole; it tells whose it is."""
        return Coverage(account_handle=_survey(backup).handle)

    def material(self, native: bytes) -> bytes:
        """Leave counts out, and what the asker sees."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield what is in the answers, file by file."""
        yield from (Gap(what) for what in GAPS)
        dump = _survey(backup)
        if not dump.did:
            yield Defect("profile.json", "no answer tells whose dump this is; no post is known to be its own", False)
        views = _Views(dump, Records(dump.did, backup))
        for member in answers(backup):
            yield from read_pieces(member, INSIDE, views.read, mark="uri")


class _Dump(Struct):
    """Whose a dump is, and the addresses of replies that gates in it hide."""

    did: str = ""
    handle: str = ""
    hidden: set[str] = set()


def _survey(backup: Backup) -> _Dump:
    """Look for the account: the profile that was asked for, else the author of most posts of feeds."""
    dump = _Dump(hidden=set())
    authors: Counter[tuple[str, str]] = Counter()
    for member in answers(backup):
        for piece in pieces(member, INSIDE, mark="uri"):
            value = piece.value if isinstance(piece, Piece) else None
            if not isinstance(value, dict):
                continue
            if "did" in value and "handle" in value and not _key(piece):
                dump.did, dump.handle = str(value["did"]), str(value["handle"])
            for post in _posts_of(value):
                author = _object(post.get("author"))
                if _key(piece) == "feed":
                    authors[str(author.get("did")), str(author.get("handle"))] += 1
                gate = _object(_object(post.get("threadgate")).get("record"))
                dump.hidden.update(str(one) for one in gate.get("hiddenReplies") or ())
    if not dump.did and authors:
        dump.did, dump.handle = authors.most_common(1)[0][0]
    return dump


def _key(piece: Piece | Defect) -> str:
    return piece.key if isinstance(piece, Piece) else ""


def _posts_of(value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the posts of a feed's item or a thread, as values."""
    waiting = [_object(value.get("thread")) or value]
    for _ in range(DEEPEST * 100):
        if not waiting:
            return
        one = waiting.pop()
        if _object(one.get("post")):
            yield one["post"]
        waiting.extend(_object(under) for under in one.get("replies") or ())


class _Views:
    """Makes drafts of one dump's views of posts and people."""

    def __init__(self, dump: _Dump, records: Records) -> None:
        self._dump = dump
        self._records = records

    def read(self, piece: Piece) -> Reading:
        """Yield one item: a thread, a post, a notification, a follower, the profile."""
        value = piece.value
        if isinstance(value.get("error"), str):
            reason = f"Bluesky answered with an error: {value['error']} {value.get('message') or ''}".strip()
            yield Defect(piece.place, f"{reason}. Make this request again", native=piece.native)
        elif "thread" in value:
            yield from self._thread(parts(piece.native)["thread"], piece.place)
        elif "post" in value:
            post = Piece(value["post"], parts(piece.native)["post"], piece.place)
            if not _object(value.get("reason")):
                yield self._post(post)
        elif "record" in value and value.get("reason", "reply") in WRITTEN:
            yield self._post(piece)
        elif piece.key == "followers":
            yield self._person(piece, "subscriber")
        elif value.get("did") == self._dump.did and "handle" in value:
            yield self._person(piece, "profile")

    def _thread(self, native: bytes, place: str) -> Reading:
        """Yield the posts of a thread, each with its own bytes, however deep they lie."""
        waiting = [(native, place)]
        while waiting:
            own, where = waiting.pop(0)
            fields = parts(own)
            if "post" in fields:
                yield self._post(Piece(decoded(fields["post"]), fields["post"], where))
            else:
                found = decoded(own)
                reason = "blocked by its author or the account" if found.get("blocked") else "not there any more"
                yield Defect(where, f"the post {found.get('uri')} in this thread is {reason}", quarantined=False)
            under = elements(fields.get("replies", b"[]"))
            waiting.extend((one, f"{where}, reply {number}") for number, one in enumerate(under, 1))

    def _post(self, piece: Piece) -> Draft:
        view = piece.value
        uri, author = str(view["uri"]), view["author"]
        did, key = uri.removeprefix("at://").split("/", 1)
        own = did == self._dump.did
        draft = self._records.post(Stored(view["record"], piece.native, piece.place, did, key))
        indexed = view.get("indexedAt")
        kind: Kind = "post" if own else "comment"
        return replace(
            draft,
            kind=kind,
            author=Author(str(author.get("displayName") or ""), str(author.get("handle") or ""), did, own),
            created=draft.created or (from_iso(str(indexed)) if indexed else None),
            audience="hidden" if uri in self._dump.hidden else "public",
            metrics={name: view[name] for name in COUNTS if isinstance(view.get(name), int)},
        )

    def _person(self, piece: Piece, kind: Kind) -> Draft:
        value = piece.value
        did, handle = str(value["did"]), str(value.get("handle") or "")
        name = str(value.get("displayName") or "")
        follower = kind == "subscriber"
        return Draft(
            kind=kind,
            place=piece.place,
            native=piece.native,
            native_id=did if follower else f"at://{did}/app.bsky.actor.profile/self",
            author=Author(name, handle, did, is_account=not follower),
            title="" if follower else name,
            text="" if follower else str(value.get("description") or ""),
            url=f"https://bsky.app/profile/{did}",
            list_name="followers" if follower else "",
        )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
