"""The SQL of archive.db as migrations build it: ledger, holdings, guards.

Types are STRICT, so that a value cannot change its type unseen. No guarded table has a second UNIQUE
key: REPLACE would slip through it.
"""

from __future__ import annotations

from collections.abc import Collection

from archive.tables import TABLES

LEDGER = """
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    via TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    digest BLOB NOT NULL
) STRICT;
CREATE INDEX ledger_event ON ledger (event);
"""

HOLDINGS = """
CREATE TABLE accession (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    account TEXT NOT NULL, format TEXT NOT NULL, format_version INTEGER NOT NULL,
    exported_at TEXT NOT NULL, exported_basis TEXT NOT NULL,
    declared TEXT, complete TEXT NOT NULL, since TEXT, until TEXT,
    backup_sha256 TEXT NOT NULL, backup_size INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE TABLE version (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    record INTEGER NOT NULL, kind TEXT NOT NULL, accession INTEGER NOT NULL,
    identity BLOB NOT NULL, content_hash BLOB NOT NULL, digest BLOB NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX version_identity ON version (identity);
CREATE TABLE content (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, salt BLOB NOT NULL,
    native_id TEXT, author_name TEXT, author_handle TEXT, author_id TEXT, by_account INTEGER,
    created_at TEXT, created_raw TEXT, created_precision TEXT, created_zone TEXT,
    edited_at TEXT, edited_raw TEXT, edited_precision TEXT, edited_zone TEXT,
    removed_at TEXT, removed_raw TEXT, removed_precision TEXT, removed_zone TEXT,
    title TEXT, text TEXT, parent TEXT, thread TEXT, url TEXT, audience TEXT NOT NULL,
    recipients TEXT, list_name TEXT, links TEXT, tags TEXT, mentions TEXT, details TEXT,
    place TEXT, native BLOB,
    leaf BLOB NOT NULL
) STRICT;
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, salt BLOB NOT NULL,
    version INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
    media_type TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, alt TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX attachment_version ON attachment (version);
CREATE TABLE extraction (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, salt BLOB NOT NULL,
    attachment INTEGER NOT NULL, method TEXT NOT NULL, text TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX extraction_attachment ON extraction (attachment);
CREATE TABLE sighting (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    accession INTEGER NOT NULL, versions TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX sighting_accession ON sighting (accession);
CREATE TABLE metric (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, salt BLOB NOT NULL,
    version INTEGER NOT NULL, accession INTEGER NOT NULL, counts TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX metric_version ON metric (version);
CREATE TABLE finding (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    accession INTEGER NOT NULL, record INTEGER NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL,
    after_at TEXT, by_at TEXT, cause TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX finding_record ON finding (record);
CREATE TABLE defect (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    accession INTEGER NOT NULL, quarantined INTEGER NOT NULL, statement INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX defect_accession ON defect (accession);
CREATE TABLE statement (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, salt BLOB NOT NULL,
    subject TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX statement_subject ON statement (subject, name);
CREATE TABLE selection (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    subject TEXT NOT NULL, purpose TEXT NOT NULL, position INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE TABLE member (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    selection INTEGER NOT NULL, version INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX member_selection ON member (selection);
CREATE TABLE disposed (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    tbl TEXT NOT NULL, row_id INTEGER NOT NULL, row_leaf BLOB NOT NULL, version INTEGER,
    disposed_on TEXT NOT NULL, kind TEXT NOT NULL, series TEXT NOT NULL, authority TEXT NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX disposed_row ON disposed (tbl, row_id);
"""

REVIEW = """
CREATE TABLE decision (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    request INTEGER NOT NULL, version INTEGER NOT NULL, outcome TEXT NOT NULL,
    exemption TEXT NOT NULL, reason INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX decision_request ON decision (request, version);
CREATE TABLE redaction (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    request INTEGER NOT NULL, version INTEGER NOT NULL, field TEXT NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, region TEXT NOT NULL, replacement TEXT NOT NULL,
    exemption TEXT NOT NULL, reason INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX redaction_request ON redaction (request, version);
CREATE TABLE withdrawal (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    redaction INTEGER NOT NULL, reason INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX withdrawal_redaction ON withdrawal (redaction);
CREATE TABLE produced (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL,
    request INTEGER NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL, outcome TEXT NOT NULL,
    state TEXT NOT NULL, current INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;
CREATE INDEX produced_request ON produced (request, version);
"""
"""What people decided: ``reason`` is the id of a statement (0: none), a redaction never holds the words."""


def guards(names: Collection[str] | None = None) -> str:
    """Return the triggers that keep ledger and holdings append-only, of the named tables (None: of all).

    The third one is for REPLACE, which slips past the first two on a plain connection.
    """
    tables = [("ledger", "seq", False)] + [(table.name, "id", table.disposable) for table in TABLES]
    tables = [one for one in tables if names is None or one[0] in names]
    return "\n".join(_guard(name, key, disposable) for name, key, disposable in tables)


def _guard(name: str, key: str, disposable: bool) -> str:
    lawful = (
        f"WHEN NOT EXISTS (SELECT 1 FROM disposed WHERE tbl = '{name}' AND row_id = OLD.{key})" if disposable else ""
    )
    return f"""
CREATE TRIGGER {name}_never_updated BEFORE UPDATE ON {name}
BEGIN SELECT RAISE(ABORT, '{name} is append-only: no row is ever changed'); END;
CREATE TRIGGER {name}_never_deleted BEFORE DELETE ON {name} {lawful}
BEGIN SELECT RAISE(ABORT, '{name} is append-only: no row is removed without a disposition'); END;
CREATE TRIGGER {name}_never_replaced BEFORE INSERT ON {name}
WHEN EXISTS (SELECT 1 FROM {name} WHERE {key} = NEW.{key})
BEGIN SELECT RAISE(ABORT, '{name} is append-only: this key is taken'); END;
"""


VAGUE = """
CREATE INDEX content_vague ON content (id, created_precision, created_zone)
WHERE created_precision IN ('day', 'month') OR created_zone = 'unknown';
"""
"""Which creations are not known to the second, beside the contents themselves: dates of all records read no content."""
