"""Disposing of records: every row that a person wrote, or is named in, goes, and a stub stays for each.

A stub (``disposed``) keeps the row's leaf, so that the ledger's roots still add up. Stubs and deletions are
parts of one act: there is no moment at which a record is disposed of and still there, or gone without a stub.
What files, free pages and the write-ahead log still hold is cleared later (:mod:`archive.clearing`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from msgspec import Struct

from archive.archive import Act
from archive.tables import ATTACHMENT, CONTENT, DISPOSED, EXTRACTION, METRIC, STATEMENT, Table

_VERSIONS = """
SELECT id FROM version WHERE id IN (SELECT value FROM json_each(:records))
UNION SELECT id FROM version WHERE id <> record AND record IN (SELECT value FROM json_each(:records)) ORDER BY id
"""

_ROWS: tuple[tuple[Table, str], ...] = (
    (CONTENT, "SELECT id, leaf, id FROM content WHERE id IN (SELECT value FROM json_each(:versions))"),
    (
        EXTRACTION,
        "SELECT e.id, e.leaf, a.version FROM attachment a JOIN extraction e ON e.attachment = a.id"
        " WHERE a.version IN (SELECT value FROM json_each(:versions))",
    ),
    (ATTACHMENT, "SELECT id, leaf, version FROM attachment WHERE version IN (SELECT value FROM json_each(:versions))"),
    (METRIC, "SELECT id, leaf, version FROM metric WHERE version IN (SELECT value FROM json_each(:versions))"),
    (
        STATEMENT,
        "SELECT id, leaf, NULL FROM statement WHERE subject IN (SELECT 'record:' || value FROM json_each(:records)"
        " UNION ALL SELECT 'version:' || value FROM json_each(:versions))",
    ),
    (
        STATEMENT,
        "SELECT id, leaf, NULL FROM statement WHERE subject >= 'review:' AND subject < 'review;'"
        " AND instr(subject, ':record:') > 0 AND CAST(substr(subject, instr(subject, ':record:') + 8) AS INTEGER)"
        " IN (SELECT value FROM json_each(:records))",
    ),
    (
        STATEMENT,
        """
WITH given(version, reason) AS (
    SELECT version, reason FROM decision UNION ALL SELECT version, reason FROM redaction
    UNION ALL SELECT r.version, w.reason FROM withdrawal w JOIN redaction r ON r.id = w.redaction
)
SELECT id, leaf, NULL FROM statement WHERE id IN (
    SELECT reason FROM given WHERE version IN (SELECT value FROM json_each(:versions))
    EXCEPT
    SELECT g.reason FROM given g JOIN content c ON c.id = g.version
    WHERE g.version NOT IN (SELECT value FROM json_each(:versions))
)""",
    ),
)
"""What goes with a record: (id, leaf, version) of each table's rows. Of what was said about it in a review, the
notes on it and the reasons that were given for it alone."""

_FILES = "SELECT json_group_array(DISTINCT sha256) FROM attachment WHERE id IN (SELECT value FROM json_each(?))"
_WORDS_OF_NOBODY = """
DELETE FROM extracted WHERE sha256 IN (SELECT value FROM json_each(?))
  AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = extracted.sha256)
"""
"""What was read out of a file goes with the last record that has the file."""


class Authority(Struct, frozen=True):
    """By what a record goes: the day, destroy or transfer, the series, and the law or schedule that says so."""

    on: str
    kind: str
    series: str
    citation: str


def versions_of(connection: sqlite3.Connection, records: Sequence[int]) -> list[int]:
    """Return the ids of all versions of records."""
    return [row[0] for row in connection.execute(_VERSIONS, {"records": json.dumps(list(records))})]


def dispose(act: Act, records: Sequence[int], by: Authority) -> int:
    """Dispose of records with all that belongs to them, inside an act; return how many versions went."""
    versions = versions_of(act.connection, records)
    asked = {"records": json.dumps(list(records)), "versions": json.dumps(versions)}
    met: set[tuple[str, int]] = set()
    for table, sql in _ROWS:
        rows = [row for row in act.connection.execute(sql, asked) if (table.name, row[0]) not in met]
        met |= {(table.name, row[0]) for row in rows}
        write_stubs(act, table, rows, by)
    return len(versions)


def write_stubs(act: Act, table: Table, rows: Iterable[tuple[int, bytes, int | None]], by: Authority) -> None:
    """Write the stub of each row (id, leaf, version) of a table, and delete the row."""
    listed = list(rows)
    if not listed:
        return
    act.add_all(
        DISPOSED,
        [(table.name, id_, leaf, version, by.on, by.kind, by.series, by.citation) for id_, leaf, version in listed],
    )
    ids = json.dumps([row[0] for row in listed])
    files = act.connection.execute(_FILES, (ids,)).fetchone()[0] if table is ATTACHMENT else None
    act.connection.executemany(f"DELETE FROM {table.name} WHERE id = ?", [(row[0],) for row in listed])
    if files is not None:
        act.connection.execute(_WORDS_OF_NOBODY, (files,))


def cleared(connection: sqlite3.Connection) -> int:
    """Return the ledger position up to which every trace of what was disposed of has been cleared away."""
    position: int = connection.execute(
        "SELECT coalesce(max(json_extract(body, '$.cleared')), 0) FROM ledger"
        " WHERE event IN ('disposition.finished', 'disposition.applied')"
    ).fetchone()[0]
    return position


class Disposed(Struct, frozen=True):
    """What was disposed of together: its last ledger row, its subject, its local date, series, records and versions.

    ``approved_by`` names who had approved it before, joined by "and"; empty in a copy that was told of it by another.
    """

    seq: int
    subject: str
    on: str
    kind: str
    series: str
    records: int
    versions: int
    approved_by: str


def summary(connection: sqlite3.Connection) -> list[Disposed]:
    """Return what was lawfully disposed of, a line for each subject, day and series."""
    rows = connection.execute(
        "SELECT max(d.seq), l.subject, d.disposed_on, d.kind, d.series, count(DISTINCT v.record), count(*),"
        " coalesce((SELECT group_concat(actor, ' and ') FROM (SELECT DISTINCT a.actor FROM ledger a"
        "  WHERE a.event = 'disposition.approved' AND a.subject = l.subject AND a.seq < l.seq ORDER BY a.actor)), '')"
        " FROM disposed d JOIN ledger l ON l.seq = d.seq JOIN version v ON v.id = d.row_id"
        " WHERE d.tbl = 'content' GROUP BY l.subject, d.disposed_on, d.kind, d.series ORDER BY 1"
    )
    return [Disposed(*row) for row in rows]
