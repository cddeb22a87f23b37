"""State: what ledger and holdings mean now. Views, and the tables that a measurement demanded.

``record`` is a table since filters, expiry and comparisons of backups need every record's present
state at once: as a view over a million versions each such question took seconds. It is written by
:func:`apply` alone, from the rows that one ledger row vouches for, so that :func:`rebuild` gives the
same table from nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from archive import ledger
from archive.ledger import LedgerRow

TABLES = """
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL, platform TEXT NOT NULL, formats TEXT NOT NULL, kind TEXT NOT NULL,
    version INTEGER NOT NULL, seen_in INTEGER NOT NULL,
    native_id TEXT, parent TEXT, thread TEXT, created_at TEXT,
    author_name TEXT, author_handle TEXT, by_account INTEGER NOT NULL, audience TEXT NOT NULL,
    list_name TEXT, tags TEXT, captured_at TEXT NOT NULL,
    edited INTEGER NOT NULL DEFAULT 0, missing INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL, changed_seq INTEGER NOT NULL,
    state TEXT GENERATED ALWAYS AS (
        CASE WHEN missing OR audience = 'removed' THEN 'deleted'
             WHEN audience IN ('hidden', 'spam') THEN 'hidden'
             WHEN edited THEN 'edited' ELSE 'present' END
    ) VIRTUAL
) STRICT;
CREATE INDEX record_changed ON record (changed_seq);
CREATE INDEX record_parent ON record (parent) WHERE parent IS NOT NULL;
CREATE INDEX record_thread ON record (thread) WHERE thread IS NOT NULL;
CREATE TABLE extracted (
    sha256 TEXT PRIMARY KEY, reader TEXT NOT NULL, how TEXT NOT NULL, text TEXT NOT NULL,
    fault TEXT NOT NULL, tells TEXT NOT NULL
) STRICT;
CREATE TABLE follower (name TEXT PRIMARY KEY, position INTEGER NOT NULL, fingerprint TEXT NOT NULL) STRICT;
"""

EXPIRY = """
CREATE TABLE outcome (
    id INTEGER PRIMARY KEY, schedule TEXT, series TEXT, rule INTEGER, trigger TEXT,
    cutoff_on TEXT, expires_on TEXT, blocked TEXT NOT NULL
) STRICT;
CREATE INDEX outcome_expires ON outcome (expires_on);
CREATE TABLE dated (record INTEGER PRIMARY KEY, own INTEGER NOT NULL, outcome INTEGER) STRICT;
CREATE TABLE answered (
    record INTEGER NOT NULL, query INTEGER NOT NULL, PRIMARY KEY (record, query)
) STRICT, WITHOUT ROWID;
CREATE VIEW expiry AS
SELECT d.record, o.schedule, o.series, o.rule, o.trigger, o.cutoff_on, o.expires_on, o.blocked
FROM dated d JOIN outcome o ON o.id = d.outcome;
CREATE VIEW expiry_count AS
SELECT o.schedule, o.series, o.expires_on, o.blocked, d.records
FROM outcome o JOIN (SELECT outcome, count(*) AS records FROM dated GROUP BY outcome) d ON d.outcome = o.id;
"""
"""What becomes of records, each outcome once, and for every record two of them: its own, and the one that counts
since its conversation is kept together (NULL until that is known). A million records have a few thousand outcomes.
``answered`` says which of the searches in rules, by their number, a record answered when it was dated."""

VIEWS = """
CREATE VIEW account AS
SELECT substr(l.subject, 9) AS id,
    json_extract(l.body, '$.platform') AS platform,
    json_extract(l.body, '$.department') AS department,
    coalesce((SELECT text FROM statement s WHERE s.subject = l.subject AND s.name = 'handle'
              ORDER BY s.id DESC LIMIT 1), '') AS handle,
    coalesce((SELECT text FROM statement s WHERE s.subject = l.subject AND s.name = 'title'
              ORDER BY s.id DESC LIMIT 1), '') AS title,
    l.at AS added_at, l.seq AS seq,
    (SELECT c.at FROM ledger c WHERE c.event = 'account.closed' AND c.subject = l.subject) AS closed_at
