"""A Flickr account's data: a JSON a photo with the comments on it, lists in parts, the files in zips of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from archive.records import Audience, Author, Recipient, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading, without
from ingest.platforms.answers import Piece, elements, first_bytes, parts, read_pieces
from ingest.text import html_to_text
from ingest.timestamps import from_iso, from_unix

GAPS = (
    "who faved: only numbers are read",
    "what was deleted, and what a text said before it was edited",
    "the names of those who commented: Flickr gives their account numbers",
    "not read, on purpose: contacts, faves, groups, statistics",
)
PHOTO = re.compile(r"(^|/)photo_\d+\.json$", re.IGNORECASE)
PAGE = re.compile(rb'"(?:photopage|profile_url|photo_url|url)"\s*:\s*"https?:\\?/\\?/(?:www\.)?flickr\.com')
ACCOUNT = re.compile(r"(^|/)(albums|account_profile|comments_part\d+)\.json$", re.IGNORECASE)
_IN_NAME = re.compile(r"(?:^|_)(\d{8,})(?:_[a-z0-9]+)?(?=[_.])")
_NSID = re.compile(r"people/([^/]+)")
VOLATILE = ("count_views", "count_faves", "count_comments", "view_count", "comments")
SMALL = 4 << 20
"""Bytes of the largest profile that is read."""

Reader = Callable[["_Account", Piece], Reading]


class FlickrIngestor(Ingestor):
    """Reads the parts with JSON, and the files of the others."""

    name = "flickr"
    platform = "flickr"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the files of photos, albums, comments or the profile, by name and by an address of Flickr's."""
        named = (one for one in backup.members() if PHOTO.search(one.path) or ACCOUNT.search(one.path))
        return Confidence.CONTENT if any(PAGE.search(first_bytes(one)) for one in named) else Confidence.NONE

    def material(self, native: bytes) -> bytes:
        """Leave counts out."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield profile, albums, photos with their comments, own comments, mails, followers."""
        yield from (Gap(what) for what in GAPS)
        account = _Account(backup)
        if account.profile is not None:
            yield account.profile
        for member in backup.members():
            found = next((one for one in FILES if one[0].search(member.path)), None)
            if found is not None:
                _, inside, read = found
                yield from read_pieces(member, inside, partial(read, account))
        for member in account.files.values():
            reason = "no photo in this backup has the number that is in this file's name; it was not taken in"
            yield Defect(member.path, reason, quarantined=False)


