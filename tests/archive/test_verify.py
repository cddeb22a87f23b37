from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import ledger_tree
from archive.archive import Actor, Archive
from archive.database import DamagedDatabase
from archive.ledger import Checkpoint
from archive.tables import TABLES
from archive.verify import verify
from rows import fill_every_table

ACTOR = Actor("tester", "test")
LEDGER_COLUMNS = ("seq", "at", "actor", "via", "event", "subject", "body", "digest")
EVERY_COLUMN = [("ledger", "seq", column) for column in LEDGER_COLUMNS] + [
    (table.name, "id", column) for table in TABLES for column in (*table.columns, "leaf")
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "archive"
    with Archive.create(folder, ACTOR, name="City of Milbrook") as archive:
        fill_every_table(archive)
        assert list(verify(archive, deep=True)) == []
        archive.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "archive")
    return tmp_path / "archive"


def tamper(folder: Path, table: str, *statements: str) -> None:
    """Change a guarded table as somebody would who knows SQLite, and put the guards back."""
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)


def damages(folder: Path, **options: object) -> list[str]:
    with Archive.open(folder, ACTOR) as archive:
        return [str(one) for one in verify(archive, deep=True, **options)]  # type: ignore[arg-type]


def _changed(folder: Path, table: str, key: str, column: str) -> tuple[str, int]:
    """Return a statement that changes one value, and the row's id."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        row, value = connection.execute(
            f"SELECT {key}, {column} FROM {table} ORDER BY {key} LIMIT 1 OFFSET 1"
        ).fetchone()
        kind = {one[1]: one[2] for one in connection.execute(f"PRAGMA table_info({table})")}[column]
    if kind == "INTEGER":
        new = "1" if value is None else "value + 1000".replace("value", column)
    elif kind == "BLOB":
        new = f"CAST(zeroblob(1) || coalesce({column}, x'') AS BLOB)"
    else:
        new = f"coalesce({column}, '') || 'x'"
    return f"UPDATE {table} SET {column} = {new} WHERE {key} = {row}", row


@pytest.mark.parametrize(("table", "key", "column"), EVERY_COLUMN)
def test_one_changed_value_in_any_column_is_found_and_named(folder: Path, table: str, key: str, column: str) -> None:
    statement, row = _changed(folder, table, key, column)
    tamper(folder, table, statement)
    found = damages(folder)
    assert any(line.startswith(f"{table} {row}") for line in found), found


@pytest.mark.parametrize(("table", "column"), [("content", c) for c in TABLES[2].columns if c not in ("id", "seq")])
def test_an_empty_value_that_becomes_null_or_the_reverse_is_found(folder: Path, table: str, column: str) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        kind = {one[1]: (one[2], one[3]) for one in connection.execute("PRAGMA table_info(content)")}[column]
    empty = "x''" if kind[0] == "BLOB" else "''"
    new = empty if kind[1] else "NULL"
    tamper(folder, table, f"UPDATE content SET {column} = {new} WHERE id = 2")
    assert any(line.startswith("content 2 (record 2)") for line in damages(folder))


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_removed_row_is_missed(folder: Path, table: str) -> None:
    tamper(folder, table, f"DELETE FROM {table} WHERE id = 2")
    found = damages(folder)
    assert any(line.startswith(f"{table} 2") and "gone" in line for line in found), found


def test_a_removed_ledger_row_is_missed(folder: Path) -> None:
    tamper(folder, "ledger", "DELETE FROM ledger WHERE seq = 3")
    assert any(line.startswith("ledger 3") and "missing" in line for line in damages(folder))


@pytest.mark.parametrize("table", ["version", "content", "statement", "member"])
def test_two_rows_that_changed_places_are_found(folder: Path, table: str) -> None:
    tamper(
        folder,
        table,
        f"UPDATE {table} SET id = -1 WHERE id = 1",
        f"UPDATE {table} SET id = 1 WHERE id = 2",
        f"UPDATE {table} SET id = 2 WHERE id = -1",
    )
    found = damages(folder)
    assert any(line.startswith(f"{table} 1") for line in found), found
    assert any(line.startswith(f"{table} 2") for line in found), found


def test_a_row_that_no_ledger_row_vouches_for_is_found(folder: Path) -> None:
    tamper(
        folder, "statement",
        "INSERT INTO statement SELECT 999, seq, salt, subject, name, text, leaf FROM statement WHERE id = 1",
    )  # fmt: skip
    assert "statement 999: no ledger row vouches for it" in damages(folder)


def test_a_row_changed_together_with_its_own_hash_is_found_by_the_root(folder: Path) -> None:
    from archive.tables import STATEMENT

    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        row = list(connection.execute(f"SELECT {', '.join(STATEMENT.columns)} FROM statement WHERE id = 1").fetchone())
    row[-1] = "forged"
    leaf = STATEMENT.leaf(row).hex()
    tamper(folder, "statement", f"UPDATE statement SET text = 'forged', leaf = x'{leaf}' WHERE id = 1")
    found = damages(folder)
    assert any(line.startswith("statement 1 to") and "ledger row" in line for line in found), found


def test_a_tail_cut_off_is_seen_against_a_checkpoint(folder: Path) -> None:
    with Archive.open(folder, ACTOR) as archive:
        checkpoint = archive.checkpoint()
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        names = [table.name for table in TABLES]
    for name in names:
        tamper(folder, name, f"DELETE FROM {name} WHERE seq = {checkpoint.seq}")
    tamper(folder, "ledger", f"DELETE FROM ledger WHERE seq = {checkpoint.seq}")
    with Archive.open(folder, ACTOR) as archive, archive.state_transaction() as connection:
        from archive import state

        state.rebuild(connection)
    assert damages(folder) == []
    found = damages(folder, checkpoint=checkpoint)
    assert any("its tail was cut off" in line for line in found), found


def test_another_archive_fails_against_the_checkpoint(folder: Path) -> None:
    found = damages(folder, checkpoint=Checkpoint(2, b"x" * 32))
    assert found == ["ledger 2: this is not the ledger that the checkpoint was taken of"]


@pytest.mark.parametrize("fault", ["changed", "longer", "gone"])
def test_a_damaged_object_is_named_with_its_record(folder: Path, fault: str) -> None:
    path = next(path for path in sorted((folder / "objects").rglob("*")) if path.is_file())
    if fault == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[::-1] if fault == "changed" else path.read_bytes() + b"x")
    found = damages(folder)
    assert any(line.startswith(f"object {path.name}") and "record" in line for line in found), found


def test_a_missing_guard_is_found(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        connection.execute("DROP TRIGGER content_never_updated")
    assert "archive.db: the guard content_never_updated is missing" in damages(folder)


def test_a_state_that_the_ledger_does_not_mean_is_found(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as connection, connection:
        connection.execute("UPDATE record SET missing = 1 WHERE id = 2")
    assert any(line.startswith("record 2") and "rebuild" in line for line in damages(folder))


@pytest.mark.parametrize("place", [0, 20_000, 60_000])
def test_damage_to_the_file_itself_is_an_error_of_ours(folder: Path, place: int) -> None:
    path = folder / "archive.db"
    stored = bytearray(path.read_bytes())
    stored[place : place + 4096] = b"\xa5" * 4096
    path.write_bytes(stored)
    try:
        found = damages(folder)
    except (DamagedDatabase, sqlite3.DatabaseError):
        return
    assert found


@pytest.mark.parametrize("said", [{"root": "00" * 32, "size": 1}, {"size": 1}, {"root": "", "size": 0}])
def test_a_row_that_commits_to_another_ledger_is_found(folder: Path, said: dict[str, object]) -> None:
    with Archive.open(folder, ACTOR) as archive:
        with archive.act("production.drafted", "request:1") as act:
            act.facts["ledger"] = ledger_tree.commitment(act.connection, act.seq - 1)
        assert list(verify(archive)) == []
        with archive.act("production.drafted", "request:1") as act:
            act.facts["ledger"] = said
            seq = act.seq
    assert damages(folder) == [f"ledger {seq}: the rows before it are not those that it vouches for"]
