"""Archives of a Mastodon account (ActivityPub): its own posts, replies and boosts, direct messages, files, profile."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from archive.records import Audience, Author, Kind, Recipient
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading, without
from ingest.platforms.answers import LOOKED_AT, Piece, decoded, first_bytes, read_pieces
from ingest.text import html_to_text
from ingest.timestamps import from_iso

GAPS = (
    "replies and mentions by others, and who liked or boosted: an archive holds the account's own words",
    "followers: Mastodon exports no list of them",
    "what a post said before it was edited, and what was deleted (the API gives the history of edits)",
    "not read, on purpose: likes, bookmarks, whom the account follows",
)
PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")
OUTBOX = re.compile(rb'"type"\s*:\s*"OrderedCollection"')
ITEMS = re.compile(rb'"orderedItems"\s*:\s*\[\s*(\]|\{)')
MEDIA = re.compile(r"(?:^|/)((?:media_attachments|media)/.*)$")
_ANCHOR = re.compile(r"<a\b([^>]*)>")
_INSIDE = re.compile(r'class="[^"]*(?:mention|hashtag)')
_HREF = re.compile(r'href="(https?://[^"]+)"')
VOLATILE = ("likes", "shares", "replies", "votersCount", "signature")
LISTS: dict[str, str] = {
    "blocked_accounts.csv": "blocked",
    "muted_accounts.csv": "muted",
    "blocked_domains.csv": "blocked",
}
"""Tables that can be downloaded beside the archive, and what was done to those in them."""

SMALL = 8 << 20
"""Bytes of the largest profile that is read."""


class MastodonArchiveIngestor(Ingestor):
    """Reads the archive that a Mastodon server (and its relatives) makes of an account."""

    name = "mastodon-archive"
    platform = "mastodon"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise an ordered collection of activities."""
        return Confidence.CONTENT if any(map(_is_outbox, islice(_json(backup), LOOKED_AT))) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """An archive holds every post that there is; it does not say when it was made."""
        actor = _actor(backup)
        kinds: frozenset[Kind] = frozenset({"post", "message"})
        return Coverage(complete=kinds, account_handle=_handle(actor))

    def material(self, native: bytes) -> bytes:
        """Leave counts out."""
        try:
            item = decoded(native)
        except ValueError:
            return native
        inner = item.get("object") if isinstance(item, dict) else None
        if not isinstance(inner, dict):
            return native
        return without(msgspec.json.encode(inner), VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield the profile, the outbox, and who was blocked or muted."""
        yield from (Gap(what) for what in GAPS)
        actor = _actor(backup)
        author = Author(str(actor.get("name") or ""), _handle(actor), str(actor.get("id") or ""), is_account=True)
        notes = _Notes(author, str(actor.get("followers") or ""), backup)
        if actor:
            yield notes.profile(actor)
        else:
            reason = "the archive does not say whose it is (actor.json); authors stay without a handle"
            yield Defect("actor.json", reason, quarantined=False)
        for member in _json(backup):
            if _is_outbox(member):
                yield from read_pieces(member, ("orderedItems",), notes.read)
        for name, done in LISTS.items():
            for member in backup.matching(name):
                yield from _acted_on(member, done, author)


def _json(backup: Backup) -> Iterator[Member]:
    return (one for one in backup.members() if one.path.lower().endswith(".json"))


def _is_outbox(member: Member) -> bool:
    """Say whether a file is a collection of activities; that of likes and bookmarks holds addresses only."""
    head = first_bytes(member)
    name = member.path.rsplit("/", 1)[-1].lower()
    return bool(OUTBOX.search(head) and ITEMS.search(head)) and name not in ("likes.json", "bookmarks.json")


def _actor(backup: Backup) -> Mapping[str, Any]:
    member = backup.find("actor.json")
    if member is None or member.size > SMALL:
        return {}
    try:
        found = decoded(member.read().removeprefix(codecs.BOM_UTF8))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _handle(actor: Mapping[str, Any]) -> str:
    """Return ``user@server``."""
    name = str(actor.get("preferredUsername") or "")
    server = re.match(r"https?://([^/]+)", str(actor.get("id") or ""))
    return f"{name}@{server[1]}" if name and server else name


class _Notes:
    """Makes drafts of one archive's activities."""

    def __init__(self, author: Author, followers: str, backup: Backup) -> None:
        self._author = author
        self._followers = followers
        self._media = {found[1]: one for one in backup.members() if (found := MEDIA.search(one.path))}
        self._backup = backup

    def profile(self, actor: Mapping[str, Any]) -> Draft:
        """Return the account itself."""
        fields = [one for one in actor.get("attachment") or () if isinstance(one, dict)]
        pictures = (actor.get(one) for one in ("icon", "image"))
        names = [str(one.get("url") or "") for one in pictures if isinstance(one, dict)]
        member = self._backup.find("actor.json")
        held = [(one, self._backup.find(one)) for one in names if one and "://" not in one]
        return Draft(
            kind="profile",
            place="actor.json",
            native=member.read() if member is not None else b"",
            native_id=self._author.native_id or "profile",
            author=self._author,
            title=self._author.name,
            text=html_to_text(str(actor.get("summary") or "")),
            url=str(actor.get("url") or ""),
            attachments=tuple(SourceAttachment(one, member=found) for one, found in held),
            details={str(one.get("name")): html_to_text(str(one.get("value") or "")) for one in fields},
        )

    def read(self, piece: Piece) -> Reading:
        """Yield one activity: what it made, or what it boosted."""
        activity = piece.value
        inner = activity.get("object")
        if activity.get("type") == "Announce":
            yield self._boost(activity, inner, piece)
        elif isinstance(inner, dict):
            yield self._note(inner, piece)
        elif "content" in activity:
            yield self._note(activity, piece)
        else:
            raise ValueError(f"an activity of type {activity.get('type')}")

    def _boost(self, activity: Mapping[str, Any], inner: Any, piece: Piece) -> Draft:
        address = str(inner.get("id") if isinstance(inner, dict) else inner or "")
        return Draft(
            kind="post",
            place=piece.place,
            native=piece.native,
            native_id=str(activity["id"]),
            created=from_iso(str(activity.get("published") or "")),
            author=self._author,
            text=html_to_text(str(inner.get("content") or "")) if isinstance(inner, dict) else "",
            links=(address,) if address else (),
            audience=self._seen_by(activity)[0],
            details={"boost of": address},
        )

    def _note(self, note: Mapping[str, Any], piece: Piece) -> Draft:
        audience, word = self._seen_by(note)
        tags = [one for one in note.get("tag") or () if isinstance(one, dict)]
        mentions = [one for one in tags if one.get("type") == "Mention"]
        direct = word == "direct"
        updated = str(note.get("updated") or "")
        return Draft(
            kind="message" if direct else "post",
            place=piece.place,
            native=piece.native,
            native_id=str(note["id"]),
            created=from_iso(str(note.get("published") or "")),
            edited=from_iso(updated) if updated else None,
            author=self._author,
            title=str(note.get("summary") or ""),
            text=html_to_text(str(note.get("content") or "")),
            parent=str(note.get("inReplyTo") or ""),
            thread=str(note.get("conversation") or note.get("context") or ""),
            url=str(note.get("url") or ""),
            attachments=tuple(map(self._attachment, _objects(note.get("attachment")))),
            links=links_outside(str(note.get("content") or "")),
            tags=tuple(str(one.get("name") or "").lstrip("#") for one in tags if one.get("type") == "Hashtag"),
            mentions=tuple(str(one.get("name") or "") for one in mentions),
            audience=audience,
            recipients=tuple(Recipient("to", str(one.get("name")), str(one.get("href"))) for one in mentions if direct),
            details=_details(note, word),
        )

    def _seen_by(self, item: Mapping[str, Any]) -> tuple[Audience, str]:
        """Return who can see an item, and Mastodon's own word for it."""
        to, cc = (_addresses(item.get(one)) for one in ("to", "cc"))
        if any(one in PUBLIC for one in to):
            return "public", "public"
        if any(one in PUBLIC for one in cc):
            return "public", "unlisted"
        followers = [one for one in (*to, *cc) if one == self._followers or one.endswith("/followers")]
        return ("followers", "followers") if followers else ("private", "direct")

    def _attachment(self, one: Mapping[str, Any]) -> SourceAttachment:
        """Return a file; servers put the name of a bucket or of themselves before its path."""
        address = str(one.get("url") or "")
        found = MEDIA.search(address)
        member = self._media.get(found[1]) if found else None
        return SourceAttachment(address.rsplit("/", 1)[-1], member=member, alt=str(one.get("name") or ""))


def _objects(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, dict)]


