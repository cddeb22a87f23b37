"""What ``verify`` reports, and the checks of single rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from archive import reading, version_digest
from archive.holdings import content_from_row, content_row
from archive.records import HeldAttachment
from archive.tables import CONTENT, Row, Table


class Damage(Struct, frozen=True):
    """One thing that is not as the ledger says: where it is, and what is wrong with it."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def row_place(connection: sqlite3.Connection, table: Table, row_id: int, row: Row | None = None) -> str:
    """Name a row so that a person finds it: its table, its id, and the record it belongs to."""
    named = dict(zip(table.columns, row, strict=True)) if row is not None else {}
    version = row_id if table.name in ("version", "content") else named.get("version")
    record = named.get("record") or _record_of(connection, version)
    belongs = f" (record {record})" if record else ""
    if not belongs and isinstance(named.get("accession"), int):
        belongs = f" (accession {named['accession']})"
    return f"{table.name} {row_id}{belongs}"


def _record_of(connection: sqlite3.Connection, version: Any) -> int | None:
    if not isinstance(version, int):
        return None
    row = connection.execute("SELECT record FROM version WHERE id = ?", (version,)).fetchone()
    return row[0] if row else None


def content_fault(row: Row, attachments: Sequence[HeldAttachment], digest: bytes) -> str:
    """Compare a content row with its version's digest; return what is wrong, empty if nothing is."""
    try:
        content = content_from_row(row, attachments)
        salt = row[CONTENT.columns.index("salt")]
        if content_row(row[0], row[1], salt, content) != tuple(row):
            return "a value is not in the form in which it was written"
        found = version_digest.fields(content)
        if version_digest.digest(salt, found) != digest:
            return "what it says, or one of its attachments, is not what the version's digest stands for"
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        return f"it cannot be read any more ({error})"
    return ""


def leaf_of(table: Table, row: Row, digest: bytes | None) -> bytes:
    """Return what a row's leaf must be; ``digest`` is the version's, for content rows."""
    if table is CONTENT and digest is not None:
        return reading.content_leaf(digest)
    return table.leaf(row)


def unapproved(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield what was disposed of by an act that two people had not approved before."""
    for seq, subject in connection.execute(
        "SELECT DISTINCT l.seq, l.subject FROM ledger l JOIN disposed d ON d.seq = l.seq AND d.tbl = 'content'"
        " WHERE l.event <> 'disposition.applied' AND 2 > (SELECT count(DISTINCT lower(a.actor)) FROM ledger a"
        "  WHERE a.event = 'disposition.approved' AND a.subject = l.subject AND a.seq < l.seq) ORDER BY l.seq"
    ):
        yield Damage(f"ledger {seq}", f"it disposed of records ({subject}) that two people had not approved")


def still_there(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield what was disposed of and is not gone."""
    for row_id, record, subject in connection.execute(
        "SELECT c.id, v.record, l.subject FROM disposed d JOIN content c ON c.id = d.row_id"
        " JOIN version v ON v.id = c.id JOIN ledger l ON l.seq = d.seq WHERE d.tbl = 'content' ORDER BY c.id"
    ):
        yield Damage(f"content {row_id} (record {record})", f"it was disposed of ({subject}) and is still there")
