"""What a bundle's writers are given: values from which everything withheld is already gone.

Nothing here, and nothing in ``export/bundle/``, imports ``archive``: a leak is impossible by
construction. A ``Production`` is one staged folder; its records are read one by one, so memory
stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

BASIC_COLUMNS = ("name", "address", "id", "joined", "left")
"""Columns of a subscriber list that go out unless they are withheld: whose list it is that was used for outreach."""

TAGS_COLUMN = "tags"

FIRST_RECIPIENTS = 30
"""How many recipients of one record pages and spreadsheets show."""


class ReleasedAttachment(Struct, frozen=True, kw_only=True):
    """A file that goes out with a record. ``path`` is its place in the bundle ("media/ab12….jpg").

    ``path`` is empty where the archive does not hold the bytes; ``missing`` then says why.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    path: str = ""
    alt: str = ""
    missing: str = ""


class ReleasedRecord(Struct, frozen=True, kw_only=True):
    """One released version of one record. Times are ISO 8601 in UTC, ``local_time`` is for people.

    ``number`` counts from 1 in the production's order. ``state`` is present, edited, deleted or hidden;
    ``state_note`` says it in a sentence, with its window. ``standing`` is "current" or "superseded".
    ``parent`` and ``thread`` are the source's ids; ``parent_number`` is the parent's number here, 0 if
    it is not part of this release. ``conversation`` is the number of the first record of the same thread here.
    ``native_path`` is the place of the source's own bytes in the bundle. ``joined`` and ``left`` are a subscriber's,
    in words that say how they are known.
    """

    number: int
    record: int
    version: int
    digest: str
    account: str
    account_title: str
    platform: str
    kind: str
    state: str
    state_note: str = ""
    standing: str = "current"
    created_at: str = ""
    created_raw: str = ""
    created_precision: str = ""
    local_time: str = ""
    edited_at: str = ""
    author: str = ""
    handle: str = ""
    author_id: str = ""
    by_account: bool = False
    native_id: str = ""
    title: str = ""
    text: str = ""
    parent: str = ""
    parent_number: int = 0
    thread: str = ""
    conversation: int = 0
    url: str = ""
    audience: str = "public"
    recipients: tuple[str, ...] = ()
    list_name: str = ""
    links: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    details: dict[str, str] = {}
    attachments: tuple[ReleasedAttachment, ...] = ()
    captured_at: str = ""
    accession: int = 0
    native_path: str = ""
    native_sha256: str = ""
    joined: str = ""
    left: str = ""

    @property
    def first_recipients(self) -> tuple[str, ...]:
        """The recipients as pages and spreadsheets show them: a newsletter's hundreds do not fit into a cell."""
        more = len(self.recipients) - FIRST_RECIPIENTS
        if more <= 0:
            return self.recipients
        return (*self.recipients[:FIRST_RECIPIENTS], f"and {more:,} more, all of them in records.jsonl")


class ReleasedColumn(Struct, frozen=True, kw_only=True):
    """A column of the subscriber lists: whether it goes out, what it is flagged as, the reason that was written."""

    name: str
    released: bool
    flag: str = ""
    reason: str = ""


class SearchedBackup(Struct, frozen=True, kw_only=True):
    """One backup that was searched: when it was taken in, when the platform made it, what was in it."""

    accession: int
    taken_in_on: str
    exported_on: str
    format: str
    complete: bool
    items: int
    quarantined: int
    sha256: str


class SearchedAccount(Struct, frozen=True, kw_only=True):
    """One account that was searched, its backups, and what its formats never hold."""

    account: str
    title: str
    platform: str
    department: str
    backups: tuple[SearchedBackup, ...] = ()
    gaps: tuple[str, ...] = ()


class Duplicate(Struct, frozen=True, kw_only=True):
    """A version that was found and is not repeated: it says the same as released record ``duplicate_of``."""

    record: int
    version: int
    account: str
    duplicate_of: int


class Reconciliation(Struct, frozen=True, kw_only=True):
    """Found = released + duplicates; the numbers must add up before anything is built."""

    found: int
    released: int
    duplicates: int

    @property
    def adds_up(self) -> bool:
        """Whether every version that was found is accounted for."""
        return self.found == self.released + self.duplicates


class Production(Struct, frozen=True, kw_only=True):
    """One release, staged: the facts about it and the folder its records wait in.

    ``request`` is shown as "2026-0001". ``built_at`` is the ledger's time, so that two builds give the
    same bytes. ``checkpoint`` is "seq:digest" of the ledger. ``staging`` holds ``records.jsonl`` and
    ``duplicates.jsonl``, and under ``media/`` and ``natives/`` the files named by each record's
    paths; ``natives_kept_in`` counts the records whose own bytes are not among them.
    """

    archive_name: str
    request: str
    request_description: str
    received_on: date
    built_at: datetime
    timezone: str
    queries: tuple[str, ...]
    checkpoint: str
    ledger_position: int
    accounts: tuple[SearchedAccount, ...]
    columns: tuple[ReleasedColumn, ...] = ()
    reconciliation: Reconciliation
    number: int
    draft: bool
    staging: Path
    natives_kept_in: int = 0

    @property
    def name(self) -> str:
        """The bundle's name: ``request-2026-0001-draft-1``."""
        return f"request-{self.request}-{'draft' if self.draft else 'production'}-{self.number}"

    def records(self) -> Iterator[ReleasedRecord]:
        """Yield the released records in order, one at a time."""
        decoder = msgspec.json.Decoder(ReleasedRecord)
        with (self.staging / "records.jsonl").open("rb") as lines:
            for line in lines:
                yield decoder.decode(line)

    def duplicates(self) -> Iterator[Duplicate]:
        """Yield what was found twice and is released once."""
        decoder = msgspec.json.Decoder(Duplicate)
        with (self.staging / "duplicates.jsonl").open("rb") as lines:
            for line in lines:
                yield decoder.decode(line)

    def file(self, path: str) -> Path:
        """Return where a file named by a record's path (media or native) waits."""
        return self.staging / path
