"""The values the rooms hand to each other: timestamps, authors, and what one version says.

Every value here is plain and immutable. A ``Content`` is exactly what a version's digest covers
(docs/design.md, section 2); its field order is part of the hash format and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

Kind = Literal[
    "post",
    "comment",
    "message",
    "story",
    "review",
    "event",
    "article",
    "page",
    "email",
    "subscriber",
    "reaction",
    "profile",
    "moderation",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Audience = Literal["public", "followers", "private", "hidden", "removed", "draft", "spam"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

State = Literal["present", "edited", "deleted", "hidden"]
STATES: tuple[State, ...] = get_args(State)

Precision = Literal["millisecond", "second", "minute", "day", "month", "unknown"]
ZoneSource = Literal["explicit", "format", "account", "unknown"]


class Timestamp(Struct, frozen=True):
    """A moment as a source gave it.

    ``at`` is an aware UTC datetime, None when the raw text could not be read. ``zone`` says how the
    zone was known: written beside the time, UTC by the format's definition, the account's setting, or
    not at all (then UTC is assumed and said so).
    """

    at: datetime | None
    raw: str = ""
    precision: Precision = "second"
    zone: ZoneSource = "unknown"


class Author(Struct, frozen=True):
    """Who wrote an item, as far as the source says; ``is_account`` marks the city's own account."""

    name: str = ""
    handle: str = ""
    native_id: str = ""
    is_account: bool = False


class Recipient(Struct, frozen=True):
    """One addressee: ``role`` is to, cc, bcc, reply-to or member (of a conversation)."""

    role: str
    name: str = ""
    address: str = ""


class HeldAttachment(Struct, frozen=True):
    """An attachment in the archive: its bytes are ``objects/<sha256>``, or absent from the backup.

    ``sha256`` is lower-case hex, empty when the backup named the file but did not hold it;
    ``size`` is in bytes. ``words`` were read out of it by machine, ``tells`` is what its metadata tell beside what it
    shows ("place", "address"): both are derived, no part of a digest, and filled only where a version is read back.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    alt: str = ""
    words: str = ""
    tells: str = ""


class Content(Struct, frozen=True, kw_only=True):
    """All that a person wrote, or is named in, in one version of a record.

    ``parent`` and ``thread`` are the source's own ids; ``details`` holds other named values as the
    source names them (a subscriber's status, a mail's Reply-To). ``place`` says where in the backup
    the item stood ("data/tweets.js, item 12"). ``native`` is the source's own bytes for this item.
    """

    native_id: str = ""
    author: Author = Author()
    created: Timestamp | None = None
    edited: Timestamp | None = None
    removed: Timestamp | None = None
    title: str = ""
    text: str = ""
    parent: str = ""
    thread: str = ""
    url: str = ""
    audience: Audience = "public"
    recipients: tuple[Recipient, ...] = ()
    list_name: str = ""
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    details: Mapping[str, str] = {}
    attachments: tuple[HeldAttachment, ...] = ()
    place: str = ""
    native: bytes = b""


class Version(Struct, frozen=True, kw_only=True):
    """One stored version, read back with what is known about it at the time of asking.

    ``state`` is the record's, ``current`` says whether this version still stands; ``seq`` is the ledger
    row that vouches for it, ``captured_at`` that row's time.
    """

    id: int
    record: int
    kind: Kind
    account: str
    platform: str
    accession: int
    seq: int
    captured_at: datetime
    digest: bytes
    state: State
    current: bool
    content: Content
