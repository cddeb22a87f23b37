from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.errors import ExitCode
from archive.tables import FINDING
from conftest import ACTOR
from retention_schedules import adoption, assignment, derivation, expiry
from retention_schedules import threads as conversations
from retention_schedules.adoption import AlteredSchedule
from retention_schedules.expiry import Expiry
from retention_schedules.reader import BadSchedule
from schedules import adopt_made as adopt
from schedules import hold, rule, series, written


def dates(archive: Archive) -> dict[int, str]:
    return dict(archive.connection.execute("SELECT record, expires_on FROM expiry ORDER BY record"))


def test_only_what_changed_is_derived_again(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2026-03-01T12:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    derived = Expiry(archive)
    steps: list[tuple[int, int]] = []
    derived.catch_up(lambda done, total: steps.append((done, total)))
    hold(archive, written("2026-03-02T12:00"), written("2026-03-03T12:00"))
    derived.catch_up(lambda done, total: steps.append((done, total)))
    derived.catch_up(lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1), (2, 2)]
    assert dates(archive) == {1: "2033-03-01", 2: "2033-03-02", 3: "2033-03-03"}
    assert derived.position == archive.head()


def test_the_next_ledger_row_is_where_catching_up_begins(archive: Archive, tmp_path: Path) -> None:
    adopt(archive, tmp_path, series("a"), rule("a"))
    hold(archive, written("2026-03-01T12:00"), written("2026-03-02T12:00"))
    Expiry(archive).catch_up()
    with archive.state_transaction() as connection:
        connection.execute("UPDATE outcome SET expires_on = '2000-01-01'")
    with archive.act("accession.progress", "accession:1") as act:
        act.add(FINDING, (1, 1, 1, "edited", "2026-02-01T12:00:00.000Z", "2026-03-01T12:00:00.000Z", "unknown"))
    Expiry(archive).catch_up()
    assert dates(archive) == {1: "2033-03-01", 2: "2000-01-01"}