FROM ledger l WHERE l.event = 'account.added';

CREATE VIEW user AS
SELECT substr(l.subject, 6) AS name,
    json_extract(l.body, '$.role') AS role, l.at AS added_at, l.seq AS seq,
    (SELECT d.at FROM ledger d WHERE d.event = 'user.disabled' AND d.subject = l.subject AND d.seq > l.seq
     ORDER BY d.seq LIMIT 1) AS disabled_at
FROM ledger l WHERE l.event = 'user.added'
    AND l.seq = (SELECT max(m.seq) FROM ledger m WHERE m.event = 'user.added' AND m.subject = l.subject);

CREATE VIEW accession_state AS
SELECT a.id, a.account, a.format, a.format_version, a.exported_at, a.exported_basis, a.declared,
    a.complete, a.since, a.until, a.backup_sha256, a.backup_size, a.seq,
    o.at AS opened_at, o.actor AS actor, c.at AS closed_at, c.body AS closing
FROM accession a JOIN ledger o ON o.seq = a.seq
LEFT JOIN ledger c ON c.event = 'accession.closed' AND c.subject = 'accession:' || a.id;

CREATE VIEW request AS
SELECT CAST(substr(l.subject, 9) AS INTEGER) AS id,
    json_extract(l.body, '$.year') AS year, json_extract(l.body, '$.number') AS number,
    json_extract(l.body, '$.received_on') AS received_on,
    coalesce((SELECT text FROM statement s WHERE s.subject = l.subject AND s.name = 'requester'
              ORDER BY s.id DESC LIMIT 1), '') AS requester,
    coalesce((SELECT text FROM statement s WHERE s.subject = l.subject AND s.name = 'description'
              ORDER BY s.id DESC LIMIT 1), '') AS description,
    l.at AS opened_at, l.seq AS seq
FROM ledger l WHERE l.event = 'request.opened';
"""

_REPLACED = (
    "version", "native_id", "parent", "thread", "created_at", "author_name",
    "author_handle", "by_account", "audience", "list_name", "tags", "changed_seq",
)  # fmt: skip
_VALUES = """v.id, c.native_id, c.parent, c.thread, c.created_at, c.author_name,
    c.author_handle, coalesce(c.by_account, 0), c.audience, c.list_name, c.tags, :seq"""

_NEW_RECORDS = f"""
INSERT INTO record (id, account, platform, kind, captured_at, seq, seen_in, formats, {", ".join(_REPLACED)})
SELECT v.id, :account, :platform, v.kind, :at, :seq, :accession, :format, {_VALUES}
FROM version v JOIN content c ON c.id = v.id
WHERE v.id BETWEEN :first AND :last AND v.record = v.id
"""

_SEEN_AGAIN = """
UPDATE record SET
    seen_in = iif(:exported_at >= (SELECT exported_at FROM accession WHERE id = record.seen_in), :accession, seen_in),
    formats = iif(instr(' ' || formats || ' ', ' ' || :format || ' '), formats, formats || ' ' || :format)
WHERE seen_in <> :accession AND id IN (SELECT record FROM version WHERE id BETWEEN :first AND :last)
"""
"""The latest backup that showed a record, and all formats that ever did, one blank between them."""

_SQUEEZED = "replace(replace(replace({}.text, char(10), ''), char(13), ''), ' ', '')"
"""A version's words without their spacing."""

