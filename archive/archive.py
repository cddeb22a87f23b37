"""Class Archive: one folder opened, its reads, and the one way to write.

A write is an :class:`Act`: one transaction that appends holdings, the ledger row that vouches for
them, and the state that follows from it.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout
from msgspec import Struct

from archive import clock, database, ledger, matching, merkle, migrations, reading, settings, state
from archive.canonical import storable
from archive.errors import ExitCode, MunimentError
from archive.holdings import attachment_row, content_row
from archive.ledger import Checkpoint
from archive.objects import Objects
from archive.records import Content, Kind, Version
from archive.tables import ATTACHMENT, CONTENT, METRIC, STATEMENT, VERSION, Row, Table
from archive.version_digest import stored_time

KEY_FILE = "archive.key"


class NoArchive(MunimentError):
    """There is no archive in this folder."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no archive in {folder}. Name one with --archive DIR (or MUNIMENT_ARCHIVE), "
            "or make one with `muniment init DIR --name TEXT`."
        )


class FolderNotEmpty(MunimentError):
    """An archive can only be made in a new or empty folder."""

    exit_code = ExitCode.REFUSED

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty. Choose a new folder; nothing was changed.")


class UnknownTimezone(MunimentError):
    """A time zone that is not in the tz database."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is not a time zone. Write it as America/Chicago.")


class BadFiscalYear(MunimentError):
    """The start of the fiscal year is no day of a year."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not a day of the year. Write the first day as MM-DD, such as 01-01.")


class AnotherIsRunning(MunimentError):
    """Only one process at a time may do this to an archive."""

    exit_code = ExitCode.REFUSED

    def __init__(self, what: str) -> None:
        super().__init__(f"Another `muniment {what}` is at work on this archive. Wait for it, then run this again.")


class ObjectGone(MunimentError):
    """An object that an act names was cleared away between being stored and being named."""

    exit_code = ExitCode.REFUSED

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"Object {sha256[:12]}… was cleared away by a disposition while this was being written. "
            "Nothing was changed. Run the same command again."
        )


class Actor(Struct, frozen=True):
    """Who acts and by what way ("command line, as root"); both are written on the ledger.

    ``proved`` says that a registered user gave the password.
    """

    name: str
    via: str
    proved: bool = False


class NewVersion(Struct, frozen=True):
    """A version that is ready to be appended: hashed, its objects in the store.

    ``record`` is None for a new record. ``salt`` is 16 random bytes, ``digest`` the version's digest.
    """

    record: int | None
    kind: Kind
    accession: int
    identity: bytes
    content_hash: bytes
    digest: bytes
    salt: bytes
    content: Content


