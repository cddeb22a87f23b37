"""Answers of Mastodon's API: the account's posts with the public's replies, edits as versions, followers, blocks.

An archive holds the account's own words only; replies come out of each post's context. How to make a dump is told in
docs/formats.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from archive.records import Audience, Author, Kind, Recipient
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading, without
from ingest.platforms.answers import Piece, answers, first_answers, first_bytes, pieces, read_pieces
from ingest.platforms.mastodon_archive import links_outside
from ingest.text import html_to_text
from ingest.timestamps import from_iso

GAPS = (
    "replies that had been deleted before this dump was made, or that the server never received",
    "who liked or boosted: only their numbers are read",
    "the pictures' bytes, unless they were saved beside the answers under their own names",
)
INSIDE = ("statuses", "ancestors", "descendants", "mentions", "followers", "blocks", "mutes")
STATUS = re.compile(rb'"uri"\s*:\s*"(?:https?:|tag:)[^"]*"')
CONTENT = re.compile(rb'"(?:spoiler_text|reblogs_count|in_reply_to_account_id)"\s*:')
PERSON = re.compile(rb'"acct"\s*:\s*"')
HISTORY = re.compile(r"(?:history[_-])?(\d{5,})(?:[_-]history)?[^/]*\.\w+$", re.IGNORECASE)
VISIBLE: dict[str, Audience] = {"private": "followers", "direct": "private", "limited": "private"}
VOLATILE = (
    "replies_count", "reblogs_count", "favourites_count", "quotes_count", "favourited", "reblogged", "muted",
    "bookmarked", "pinned", "account", "card", "filtered", "emojis", "application", "poll",
)  # fmt: skip
ACTED = {"blocks": "blocked", "mutes": "muted"}


class _Known(Struct, frozen=True):
    """What is known of a status before it is read: its address, what it answers, who can see it."""

    uri: str
    parent: str
    visibility: str


class MastodonApiIngestor(Ingestor):
    """Reads statuses, contexts, histories of edits, notifications of mentions, followers, blocks and mutes."""

    name = "mastodon-api"
    platform = "mastodon"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise statuses as the API writes them."""
        return (
            Confidence.CONTENT
            if any(_is_status(first_bytes(one)) for one in first_answers(backup))
            else Confidence.NONE
        )

    def coverage(self, backup: Backup) -> Coverage:
        """Nothing in an answer says whether further pages follow: that stands in a header."""
        return Coverage(account_handle=_Dump(backup).handle)

    def material(self, native: bytes) -> bytes:
        """Leave counts out, and what the asker did."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield what is in the answers, file by file."""
        yield from (Gap(what) for what in GAPS)
        dump = _Dump(backup)
        if not dump.owner:
            yield Defect("account.json", "no answer tells whose dump this is; no post is known to be its own", False)
        for member in answers(backup):
            yield from _file(member, dump)


def _is_status(head: bytes) -> bool:
    return bool(STATUS.search(head) and CONTENT.search(head) and PERSON.search(head))


def _file(member: Member, dump: _Dump) -> Reading:
    if owner := _history_of(member):
        yield from _history(member, dump, owner)
        return
    name = member.path.rsplit("/", 1)[-1].lower()
    sort = next((one for one in ("followers", "blocks", "mutes", "following") if one in name), "")

    def read(piece: Piece) -> Reading:
        value = piece.value
        if isinstance(value.get("error"), str):
            reason = f"Mastodon answered with an error: {value['error']}. Make this request again"
            yield Defect(piece.place, reason, native=piece.native)
        elif "uri" in value and "content" in value:
            yield dump.status(piece)
        elif isinstance(value.get("status"), dict) and value.get("type") in ("mention", "status", "update"):
            yield dump.status(Piece(value["status"], piece.native, piece.place))
        elif "acct" in value:
            yield from dump.person(piece, piece.key or sort)
        elif isinstance(value.get("account"), dict) and "statuses" in value:
            yield from dump.person(Piece(value["account"], piece.native, piece.place), "")

    yield from read_pieces(member, INSIDE, read, mark="uri")


def _history_of(member: Member) -> str:
    """Return the id of the status whose edits a file holds, empty if it holds no edits."""
    found = HISTORY.search(member.path.rsplit("/", 1)[-1])
    return found[1] if found and "history" in member.path.lower() else ""


def _history(member: Member, dump: _Dump, owner: str) -> Reading:
    """Yield the wordings of a status, oldest first, the last of which is the status itself where that is here."""
    known = dump.known.get(owner)
    if known is None:
        reason = "the status whose edits these are is not in the dump: neither its address nor who can see it is known"
        yield Defect(member.path, reason)
        return
    found = [one for one in pieces(member, ()) if isinstance(one, Piece)]
    for number, piece in enumerate(found[:-1]):
        try:
            yield dump.edit(piece, known, number > 0)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            yield Defect(piece.place, f"this edit is not what Mastodon gives ({error})", native=piece.native)


