"""Versions read back out of the holdings, a few hundred at a time so that memory stays flat."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec.structs import replace

from archive import merkle
from archive.canonical import FORMAT
from archive.clock import read_stored
from archive.errors import ExitCode, MunimentError
from archive.holdings import attachment_from_row, content_from_row
from archive.records import HeldAttachment, Version
from archive.tables import ATTACHMENT, CONTENT, Row

CHUNK = 500
"""Versions read at a time."""

_HEADER = (
    "v.id",
    "v.record",
    "v.kind",
    "r.account",
    "r.platform",
    "v.accession",
    "v.seq",
    "l.at",
    "v.digest",
)
_SELECT = f"""
SELECT {", ".join(_HEADER)}, r.state, r.version = v.id, {", ".join("c." + name for name in CONTENT.columns)}
FROM version v JOIN content c ON c.id = v.id JOIN record r ON r.id = v.record JOIN ledger l ON l.seq = v.seq
"""


class UnknownRecord(MunimentError):
    """No record has this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, record: int) -> None:
        super().__init__(f"There is no record {record}. `muniment search` shows the numbers of records.")


class RecordDisposed(MunimentError):
    """A record was lawfully disposed of; only its stub is left."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, record: int, on: str, kind: str, series: str, citation: str) -> None:
        done = "destroyed" if kind == "destroy" else "transferred"
        super().__init__(
            f"Record {record} was {done} on {on}, in the series “{series}”, by {citation}. Only its stub is left. "
            "`muniment disposition list` shows the dispositions and their certificates."
        )


def no_record(connection: sqlite3.Connection, record: int) -> MunimentError:
    """Return the error for a number without a record: it was disposed of, or there never was one."""
    stub = connection.execute(
        "SELECT disposed_on, kind, series, authority FROM disposed WHERE tbl = 'content' AND row_id = ?", (record,)
    ).fetchone()
    is_record = stub and connection.execute("SELECT 1 FROM version WHERE id = ?1 AND record = ?1", (record,)).fetchone()
    return RecordDisposed(record, *stub) if is_record else UnknownRecord(record)


def content_leaf(digest: bytes) -> bytes:
    """Return the leaf of a ``content`` row: over its version's digest, which covers every field."""
    return merkle.leaf_hash(FORMAT + b"content\x00" + digest)


def salt_of(connection: sqlite3.Connection, version: int) -> bytes:
    """Return the salt of a version that is held. It never leaves the archive: with it every field could be guessed."""
    salt: bytes = connection.execute("SELECT salt FROM content WHERE id = ?", (version,)).fetchone()[0]
    return salt


def content_leaves(connection: sqlite3.Connection, first: int, count: int) -> list[bytes]:
    """Return the leaves of ``count`` rows of ``content`` from id ``first`` on, those of disposed rows too."""
    rows = connection.execute(
        "SELECT digest FROM version WHERE id BETWEEN ? AND ? ORDER BY id", (first, first + count - 1)
    )
    return [content_leaf(digest) for (digest,) in rows]


def versions(connection: sqlite3.Connection, after_seq: int, upto_seq: int | None) -> Iterator[Version]:
    """Yield versions by id, those vouched for after one ledger row and up to another."""
    upto = upto_seq if upto_seq is not None else (1 << 62)
    position = first_after(connection, "version", after_seq) - 1
    while True:
        rows = connection.execute(
            f"{_SELECT} WHERE v.id > ? AND v.seq <= ? ORDER BY v.id LIMIT {CHUNK}", (position, upto)
        ).fetchall()
        if not rows:
            return
        yield from _read(connection, rows)
        position = rows[-1][0]


def first_after(connection: sqlite3.Connection, table: str, seq: int) -> int:
    """Return the first id of a table whose row a later ledger row vouches for (ids and seqs rise together)."""
    low, high = 1, (connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(f"SELECT seq FROM {table} WHERE id >= ? ORDER BY id LIMIT 1", (middle,)).fetchone()
        if found is None or found[0] > seq:
            high = middle
        else:
            low = middle + 1
    return low


def by_ids(connection: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Version]:
    """Yield versions in the order of ``ids``; those that are not held are passed over."""
    waiting = iter(ids)
    while chunk := list(islice(waiting, CHUNK)):
        marks = ", ".join("?" * len(chunk))
        rows = connection.execute(f"{_SELECT} WHERE v.id IN ({marks})", chunk).fetchall()
        found = {version.id: version for version in _read(connection, rows)}
        yield from (found[one] for one in chunk if one in found)


def _read(connection: sqlite3.Connection, rows: Sequence[Row]) -> Iterator[Version]:
    attachments = attachments_of(connection, [row[0] for row in rows])
    split = len(_HEADER) + 2
    for row in rows:
        number, record, kind, account, platform, accession, seq, at, digest, state, current = row[:split]
        yield Version(
            id=number,
            record=record,
            kind=kind,
            account=account,
            platform=platform,
            accession=accession,
            seq=seq,
            captured_at=read_stored(at),
            digest=digest,
            state=state,
            current=bool(current),
            content=content_from_row(row[split:], _with_words(connection, attachments.get(number, ()))),
        )


def _with_words(connection: sqlite3.Connection, attachments: Sequence[HeldAttachment]) -> Sequence[HeldAttachment]:
    """Return attachments with what was read out of them; one version's at a time, since it may be long."""
    if not attachments:
        return attachments
    marks = ", ".join("?" * len(attachments))
    found = {
        sha256: (words, tells)
        for sha256, words, tells in connection.execute(
            f"SELECT sha256, text, tells FROM extracted WHERE sha256 IN ({marks})", [one.sha256 for one in attachments]
        )
    }
    return [
        replace(one, words=found[one.sha256][0], tells=found[one.sha256][1]) if one.sha256 in found else one
        for one in attachments
    ]


def attachments_of(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, list[HeldAttachment]]:
    """Return the attachments of versions, in their order; versions without any are left out."""
    marks = ", ".join("?" * len(ids))
    found: dict[int, list[HeldAttachment]] = defaultdict(list)
    for row in connection.execute(
        f"SELECT {', '.join(ATTACHMENT.columns)} FROM attachment WHERE version IN ({marks}) ORDER BY version, position",
        ids,
    ):
        found[row[3]].append(attachment_from_row(row))
    return found