class Act:
    """One ledger row in the making, inside the writer's transaction.

    ``seq`` is the row's place; rows added through :meth:`add` carry it and are vouched for by it.
    ``subject`` may be set once the id of what is made is known.
    ``facts`` goes into the ledger and must hold nothing that may have to be destroyed.
    """

    def __init__(self, connection: sqlite3.Connection, seq: int, at: str, subject: str, facts: dict[str, Any]) -> None:
        self.connection = connection
        self.seq = seq
        self.subject = subject
        self.at = at
        self.facts = facts
        self._leaves: dict[str, tuple[int, list[bytes]]] = {}

    def add(self, table: Table, values: Row) -> int:
        """Append one row: the values after ``id`` and ``seq``; return its id."""
        return self.add_all(table, [values])

    def add_all(self, table: Table, many: Sequence[Row]) -> int:
        """Append rows; return the first one's id, the others follow it without holes."""
        first = self.next_id(table)
        rows = [(first + i, self.seq, *values) for i, values in enumerate(many)]
        self._insert(table, rows, [table.leaf(row) for row in rows])
        return first

    def next_id(self, table: Table) -> int:
        """Return the id that the next row of a table will have."""
        if table.name in self._leaves:
            first, leaves = self._leaves[table.name]
            return first + len(leaves)
        found = self.connection.execute(f"SELECT max(id) FROM {table.name}").fetchone()[0]
        disposed = self.connection.execute("SELECT max(row_id) FROM disposed WHERE tbl = ?", (table.name,)).fetchone()[
            0
        ]
        return max(found or 0, disposed or 0) + 1

    def _insert(self, table: Table, rows: Sequence[Row], leaves: list[bytes]) -> None:
        if not rows:
            return
        self.connection.executemany(table.insert_sql(), [(*row, leaf) for row, leaf in zip(rows, leaves, strict=True)])
        self._leaves.setdefault(table.name, (rows[0][0], []))[1].extend(leaves)

    def add_versions(self, versions: Sequence[NewVersion]) -> list[int]:
        """Append versions with their content and attachments; return their ids."""
        first = self.next_id(VERSION)
        ids = list(range(first, first + len(versions)))
        headers = [
            (i, self.seq, v.record or i, v.kind, v.accession, v.identity, v.content_hash, v.digest)
            for i, v in zip(ids, versions, strict=True)
        ]
        self._insert(VERSION, headers, [VERSION.leaf(row) for row in headers])
        contents = [content_row(i, self.seq, v.salt, v.content) for i, v in zip(ids, versions, strict=True)]
        self._insert(CONTENT, contents, [reading.content_leaf(v.digest) for v in versions])
        number = self.next_id(ATTACHMENT)
        attachments = [
            (i, position, one)
            for i, v in zip(ids, versions, strict=True)
            for position, one in enumerate(v.content.attachments)
        ]
        rows = [
            attachment_row(number + n, self.seq, new_salt(), i, position, one)
            for n, (i, position, one) in enumerate(attachments)
        ]
        self._insert(ATTACHMENT, rows, [ATTACHMENT.leaf(row) for row in rows])
        return ids

    def add_metrics(self, accession: int, counts: Sequence[tuple[int, str]]) -> None:
        """Append metrics: (version, canonical JSON of its counts) each."""
        self.add_all(METRIC, [(new_salt(), version, accession, text) for version, text in counts])

    def state(self, subject: str, name: str, text: str) -> int:
        """Append a statement: free text or a name that a person entered; return its id."""
        return self.add(STATEMENT, (new_salt(), subject, name, storable(text)))

    def vouched(self) -> dict[str, dict[str, Any]]:
        """Return count, first id and root for each table this act appended to."""
        return {
            name: {"count": len(leaves), "first": first, "root": merkle.root(leaves).hex()}
            for name, (first, leaves) in sorted(self._leaves.items())
        }


def new_salt() -> bytes:
    """Return 16 random bytes."""
    return os.urandom(16)


def salts() -> Iterator[bytes]:
    """Yield salts without end; the system is asked for a thousand at a time."""
    while True:
        many = os.urandom(16 * 1000)
        yield from (many[start : start + 16] for start in range(0, len(many), 16))


