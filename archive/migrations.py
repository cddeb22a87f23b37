"""Numbered migrations of archive.db: an archive made by yesterday's Muniment opens today.

Each is one transaction, recorded by sqlite-utils, and sets ``user_version`` to its number, so that an
archive that is up to date is known by one cheap look. A migration never rewrites a guarded row.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from archive import schema, state
from archive.errors import ExitCode, MunimentError

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

LATEST = 6


class NewerArchive(MunimentError):
    """The archive was written by a newer Muniment than this one."""

    exit_code = ExitCode.REFUSED

    def __init__(self, path: Path, found: int) -> None:
        super().__init__(
            f"{path} was written by a newer Muniment (its format is {found}, this program knows {LATEST}). "
            "Install the newer version; nothing was changed."
        )


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a database to the latest format; does nothing when it is there already."""
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > LATEST:
        raise NewerArchive(path, found)
    if found < LATEST:
        from sqlite_utils import Database

        _migrations().apply(Database(connection))


def _migrations() -> Migrations:
    from sqlite_utils import Migrations

    migrations = Migrations("archive")

    @migrations()
    def m001_ledger_holdings_state(db: Database) -> None:
        _run(db, schema.LEDGER + schema.HOLDINGS + state.TABLES + state.VIEWS)
        _guard(db, {"ledger", *re.findall(r"CREATE TABLE (\w+)", schema.HOLDINGS)})
        db.execute("PRAGMA user_version = 1")

    @migrations()
    def m002_later_versions_by_record(db: Database) -> None:
        db.execute("CREATE INDEX version_later ON version (record) WHERE id <> record")
        db.execute("PRAGMA user_version = 2")

    @migrations()
    def m003_counterparts_by_record(db: Database) -> None:
        db.execute("CREATE INDEX finding_counterpart ON finding (record) WHERE kind = 'counterpart'")
        db.execute("PRAGMA user_version = 3")

    @migrations()
    def m004_all_formats_that_showed_a_record(db: Database) -> None:
        if "format" in db["record"].columns_dict:  # m001 makes the state's tables as they are today
            db.execute("ALTER TABLE record RENAME COLUMN format TO formats")
        db.execute("PRAGMA user_version = 4")

    @migrations()
    def m005_decisions_redactions_productions(db: Database) -> None:
        _run(db, schema.REVIEW)
        _guard(db, set(re.findall(r"CREATE TABLE (\w+)", schema.REVIEW)))
        db.execute("PRAGMA user_version = 5")

    @migrations()
    def m006_words_of_files(db: Database) -> None:
        if "extracted" not in db.table_names():  # m001 makes the state's tables as they are today
            _run(db, next(one for one in state.TABLES.split(";\n") if "CREATE TABLE extracted" in one))
        db.execute("CREATE INDEX attachment_object ON attachment (sha256)")
        db.execute("PRAGMA user_version = 6")

    return migrations


def _guard(db: Database, names: set[str]) -> None:
    for trigger in schema.guards(names).split("\nCREATE ")[1:]:
        db.execute("CREATE " + trigger)


def _run(db: Database, script: str) -> None:
    """Run statements one by one: ``executescript`` would commit the migration half way."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
