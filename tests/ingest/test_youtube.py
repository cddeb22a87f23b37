from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from conftest import bring_in
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.platforms.youtube_api import YouTubeApiIngestor
from ingest.platforms.youtube_takeout import YouTubeTakeoutIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data"
TAKEOUT = YouTubeTakeoutIngestor()
API = YouTubeApiIngestor()


@pytest.mark.parametrize("name", ["en", "de", "uk", "old"])
def test_every_language_and_age_of_takeout_reads_as_its_golden_file_says(name: str) -> None:
    folder = DATA / "youtube_takeout" / name
    backup = Backup.open([folder])
    assert identify(backup).name == "youtube-takeout"
    check_golden(DATA / "youtube_takeout" / f"{name}.golden.json", told(TAKEOUT, backup))


@pytest.mark.parametrize("name", ["dump", "lines.jsonl"])
def test_every_dump_of_the_api_reads_as_its_golden_file_says(name: str) -> None:
    backup = Backup.open([DATA / "youtube_api" / name])
    assert identify(backup).name == "youtube-api"
    check_golden(DATA / "youtube_api" / f"{name.partition('.')[0]}.golden.json", told(API, backup))


def comments(backup: Backup) -> dict[str, Draft]:
    return {one.native_id or "": one for one in API.read(backup) if isinstance(one, Draft) and one.kind == "comment"}


def test_what_is_held_for_review_or_spam_is_told_by_its_status_or_by_the_name_of_its_file() -> None:
    found = comments(Backup.open([DATA / "youtube_api" / "dump"]))
    by_text = {one.text: one.audience for one in found.values()}
    assert by_text["You are all crooks"] == "hidden"
    assert by_text["Cheap pools at pools.example"] == "spam"
    assert by_text["Thank you"] == "removed"


def test_a_comments_own_bytes_hold_nobody_elses_words() -> None:
    for one in comments(Backup.open([DATA / "youtube_api" / "dump"])).values():
        assert json.loads(one.native)["id"] == one.native_id
    first = comments(Backup.open([DATA / "youtube_api" / "dump"]))["UgxPoolHours00000000001AaABAg"]
    assert b"From 1 to 5 pm" not in first.native


def test_a_dump_is_whole_when_its_lists_end_and_its_replies_are_here() -> None:
    assert API.coverage(Backup.open([DATA / "youtube_api" / "dump"])).complete == {"post", "comment"}
    assert API.coverage(Backup.open([DATA / "youtube_api" / "lines.jsonl"])).complete == frozenset()


def test_likes_and_marks_are_no_part_of_what_a_newer_reader_reads_again() -> None:
    before = b'{"etag":"a","id":"1","snippet":{"likeCount":1,"textOriginal":"x"}}'
    after = b'{"etag":"b","id":"1","snippet":{"likeCount":9,"textOriginal":"x"}}'
    assert API.material(before) == API.material(after) != API.material(after.replace(b'"x"', b'"y"'))


def zipped(path: Path, names: list[str]) -> Path:
    folder = DATA / "youtube_takeout" / "en"
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.write(folder / name, name)
    return path


def test_several_zips_of_one_takeout_are_one_backup_and_tell_their_day(tmp_path: Path) -> None:
    folder = DATA / "youtube_takeout" / "en"
    names = sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())
    films = [one for one in names if "/videos/" in one]
    tables = [one for one in names if one not in films]
    parts = [
        zipped(tmp_path / "takeout-20260601T120000Z-001.zip", tables),
        zipped(tmp_path / "takeout-20260601T120000Z-002.zip", [*films, tables[0]]),
    ]
    backup = Backup.open(parts)
    assert identify(backup).name == "youtube-takeout"
    assert told(TAKEOUT, backup) == told(TAKEOUT, Backup.open([folder]))
    made_at = TAKEOUT.coverage(backup).exported_at
    assert made_at is not None and made_at.isoformat() == "2026-06-01T12:00:00+00:00"


SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "youtube"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of YouTube exports are not beside this checkout")
def test_the_sample_by_another_hand_goes_in_comment_by_comment() -> None:
    (path,) = SAMPLES.rglob("Kommentare-example.csv")
    backup = Backup.open([path])
    assert identify(backup).name == "youtube-takeout"
    found = list(TAKEOUT.read(backup))
    drafts = [one for one in found if isinstance(one, Draft)]
    assert len(drafts) == 30 and not [one for one in found if isinstance(one, Defect)]
    assert all(one.text and not one.text.startswith("{") and one.created and one.created.at for one in drafts)


def test_captions_in_every_form_are_tied_to_their_video(tmp_path: Path) -> None:
    names = ("Council meeting.mp4", "Council meeting.en.srt", "Council meeting.json3", "Council meeting.srv3")
    folder = tmp_path / "Takeout" / "YouTube and YouTube Music"
    (folder / "videos").mkdir(parents=True)
    for name in names:
        (folder / "videos" / name).write_text("{}")
    (folder / "video metadata").mkdir()
    table = "Video ID,Video Title (Original),Privacy,Video State\nabcdefghij1,Council meeting,Public,Active\n"
    (folder / "video metadata" / "videos.csv").write_text(table)
    (draft,) = [one for one in TAKEOUT.read(Backup.open([tmp_path / "Takeout"])) if isinstance(one, Draft)]
    assert sorted(one.name for one in draft.attachments) == sorted(names)


def without(folder: Path, *endings: str) -> Path:
    """Return a copy of the export without some files."""
    copy = shutil.copytree(DATA / "youtube_takeout" / "en", folder)
    for path in [one for one in copy.rglob("*") if one.suffix in endings]:
        path.unlink()
    return copy


@pytest.mark.parametrize("lacks", [[(".mp4",), (".srt",), ()], [(), (".mp4", ".srt"), (".srt",)]])
def test_files_that_lie_in_another_part_of_a_takeout_make_no_edit(
    archive: Archive, tmp_path: Path, lacks: list[tuple[str, ...]]
) -> None:
    accounts.add(archive, "yt", platform="youtube", department="Clerk")
    for number, endings in enumerate(lacks):
        facts = bring_in(archive, without(tmp_path / str(number), *endings), "yt")
        assert (facts["edited"], facts["missing"]) == (0, 0)
    names = archive.connection.execute(
        "SELECT a.name FROM attachment a JOIN record r ON r.version = a.version ORDER BY a.name"
    ).fetchall()
    assert [name for (name,) in names if name.startswith("Pool")] == ["Pool opens_.en.srt", "Pool opens_.mp4"]
