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

from export import staged

BASIC_COLUMNS = ("name", "address", "id", "joined", "left")
"""Columns of a subscriber list that go out unless they are withheld: whose list it is that was used for outreach."""

TAGS_COLUMN = "tags"

FIRST_RECIPIENTS = 30
"""How many recipients of one record pages and spreadsheets show."""


class Ground(Struct, frozen=True, kw_only=True):
    """Why something stays in: an exemption's code, citation and title, and the reason written for this record."""

    code: str
    citation: str
    title: str
    reason: str = ""


class Redaction(Struct, frozen=True, kw_only=True):
    """Something blacked out of one record. ``number`` counts from 1 within the record.

    ``field`` is the released value it stands in ("text", "author", "recipients.2", "details.status",
    "attachments.0"). ``start`` and ``stop`` are code points of ``marker`` in that value as it is released, equal for
    a box on a picture or page; ``place`` then says where ("page 2"). The words themselves are nowhere.
    """

    number: int
    field: str
    start: int
    stop: int
    marker: str
    ground: Ground
    place: str = ""


class Resting(Struct, frozen=True, kw_only=True):
    """Words of a released value that no digest proves, since something beside them is blacked out.

    ``field`` is the released value ("text", "details.status", "attachments.0.name"), ``start`` and ``stop`` are code
    points of it as it is released.
    """

    field: str
    start: int
    stop: int


class ReleasedAttachment(Struct, frozen=True, kw_only=True):
    """A file that goes out with a record. ``path`` is its place in the bundle ("media/ab12….jpg").

    ``path`` is empty where the archive does not hold the bytes or they stay in; ``missing`` then says why.
    ``redacted`` marks a copy in which something was burnt over, or a replacement made elsewhere.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    path: str = ""
    alt: str = ""
    missing: str = ""
    redacted: bool = False


class ReleasedRecord(Struct, frozen=True, kw_only=True):
    """One released version of one record. Times are ISO 8601 in UTC, ``local_time`` is for people.

    ``number`` is its Bates number within the request; ``bates`` is the whole number, "MILBROOK-2026-0001-000012".
    ``state`` is present, edited, deleted or hidden;
    ``state_note`` says it in a sentence, with its window. ``standing`` is "current" or "superseded".
    ``parent`` and ``thread`` are the source's ids; ``parent_number`` is the parent's number here, 0 if
    it is not part of this release. ``conversation`` is the number of the first record of the same thread here.
    ``native_path`` is the place of the source's own bytes in the bundle, empty where something in them stays in;
    ``rebuilt_path`` is then the place of the message made anew from what is released (.eml). ``joined`` and ``left``
    are a subscriber's, in words that say how they are known; ``as_of`` says on which lists that were asked for as of a
    moment the person was, "yes" or "possibly". ``decision`` is "released" or, in a draft,
    "undecided" where nobody has decided yet; ``context`` marks a record that does not answer by itself and goes out
    since its conversation does. ``resting`` are the words that rest on the certificate alone.
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
    as_of: str = ""
    bates: str = ""
    decision: str = "released"
    context: bool = False
    redactions: tuple[Redaction, ...] = ()
    rebuilt_path: str = ""
    resting: tuple[Resting, ...] = ()

    @property
    def first_recipients(self) -> tuple[str, ...]:
        """The recipients as pages and spreadsheets show them: a newsletter's hundreds do not fit into a cell."""
        more = len(self.recipients) - FIRST_RECIPIENTS
        if more <= 0:
            return self.recipients
        return (*self.recipients[:FIRST_RECIPIENTS], f"and {more:,} more, all of them in records.jsonl")


class WithheldRecord(Struct, frozen=True, kw_only=True):
    """A record that stays in whole: what the exemption log says of it, and where its placeholder stands.

    ``author`` and ``recipients`` are named where the law's log wants them (mail, and the city's own), else empty.
    ``conversation`` and ``parent_number`` place it as in :class:`ReleasedRecord`.
    """

    number: int
    bates: str
    record: int
    version: int
    account: str
    account_title: str
    platform: str
    kind: str
    created_at: str = ""
    local_time: str = ""
    author: str = ""
    recipients: tuple[str, ...] = ()
    conversation: int = 0
    parent_number: int = 0
    attachments: int = 0
    ground: Ground


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


class NotResponsive(Struct, frozen=True, kw_only=True):
    """A version that the search found and a person found not to answer the request."""

    record: int
    version: int
    account: str


