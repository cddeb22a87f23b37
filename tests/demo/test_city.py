from __future__ import annotations

import mailbox
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from archive.archive import Archive
from conftest import ACTOR, bring_in_as_told, register
from demo.city import ACCOUNTS, generate
from demo.many_posts import generate_x_archive
from demo.truth import Truth, load
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.registry import identify
from told_truth import told

TINY = 0.08


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_another_city(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        generate(tmp_path / name, seed, TINY)
    assert files(tmp_path / "again") == files(tmp_path / "one")
    assert files(tmp_path / "other") != files(tmp_path / "one")


def test_two_processes_write_what_one_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate(tmp_path / "one", 3, TINY)
    monkeypatch.setattr("demo.city.BESIDE", 0)
    generate(tmp_path / "two", 3, TINY)
    assert files(tmp_path / "two") == files(tmp_path / "one")


def test_a_larger_scale_gives_more_of_everything(tmp_path: Path) -> None:
    small, large = generate(tmp_path / "1", scale=0.5), generate(tmp_path / "2", scale=1.5)
    for one, three in zip(small.backups, large.backups, strict=True):
        assert three.items > 1.7 * one.items


def test_the_city_has_eight_accounts_in_several_departments(city: Path) -> None:
    truth = load(city)
    assert [one.name for one in truth.accounts] == list(ACCOUNTS)
    assert {one.department for one in truth.accounts} == {"Clerk-Treasurer", "Parks", "Police"}
    records = {(one.account, kind, i) for one in truth.backups for kind, ids in one.records.items() for i in ids}
    assert 1_000 < len(records) < 9_000


def test_the_backups_hold_what_the_truth_says(city: Path) -> None:
    for one in load(city).backups:
        backup = Backup.open([city / one.file], list_name=one.list_name)
        ingestor = identify(backup)
        found = list(ingestor.read(backup))
        drafts = [item for item in found if isinstance(item, Draft)]
        assert ingestor.name == one.format
        assert Counter(item.kind for item in drafts) == one.kinds
        for kind, ids in one.records.items():
            told_ids = sorted({item.native_id for item in drafts if item.kind == kind and item.native_id})
            assert told_ids == ids or one.format == "facebook-export"
        assert [item for item in found if isinstance(item, Defect)] == []


def test_the_files_are_whole(city: Path) -> None:
    for path in city.glob("*.zip"):
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
    assert len(mailbox.mbox(city / "clerk-2026-04-01.mbox")) > 80


# -- what Muniment makes of it


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_muniment_finds_what_really_happened_and_invents_nothing(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path / "city", seed, TINY)
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as archive:
        register(archive)
        for one in truth.backups:
            bring_in_as_told(archive, tmp_path / "city", one)
        found = told(archive, truth)
    assert found == Counter(truth.evidence)


CAUSES = {
    "edited": {"edited", "joined"},
    "removed": {"removed", "left"},
    "missing": {"removed", "left"},
    "restored": {"restored", "joined"},
    "hidden": {"hidden", "left"},
    "shown": {"shown", "restored", "joined"},
}


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_can_be_seen_comes_from_what_happened_within_its_window(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path / "city", seed, TINY)
    for one in truth.evidence:
        by = {
            each.by
            for each in truth.happened
            if (each.account, each.kind) == (one.account, one.kind)
            and (one.after or "") <= each.at <= one.by
            and each.what in CAUSES[one.seen]
            and (each.id == one.id or "#" in one.id or one.id == "profile")
        }
        assert by, one
        assert one.cause == "unknown" or one.cause in by, one


def test_some_of_what_happens_can_be_seen_by_nobody(city: Path) -> None:
    truth = load(city)
    seen = {(one.account, one.id) for one in truth.evidence}
    assert [one for one in truth.happened if one.what == "removed" and (one.account, one.id) not in seen]


# -- what else the truth tells


def test_questions_are_answered_in_time_late_or_never(city: Path) -> None:
    truth = load(city)
    verdicts = Counter(one.verdict for one in truth.questions)
    assert verdicts["in time"] > verdicts["late"] > 20
    assert verdicts["never"] > 20
    for one in truth.questions:
        assert (one.answered_at is None) == (one.verdict == "never") == (not one.answer)
        if one.answered_at:
            waited = datetime.fromisoformat(one.answered_at) - datetime.fromisoformat(one.asked_at)
            assert waited.days >= 2 if one.verdict == "late" else waited.days <= 4


def texts_of(city: Path, truth: Truth) -> dict[tuple[str, str, str], str]:
    """Return every item's texts, all versions joined, by account, kind and id."""
    found: dict[tuple[str, str, str], str] = {}
    for one in truth.backups:
        backup = Backup.open([city / one.file], list_name=one.list_name)
        for item in identify(backup).read(backup):
            if isinstance(item, Draft) and item.native_id:
                key = (one.account, item.kind, item.native_id)
                found[key] = f"{found.get(key, '')}\n{item.text}"
    return found


def test_private_data_stand_where_the_truth_says(city: Path) -> None:
    truth = load(city)
    texts = texts_of(city, truth)
    held = [one for one in truth.spots if (one.account, one.kind, one.id) in texts]
    for one in held:
        assert one.words in texts[one.account, one.kind, one.id], one
    assert {one.sort for one in held} >= {"phone", "address", "born", "card", "ssn", "child", "counsel"}


def test_there_are_weeks_without_a_post(city: Path) -> None:
    quiet = load(city).quiet_weeks
    assert all(len(quiet[name]) >= 4 for name in ("x-city", "x-police", "fb-city", "fb-parks"))


def test_people_come_back_to_lists_that_they_left(city: Path) -> None:
    truth = load(city)
    for name in ("x-city", "news", "alerts"):
        times = Counter((one.list_name, one.id) for one in truth.memberships if one.account == name)
        assert max(times.values()) == 2
    lists = sorted({one.list_name for one in truth.memberships if one.account == "news"})
    weekly, pool = ({one.address for one in truth.memberships if one.list_name == name} for name in lists)
    assert len(weekly & pool) > 50


def test_an_archive_of_any_size_can_be_made(tmp_path: Path) -> None:
    generate_x_archive(tmp_path / "x.zip", seed=1, tweets=2_000)
    backup = Backup.open([tmp_path / "x.zip"])
    kinds = Counter(one.kind for one in identify(backup).read(backup) if isinstance(one, Draft))
    assert kinds == {"post": 2_000, "subscriber": 20, "profile": 1}
