from __future__ import annotations

import mailbox
import zipfile
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from archive.archive import Archive
from conftest import ACTOR, bring_in, register
from demo.city import generate
from demo.truth import Truth
from demo.x_archive import generate_x_archive
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.registry import identify
from ingest.report import findings


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_another_city(city: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again")
    generate(tmp_path / "other", seed=2)
    assert files(tmp_path / "again") == files(city)
    assert files(tmp_path / "other") != files(city)


def test_a_larger_scale_gives_more_of_everything(tmp_path: Path) -> None:
    small, large = generate(tmp_path / "1"), generate(tmp_path / "3", scale=3)
    for one, three in zip(small.backups, large.backups, strict=True):
        assert three.items > 2 * one.items


def test_the_backups_hold_what_the_truth_says(city: Path) -> None:
    truth = msgspec.json.decode((city / "truth.json").read_bytes(), type=Truth)
    for one in truth.backups:
        backup = Backup.open([city / one.file])
        found = list(identify(backup).read(backup))
        drafts = [item for item in found if isinstance(item, Draft)]
        assert Counter(item.kind for item in drafts) == one.kinds
        for kind, ids in one.records.items():
            assert sorted({item.native_id for item in drafts if item.kind == kind and item.native_id}) == ids
        assert [item for item in found if isinstance(item, Defect)] == []


def test_the_files_are_whole(city: Path) -> None:
    for path in city.glob("*.zip"):
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
    assert len(mailbox.mbox(city / "clerk.mbox")) > 80


@pytest.mark.parametrize("seed", range(1, 6))
def test_muniment_finds_what_really_happened_and_invents_nothing(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path / "city", seed)
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as archive:
        register(archive)
        bring_in(archive, tmp_path / "city" / "x-2026-03-01.zip", "x-city")
        bring_in(archive, tmp_path / "city" / "x-2026-04-01.zip", "x-city")
        native = dict(archive.connection.execute("SELECT id, native_id FROM record"))
        found = {
            (one["kind"], native[one["record"]], one["after_at"], one["by_at"], one["cause"])
            for one in findings(archive)
        }
        joined = {
            row[0]
            for row in archive.connection.execute(
                "SELECT r.native_id FROM record r JOIN version v ON v.id = r.id"
                " WHERE r.kind = 'subscriber' AND v.accession = 2"
            )
        }
    happened = {
        (one.what, one.native_id, one.after, one.by, one.cause) for one in truth.changes if one.what != "joined"
    }
    assert found == happened
    assert joined == {one.native_id for one in truth.changes if one.what == "joined"}


def test_an_archive_of_any_size_can_be_made(tmp_path: Path) -> None:
    generate_x_archive(tmp_path / "x.zip", seed=1, tweets=2_000)
    backup = Backup.open([tmp_path / "x.zip"])
    kinds = Counter(one.kind for one in identify(backup).read(backup) if isinstance(one, Draft))
    assert kinds == {"post": 2_000, "subscriber": 20, "profile": 1}
