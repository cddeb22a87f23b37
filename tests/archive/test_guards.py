from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from archive.archive import Archive
from archive.tables import TABLES, Table
from archive.verify import verify
from rows import fill_every_table

GUARDED = [("ledger", "seq"), *((table.name, "id") for table in TABLES)]


@pytest.fixture
def plain(archive: Archive) -> Iterator[sqlite3.Connection]:
    """A connection as any tool would open it, without our settings."""
    fill_every_table(archive)
    with closing(sqlite3.connect(archive.path)) as connection:
        yield connection


@pytest.mark.parametrize(("name", "key"), GUARDED)
def test_a_row_is_never_updated(plain: sqlite3.Connection, name: str, key: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        plain.execute(f"UPDATE {name} SET {key} = {key}")


@pytest.mark.parametrize(("name", "key"), GUARDED)
def test_a_row_is_never_deleted_without_a_disposition(plain: sqlite3.Connection, name: str, key: str) -> None:
    plain_ids = plain.execute(f"SELECT max({key}) FROM {name}").fetchone()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        plain.execute(f"DELETE FROM {name} WHERE {key} = ?", plain_ids)


@pytest.mark.parametrize(("name", "key"), GUARDED)
def test_replace_does_not_slip_past_the_guards(plain: sqlite3.Connection, name: str, key: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        plain.execute(f"REPLACE INTO {name} SELECT * FROM {name} LIMIT 1")


@pytest.mark.parametrize("table", [table for table in TABLES if table.disposable], ids=lambda one: one.name)
def test_a_row_that_a_disposition_names_may_go(archive: Archive, table: Table) -> None:
    fill_every_table(archive)
    with closing(sqlite3.connect(archive.path)) as plain:
        row_id, leaf = plain.execute(f"SELECT id, leaf FROM {table.name} ORDER BY id DESC LIMIT 1").fetchone()
    from archive.tables import DISPOSED

    with archive.act("disposition.executed", "disposition:1") as act:
        act.add(DISPOSED, (table.name, row_id, leaf, 1, "2033-03-01", "destroy", "social-media", "Wis. Stat. 19.21(4)"))
        act.connection.execute(f"DELETE FROM {table.name} WHERE id = ?", (row_id,))
    left = archive.connection.execute(f"SELECT count(*) FROM {table.name} WHERE id = ?", (row_id,)).fetchone()
    assert left == (0,)
    assert [one for one in verify(archive) if one.where.startswith(f"{table.name} {row_id} ")] == []
