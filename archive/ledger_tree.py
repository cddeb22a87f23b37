"""A tree over the ledger's rows: one row is proved to stand in the ledger, and no other is told.

A chain proves a row only to whoever sees every row after it, and those tell of other requests and of who works here.
So the row of a production commits to all rows before it, ``"ledger": {"root", "size"}`` in its body: the RFC 6962 root
over a leaf a row, ``leaf_hash(FORMAT ‖ "ledger" ‖ 0x00 ‖ digest of the row)``. ``verify`` computes it again.
"""

from __future__ import annotations

import sqlite3

from archive import merkle
from archive.canonical import FORMAT

KEY = "ledger"
"""Under which a body holds the commitment."""


def leaf(digest: bytes) -> bytes:
    """Return the leaf of a ledger row by its digest."""
    return merkle.leaf_hash(FORMAT + b"ledger\x00" + digest)


def leaves(connection: sqlite3.Connection, size: int) -> list[bytes]:
    """Return the leaves of the first ``size`` rows."""
    rows = connection.execute("SELECT digest FROM ledger WHERE seq <= ? ORDER BY seq", (size,))
    return [leaf(digest) for (digest,) in rows]


def commitment(connection: sqlite3.Connection, size: int) -> dict[str, int | str]:
    """Return what a row's body says of the ``size`` rows before it."""
    return {"root": merkle.root(leaves(connection, size)).hex(), "size": size}