class _Account:
    """Whose data it is, and the files that no photo has taken yet, by the photo's number."""

    def __init__(self, backup: Backup) -> None:
        self.author = Author(is_account=True)
        self.profile: Draft | None = None
        self.files = dict(_media(backup))
        member = backup.find("account_profile.json")
        if member is not None and member.size <= SMALL:
            try:
                self._read_profile(json.loads(member.read()), member.path)
            except (OSError, ValueError, AttributeError, RecursionError):
                self.profile = None

    def _read_profile(self, value: Mapping[str, Any], place: str) -> None:
        names = ("real_name", "screen_name", "nsid", "profile_url", "description")
        kept = {name: str(value[name]) for name in names if value.get(name)}
        name = kept.get("real_name") or kept.get("screen_name", "")
        self.author = Author(name, kept.get("screen_name", ""), kept.get("nsid", ""), is_account=True)
        self.profile = Draft(
            kind="profile",
            place=place,
            native=json.dumps(kept, ensure_ascii=False).encode(),
            native_id=kept.get("nsid", "profile"),
            author=self.author,
            title=name,
            text=html_to_text(kept.get("description", "")),
            url=kept.get("profile_url", ""),
        )

    def photo(self, piece: Piece) -> Reading:
        """Yield a photo and the comments on it, each with its own bytes."""
        item, fields = piece.value, parts(piece.native)
        comments = fields.pop("comments", b"[]")
        native_id = str(item["id"])
        own = b"{" + b",".join(json.dumps(key).encode() + b":" + value for key, value in fields.items()) + b"}"
        member = self.files.pop(native_id, None)
        original = str(item.get("original") or "").rsplit("/", 1)[-1]
        name = member.path.rsplit("/", 1)[-1] if member is not None else original
        albums = [str(one.get("title")) for one in item.get("albums") or () if isinstance(one, dict)]
        named = {"taken": item.get("date_taken"), "albums": "; ".join(albums), "license": item.get("license")}
        yield Draft(
            kind="post",
            place=piece.place,
            native=own,
            native_id=native_id,
            created=_moment(item.get("date_imported")),
            author=self.author,
            title=str(item.get("name") or ""),
            text=html_to_text(str(item.get("description") or "")),
            url=str(item.get("photopage") or ""),
            attachments=(SourceAttachment(name, member=member),) if name else (),
            tags=tuple(str(one.get("tag") if isinstance(one, dict) else one) for one in item.get("tags") or ()),
            audience=_audience(str(item.get("privacy") or "public")),
            details={key: str(one) for key, one in named.items() if one},
            metrics={key: int(item[key]) for key in VOLATILE[:3] if str(item.get(key)).isdigit()},
        )
        for number, (one, native) in enumerate(zip(item.get("comments") or (), elements(comments), strict=True), 1):
            yield self._remark(one, native, f"{piece.place}, comment {number}", native_id)

    def _remark(self, item: Mapping[str, Any], native: bytes, place: str, photo: str) -> Draft:
        user = str(item.get("user") or "")
        return Draft(
            kind="comment",
            place=place,
            native=native,
            native_id=str(item.get("id") or item.get("comment_id") or "") or None,
            created=_moment(item.get("date") or item.get("created")),
            author=self.author if user in ("", self.author.native_id) else Author(native_id=user),
            text=html_to_text(str(item.get("comment") or "")),
            parent=photo,
            thread=photo,
            url=str(item.get("url") or item.get("comment_url") or ""),
        )

    def own_comment(self, piece: Piece) -> Reading:
        """Yield a comment of the account's on somebody's photo."""
        yield self._remark(piece.value, piece.native, piece.place, str(piece.value.get("photo_id") or ""))

    def album(self, piece: Piece) -> Reading:
        """Yield an album."""
        item = piece.value
        updated = item.get("last_updated")
        yield Draft(
            kind="post",
            place=piece.place,
            native=piece.native,
            native_id=f"album {item['id']}",
            created=_moment(item.get("created")),
            edited=_moment(updated) if updated != item.get("created") else None,
            author=self.author,
            title=str(item.get("title") or ""),
            text=html_to_text(str(item.get("description") or "")),
            url=str(item.get("url") or ""),
            details={"photos": ", ".join(map(str, item.get("photos") or ()))},
        )

    def follower(self, piece: Piece) -> Reading:
        """Yield a follower, or the followers of an object of names and addresses."""
        value = piece.value
        people = value.get("followers") if isinstance(value.get("followers"), dict) else None
        one = {str(value.get("name") or ""): value.get("url") or value.get("profile_url")}
        for name, address in (one if people is None else people).items():
            found = _NSID.search(str(address or ""))
            native = piece.native if people is None else json.dumps({str(name): address}).encode()
            yield Draft(
                kind="subscriber",
                place=piece.place,
                native=native,
                native_id=found[1] if found else str(name),
                author=Author(str(name or ""), native_id=found[1] if found else ""),
                url=str(address or ""),
                list_name="followers",
            )

    def mail(self, piece: Piece) -> Reading:
        """Yield a mail that the account sent or received."""
        item = piece.value
        sender = str(item.get("from") or item.get("sender") or "")
        to = str(item.get("to") or item.get("recipient") or "")
        sent = "sent_" in piece.place.rsplit("/", 1)[-1]
        yield Draft(
            kind="message",
            place=piece.place,
            native=piece.native,
            native_id=str(item.get("id") or "") or None,
            created=_moment(item.get("date") or item.get("created")),
            author=self.author if sent else Author(handle=sender),
            title=str(item.get("subject") or ""),
            text=html_to_text(str(item.get("body") or item.get("message") or "")),
            audience="private",
            recipients=(Recipient("to", address=to),) if to else (),
        )


FILES: tuple[tuple[re.Pattern[str], tuple[str, ...], Reader], ...] = (
    (PHOTO, (), _Account.photo),
    (re.compile(r"(^|/)albums\.json$", re.IGNORECASE), ("albums",), _Account.album),
    (re.compile(r"(^|/)comments_part\d+\.json$", re.IGNORECASE), ("comments",), _Account.own_comment),
    (re.compile(r"(^|/)followers_part\d+\.json$", re.IGNORECASE), ("followers",), _Account.follower),
    (re.compile(r"(^|/)(sent|received)_flickrmail\w*\.json$", re.IGNORECASE), ("flickrmail",), _Account.mail),
)
"""Files by their names, the keys of the lists in them, and their readers."""


def _media(backup: Backup) -> Iterator[tuple[str, Member]]:
    """Yield the files of photos and videos by the photo's number, the last in the name."""
    for member in backup.members():
        name = member.path.rsplit("/", 1)[-1]
        if not name.lower().endswith((".json", ".html", ".txt")) and (found := _IN_NAME.findall(name)):
            yield found[-1], member


def _moment(value: Any) -> Timestamp | None:
    if not value:
        return None
    return from_unix(value) if str(value).isdigit() else from_iso(str(value), "unknown")


def _audience(privacy: str) -> Audience:
    word = privacy.casefold()
    return "public" if word == "public" else "private" if word == "private" else "followers"