def test_another_schedule_moves_the_dates_of_all_records(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2026-03-01T12:00"), written("2026-03-02T12:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    adopt(archive, tmp_path, series("a", period="10 years"), rule("a"))
    assert Expiry(archive).position == 0
    Expiry(archive).catch_up()
    assert dates(archive) == {1: "2036-03-01", 2: "2036-03-02"}


def test_a_schedule_without_rules_takes_back_what_it_said(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2026-03-01T12:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    adopt(archive, tmp_path, series("a"))
    Expiry(archive).catch_up()
    assert archive.connection.execute("SELECT series, expires_on, blocked FROM expiry").fetchall() == [
        (None, None, "unscheduled")
    ]


def test_new_arithmetic_derives_all_dates_again(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(archive, written("2026-03-01T12:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    derived = Expiry(archive)
    derived.catch_up()
    with archive.state_transaction() as connection:
        connection.execute("UPDATE outcome SET expires_on = '2000-01-01'")
    derived.catch_up()
    assert dates(archive) == {1: "2000-01-01"}
    monkeypatch.setattr(expiry, "VERSION", assignment.VERSION + 1)
    derived.catch_up()
    assert dates(archive) == {1: "2033-03-01"}


def test_a_rebuild_forgets_records_that_are_no_more(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2026-03-01T12:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    with archive.state_transaction() as connection:
        connection.execute("INSERT INTO dated VALUES (99, 1, 1)")
    Expiry(archive).rebuild()
    assert list(dates(archive)) == [1]


def test_work_cut_short_is_done_again(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(archive, *(written(f"2026-03-{day:02}T12:00") for day in range(1, 29)))
    adopt(archive, tmp_path, series("a"), rule("a"))
    monkeypatch.setattr(derivation, "CHUNK", 5)

    def kill(done: int, total: int) -> None:
        if done > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Expiry(archive).catch_up(kill)
    assert len(dates(archive)) == 15
    assert Expiry(archive).position == 0
    Expiry(archive).catch_up()
    assert len(dates(archive)) == 28


def test_two_processes_that_catch_up_at_once_agree(archive: Archive, tmp_path: Path) -> None:
    hold(archive, *(written(f"2026-03-{day:02}T12:00") for day in range(1, 29)))
    adopt(archive, tmp_path, series("a"), rule("a"))
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with Archive.open(archive.folder, ACTOR) as other:
                Expiry(other).catch_up()
                assert Expiry(other).position == other.head()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert len(dates(archive)) == 28


def test_an_altered_schedule_moves_no_date(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2026-03-01T12:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    Expiry(archive).catch_up()
    path = archive.objects.path(adoption.adoptions(archive)[0].sha256)
    path.write_bytes(path.read_bytes().replace(b"7 years", b"1 years"))
    hold(archive, written("2026-03-02T12:00"))
    with pytest.raises(AlteredSchedule, match=r"was changed .* Restore the object") as caught:
        Expiry(archive).catch_up()
    assert caught.value.exit_code == ExitCode.UNSOUND
    assert dates(archive) == {1: "2033-03-01"}
    path.unlink()
    with pytest.raises(AlteredSchedule):
        adoption.adopted(archive)


def test_of_a_name_the_last_schedule_counts(archive: Archive, tmp_path: Path) -> None:
    adopt(archive, tmp_path, series("a"), rule("a"))
    adopt(archive, tmp_path, series("b"), rule("b"), name="administrative")
    adopt(archive, tmp_path, series("c"), rule("c"))
    assert [(one.name, one.series[0].key) for one in adoption.adopted(archive)] == [
        ("milbrook", "c"), ("administrative", "b"),
    ]  # fmt: skip


def test_a_file_with_faults_is_not_adopted(archive: Archive, tmp_path: Path) -> None:
    before = archive.checkpoint()
    with pytest.raises(BadSchedule, match="rule 1, series"):
        adopt(archive, tmp_path, series("a"), rule("b"))
    assert archive.checkpoint() == before
    assert list(archive.objects.names()) == []


def test_expiry_writes_derived_tables_alone(archive: Archive, tmp_path: Path) -> None:
    hold(archive, written("2026-03-01T12:00"))
    adopt(archive, tmp_path, series("a"), rule("a"))
    accounts.close(archive, "x-city")
    before = dump(archive.path)
    Expiry(archive).rebuild()
    after = dump(archive.path)
    assert {name for name in after if after[name] != before[name]} == {"dated", "outcome", "follower"}


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


# -- searches and conversations in rules


class Words:
    """Finds the records that a test says a query answers."""

    def __init__(self) -> None:
        self.found: dict[str, list[int]] = {}

    def find(self, query: str, at_seq: int | None = None) -> list[int]:
        return self.found.get(query, [])


def dated(archive: Archive, words: Words) -> int:
    """Catch up, and return how many records were looked at."""
    looked = [0]
    Expiry(archive, words).catch_up(lambda done, total: looked.append(done))
    return max(looked)


def test_with_a_search_in_a_rule_only_what_changed_or_answers_otherwise_is_looked_at(
    archive: Archive, tmp_path: Path
) -> None:
    words = Words()
    hold(archive, *(written(f"2026-03-{day:02}T12:00") for day in range(1, 21)))
    adopt(archive, tmp_path, series("a"), series("b", period="10 years"), rule("a"), rule("b", query="pool"))
    words.found["pool"] = [2]
    assert dated(archive, words) == 20
    hold(archive, written("2026-03-21T12:00"))
    assert dated(archive, words) == 1
    words.found["pool"] = [3]
    with archive.act("archive.verified", "archive"):
        pass
    assert dated(archive, words) == 2
    assert [record for record, ends in dates(archive).items() if ends > "2034"] == [3]
    with archive.act("archive.verified", "archive"):
        pass
    assert dated(archive, words) == 0


def test_with_conversations_one_record_is_looked_at_and_all_of_its_conversation_moves(
    archive: Archive, tmp_path: Path
) -> None:
    plain = [written(f"2026-03-{day:02}T12:00", native_id=f"n{day}") for day in range(1, 11)]
    hold(archive, *plain)
    adopt(archive, tmp_path, series("a"), rule("a", whole_thread=True))
    assert dated(archive, Words()) == 10
    hold(archive, written("2026-05-01T12:00", native_id="late", parent="n3"))
    assert dated(archive, Words()) == 1
    assert dates(archive) == {
        **{day: f"2033-03-{day:02}" for day in range(1, 11)}, 3: "2033-05-01", 11: "2033-05-01"
    }  # fmt: skip


def test_a_conversation_whose_longest_kept_record_is_gone_keeps_the_others_no_longer(
    archive: Archive, tmp_path: Path
) -> None:
    hold(archive, written("2026-03-01T12:00", native_id="a"), written("2026-05-02T12:00", native_id="b", parent="a"))
    adopt(archive, tmp_path, series("a"), rule("a", whole_thread=True))
    dated(archive, Words())
    assert set(dates(archive).values()) == {"2033-05-02"}
    with archive.act("archive.verified", "archive") as act:
        act.connection.execute("DELETE FROM record WHERE id = 2")
    dated(archive, Words())
    assert dates(archive) == {1: "2033-03-01"}


def test_no_record_of_a_conversation_has_a_date_before_the_conversation_is_tied(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(archive, written("2026-03-01T12:00", native_id="a"), written("2026-03-02T12:00", native_id="b", parent="a"))
    adopt(archive, tmp_path, series("a"), rule("a", whole_thread=True))
    monkeypatch.setattr(conversations, "tied", lambda *asked: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        Expiry(archive).catch_up()
    assert dates(archive) == {}
    monkeypatch.undo()
    Expiry(archive).catch_up()
    assert set(dates(archive).values()) == {"2033-03-02"}