class Reconciliation(Struct, frozen=True, kw_only=True):
    """What became of every version found; the numbers must add up before anything is built.

    ``released`` went out whole, ``redacted`` with something blacked out. ``undecided`` is for drafts alone.
    ``disposed`` was found once and lawfully destroyed or transferred before this package was made.
    """

    found: int
    released: int
    redacted: int = 0
    withheld: int = 0
    not_responsive: int = 0
    duplicates: int = 0
    undecided: int = 0
    disposed: int = 0

    @property
    def going_out(self) -> int:
        """How many records are in the package, whole or in part."""
        return self.released + self.redacted + self.undecided

    @property
    def adds_up(self) -> bool:
        """Whether every version that was found is accounted for."""
        return self.found == (self.going_out + self.withheld + self.not_responsive + self.duplicates + self.disposed)

    @property
    def sentence(self) -> str:
        """The sum in words: "120 found = 100 released + 12 redacted + 8 withheld"."""
        parts = [(self.released, "released"), (self.redacted, "redacted"), (self.withheld, "withheld")]
        parts += [(self.not_responsive, "not responsive"), (self.duplicates, "duplicates")]
        parts += [(self.undecided, "not decided yet"), (self.disposed, "lawfully disposed of since")]
        return f"{self.found:,} found = " + " + ".join(
            f"{count:,} {what}" for count, what in parts if count or what == "released"
        )


class Approval(Struct, frozen=True, kw_only=True):
    """Who looked at the production before it went out: name, role, and local time; empty where nobody had to."""

    by: str = ""
    role: str = ""
    at: str = ""


class Changed(Struct, frozen=True, kw_only=True):
    """A record whose lot is another one than in the production before: "withheld" then, "released" now."""

    bates: str
    before: str
    now: str


class Production(Struct, frozen=True, kw_only=True):
    """One release, staged: the facts about it and the folder its records wait in.

    ``request`` is shown as "2026-0001". ``built_at`` is the ledger's time, so that two builds give the
    same bytes. ``checkpoint`` is "seq:digest" of the ledger. ``staging`` holds ``records.jsonl``,
    ``withheld.jsonl``, ``not_responsive.jsonl`` and ``duplicates.jsonl``, and under ``media/``, ``natives/`` and
    ``rebuilt/`` the files named by each record's paths; ``natives_kept_in`` counts the records whose own bytes are
    not among them. ``new`` are the Bates numbers that no earlier production had, ``changed`` those whose lot is
    another one now; both empty in a first production. ``custodian`` is the office that answers for the records.
    ``left_out`` names accounts that are kept out of the archive, and who answers for them; ``disposed`` says what
    was lawfully destroyed in scope. ``letter`` is the cover letter, plain paragraphs with blank lines between them.
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
    requester: str = ""
    custodian: str = ""
    approval: Approval = Approval()
    new: tuple[int, ...] = ()
    changed: tuple[Changed, ...] = ()
    left_out: tuple[str, ...] = ()
    disposed: tuple[str, ...] = ()
    letter: str = ""

    @property
    def name(self) -> str:
        """The bundle's name: ``request-2026-0001-draft-1``."""
        return f"request-{self.request}-{'draft' if self.draft else 'production'}-{self.number}"

    @property
    def watermark(self) -> str:
        """What every form of a draft carries, empty for what was approved."""
        return "DRAFT – for review inside the office, not approved for release" if self.draft else ""

    def records(self) -> Iterator[ReleasedRecord]:
        """Yield the records that go out, in the order of their creation, one at a time."""
        return staged.read(self.staging / "records.jsonl", _record)

    def withheld(self) -> Iterator[WithheldRecord]:
        """Yield what stays in whole, in the order of creation."""
        return staged.read(self.staging / "withheld.jsonl", _withheld)

    def not_responsive(self) -> Iterator[NotResponsive]:
        """Yield what was found and does not answer."""
        return staged.read(self.staging / "not_responsive.jsonl", _not_responsive)

    def duplicates(self) -> Iterator[Duplicate]:
        """Yield what was found twice and is released once."""
        return staged.read(self.staging / "duplicates.jsonl", _duplicate)

    def file(self, path: str) -> Path:
        """Return where a file named by a record's path (media, native, rebuilt) waits."""
        return self.staging / path


_record = msgspec.json.Decoder(ReleasedRecord).decode
_withheld = msgspec.json.Decoder(WithheldRecord).decode
_not_responsive = msgspec.json.Decoder(NotResponsive).decode
_duplicate = msgspec.json.Decoder(Duplicate).decode
