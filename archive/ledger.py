"""The ledger: what happened, one hash-chained row an act.

``digest = SHA-256(FORMAT ‖ previous digest ‖ canonical JSON of the row)``; the first row follows 32
zero bytes. The body is stored as the canonical JSON text that was hashed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from archive.canonical import FORMAT, canonical, canonical_text, sha256
from archive.errors import MunimentError

GENESIS = bytes(32)
COLUMNS = "seq, at, actor, via, event, subject, body, digest"


class BadCheckpoint(MunimentError):
    """A checkpoint that a person typed cannot be read."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text}” is not a checkpoint: it is written SEQ:DIGEST, as productions print it.")


class Checkpoint(Struct, frozen=True):
    """A place in the ledger and its digest: what proves later that no tail was cut off."""

    seq: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.digest.hex()}"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read ``seq:digest``; raises :class:`BadCheckpoint`."""
        seq, _, digest = text.partition(":")
        try:
            checkpoint = cls(int(seq), bytes.fromhex(digest))
        except ValueError:
            raise BadCheckpoint(text) from None
        if checkpoint.seq < 1 or len(checkpoint.digest) != 32:
            raise BadCheckpoint(text)
        return checkpoint


class LedgerRow(Struct, frozen=True):
    """One act: when, by whom, by what way, what happened to what, and the facts of it."""

    seq: int
    at: str
    actor: str
    via: str
    event: str
    subject: str
    body: str
    digest: bytes

    @property
    def facts(self) -> dict[str, Any]:
        """The body as an object."""
        facts: dict[str, Any] = json.loads(self.body)
        return facts

    @property
    def hashed(self) -> str:
        """The canonical JSON of the row, as its digest covers it."""
        return _hashed(self.seq, self.at, self.actor, self.via, self.event, self.subject, self.body).decode()

    def expected_digest(self, previous: bytes) -> bytes:
        """Return what the digest must be after the row whose digest is ``previous``."""
        return row_digest(previous, self.seq, self.at, self.actor, self.via, self.event, self.subject, self.body)


def row_digest(previous: bytes, seq: int, at: str, actor: str, via: str, event: str, subject: str, body: str) -> bytes:
    """Return the digest that chains one row to the row before it."""
    return sha256(FORMAT + previous + _hashed(seq, at, actor, via, event, subject, body))


def _hashed(seq: int, at: str, actor: str, via: str, event: str, subject: str, body: str) -> bytes:
    row = {
        "actor": actor, "at": at, "body": body, "event": event, "seq": seq, "subject": subject, "via": via,
    }  # fmt: skip
    return canonical(row)


def head(connection: sqlite3.Connection) -> Checkpoint:
    """Return the last row's place and digest; seq 0 for an empty ledger."""
    row = connection.execute("SELECT seq, digest FROM ledger ORDER BY seq DESC LIMIT 1").fetchone()
    return Checkpoint(*row) if row else Checkpoint(0, GENESIS)


def rows(
    connection: sqlite3.Connection, *, after: int = 0, upto: int | None = None, event: str | None = None
) -> Iterator[LedgerRow]:
    """Yield ledger rows in order, those of one event only if it is given."""
    where = "seq > ? AND seq <= ?" + (" AND event = ?" if event else "")
    bounds: list[Any] = [after, upto if upto is not None else (1 << 62)] + ([event] if event else [])
    for row in connection.execute(f"SELECT {COLUMNS} FROM ledger WHERE {where} ORDER BY seq", bounds):
        yield LedgerRow(*row)


def append(
    connection: sqlite3.Connection,
    at: str,
    actor: str,
    via: str,
    event: str,
    subject: str,
    facts: dict[str, Any],
) -> LedgerRow:
    """Append one row inside the caller's transaction."""
    previous = head(connection)
    seq, body = previous.seq + 1, canonical_text(facts)
    digest = row_digest(previous.digest, seq, at, actor, via, event, subject, body)
    row = LedgerRow(seq, at, actor, via, event, subject, body, digest)
    connection.execute(
        f"INSERT INTO ledger ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, at, actor, via, event, subject, body, digest),
    )
    return row
