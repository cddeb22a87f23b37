"""The guarded tables: their columns, in the order that hashing and reading use, and their row hashes.

Every row carries ``seq``, the ledger row that vouches for it, and ``leaf``, its own hash: the ledger
keeps the RFC 6962 root over the leaves, the leaf tells which row is damaged when a root is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from archive import merkle
from archive.canonical import FORMAT, canonical

Row = Sequence[Any]
"""The values of one row, in the order of its table's columns, ``leaf`` left out."""


class Table(Struct, frozen=True):
    """A guarded table. ``columns`` start with ``id`` and ``seq``; ids are 1, 2, 3 … without holes.

    Rows of a ``disposable`` table may be deleted once a ``disposed`` row names them; they are salted,
    so that the leaf, which stays, tells nothing about them.
    """

    name: str
    columns: tuple[str, ...]
    disposable: bool = False

    def leaf(self, row: Row) -> bytes:
        """Return the RFC 6962 leaf hash of a row: its table's name and every column that is not NULL."""
        named = {
            column: value.hex() if isinstance(value, bytes) else value
            for column, value in zip(self.columns, row, strict=True)
            if value is not None
        }
        return merkle.leaf_hash(FORMAT + self.name.encode() + b"\x00" + canonical(named))

    def insert_sql(self) -> str:
        """Return the statement that appends a row, ``leaf`` last."""
        names = ", ".join((*self.columns, "leaf"))
        marks = ", ".join("?" * (len(self.columns) + 1))
        return f"INSERT INTO {self.name} ({names}) VALUES ({marks})"


def _table(name: str, columns: str, disposable: bool = False) -> Table:
    return Table(name, ("id", "seq", *columns.split()), disposable)


ACCESSION = _table(
    "accession",
    "account format format_version exported_at exported_basis declared complete since until backup_sha256 backup_size",
)
VERSION = _table("version", "record kind accession identity content_hash digest")
CONTENT = _table(
    "content",
    "salt native_id author_name author_handle author_id by_account"
    " created_at created_raw created_precision created_zone"
    " edited_at edited_raw edited_precision edited_zone removed_at removed_raw removed_precision removed_zone"
    " title text parent thread url audience recipients list_name links tags mentions details place native",
    disposable=True,
)
ATTACHMENT = _table("attachment", "salt version position name media_type size sha256 alt", disposable=True)
EXTRACTION = _table("extraction", "salt attachment method text", disposable=True)
SIGHTING = _table("sighting", "accession versions")
METRIC = _table("metric", "salt version accession counts", disposable=True)
FINDING = _table("finding", "accession record version kind after_at by_at cause")
DEFECT = _table("defect", "accession quarantined statement")
STATEMENT = _table("statement", "salt subject name text", disposable=True)
SELECTION = _table("selection", "subject purpose position")
MEMBER = _table("member", "selection version")
DISPOSED = _table("disposed", "tbl row_id row_leaf version disposed_on kind series authority")
DECISION = _table("decision", "request version outcome exemption reason")
REDACTION = _table("redaction", "request version field start stop region replacement exemption reason")
WITHDRAWAL = _table("withdrawal", "redaction reason")
PRODUCED = _table("produced", "request version number outcome state current")

TABLES: tuple[Table, ...] = (
    ACCESSION,
    VERSION,
    CONTENT,
    ATTACHMENT,
    EXTRACTION,
    SIGHTING,
    METRIC,
    FINDING,
    DEFECT,
    STATEMENT,
    SELECTION,
    MEMBER,
    DISPOSED,
    DECISION,
    REDACTION,
    WITHDRAWAL,
    PRODUCED,
)
