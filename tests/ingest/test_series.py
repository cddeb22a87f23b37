from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from ingest.accession import told_by
from ingest.backup import Backup
from ingest.inbox import run
from ingest.ingestor import Defect
from ingest.reading import parcels
from ingest.registry import identify
from ingest.report import accession
from ingest.series import absent, part_of

EXPORT = Path(__file__).parents[1] / "data" / "youtube_takeout" / "en"
MADE = "takeout-20260601T120000Z"


def parts(folder: Path, count: int = 3) -> list[Path]:
    """Return one Takeout cut into numbered zips."""
    folder.mkdir(exist_ok=True)
    names = sorted(one.relative_to(EXPORT).as_posix() for one in EXPORT.rglob("*") if one.is_file())
    paths = [folder / f"{MADE}-{number:03}.zip" for number in range(1, count + 1)]
    for at, path in enumerate(paths):
        with zipfile.ZipFile(path, "w") as made:
            for name in names[at::count]:
                made.write(EXPORT / name, name)
    return paths


@pytest.mark.parametrize(
    ("names", "lacking"),
    [
        (["takeout-20260601T120000Z-003.zip", "takeout-20260601T120000Z-001.zip"], ["part 2"]),
        (["takeout-20260601T120000Z-2-004.tgz"], ["parts 1, 2, 3"]),
        (["takeout-20260601T120000Z-001.zip", "takeout-20260601T120000Z-002.zip"], []),
        (["72157700000000001_part2.zip", "data-download-1.zip", "data-download-3.zip"], ["part 1", "part 2"]),
        (["milbrook (part 1 of 3).zip", "milbrook (part 2 of 3).zip"], ["part 3"]),
        (["facebook-milbrook-2026-03-01-Ab12.zip", "apart.zip", "Park-2.zip", "twitter-2026-03-01.zip"], []),
    ],
)
def test_a_part_that_is_not_among_those_brought_is_named(names: list[str], lacking: list[str]) -> None:
    found = absent(Path(name) for name in names)
    assert [one.reason.split(" of this")[0] for one in found] == lacking


def test_only_what_is_numbered_as_platforms_do_is_a_part() -> None:
    assert part_of("takeout-20260601T120000Z-002.zip") == part_of("TAKEOUT-20260601T120000Z-002.ZIP")
    assert part_of("clerk-2026-03-01.mbox") is None
    assert part_of("sent-001.zip") is None


def test_a_lacking_part_is_a_remark_and_then_nothing_is_complete(tmp_path: Path) -> None:
    first, _, last = parts(tmp_path)
    backup = Backup.open([last, first])
    (found,) = [
        one
        for parcel in parcels(backup, identify(backup), lambda draft: iter(()))
        for one in parcel.parts
        if isinstance(one, Defect) and "part 2" in one.reason
    ]
    assert (found.place, found.quarantined) == (last.name, False)
    assert told_by(identify(backup), backup).complete == frozenset()


@pytest.fixture
def inbox(archive: Archive, tmp_path: Path) -> Path:
    accounts.add(archive, "yt", platform="youtube", department="Clerk")
    folder = tmp_path / "inbox"
    (folder / "yt").mkdir(parents=True)
    return folder


def test_parts_that_lie_side_by_side_in_an_inbox_are_one_backup(archive: Archive, inbox: Path, tmp_path: Path) -> None:
    first, second, last = parts(tmp_path)
    shutil.copy(first, inbox / "yt")
    shutil.copy(last, inbox / "yt")
    (outcome,) = run(archive, inbox, settled=0)
    assert outcome.ended == "failed"
    assert "part 2 of this export is not here" in outcome.reason
    shutil.copy(second, inbox / "yt")
    (outcome,) = run(archive, inbox, settled=0)
    assert outcome.report is not None
    assert sorted(one.name for one in (inbox / "yt" / "taken").iterdir()) == [first.name, second.name, last.name]
    whole = identify(Backup.open([EXPORT])).read(Backup.open([EXPORT]))
    assert outcome.report.facts["added"] == len([one for one in whole if hasattr(one, "kind")])
    assert list(run(archive, inbox, settled=0)) == []
    assert list(verify(archive, deep=True)) == []


def test_a_part_that_comes_late_is_read_with_those_taken_in_before(
    archive: Archive, inbox: Path, tmp_path: Path
) -> None:
    first, second, _ = parts(tmp_path)
    shutil.copy(first, inbox / "yt")
    list(run(archive, inbox, settled=0))
    shutil.copy(second, inbox / "yt")
    (outcome,) = run(archive, inbox, settled=0)
    assert outcome.ended == "taken"
    assert sorted(one.name for one in (inbox / "yt" / "taken").iterdir()) == [first.name, second.name]


def test_the_next_export_under_the_same_names_is_not_read_with_the_one_before(
    archive: Archive, inbox: Path, tmp_path: Path
) -> None:
    for number, part in enumerate(parts(tmp_path)[:2], 1):
        shutil.copy(part, inbox / "yt" / f"data-download-{number}.zip")
    list(run(archive, inbox, settled=0))
    for number, part in enumerate(parts(tmp_path / "again"), 1):
        shutil.copy(part, inbox / "yt" / f"data-download-{number}.zip")
    list(run(archive, inbox, settled=0))
    assert [len(accession(archive, number)["parts"]) for number in (1, 2)] == [2, 3]