class Archive:
    """An opened archive. Reads see the last committed act; writes go through :meth:`act`."""

    def __init__(self, folder: Path, actor: Actor) -> None:
        self.folder = folder
        self.actor = actor
        self.path = folder / database.FILE_NAME
        self.objects = Objects(folder / "objects")
        self.settings = settings.read(folder)
        self._writer = database.connect(self.path)
        migrations.migrate(self._writer, self.path)
        self.connection = database.connect(self.path, read_only=True)

    @classmethod
    def open(cls, folder: Path, actor: Actor) -> Archive:
        """Open an archive; raises :class:`NoArchive` where there is none."""
        if not (folder / database.FILE_NAME).is_file():
            raise NoArchive(folder)
        return cls(folder, actor)

    @classmethod
    def create(
        cls,
        folder: Path,
        actor: Actor,
        *,
        name: str,
        timezone: str = "America/Chicago",
        fiscal_year_start: str = "01-01",
    ) -> Archive:
        """Make an archive in a new or empty folder and write its first ledger row."""
        read_zone(timezone)
        read_month_day(fiscal_year_start)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise FolderNotEmpty(folder)
        for part in ("objects", "index", "productions"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / settings.FILE_NAME).write_text(settings.TEMPLATE, encoding="utf-8")
        key = folder / KEY_FILE
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(32))
        database.create(folder / database.FILE_NAME)
        archive = cls(folder, actor)
        facts = {
            "archive": secrets.token_hex(16), "name": name, "timezone": timezone,
            "fiscal_year_start": fiscal_year_start,
        }  # fmt: skip
        with archive.act("archive.created", "archive", facts):
            pass
        return archive

    def close(self) -> None:
        """Close the database connections."""
        self.connection.close()
        self._writer.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- writing

    @contextmanager
    def act(self, event: str, subject: str, facts: dict[str, Any] | None = None) -> Iterator[Act]:
        """Write one act: holdings added in the block, its ledger row, and the state, or nothing at all."""
        with database.immediate(self._writer, self.path) as connection:
            seq = ledger.head(connection).seq + 1
            act = Act(connection, seq, stored_time(clock.now()), subject, dict(facts or {}))
            yield act
            self._look_for_objects()
            vouched = act.vouched()
            body = act.facts | ({"tables": vouched} if vouched else {})
            row = ledger.append(connection, act.at, self.actor.name, self.actor.via, event, act.subject, body)
            state.apply(connection, row)
        self.objects.brought.clear()

    def _look_for_objects(self) -> None:
        """Make sure, under the writer lock, that what was stored for this act is still there."""
        for sha256 in self.objects.brought:
            if sha256 not in self.objects:
                self.objects.brought.clear()
                raise ObjectGone(sha256)

    @contextmanager
    def state_transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the writer lock to change derived tables; guarded tables refuse what is not an act."""
        with database.immediate(self._writer, self.path) as connection:
            yield connection

    @contextmanager
    def alone(self, what: str, patience: float = 0.0) -> Iterator[None]:
        """Make sure that no other process does ``what`` to this archive during the block.

        Raises :class:`AnotherIsRunning` if one still does after ``patience`` seconds.
        """
        try:
            with FileLock(self.folder / f"{what}.lock", timeout=patience):
                yield
        except Timeout:
            raise AnotherIsRunning(what) from None

    # -- what the archive is

    @cached_property
    def key(self) -> bytes:
        """The archive's 32-byte key."""
        return (self.folder / KEY_FILE).read_bytes()

    @cached_property
    def _created(self) -> dict[str, Any]:
        return next(ledger.rows(self.connection, event="archive.created")).facts

    @property
    def name(self) -> str:
        """The name given at ``init``, such as "City of Milbrook"."""
        return str(self._created["name"])

    @property
    def timezone(self) -> ZoneInfo:
        """The zone in which people here type and read dates."""
        return ZoneInfo(self._created["timezone"])

    @property
    def fiscal_year_start(self) -> tuple[int, int]:
        """Month and day on which the fiscal year starts."""
        return read_month_day(self._created["fiscal_year_start"])

    def identity(self, account: str, kind: Kind, native_id: str) -> bytes:
        """Return the keyed identity of an item at its source."""
        return matching.identity(self.key, account, kind, native_id)

    # -- reading

    def head(self) -> int:
        """Return the ledger's last seq."""
        return self.checkpoint().seq

    def checkpoint(self) -> Checkpoint:
        """Return the ledger's last place and digest."""
        return ledger.head(self.connection)

    def versions(self, after_seq: int = 0, upto_seq: int | None = None) -> Iterator[Version]:
        """Yield versions by id, those of ledger rows after ``after_seq`` and up to ``upto_seq``."""
        return reading.versions(self.connection, after_seq, upto_seq)

    def version(self, ids: Iterable[int]) -> Iterator[Version]:
        """Yield the versions with these ids, in the order given; unknown ids are passed over."""
        return reading.by_ids(self.connection, ids)

    def adopted_schedules(self) -> list[tuple[int, bytes]]:
        """Return (ledger seq, the TOML's bytes) of every adopted schedule, in order."""
        rows = ledger.rows(self.connection, event="schedule.adopted")
        return [(row.seq, self.objects.path(row.facts["object"]).read_bytes()) for row in rows]

    def now_local(self) -> datetime:
        """Return the present moment in the archive's time zone."""
        return clock.now().astimezone(self.timezone)


def read_zone(name: str) -> ZoneInfo:
    """Return a time zone by its tz database name; raises :class:`UnknownTimezone`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise UnknownTimezone(name) from None


def read_month_day(text: str) -> tuple[int, int]:
    """Read ``MM-DD``, a day that every year has; raises :class:`BadFiscalYear`."""
    try:
        day = datetime.strptime(f"2001-{text}", "%Y-%m-%d")
    except ValueError:
        raise BadFiscalYear(text) from None
    return day.month, day.day
