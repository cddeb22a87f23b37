from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts, ledger, migrations, state, users
from archive.archive import (
    Actor,
    AnotherIsRunning,
    Archive,
    BadFiscalYear,
    FolderNotEmpty,
    NoArchive,
    UnknownTimezone,
)
from archive.backup import NotABackup, UnsoundCopy, backup, restore
from archive.ledger import BadCheckpoint, Checkpoint
from archive.verify import verify
from conftest import FULL_COST
from rows import fill_every_table

ACTOR = Actor("tester", "test")


def test_an_archive_is_made_once_and_only_in_an_empty_folder(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    Archive.create(folder, ACTOR, name="City of Milbrook").close()
    with pytest.raises(FolderNotEmpty):
        Archive.create(folder, ACTOR, name="City of Milbrook")
    assert (folder / "archive.key").stat().st_size == 32
    assert (folder / "archive.key").stat().st_mode & 0o077 == 0


def test_opening_an_empty_folder_says_how_to_make_an_archive(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="muniment init"):
        Archive.open(tmp_path, ACTOR)


def test_a_time_zone_and_fiscal_year_that_do_not_exist_are_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UnknownTimezone):
        Archive.create(tmp_path / "a", ACTOR, name="X", timezone="America/Milbrook")
    with pytest.raises(BadFiscalYear):
        Archive.create(tmp_path / "a", ACTOR, name="X", fiscal_year_start="02-30")
    assert not (tmp_path / "a").exists()


def test_an_act_that_fails_leaves_nothing(archive: Archive) -> None:
    before = archive.checkpoint()
    with pytest.raises(RuntimeError), archive.act("account.added", "account:x") as act:
        act.state("account:x", "title", "half done")
        raise RuntimeError
    assert archive.checkpoint() == before
    assert archive.connection.execute("SELECT count(*) FROM statement").fetchone() == (0,)


def test_the_ledger_holds_no_free_text_or_names(archive: Archive) -> None:
    accounts.add(archive, "x-city", platform="x", department="Clerk", handle="SecretHandle", title="A Title")
    bodies = "".join(row.body for row in ledger.rows(archive.connection))
    assert "SecretHandle" not in bodies
    assert "A Title" not in bodies


def test_rebuilding_the_state_gives_the_same_state(archive: Archive) -> None:
    fill_every_table(archive)
    before = archive.connection.execute("SELECT * FROM record ORDER BY id").fetchall()
    assert len(before) == 4
    with archive.state_transaction() as connection:
        state.rebuild(connection)
    assert archive.connection.execute("SELECT * FROM record ORDER BY id").fetchall() == before


@given(st.lists(st.integers(1, 300), max_size=60))
def test_runs_of_ids_come_back_as_they_were(ids: list[int]) -> None:
    found = [one for first, last in state.runs(state.runs_text(ids)) for one in range(first, last + 1)]
    assert found == sorted(set(ids))


def test_only_one_process_may_do_a_thing_at_a_time(archive: Archive) -> None:
    with Archive.open(archive.folder, ACTOR) as other, archive.alone("ingest"):
        with pytest.raises(AnotherIsRunning), other.alone("ingest"):
            pass
        with other.alone("index"):
            assert other.head() == 1


def test_an_object_is_stored_once_and_told_from_a_changed_one(archive: Archive) -> None:
    sha256, size, head = archive.objects.add(lambda: io.BytesIO(b"picture"))
    again, _, _ = archive.objects.add(lambda: io.BytesIO(b"picture"))
    assert (size, head, again) == (7, b"picture", sha256)
    assert list(archive.objects.names()) == [sha256]
    assert archive.objects.is_whole(sha256)
    archive.objects.path(sha256).write_bytes(b"pictures")
    assert not archive.objects.is_whole(sha256)


