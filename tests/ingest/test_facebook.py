from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drafts import told
from facebook_export import (
    ACTIVITY,
    CITY,
    COMMENTS,
    EDITS,
    FOLLOWERS,
    INBOX,
    POSTS,
    TRASH,
    ascii_json,
    export,
    post,
)
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft, Gap
from ingest.platforms.facebook import FacebookIngestor
from ingest.platforms.facebook_text import repaired, repaired_item
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "facebook"
LAYOUTS = ("profile_2019", "profile_2021", "page_2025", "labels")
T = 1772000000
FACEBOOK = FacebookIngestor()


def drafts(path: Path) -> list[Draft]:
    return [one for one in FACEBOOK.read(Backup.open([path])) if isinstance(one, Draft)]


def defects(path: Path) -> list[Defect]:
    return [one for one in FACEBOOK.read(Backup.open([path])) if isinstance(one, Defect)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_reads_as_its_golden_file_says(layout: str) -> None:
    backup = Backup.open([DATA / layout])
    assert FACEBOOK.identify(backup) == Confidence.CONTENT
    assert identify(backup).name == "facebook-export"
    check_golden(DATA / f"{layout}.golden.json", told(FACEBOOK, backup))


def packed(path: Path, layout: str, part: int = 0, of: int = 1) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        files = sorted(one for one in (DATA / layout).rglob("*") if one.is_file())
        for one in files[part::of]:
            made.write(one, one.relative_to(DATA / layout))
    return path


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    backup = Backup.open([packed(tmp_path / "export.zip", "page_2025")])
    assert told(FACEBOOK, backup) == told(FACEBOOK, Backup.open([DATA / "page_2025"]))


def test_parts_of_an_export_read_as_one(tmp_path: Path) -> None:
    parts = [packed(tmp_path / f"part{number}.zip", "page_2025", number, 3) for number in range(3)]
    assert told(FACEBOOK, Backup.open(parts)) == told(FACEBOOK, Backup.open([DATA / "page_2025"]))


def test_what_an_export_never_holds_is_told() -> None:
    gaps = [one.what for one in FACEBOOK.read(Backup.open([DATA / "labels"])) if isinstance(one, Gap)]
    for word in ("comments by visitors", "who reacted", "ids of followers", "hidden"):
        assert any(word in gap for gap in gaps)


PRIVATE = (
    "198.51.100", "203.0.113", "44.123", "89.654", "555-01", "private@milbrook.example", "Nobody's business", "1974",
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_addresses_positions_and_private_files_are_in_no_field_but_the_native_bytes(layout: str) -> None:
    fixture = b"".join(one.read_bytes() for one in (DATA / layout).rglob("*.json")).decode()
    assert any(secret in fixture for secret in PRIVATE)
    everything = json.dumps(told(FACEBOOK, Backup.open([DATA / layout])), ensure_ascii=False)
    without_native = re.sub(r'"native": "[^"]*"', "", everything)
    assert [secret for secret in PRIVATE if secret in without_native] == []


def test_the_native_bytes_of_a_profile_hold_only_what_is_read_of_it() -> None:
    (profile,) = (one for one in drafts(DATA / "profile_2019") if one.kind == "profile")
    assert json.loads(profile.native).keys() == {"name", "websites", "about_me"}


def test_a_picture_that_a_post_or_album_shows_is_no_second_record() -> None:
    for layout in ("profile_2019", "profile_2021", "page_2025"):
        records = [one for one in drafts(DATA / layout) if one.kind != "message"]
        shown = Counter(part.name for one in records for part in one.attachments)
        assert set(shown.values()) == {1}


def test_an_empty_entry_a_missing_text_and_a_blanked_address_are_ordinary(tmp_path: Path) -> None:
    blank = {"external_context": {"url": "http://0.0.0.0/"}}
    items = [
        {"timestamp": T, "data": [{}, {}], "attachments": [{"data": [blank]}, {"data": []}]},
        {"timestamp": T, "attachments": [{"data": [{"external_context": {"url": ""}}]}], "title": "Shared."},
    ]
    first, second = drafts(export(tmp_path / "a.zip", {POSTS: items}))
    assert (first.text, first.links, first.details) == ("", (), {})
    assert (second.text, second.links, second.details) == ("", (), {"platform says": "Shared."})


def test_the_day_of_the_export_is_taken_to_its_end(tmp_path: Path) -> None:
    files = {POSTS: [post(T, "Snow")], **CITY}
    named = Backup.open([export(tmp_path / "facebook-cityofmilbrook-2026-03-01-AbC12.zip", files)])
    wrapped = Backup.open([export(tmp_path / "download.zip", files, "facebook-cityofmilbrook-2026-03-01-AbC12/")])
    bare = Backup.open([export(tmp_path / "bare.zip", files)])
    end = datetime(2026, 3, 1, 23, 59, 59, 999000, UTC)
    assert FACEBOOK.coverage(named).exported_at == FACEBOOK.coverage(wrapped).exported_at == end
    assert FACEBOOK.coverage(named).account_handle == "cityofmilbrook"
    assert FACEBOOK.coverage(bare).exported_at is None
    assert FACEBOOK.coverage(named).complete == frozenset()


def test_a_day_that_does_not_exist_is_no_day(tmp_path: Path) -> None:
    path = export(tmp_path / "facebook-milbrook-2026-02-31-code.zip", {POSTS: [post(T, "Snow")]})
    assert FACEBOOK.coverage(Backup.open([path])).exported_at is None


def test_nine_hundred_and_sixty_one_rows_of_nine_hundred_and_forty_names_are_so_many_people(tmp_path: Path) -> None:
    names = [f"Resident {number}" for number in range(940)]
    rows = [{"name": name} for name in [*names, *names[:21]]]
    found = drafts(export(tmp_path / "a.zip", {FOLLOWERS: {"followers_v3": rows}}))
    assert len(found) == 961
    assert len({one.author.name for one in found}) == 940
    assert {(one.kind, one.list_name, one.native_id) for one in found} == {("subscriber", "followers", None)}


def test_an_empty_list_of_followers_is_a_list_and_an_absent_one_is_none(tmp_path: Path) -> None:
    empty = Backup.open([export(tmp_path / "a.zip", {FOLLOWERS: {"followers_v3": []}, POSTS: []})])
    placeholder = Backup.open([export(tmp_path / "b.zip", {"connections/followers/no-data.txt": b"none", POSTS: []})])
    absent = Backup.open([export(tmp_path / "c.zip", {POSTS: [post(T, "Snow")]})])
    assert FACEBOOK.coverage(empty).lists == FACEBOOK.coverage(placeholder).lists == frozenset({"followers"})
    assert FACEBOOK.coverage(absent).lists == frozenset()
    assert drafts(tmp_path / "a.zip") == drafts(tmp_path / "b.zip") == []


@pytest.mark.parametrize(
    "name",
    [
        "your_instagram_activity/messages/inbox/tou_1/message_1.json",
        "connections/followers_and_following/followers_1.json",
        "content/posts_1.json",
    ],
)
def test_files_of_instagram_are_not_claimed(tmp_path: Path, name: str) -> None:
    value = [{"string_list_data": [{"href": "https://www.instagram.example/tou", "timestamp": T}]}]
    talk = {"participants": [{"name": "Tou"}], "messages": [{"timestamp_ms": T * 1000}]}
    path = export(tmp_path / "a.zip", {name: talk if "messages" in name else value})
    assert FACEBOOK.identify(Backup.open([path])) == Confidence.NONE


@pytest.mark.parametrize("name", ["posts/notes.txt", "index.html", "posts/your_posts_1.html", "archive.json"])
def test_what_only_looks_like_an_export_by_its_name_is_not_claimed(tmp_path: Path, name: str) -> None:
    path = export(tmp_path / "a.zip", {name: b'{"posts": 1}'})
    assert FACEBOOK.identify(Backup.open([path])) == Confidence.NONE


def test_a_file_that_others_may_name_so_too_is_not_taken_for_sure(tmp_path: Path) -> None:
    path = export(tmp_path / "a.zip", {"exports/archive.json": [{"timestamp": T, "data": []}]})
    assert FACEBOOK.identify(Backup.open([path])) == Confidence.NAME


def test_what_macos_adds_to_a_zip_is_passed_over(tmp_path: Path) -> None:
    residue = {f"__MACOSX/{POSTS}": b"\x00\x05\x16\x07", f"{ACTIVITY}/posts/._profile_posts_1.json": b"\x00\x05"}
    path = export(tmp_path / "a.zip", {POSTS: [post(T, "Snow")], **CITY, **residue})
    assert [one.text for one in drafts(path)] == ["Snow"]
    assert defects(path) == []


def test_files_of_a_series_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    files = {POSTS.replace("_1.", f"_{number}."): [post(T, str(number))] for number in (10, 2, 1)}
    assert [one.text for one in drafts(export(tmp_path / "a.zip", files))] == ["1", "2", "10"]


def test_a_posts_author_is_the_account_by_the_name_of_its_page(tmp_path: Path) -> None:
    (found,) = drafts(export(tmp_path / "a.zip", {POSTS: [post(T, "Snow")], **CITY}))
    assert (found.author.name, found.author.is_account) == ("City of Milbrook", True)


def test_an_export_that_does_not_say_whose_it_is_is_told_so(tmp_path: Path) -> None:
    path = export(tmp_path / "a.zip", {POSTS: [post(T, "Snow")]})
    assert [one.quarantined for one in defects(path)] == [False]
    assert drafts(path)[0].author.is_account


@pytest.mark.parametrize(
    "value",
    [
        [1, "x", None, []],
        [{"odd": 1}],
        [{"timestamp": T, "data": "x", "attachments": 7}],
        [{"data": [[]] * 3, "tags": 5}],
    ],
)
def test_an_item_that_is_none_is_a_defect_with_its_place_and_bytes(tmp_path: Path, value: list[Any]) -> None:
    path = export(tmp_path / "a.zip", {POSTS: [*value, post(T, "Snow")], **CITY})
    found = defects(path)
    assert len(found) == len(value)
    assert [one.place for one in found] == [f"{POSTS}, item {number + 1}" for number in range(len(value))]
    assert all(one.quarantined and one.native for one in found)
    assert [one.text for one in drafts(path)] == ["Snow"]


def test_a_file_that_is_cut_off_keeps_what_is_whole_in_it(tmp_path: Path) -> None:
    whole = ascii_json([post(T, "Snow"), post(T, "Ice"), post(T, "Rain")])
    path = export(tmp_path / "a.zip", {POSTS: whole[: whole.index(b"Rain")], **CITY})
    assert [one.text for one in drafts(path)] == ["Snow", "Ice"]
    (defect,) = defects(path)
    assert defect.quarantined
    assert b"timestamp" in defect.native


def test_a_file_damaged_in_its_zip_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    whole = drafts(packed(tmp_path / "whole.zip", "page_2025"))
    with zipfile.ZipFile(tmp_path / "whole.zip") as made:
        names = [one.filename for one in made.infolist() if one.filename.endswith(".json") and one.file_size > 9]
        starts = {one.filename: one.header_offset + 30 + len(one.filename.encode()) for one in made.infolist()}
    for name in names:
        damaged = bytearray((tmp_path / "whole.zip").read_bytes())
        damaged[starts[name] + 5] ^= 0xFF
        (tmp_path / "damaged.zip").write_bytes(damaged)
        found = drafts(tmp_path / "damaged.zip")
        elsewhere = [one.text for one in whole if not one.place.startswith(name) and not one.earlier]
        assert set(elsewhere) <= {one.text for one in found}, name


def test_a_file_whose_header_in_the_zip_is_damaged_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = export(
        tmp_path / "a.zip", {**CITY, POSTS: [post(T, "Snow")], FOLLOWERS: {"followers_v3": [{"name": "Tou"}]}}
    )
    with zipfile.ZipFile(path) as made:
        start = made.getinfo(POSTS).header_offset
    path.write_bytes(path.read_bytes()[:start] + b"XX" + path.read_bytes()[start + 2 :])
    assert [one.author.name for one in drafts(path)] == ["Tou"]
    assert [one.place for one in defects(path)] == [POSTS]


def test_an_item_nested_without_end_costs_itself(tmp_path: Path) -> None:
    for levels in (200, 480, 5000):
        nested = b'[{"dict": ' * levels + b"[]" + b"}]" * levels
        deep = b'[{"timestamp": 1, "label_values": ' + nested + b', "x": "\\u00c3"}, {"timestamp": 2, "data": []}]'
        path = export(tmp_path / f"{levels}.zip", {POSTS: deep, **CITY})
        assert len(drafts(path)) + len([one for one in defects(path) if one.quarantined]) == 2


def test_a_list_beside_the_one_that_is_read_is_named(tmp_path: Path) -> None:
    both = {"followers_v3": [{"name": "Grace Lor"}], "following_v3": [{"name": "Nobody"}], "empty_v3": []}
    path = export(tmp_path / "a.zip", {FOLLOWERS: both, **CITY})
    assert [one.author.name for one in drafts(path)] == ["Grace Lor"]
    assert ["following_v3" in one.reason for one in defects(path)] == [True]


def test_the_material_of_an_item_leaves_reactions_and_facebooks_sentence_out() -> None:
    a = b'{"timestamp_ms": 1, "content": "x", "reactions": [{"reaction": "y"}], "title": "one"}'
    b = b'{"content": "x", "timestamp_ms": 1, "title": "uno"}'
    c = b'{"content": "z", "timestamp_ms": 1}'
    assert FACEBOOK.material(a) == FACEBOOK.material(b) != FACEBOOK.material(c)
    assert FACEBOOK.material(b"no JSON") == b"no JSON"


@given(st.text())
def test_characters_written_as_bytes_are_mended_and_clean_ones_left_alone(text: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return
    native = ascii_json({"key " + text: [text]})
    assert repaired_item(json.loads(native), native) == {"key " + text: [text]}


@pytest.mark.parametrize("clean", ["café", "naïve – “quoted”", "日本", "Ünder", "€"])
def test_text_that_another_tool_has_mended_stays(clean: str) -> None:
    assert repaired([clean]) == [clean]


KEYS = (
    "timestamp", "data", "post", "attachments", "media", "uri", "label_values", "label", "value", "dict", "vec",
    "timestamp_value", "title", "comment", "name", "photos", "messages", "participants", "timestamp_ms",
)  # fmt: skip
FILES = (
    POSTS, FOLLOWERS, COMMENTS, TRASH, EDITS, next(iter(CITY)), f"{INBOX}/tou_1/message_1.json",
    "profile_information/profile_information.json", f"{ACTIVITY}/posts/album/0.json", f"{ACTIVITY}/posts/videos.json",
    f"{ACTIVITY}/events/events.json", f"{ACTIVITY}/events/events_you_hosted.json",
    f"{ACTIVITY}/groups/your_admin_actions.json",
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING, st.sampled_from(FILES))
@example([{"data": 1}], f"{ACTIVITY}/comments_and_reactions/comments.json")
def test_no_file_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, value: Any, name: str) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.zip"
    export(path, {name: value})
    backup = Backup.open([path])
    FACEBOOK.identify(backup)
    FACEBOOK.coverage(backup)
    assert all(isinstance(one, Draft | Defect | Gap) for one in FACEBOOK.read(backup))


SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "facebook"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of Facebook exports are not beside this checkout")
def test_every_file_of_the_samples_by_other_hands_is_read_or_explained() -> None:
    folder = SAMPLES / "tardigrde__facebook-data-miner"
    assert identify(Backup.open([folder])).name == "facebook-export"
    found = drafts(folder)
    assert Counter(one.kind for one in found) == {"message": 49, "subscriber": 9}
    assert len({one.thread for one in found if one.kind == "message"}) == 7
    held = {part.member.path for one in found for part in one.attachments if part.member is not None}
    files = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}
    read = {one.place.partition(",")[0] for one in found}
    assert {one for one in files - held - read if "thumbnails" not in one} == set()
    assert defects(folder) == []
    single = SAMPLES / "mlomb__chat-analytics" / "tests" / "samples" / "messenger" / "2A_7M.json"
    assert FACEBOOK.identify(Backup.open([single])) == Confidence.NAME
    assert identify(Backup.open([single]), "facebook").name == "facebook-export"
    assert [one.kind for one in drafts(single)] == ["message"] * 7
