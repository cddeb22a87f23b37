"""From a collected set to a production: released values staged on disk, at one place of the ledger.

A production is an act on the ledger. Built again while nothing has changed since, it is the same act, and
so the same bytes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import chain
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import msgspec
from msgspec import Struct

from archive import clock, ledger
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.ledger import LedgerRow
from archive.reading import attachments_of
from archive.records import Version
from export.coverage import searched_accounts
from export.flagged import is_native_flagged
from export.people import People
from export.record_state import StateNotes
from export.released import (
    Duplicate,
    Production,
    Reconciliation,
    ReleasedAttachment,
    ReleasedColumn,
    ReleasedRecord,
)
from export.requests import collection, register

EVENT = "production.drafted"
CHANGES = (
    "accession.",
    "account.",
    "request.amended",
    "request.collected",
    "request.columns",
    "schedule.",
    "disposition.",
    "hold.",
)
"""Events after which a production built again could differ."""


_COUNTERPARTS = """
SELECT o.id FROM version v JOIN content c ON c.id = v.id
JOIN version o ON o.id = v.record OR (o.record = v.record AND o.id <> o.record) JOIN content d ON d.id = o.id
WHERE v.id = ? AND v.record IN (SELECT record FROM finding WHERE kind = 'counterpart')
  AND c.native_id IS NOT NULL AND d.native_id IS NULL AND d.text IS c.text AND d.audience = c.audience ORDER BY o.id
"""
"""What another format, without ids, tells of a record in the same words."""

NEVER_DUPLICATES = ("subscriber", "profile")
"""Kinds in which the same person on two lists is two facts."""


class DoesNotAddUp(MunimentError):
    """Released and duplicates are not what was found: a bug, and nothing is built."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, sums: Reconciliation) -> None:
        super().__init__(
            f"The numbers do not add up: {sums.sentence}. Nothing was built. Run `muniment verify --deep`."
        )


class Stage(Struct, frozen=True):
    """A staged production and the folder to throw away when it is built."""

    production: Production

    def clear(self) -> None:
        """Remove the staged files."""
        shutil.rmtree(self.production.staging, ignore_errors=True)


def stage(archive: Archive, number: int) -> Stage:
    """Stage the draft of a request's collected set."""
    request = register.get(archive, number)
    collected = collection.collections(archive, number)
    if not collected:
        raise collection.NothingCollected(number)
    act, count = _act(archive, request, collected)
    folder = Path(mkdtemp(prefix="staging-", dir=archive.folder / "productions"))
    try:
        people = People(archive, number)
        staging = _Staging(archive, folder, people)
        sums = staging.write(collection.collected_versions(archive, number))
        if not sums.adds_up:
            raise DoesNotAddUp(sums)
        production = _production(archive, request, collected, act, count, folder, sums, people)
        return Stage(msgspec.structs.replace(production, natives_kept_in=staging.natives_kept_in))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _act(
    archive: Archive, request: register.Request, collected: Sequence[collection.Collected]
) -> tuple[LedgerRow, int]:
    """Return the ledger row of this production and which of the request's productions it is."""
    subject = f"request:{request.id}"
    earlier = [row for row in ledger.rows(archive.connection, event=EVENT) if row.subject == subject]
    if earlier:
        since = ledger.rows(archive.connection, after=earlier[-1].seq)
        if not any(row.event.startswith(CHANGES) for row in since):
            return earlier[-1], len(earlier)
    facts = {"collected": [one.selection for one in collected], "position": archive.head()}
    with archive.act(EVENT, subject, facts) as act:
        seq = act.seq
    return next(ledger.rows(archive.connection, after=seq - 1, upto=seq)), len(earlier) + 1


def _production(
    archive: Archive,
    request: register.Request,
    collected: Sequence[collection.Collected],
    act: LedgerRow,
    count: int,
    folder: Path,
    sums: Reconciliation,
    people: People,
) -> Production:
    return Production(
        archive_name=archive.name,
        request=request.shown,
        request_description=request.description,
        received_on=date.fromisoformat(request.received_on),
        built_at=clock.read_stored(act.at),
        timezone=archive.timezone.key,
        queries=tuple(one.query for one in collected),
        checkpoint=f"{act.seq}:{act.digest.hex()}",
        ledger_position=max(one.position for one in collected),
        accounts=tuple(searched_accounts(archive)),
        columns=tuple(
            ReleasedColumn(name=one.name, released=one.released, flag=one.flag, reason=one.reason)
            for one in people.columns
        ),
        reconciliation=sums,
        number=count,
        draft=True,
        staging=folder,
    )