_ANOTHER_VERSION = f"""
UPDATE record SET ({", ".join(_REPLACED)}) = ({_VALUES})
FROM version v JOIN content c ON c.id = v.id
WHERE v.id BETWEEN :first AND :last AND record.id = v.record AND record.version <> v.id
  AND :exported_at >= (SELECT exported_at FROM accession WHERE id = record.seen_in)
  AND NOT (c.native_id IS NULL AND record.native_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM content k WHERE k.id = record.version AND k.text IS c.text AND k.audience = c.audience))
  AND NOT (c.created_precision IN ('minute', 'day') AND EXISTS (
    SELECT 1 FROM content k WHERE k.id = record.version AND k.created_precision IN ('second', 'millisecond')
      AND {_SQUEEZED.format("k")} IS {_SQUEEZED.format("c")} AND k.audience = c.audience))
"""
"""What a format without ids tells in the same words does not take the place of a version that has its id, nor what one
that knows the minute tells that of one that knows the second."""

_FOUND = """
UPDATE record SET {change}, changed_seq = :seq
WHERE id IN (SELECT record FROM finding WHERE id BETWEEN :first AND :last AND kind = :kind)
"""
_DISPOSED = """
DELETE FROM record WHERE id IN (
    SELECT v.record FROM disposed d JOIN version v ON v.id = d.row_id
    WHERE d.id BETWEEN :first AND :last AND d.tbl = 'content')
"""
"""A record goes with all its versions: no state is left of it."""

_FOUND_CHANGES = {"edited": "edited = 1", "missing": "missing = 1", "restored": "missing = 0"}


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the (first, last) pairs of a sighting's version ids, stored as ``12-40,44,57-60``."""
    for part in text.split(",") if text else ():
        first, _, last = part.partition("-")
        yield int(first), int(last or first)


def runs_text(ids: list[int]) -> str:
    """Return ids, in any order, as the text of their runs."""
    found: list[list[int]] = []
    for one in sorted(set(ids)):
        if found and one == found[-1][1] + 1:
            found[-1][1] = one
        else:
            found.append([one, one])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def apply(connection: sqlite3.Connection, row: LedgerRow) -> None:
    """Bring the state up to one ledger row, from the holdings that the row vouches for."""
    vouched = row.facts.get("tables", {})
    if "sighting" in vouched:
        _apply_sightings(connection, row, vouched)
    if "finding" in vouched:
        for kind, change in _FOUND_CHANGES.items():
            connection.execute(_FOUND.format(change=change), {**_ids(vouched["finding"]), "seq": row.seq, "kind": kind})
    if "disposed" in vouched:
        connection.execute(_DISPOSED, _ids(vouched["disposed"]))


def _apply_sightings(connection: sqlite3.Connection, row: LedgerRow, vouched: dict[str, Any]) -> None:
    sightings = connection.execute(
        "SELECT accession, versions FROM sighting WHERE id BETWEEN :first AND :last ORDER BY id",
        _ids(vouched["sighting"]),
    ).fetchall()
    known = _accession(connection, sightings[0][0]) | {"at": row.at, "seq": row.seq}
    if "version" in vouched:
        connection.execute(_NEW_RECORDS, known | _ids(vouched["version"]))
    for _, versions in sightings:
        for first, last in runs(versions):
            span = known | {"first": first, "last": last}
            connection.execute(_SEEN_AGAIN, span)
            connection.execute(_ANOTHER_VERSION, span)


def _accession(connection: sqlite3.Connection, accession: int) -> dict[str, Any]:
    account, name, exported_at, platform = connection.execute(
        "SELECT a.account, a.format, a.exported_at, p.platform FROM accession a"
        " JOIN account p ON p.id = a.account WHERE a.id = ?",
        (accession,),
    ).fetchone()
    return {
        "accession": accession, "account": account, "format": name, "exported_at": exported_at,
        "platform": platform,
    }  # fmt: skip


def _ids(vouched: dict[str, Any]) -> dict[str, int]:
    return {"first": vouched["first"], "last": vouched["first"] + vouched["count"] - 1}


def rebuild(connection: sqlite3.Connection) -> None:
    """Throw the state away and derive it again, inside the caller's transaction."""
    connection.execute("DELETE FROM record")
    for table in ("dated", "outcome", "answered", "extracted", "follower"):
        connection.execute(f"DELETE FROM {table}")
    for row in ledger.rows(connection):
        apply(connection, row)