def _addresses(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def links_outside(content: str) -> tuple[str, ...]:
    """Return where a text leads; mentions and hashtags lead to people and searches."""
    hrefs = (_HREF.search(one) for one in _ANCHOR.findall(content) if not _INSIDE.search(one))
    return tuple(dict.fromkeys(one[1].replace("&amp;", "&") for one in hrefs if one))


def _details(note: Mapping[str, Any], word: str) -> dict[str, str]:
    options = [*_objects(note.get("oneOf")), *_objects(note.get("anyOf"))]
    found = {} if word == "public" else {"visibility": word}
    if options:
        found["poll"] = "; ".join(str(one.get("name") or "") for one in options)
    if note.get("sensitive") is True:
        found["sensitive"] = "yes"
    return found


def _acted_on(member: Member, done: str, author: Author) -> Reading:
    """Yield whom the account has blocked or muted, of which Mastodon tells no time."""
    try:
        lines = member.read(SMALL).decode("utf-8-sig", "replace").splitlines()
    except OSError as error:
        yield Defect(member.path, f"this table cannot be read ({error})")
        return
    for number, line in enumerate(lines, 1):
        who = line.split(",")[0].strip()
        if who and not who.startswith(("Account address", "#")):
            yield Draft(
                kind="moderation",
                place=f"{member.path}, row {number}",
                native=line.encode(),
                native_id=f"{done} {who}",
                author=author,
                text=f"{done} {who}",
                audience="private",
                details={done: who},
            )
