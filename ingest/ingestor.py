"""The interface every format implements, and what it yields.

An ingestor has one required method, :meth:`Ingestor.read`. It never writes, logs, or reads the clock,
the network or the environment: it yields drafts, defects and gaps, and the pipeline does the rest.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import IntEnum
from typing import Literal

from msgspec import Struct

from archive.records import Audience, Author, Kind, Recipient, Timestamp
from ingest.backup import Backup, Member


class Confidence(IntEnum):
    """How sure an ingestor is that a backup is its own: not at all, by file names, by content."""

    NONE = 0
    NAME = 1
    CONTENT = 2


class SourceAttachment(Struct, frozen=True):
    """A file that belongs to a draft: a ``member`` of the backup, or ``payload`` cut out of one.

    Both None means that the backup names the file but does not hold it.
    """

    name: str
    member: Member | None = None
    payload: bytes | None = None
    alt: str = ""


class Draft(Struct, frozen=True, kw_only=True):
    """One item as the platform gave it, before the archive knows whether it is held already.

    ``native_id`` is None where the source has no id. ``revision`` is set where the source itself says
    that several of its items are versions of one thing: they share ``native_id`` and are ordered by
    ``edited`` and then ``revision``. ``earlier`` is, for an item without id, what the source says that it
    said before, oldest first. ``removed`` is when the source says the item was taken down, ``removed_by`` who
    did it where the source tells (else: the city its own items, other authors theirs; "unknown" where others could
    have done it as well).
    ``metrics`` are counts such as likes: kept, but no part of the digest. ``native`` is the
    source's own bytes for this item, ``place`` where they stood ("data/tweets.js, item 12").
    """

    kind: Kind
    place: str
    native: bytes
    native_id: str | None = None
    revision: str = ""
    created: Timestamp | None = None
    edited: Timestamp | None = None
    removed: Timestamp | None = None
    removed_by: Literal["", "city", "author", "platform", "unknown"] = ""
    author: Author = Author()
    title: str = ""
    text: str = ""
    parent: str = ""
    thread: str = ""
    url: str = ""
    attachments: tuple[SourceAttachment, ...] = ()
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    audience: Audience = "public"
    recipients: tuple[Recipient, ...] = ()
    list_name: str = ""
    details: Mapping[str, str] = {}
    metrics: Mapping[str, int] = {}
    earlier: tuple[Draft, ...] = ()


class Defect(Struct, frozen=True, tag=True):
    """Something in a backup that could not be read, or not wholly.

    ``reason`` is a sentence for a person. ``quarantined`` means that an item was lost to it (``native``
    then holds the bytes that could not be read, where there are any); otherwise the item went in and
    this is a remark about it.
    """

    place: str
    reason: str
    quarantined: bool = True
    native: bytes = b""


class Gap(Struct, frozen=True):
    """What this format never holds ("comments by visitors: not in this export")."""

    what: str


class Coverage(Struct, frozen=True):
    """What a backup says about itself: when it was made and which kinds it holds in full.

    ``complete`` lists the kinds of which this backup holds every item of the account (within
    ``since`` and ``until``, where the format names a range); empty when the backup does not say.
    ``lists`` names the subscriber lists that are in it, each whole; None where a format has only one.
    """

    exported_at: datetime | None = None
    complete: frozenset[Kind] = frozenset()
    since: date | None = None
    until: date | None = None
    account_handle: str = ""
    lists: frozenset[str] | None = None


class Ingestor(ABC):
    """A reader of one format. Subclasses set ``name``, ``platform`` and ``version`` and implement ``read``.

    ``platform`` is empty for a format that may be of any; ``also_of`` are further ones whose accounts it may be brought
    for (mail that a platform sends). ``recipe`` is what a person told the reader (the text of a mapping), kept with the
    accession: the same backup is read anew by another recipe. ``zone_advice`` ends the remark on times that name no
    zone: what a person can do. Items of a reader that does not name files (``names_files``) have those that lie beside
    them: a backup without them, such as one part of several, says nothing of them.
    """

    name: str
    platform: str
    version: int
    also_of: tuple[str, ...] = ()
    recipe: str = ""
    zone_advice: str = ""
    names_files: bool = True

    def is_of(self, platform: str) -> bool:
        """Say whether a backup in this format may be of an account of this platform."""
        return not self.platform or platform in (self.platform, *self.also_of)

    def identify(self, backup: Backup) -> Confidence:
        """Say whether this backup is in this format; cheap, by a look at a few members."""
        return Confidence.NONE

    @abstractmethod
    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        """Yield everything in the backup, in an order that is the same every time."""

    def coverage(self, backup: Backup) -> Coverage:
        """Say what the backup says about itself; by default nothing."""
        return Coverage()

    def material(self, native: bytes) -> bytes:
        """Return the part of an item's own bytes that a newer reader of this format would read again.

        Counts that change by themselves (likes) are left out, so that the same item in two exports gives
        the same bytes. It tells a rereading from an edit. By default all of the bytes.
        """
        return native