def test_a_large_object_is_copied_without_being_held_in_memory(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.objects.IN_MEMORY", 1000)
    sha256, size, _ = archive.objects.add(lambda: io.BytesIO(b"x" * 5000))
    assert size == 5000
    assert archive.objects.is_whole(sha256)


# -- copies


def test_a_backup_is_verified_and_can_be_restored(archive: Archive, tmp_path: Path) -> None:
    fill_every_table(archive)
    made = backup(archive, tmp_path / "copy")
    assert made.checkpoint == archive.checkpoint()
    again = restore(tmp_path / "copy", tmp_path / "restored", ACTOR)
    with Archive.open(again.folder, ACTOR) as restored:
        assert list(verify(restored, deep=True, checkpoint=archive.checkpoint())) == []
        assert restored.key == archive.key
        users.authenticate(restored, "anna", "a long enough password")


def test_a_backup_never_overwrites_anything(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "file").write_text("precious")
    with pytest.raises(FolderNotEmpty):
        backup(archive, tmp_path / "copy")
    assert (tmp_path / "copy" / "file").read_text() == "precious"


def test_a_damaged_archive_gives_no_backup_that_looks_sound(archive: Archive, tmp_path: Path) -> None:
    fill_every_table(archive)
    next(path for path in (archive.folder / "objects").rglob("*") if path.is_file()).unlink()
    with pytest.raises(UnsoundCopy):
        backup(archive, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_restoring_from_a_folder_that_is_no_backup_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotABackup):
        restore(tmp_path, tmp_path / "new", ACTOR)


# -- users


def test_a_password_is_proved_and_never_stored(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "COST", FULL_COST)
    users.add(archive, "anna", "clerk", "correct horse battery")
    assert users.authenticate(archive, "anna", "correct horse battery").role == "clerk"
    with pytest.raises(users.WrongPassword):
        users.authenticate(archive, "anna", "wrong horse battery")
    for path in archive.folder.rglob("*"):
        if path.is_file():
            assert b"correct horse battery" not in path.read_bytes()
    with closing(sqlite3.connect(archive.folder / "desk.db")) as desk:
        assert desk.execute("SELECT hash FROM credential").fetchone()[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_disabled_user_can_no_longer_prove_anything(archive: Archive) -> None:
    users.add(archive, "anna", "clerk", "correct horse battery")
    users.disable(archive, "anna")
    with pytest.raises(users.UnknownUser):
        users.authenticate(archive, "anna", "correct horse battery")
    assert [user.disabled_at is not None for user in users.listed(archive)] == [True]


def test_a_short_password_and_a_taken_name_are_refused(archive: Archive) -> None:
    with pytest.raises(users.ShortPassword):
        users.add(archive, "anna", "clerk", "short")
    assert list(users.listed(archive)) == []
    users.add(archive, "anna", "clerk", "correct horse battery")
    with pytest.raises(users.UserTaken):
        users.add(archive, "anna", "it", "correct horse battery")


# -- migrations and checkpoints


def test_an_archive_of_a_newer_muniment_is_refused_untouched(archive: Archive) -> None:
    with closing(sqlite3.connect(archive.path)) as connection:
        connection.execute(f"PRAGMA user_version = {migrations.LATEST + 1}")
    with pytest.raises(migrations.NewerArchive):
        Archive.open(archive.folder, ACTOR)


def test_migrations_are_numbered_without_holes() -> None:
    names = [one.name for one in migrations._migrations()._migrations]
    assert [name[:4] for name in names] == [f"m{number:03}" for number in range(1, migrations.LATEST + 1)]


@pytest.mark.parametrize("text", ["", "12", "x:ab", "3:zz", "0:" + "ab" * 32, "3:abcd"])
def test_a_checkpoint_that_is_none_is_told(text: str) -> None:
    with pytest.raises(BadCheckpoint):
        Checkpoint.parse(text)


def test_a_checkpoint_is_read_as_it_is_printed(archive: Archive) -> None:
    assert Checkpoint.parse(str(archive.checkpoint())) == archive.checkpoint()
