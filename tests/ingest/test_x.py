from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.json_items import Broken, Item, items
from ingest.platforms.x import XIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "x"
CSV = DATA / "g0" / "tweets.csv"
GENERATIONS = ("g0", "g1", "g2", "g3", "g5")
X = XIngestor()


@pytest.mark.parametrize("name", ["tweets.csv", "city.txt"])
def test_a_row_of_the_oldest_archives_that_is_broken_costs_itself(tmp_path: Path, name: str) -> None:
    heading, first, *rest = CSV.read_text().split('\n"2')
    raw = heading + '\n"2' + first + ",one,cell,too,many" + "".join('\n"2' + one for one in rest)
    (tmp_path / name).write_text(raw)
    backup = Backup.open([tmp_path / name])
    found = list(identify(backup).read(backup))
    assert [one.native_id for one in found if isinstance(one, Draft)] == ["11400000001", "20000000000000002"]
    [defect] = [one for one in found if isinstance(one, Defect) and one.quarantined]
    assert "cells, and the heading" in defect.reason


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "cp1252"), ("\t", "utf-16")])
def test_the_oldest_archives_are_read_as_a_spreadsheet_saves_them(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = list(csv.reader(CSV.read_text().splitlines(keepends=True)))
    with (tmp_path / "tweets.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    drafts = [one for one in X.read(Backup.open([tmp_path])) if isinstance(one, Draft)]
    assert [one.native_id for one in drafts] == ["11400000001", "20000000000000001", "20000000000000002"]


def drafts(generation: str) -> list[Draft]:
    return [one for one in X.read(Backup.open([DATA / generation])) if isinstance(one, Draft)]


def by_id(generation: str) -> dict[str, Draft]:
    return {one.revision or one.native_id or "": one for one in drafts(generation)}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_generation_reads_as_its_golden_file_says(generation: str) -> None:
    backup = Backup.open([DATA / generation])
    assert X.identify(backup) == Confidence.CONTENT
    assert identify(backup).name == "x-archive"
    check_golden(DATA / f"{generation}.golden.json", told(X, backup))


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        for path in sorted((DATA / "g5").rglob("*.js")):
            packed.write(path, path.relative_to(DATA / "g5"))
    assert told(X, Backup.open([tmp_path / "x.zip"])) == told(X, Backup.open([DATA / "g5"]))


def test_an_archive_in_two_parts_reads_as_one(tmp_path: Path) -> None:
    for part in (1, 2):
        with zipfile.ZipFile(tmp_path / f"part{part}.zip", "w") as packed:
            for number, path in enumerate(sorted((DATA / "g5").rglob("*.js"))):
                if number % 2 == part - 1 or path.name in ("manifest.js", "account.js"):
                    packed.write(path, path.relative_to(DATA / "g5"))
    backup = Backup.open([tmp_path / "part1.zip", tmp_path / "part2.zip"])
    assert told(X, backup) == told(X, Backup.open([DATA / "g5"]))


def test_a_missing_part_is_named_and_nothing_is_complete(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        for path in sorted((DATA / "g5").rglob("*.js")):
            if path.name != "tweets-part1.js":
                packed.write(path, path.relative_to(DATA / "g5"))
    backup = Backup.open([tmp_path / "x.zip"])
    assert X.coverage(backup).complete == frozenset()
    assert any(one.get("place") == "data/tweets-part1.js" and "defect" in one for one in told(X, backup))


def test_the_manifest_says_when_and_what_is_complete() -> None:
    coverage = X.coverage(Backup.open([DATA / "g5"]))
    assert coverage.exported_at is not None
    assert coverage.exported_at.isoformat() == "2026-03-01T15:30:00+00:00"
    assert coverage.complete == {"post", "subscriber", "message", "profile"}
    assert coverage.account_handle == "CityOfMilbrook"


def test_an_archive_without_manifest_is_not_taken_for_complete() -> None:
    assert X.coverage(Backup.open([DATA / "g3"])).complete == frozenset()


def test_posts_before_november_2010_are_known_to_the_day_only() -> None:
    created = by_id("g1")["10500000001"].created
    assert created is not None
    assert created.precision == "day"
    assert created.at is not None
    assert created.at.astimezone(ZoneInfo("America/Chicago")).date().isoformat() == "2010-03-15"


def test_an_id_beyond_what_a_float_holds_is_exact() -> None:
    assert "9007199254740993001" in by_id("g1")


def test_entities_are_unescaped_once_and_short_addresses_expanded() -> None:
    post = by_id("g2")["1100000000000000001"]
    assert post.text == "Snow 🌨️ <tonight> https://milbrook.example/news?a=1&b=2"
    assert post.links == ("https://milbrook.example/news?a=1&b=2",)
    assert post.metrics == {"favorite_count": 4, "retweet_count": 1}


def test_media_are_found_by_name_the_best_video_too_and_what_is_gone_is_named() -> None:
    files = by_id("g3")["1300000000000000001"].attachments
    assert [(one.name.split("-")[1], one.member is not None) for one in files] == [
        ("AAA.jpg", True),
        ("high.mp4", True),
        ("GONE.jpg", False),
    ]
    assert files[0].alt == "A closed gate"


def test_edits_of_a_post_share_its_first_id() -> None:
    first, second = by_id("g5")["2028832766161846272"], by_id("g5")["2028838302643126272"]
    assert first.native_id == second.native_id == "2028832766161846272"
    assert second.created is not None
    assert second.created.at is not None
    assert second.created.at.isoformat().startswith("2026-03-03T14:00:00")
    assert second.edited is not None


def test_a_long_note_takes_the_place_of_the_truncated_post() -> None:
    post = by_id("g5")["2026000000000000001"]
    assert post.text.endswith("You pay half of yours. More: https://milbrook.example/lead")
    assert b"noteTweetId" in post.native
    assert by_id("g5")["note-9002"].text == "A note that no post begins like."


def test_a_removed_post_says_when() -> None:
    post = by_id("g5")["2024000000000000001"]
    assert post.audience == "removed"
    assert post.removed is not None
    assert post.removed.at is not None
    assert post.removed.at.isoformat() == "2026-02-19T08:00:00+00:00"


def test_private_files_are_never_read() -> None:
    everything = repr(told(X, Backup.open([DATA / "g5"]))) + repr(drafts("g5"))
    assert "203.0.113.77" not in everything
    assert "private@milbrook.example" not in everything


def test_the_material_of_a_post_leaves_its_likes_out() -> None:
    a = b'{"tweet": {"id_str": "1", "full_text": "x", "favorite_count": "3"}}'
    b = b'{"tweet": {"full_text": "x", "id_str": "1", "favorite_count": "9"}}'
    c = b'{"tweet": {"full_text": "y", "id_str": "1", "favorite_count": "9"}}'
    assert X.material(a) == X.material(b) != X.material(c)


def broken_archive(tmp_path: Path, tweets: bytes) -> list[Draft | Defect]:
    (tmp_path / "tweets.js").write_bytes(tweets)
    (tmp_path / "account.js").write_bytes((DATA / "g3" / "data" / "account.js").read_bytes())
    found = X.read(Backup.open([tmp_path]))
    return [one for one in found if isinstance(one, Draft | Defect)]


ONE = b'{"tweet": {"id_str": "%d", "full_text": "post", "created_at": "Mon Feb 23 18:11:50 +0000 2026"}}'


def test_a_broken_tail_keeps_every_item_before_it(tmp_path: Path) -> None:
    file = b"window.YTD.tweets.part0 = [" + ONE % 1 + b"," + ONE % 2 + b"," + (ONE % 3)[:40]
    first, second, defect = broken_archive(tmp_path, file)
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert isinstance(defect, Defect)
    assert defect.quarantined
    assert defect.native == (ONE % 3)[:40]
    assert "item 3 at byte" in defect.place


def test_a_file_cut_between_items_loses_no_item_but_is_named(tmp_path: Path) -> None:
    found = broken_archive(tmp_path, b"window.YTD.tweets.part0 = [" + ONE % 1 + b",")
    assert [type(one) for one in found] == [Draft, Defect]


def test_a_broken_item_in_the_middle_costs_itself(tmp_path: Path) -> None:
    file = b"window.YTD.tweets.part0 = [" + ONE % 1 + b', {"tweet": {"id" 2, "text": "cut"}}, ' + ONE % 3 + b"]"
    found = broken_archive(tmp_path, file)
    assert [type(one) for one in found] == [Draft, Defect, Draft]


def test_bytes_that_are_no_utf8_come_back_exactly(tmp_path: Path) -> None:
    file = b'window.YTD.tweets.part0 = [{"tweet": {"id_str": "1", "full_text": "caf\xe9"}}]'
    (draft,) = broken_archive(tmp_path, file)
    assert isinstance(draft, Draft)
    assert draft.native == b'{"tweet": {"id_str": "1", "full_text": "caf\xe9"}}'


@pytest.mark.parametrize("file", [b"window.YTD.tweets.part0 = ", b"window.YTD.tweets.part0 = nothing"])
def test_a_file_without_an_array_is_one_defect(tmp_path: Path, file: bytes) -> None:
    assert [type(one) for one in broken_archive(tmp_path, file)] == [Defect]


def test_an_empty_array_holds_nothing(tmp_path: Path) -> None:
    assert broken_archive(tmp_path, b"window.YTD.tweets.part0 = [ ]") == []


VALUES = st.dictionaries(st.text(max_size=5), st.text() | st.integers() | st.lists(st.text(max_size=3)), max_size=4)


@given(st.lists(VALUES, max_size=8), st.integers(1, 64), st.sampled_from([None, 1]))
def test_items_are_the_same_in_a_window_of_any_size(values: list[object], window: int, indent: int | None) -> None:
    texts = [json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass") for value in values]
    file = b"window.YTD.x.part0 = [ " + b" ,\n".join(texts) + b" ]"
    found = list(items(io.BytesIO(file), window, after="="))
    assert [one.native for one in found] == texts
    readable = [one for one in found if isinstance(one, Item)]
    assert len(readable) == len(values) or any("\ud800" <= c <= "\udfff" for text in map(str, values) for c in text)


@given(st.binary(max_size=200), st.integers(1, 64))
def test_no_file_makes_the_splitter_fail(file: bytes, window: int) -> None:
    for one in items(io.BytesIO(b"x = [" + file), window, after="="):
        assert isinstance(one, Item | Broken)


SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "x_twitter"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of X archives are not beside this checkout")
def test_the_samples_by_other_hands_go_in_and_every_item_is_explained() -> None:
    folder = SAMPLES / "dogsheep__twitter-to-sqlite" / "tests" / "zip_contents"
    found = told(X, Backup.open([folder]))
    assert [one.get("kind") for one in found] == ["subscriber", "subscriber"]
    assert all(one["list_name"] == "followers" for one in found)