class _Staging:
    """Writes released values into the staging folder, in the order of their creation."""

    def __init__(self, archive: Archive, folder: Path, people: People) -> None:
        self._archive = archive
        self._people = people
        self.natives_kept_in = 0
        self._folder = folder
        self._notes = StateNotes(archive)
        self._titles = dict(archive.connection.execute("SELECT id, title FROM account"))
        self._encode = msgspec.json.Encoder().encode
        for part in ("media", "natives"):
            (folder / part).mkdir()

    def write(self, found: Sequence[int]) -> Reconciliation:
        """Stage everything; return the sums."""
        order = _Order(self._archive, found)
        with (self._folder / "records.jsonl").open("wb") as lines:
            released = 0
            for version in self._archive.version(order.released):
                released += 1
                lines.write(self._encode(self._released(version, released, order)) + b"\n")
        for name in ("withheld.jsonl", "not_responsive.jsonl"):
            (self._folder / name).touch()
        with (self._folder / "duplicates.jsonl").open("wb") as lines:
            for duplicate in order.duplicates():
                lines.write(self._encode(duplicate) + b"\n")
        return Reconciliation(found=len(found), released=released, duplicates=len(order.twins))

    def _released(self, version: Version, number: int, order: _Order) -> ReleasedRecord:
        found = self._whole(version, number, order)
        return self._people.released(found) if version.kind == "subscriber" else found

    def _whole(self, version: Version, number: int, order: _Order) -> ReleasedRecord:
        content = version.content
        created = content.created
        edited = content.edited
        local = ""
        if created is not None and created.at is not None:
            local = clock.in_words(created.at, self._archive.timezone)
            local = local[:10] if created.precision == "day" else local
        native_path, native_sha256 = self._native(version, number)
        return ReleasedRecord(
            number=number,
            record=version.record,
            version=version.id,
            digest=version.digest.hex(),
            account=version.account,
            account_title=self._titles.get(version.account, ""),
            platform=version.platform,
            kind=version.kind,
            state=version.state,
            state_note=self._notes.of(version),
            standing="current" if version.current else "superseded",
            created_at=created.at.isoformat() if created is not None and created.at is not None else "",
            created_raw=created.raw if created is not None else "",
            created_precision=created.precision if created is not None else "",
            local_time=local,
            edited_at=edited.at.isoformat() if edited is not None and edited.at is not None else "",
            author=content.author.name,
            handle=content.author.handle,
            author_id=content.author.native_id,
            by_account=content.author.is_account,
            native_id=content.native_id,
            title=content.title,
            text=content.text,
            parent=content.parent,
            parent_number=order.number_of(version.account, content.parent),
            thread=content.thread,
            conversation=order.conversation(version.id),
            url=content.url,
            audience=content.audience,
            recipients=tuple(_shown(one.role, one.name, one.address) for one in content.recipients),
            list_name=content.list_name,
            links=content.links,
            tags=content.tags,
            mentions=content.mentions,
            details=dict(content.details),
            attachments=tuple(self._attachments(version)),
            captured_at=version.captured_at.isoformat(),
            accession=version.accession,
            native_path=native_path,
            native_sha256=native_sha256,
        )

    def _attachments(self, version: Version) -> Iterator[ReleasedAttachment]:
        """Yield a record's files, and those that only another format's telling of it holds."""
        ids = [row[0] for row in self._archive.connection.execute(_COUNTERPARTS, (version.id,))]
        others = attachments_of(self._archive.connection, ids) if ids else {}
        met: set[str] = set()
        for one in chain(version.content.attachments, *others.values()):
            if one.sha256 and one.sha256 in met:
                continue
            met.add(one.sha256)
            path, missing = "", ""
            if one.sha256 and one.sha256 in self._archive.objects:
                path = f"media/{one.sha256[:32]}{_suffix(one.name)}"
                target = self._folder / path
                if not target.exists():
                    _link(self._archive.objects.path(one.sha256), target)
            else:
                missing = "the backup names this file but does not hold it"
            yield ReleasedAttachment(
                name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256,
                path=path, alt=one.alt, missing=missing,
            )  # fmt: skip

    def _native(self, version: Version, number: int) -> tuple[str, str]:
        """Stage the platform's own bytes of a record; return their path and SHA-256."""
        native = version.content.native
        if not native:
            return "", ""
        listed = version.kind == "subscriber"
        if self._people.holds_back(version) if listed else is_native_flagged(native):
            self.natives_kept_in += 1
            return "", ""
        path = f"natives/{number:06}{_native_suffix(version)}"
        (self._folder / path).write_bytes(native)
        return path, sha256(native).hexdigest()


