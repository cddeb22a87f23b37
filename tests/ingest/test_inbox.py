from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import AnotherIsRunning, Archive
from archive.verify import verify
from ingest.inbox import NoInbox, Outcome, run
from ingest.report import accession, findings

DATA = Path(__file__).parents[1] / "data"
NOTICES = DATA / "feed" / "polls"


class Inbox:
    """An inbox with a folder for each of two accounts."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        accounts.add(archive, "www", platform="website", department="Clerk")
        accounts.add(archive, "alerts", platform="govdelivery", department="Clerk")
        for name in ("www", "alerts"):
            (folder / name).mkdir(parents=True)

    def drop(self, source: Path, name: str = "", account: str = "www") -> Path:
        target = self.folder / account / (name or source.name)
        return Path(shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target))

    def run(self, settled: float = 0, dry_run: bool = False) -> list[Outcome]:
        return list(run(self.archive, self.folder, settled, dry_run))

    def told(self, settled: float = 0, dry_run: bool = False) -> list[tuple[str, str]]:
        return [(one.path.name, one.ended) for one in self.run(settled, dry_run)]


@pytest.fixture
def inbox(archive: Archive, tmp_path: Path) -> Iterator[Inbox]:
    made = Inbox(archive, tmp_path / "inbox")
    yield made
    assert list(verify(archive, deep=True)) == []


def test_each_accounts_backups_are_taken_in_and_moved_and_the_next_run_finds_nothing(inbox: Inbox) -> None:
    inbox.drop(NOTICES / "2026-03-01.xml")
    inbox.drop(DATA / "govdelivery" / "subscribers.csv", account="alerts")
    assert inbox.told() == [("subscribers.csv", "taken"), ("2026-03-01.xml", "taken")]
    assert (inbox.folder / "www" / "taken" / "2026-03-01.xml").is_file()
    assert inbox.told() == []
    assert [accession(inbox.archive, number)["account"] for number in (1, 2)] == ["alerts", "www"]


def test_what_fails_is_told_and_stays_and_stops_nobody(inbox: Inbox) -> None:
    inbox.drop(NOTICES / "2026-03-02.xml")
    (inbox.folder / "www" / "a_riddle.bin").write_bytes(b"nobody knows")
    (inbox.folder / "www" / "empty.zip").write_bytes(b"")
    (inbox.folder / "www" / "broken.zip").write_bytes(b"PK\x03\x04 no zip at all")
    inbox.drop(DATA / "govdelivery" / "subscribers.csv", account="www", name="z_wrong_platform.csv")
    (inbox.folder / "stray.zip").write_bytes(b"x")
    (inbox.folder / "no-such-account").mkdir()
    found = {one.path.name: one for one in inbox.run()}
    assert found["2026-03-02.xml"].ended == "taken"
    failed = {name: one.reason for name, one in found.items() if one.ended == "failed"}
    assert set(failed) == {
        "a_riddle.bin", "empty.zip", "broken.zip", "z_wrong_platform.csv", "stray.zip", "no-such-account",
    }  # fmt: skip
    assert "none of the formats" in failed["a_riddle.bin"] and "platform" in failed["z_wrong_platform.csv"]
    assert "outside of every account's folder" in failed["stray.zip"] and "no-such-account" in failed["no-such-account"]
    assert all((inbox.folder / "www" / name).exists() for name in ("a_riddle.bin", "empty.zip", "broken.zip"))


def test_what_is_still_being_copied_waits(inbox: Inbox) -> None:
    path = inbox.drop(NOTICES / "2026-03-01.xml")
    old = time.time() - 10_000
    os.utime(path, (old, old))
    inbox.drop(NOTICES, "folder")
    (inbox.folder / "www" / "folder" / "feed.xml.part").write_bytes(b"<rss")
    (inbox.folder / "www" / ".hidden").write_bytes(b"x")
    assert inbox.told(settled=3600) == [("2026-03-01.xml", "waiting"), ("folder", "waiting")]
    assert inbox.told() == [("folder", "waiting"), ("2026-03-01.xml", "taken")]


def test_a_dry_run_says_what_would_be_taken_in_and_takes_nothing(inbox: Inbox) -> None:
    path = inbox.drop(NOTICES / "2026-03-01.xml")
    (one,) = inbox.run(dry_run=True)
    assert (one.ended, one.reason, path.exists()) == ("ready", "format feed", True)
    assert inbox.archive.connection.execute("SELECT count(*) FROM accession").fetchone()[0] == 0


def test_backups_of_one_account_go_in_by_the_day_of_their_name(inbox: Inbox) -> None:
    for name in ("2026-03-01.xml", "2026-03-02.xml"):
        inbox.drop(NOTICES / name, f"{'2026-02-28' if name.endswith('1.xml') else '2026-03-04'} poll.xml")
    assert inbox.told() == [("2026-02-28 poll.xml", "taken"), ("2026-03-04 poll.xml", "taken")]
    shown = [accession(inbox.archive, number) for number in (1, 2)]
    assert [(one["exported_on"], one["exported_basis"]) for one in shown] == [
        ("2026-02-28", "declared"), ("2026-03-04", "declared"),
    ]  # fmt: skip
    assert {one["kind"] for one in findings(inbox.archive)} == {"edited", "removed"}


def test_a_folder_of_packed_parts_is_one_backup_and_a_poll_of_many_files_too(inbox: Inbox, tmp_path: Path) -> None:
    parts = inbox.folder / "www" / "export in parts"
    parts.mkdir()
    for name in ("2026-03-01.xml", "2026-03-02.xml"):
        (tmp_path / name).mkdir()
        shutil.copy(NOTICES / name, tmp_path / name)
        shutil.make_archive(str(parts / f"part-{name}"), "zip", tmp_path / name)
    inbox.drop(NOTICES, "2026-03-03 poll")
    taken = inbox.run()
    assert [(one.path.name, one.ended) for one in taken] == [("2026-03-03 poll", "taken"), ("export in parts", "taken")]
    assert taken[1].report is not None and taken[1].report.facts["added"] == 0
    assert sorted(one.name for one in (inbox.folder / "www" / "taken").iterdir()) == [
        "2026-03-03 poll",
        "export in parts",
    ]


def test_a_rule_says_what_the_backups_do_not(inbox: Inbox) -> None:
    inbox.drop(DATA / "govdelivery" / "pool_closings.csv", account="alerts")
    rule = inbox.folder / "alerts" / "inbox.toml"
    rule.write_text('lists = "Pool closings"')
    (one,) = inbox.run()
    assert one.ended == "failed" and "unknown field `lists`" in one.reason
    rule.write_text('list = "Pool closings"\nexported-by = "Ada Lor"\nkept-at = "vault"\n')
    (one,) = inbox.run()
    shown = accession(inbox.archive, 1)
    assert (shown["list_name"], shown["exported_by"], shown["kept_at"]) == ("Pool closings", "Ada Lor", "vault")
    assert rule.is_file()


def test_a_rule_says_which_private_files_are_taken_in(inbox: Inbox, tmp_path: Path) -> None:
    accounts.add(inbox.archive, "x-city", platform="x", department="Clerk")
    backup = shutil.copytree(DATA / "x" / "g3", tmp_path / "g3")
    (backup / "data" / "ip-audit.js").write_text("window.YTD.part0 = []", encoding="utf-8")
    inbox.drop(backup, account="x-city")
    rule = inbox.folder / "x-city" / "inbox.toml"
    rule.write_text('include = ["passwords"]')
    (one,) = inbox.run()
    assert one.ended == "failed" and "“passwords” is no sort of what is private" in one.reason
    rule.write_text('include = ["logins"]')
    (one,) = inbox.run()
    assert "logins" not in accession(inbox.archive, 1)["left_out"]
    assert "addresses" in accession(inbox.archive, 1)["left_out"]


def test_a_rule_can_name_a_mapping_beside_it(inbox: Inbox) -> None:
    inbox.drop(DATA / "tables" / "milbrook", "table")
    shutil.copy(DATA / "tables" / "milbrook.toml", inbox.folder / "www" / "vendor.toml")
    (inbox.folder / "www" / "inbox.toml").write_text('mapping = "vendor.toml"')
    (one,) = inbox.run()
    assert one.report is not None and one.report.format == "milbrook-vendor"


def test_the_same_backup_dropped_again_is_known_and_overwrites_nothing(inbox: Inbox) -> None:
    for _ in range(2):
        inbox.drop(NOTICES / "2026-03-01.xml")
        (one,) = inbox.run()
    assert one.ended == "already"
    names = sorted(path.name for path in (inbox.folder / "www" / "taken").iterdir())
    assert names == ["2026-03-01 (2).xml", "2026-03-01.xml"]


def test_a_backup_that_cannot_be_moved_is_taken_in_and_known_the_next_time(inbox: Inbox) -> None:
    inbox.drop(NOTICES / "2026-03-01.xml")
    (inbox.folder / "www" / "taken").write_text("a file where the folder should be")
    (one,) = inbox.run()
    assert (one.ended, one.is_trouble) == ("taken", True) and "could not be moved" in one.reason
    assert inbox.told() == [("2026-03-01.xml", "already")]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no symbolic links")
def test_links_are_told_and_never_followed(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_bytes((NOTICES / "2026-03-01.xml").read_bytes())
    (inbox.folder / "www" / "link.xml").symlink_to(tmp_path / "secret.xml")
    assert inbox.told() == [("link.xml", "failed")]


def test_two_runs_at_once_and_an_inbox_that_is_none_are_refused(inbox: Inbox) -> None:
    inbox.drop(NOTICES / "2026-03-01.xml")
    with inbox.archive.alone("inbox"), pytest.raises(AnotherIsRunning):
        inbox.run()
    with inbox.archive.alone("ingest"), pytest.raises(AnotherIsRunning):
        inbox.run()
    with pytest.raises(NoInbox):
        list(run(inbox.archive, inbox.folder / "nowhere"))
    assert inbox.told() == [("2026-03-01.xml", "taken")]