class _Dump:
    """One dump: whose it is, its statuses by their number on the server, and the files beside the answers."""

    def __init__(self, backup: Backup) -> None:
        self.known: dict[str, _Known] = {}
        self.owner = ""
        self.handle = ""
        authors: Counter[tuple[str, str]] = Counter()
        for value in _values(backup):
            if "uri" in value and isinstance(value.get("account"), dict):
                self._note(value)
                authors[str(value["account"].get("id")), str(value["account"].get("acct") or "")] += 1
            elif "acct" in value and isinstance(value.get("source"), dict):
                self.owner, self.handle = str(value.get("id")), str(value.get("acct") or "")
        if not self.owner and authors:
            self.owner, self.handle = authors.most_common(1)[0][0]
        self._files = {one.path.rsplit("/", 1)[-1]: one for one in backup.members()}

    def _note(self, value: Mapping[str, Any]) -> None:
        parent, visibility = str(value.get("in_reply_to_id") or ""), str(value.get("visibility"))
        self.known[str(value.get("id"))] = _Known(str(value["uri"]), parent, visibility)

    def status(self, piece: Piece) -> Draft:
        """Return a status: a post of the account's, a reply of somebody else's, or a direct message."""
        item = piece.value
        edited = str(item.get("edited_at") or "")
        draft = self._written(piece, str(item["uri"]), str(item.get("in_reply_to_id") or ""), str(item["visibility"]))
        return replace(
            draft,
            revision=edited,
            created=from_iso(str(item["created_at"])),
            edited=from_iso(edited) if edited else None,
            url=str(item.get("url") or ""),
            metrics={name: item[name] for name in VOLATILE[:4] if isinstance(item.get(name), int)},
        )

    def edit(self, piece: Piece, known: _Known, is_edit: bool) -> Draft:
        """Return an earlier wording of a status."""
        moment = str(piece.value["created_at"])
        draft = self._written(piece, known.uri, known.parent, known.visibility)
        changed = from_iso(moment) if is_edit else None
        return replace(draft, revision=moment, created=from_iso(moment), edited=changed)

    def _written(self, piece: Piece, uri: str, parent: str, visibility: str) -> Draft:
        """Return what a status and an earlier wording have in common."""
        item = piece.value
        author = self._author(item["account"])
        content = str(item.get("content") or "")
        mentions = [one for one in item.get("mentions") or () if isinstance(one, dict)]
        direct = visibility == "direct"
        kind: Kind = "message" if direct else "post" if author.is_account else "comment"
        return Draft(
            kind=kind,
            place=piece.place,
            native=piece.native,
            native_id=uri,
            author=author,
            title=str(item.get("spoiler_text") or ""),
            text=html_to_text(content),
            parent=self._uri(parent),
            thread=self._root(parent) or uri,
            attachments=tuple(map(self._attachment, item.get("media_attachments") or ())),
            links=_links(item),
            tags=tuple(str(one.get("name")) for one in item.get("tags") or ()),
            mentions=tuple(f"@{one.get('acct')}" for one in mentions),
            audience=VISIBLE.get(visibility, "public"),
            recipients=tuple(Recipient("to", address=str(one.get("acct"))) for one in mentions if direct),
            details=_details(item, visibility),
        )

    def person(self, piece: Piece, sort: str) -> Reading:
        """Yield the account's profile, a follower, or somebody blocked or muted; others are nobody's record."""
        item = piece.value
        author = self._author(item)
        if sort == "followers":
            yield self._about(piece, author, "subscriber", author.native_id or author.handle, list_name="followers")
        elif sort in ACTED:
            done = ACTED[sort]
            draft = self._about(piece, author, "moderation", f"{done} {author.handle}")
            own = Author("", self.handle, self.owner, is_account=True)
            yield replace(
                draft, author=own, text=f"{done} {author.handle}", audience="private", details={done: author.handle}
            )
        elif author.is_account:
            yield self._about(piece, author, "profile", author.native_id, html_to_text(str(item.get("note") or "")))

    def _about(
        self, piece: Piece, author: Author, kind: Kind, native_id: str, text: str = "", list_name: str = ""
    ) -> Draft:
        return Draft(
            kind=kind,
            place=piece.place,
            native=piece.native,
            native_id=native_id,
            author=author,
            text=text,
            url=str(piece.value.get("url") or ""),
            list_name=list_name,
        )

    def _author(self, account: Mapping[str, Any]) -> Author:
        native_id = str(account.get("id") or "")
        name, handle = str(account.get("display_name") or ""), str(account.get("acct") or "")
        return Author(name, handle, native_id, bool(native_id) and native_id == self.owner)

    def _uri(self, native_id: str) -> str:
        return self.known[native_id].uri if native_id in self.known else native_id

    def _root(self, native_id: str) -> str:
        """Return the address of the first status of a conversation, as far back as the dump goes."""
        met: set[str] = set()
        while native_id in self.known and self.known[native_id].parent and native_id not in met:
            met.add(native_id)
            native_id = self.known[native_id].parent
        return self._uri(native_id)

    def _attachment(self, one: Mapping[str, Any]) -> SourceAttachment:
        name = str(one.get("url") or one.get("remote_url") or "").split("?")[0].rsplit("/", 1)[-1]
        return SourceAttachment(name, member=self._files.get(name), alt=str(one.get("description") or ""))


def _values(backup: Backup) -> Iterator[Mapping[str, Any]]:
    """Yield the statuses and people of all answers."""
    for member in answers(backup):
        for piece in pieces(member, INSIDE, mark="uri"):
            value = piece.value if isinstance(piece, Piece) else None
            if isinstance(value, dict):
                yield value["status"] if isinstance(value.get("status"), dict) else value


def _links(item: Mapping[str, Any]) -> tuple[str, ...]:
    boosted = item.get("reblog")
    addresses = [str(boosted.get("uri"))] if isinstance(boosted, dict) else []
    return tuple(dict.fromkeys((*addresses, *links_outside(str(item.get("content") or "")))))


def _details(item: Mapping[str, Any], visibility: str) -> dict[str, str]:
    boosted, poll = item.get("reblog"), item.get("poll")
    found = {} if visibility == "public" else {"visibility": visibility}
    if isinstance(boosted, dict):
        found["boost of"] = str(boosted.get("uri"))
    if isinstance(poll, dict):
        found["poll"] = "; ".join(str(one.get("title")) for one in poll.get("options") or ())
    return found | ({"sensitive": "yes"} if item.get("sensitive") is True else {})