def _link(stored: Path, target: Path) -> None:
    """Give an object a second name; copy it where the disk knows no second names."""
    try:
        os.link(stored, target)
    except OSError:
        shutil.copyfile(stored, target)


def _shown(role: str, name: str, address: str) -> str:
    who = f"{name} <{address}>" if name and address else name or address
    return f"{role}: {who}"


def _suffix(name: str) -> str:
    """Return a short, harmless ending for a file name in the bundle."""
    suffix = Path(name).suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 6 else ""


def _native_suffix(version: Version) -> str:
    """Return the ending that opens a record's own bytes in the right program."""
    native = version.content.native
    if version.platform == "email":
        return ".eml"
    if native.lstrip()[:1] in (b"{", b"["):
        return ".json"
    if native.lstrip()[:1] == b"<":
        return ".html"
    return ".csv" if version.kind == "subscriber" else ".txt"


class _Order:
    """Which versions are released in which order, which are duplicates of which, and who answers whom."""

    def __init__(self, archive: Archive, found: Sequence[int]) -> None:
        self._archive = archive
        self.released: list[int] = []
        self.twins: list[tuple[int, int, str, int]] = []
        self._numbers: dict[int, int] = {}
        self._by_native: dict[tuple[str, str], int] = {}
        self._conversation: dict[int, int] = {}
        self._place(found)

    def _place(self, found: Sequence[int]) -> None:
        rows = sorted(self._rows(found), key=lambda row: (row[5] or "9", not row[6], row[0]))
        first: dict[tuple[object, ...], int] = {}
        links: list[tuple[int, str, str, str]] = []
        for version, record, account, kind, key, created_at, native_id, parent, thread, told in rows:
            can_repeat = bool(native_id) and kind not in NEVER_DUPLICATES
            twin = first.get((key, native_id, created_at)) if can_repeat else None
            if told is not None and not native_id:
                twin = first.get((record, told))
            if twin is not None:
                self.twins.append((version, record, account, twin))
                continue
            self.released.append(version)
            number = len(self.released)
            first[(key, native_id, created_at)] = number
            if told is not None and native_id:
                first.setdefault((record, told), number)
            self._numbers[version] = number
            if native_id:
                self._by_native.setdefault((account, native_id), number)
            links.append((number, account, parent, thread))
        self._join(links)

    def _rows(self, found: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """Yield what places a version; last what it says, of records that two formats tell, else None."""
        for start in range(0, len(found), 30_000):
            chunk = found[start : start + 30_000]
            yield from self._archive.connection.execute(
                "SELECT v.id, v.record, r.account, r.kind, v.content_hash, coalesce(c.created_at, ''),"
                " coalesce(c.native_id, ''), coalesce(c.parent, ''), coalesce(c.thread, ''),"
                " CASE WHEN v.record IN (SELECT record FROM finding WHERE kind = 'counterpart')"
                " THEN c.audience || ' ' || coalesce(c.text, '') END"
                " FROM version v JOIN record r ON r.id = v.record JOIN content c ON c.id = v.id"
                f" WHERE v.id IN ({', '.join('?' * len(chunk))})",
                chunk,
            )

    def _join(self, links: Sequence[tuple[int, str, str, str]]) -> None:
        """Give every record the number of the first record of its conversation."""
        first_of: dict[tuple[str, str], int] = {}
        roots = {number: number for number, *_ in links}

        def root(number: int) -> int:
            while roots[number] != number:
                roots[number] = roots[roots[number]]
                number = roots[number]
            return number

        for number, account, parent, thread in links:
            others = [self._by_native.get((account, parent), number)] if parent else []
            if thread:
                others.append(first_of.setdefault((account, thread), number))
            for other in others:
                low, high = sorted((root(number), root(other)))
                roots[high] = low
        self._conversation = {number: root(number) for number, *_ in links}

    def number_of(self, account: str, native_id: str) -> int:
        """Return the number of an item by its id at the source, 0 if it is not released."""
        return self._by_native.get((account, native_id), 0) if native_id else 0

    def conversation(self, version: int) -> int:
        """Return the number of the first record in a version's conversation."""
        return self._conversation[self._numbers[version]]

    def duplicates(self) -> Iterator[Duplicate]:
        """Yield what is not repeated."""
        for version, record, account, number in self.twins:
            yield Duplicate(record=record, version=version, account=account, duplicate_of=number)
