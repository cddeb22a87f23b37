from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import bring_in
from drafts import told
from facebook_export import ACTIVITY, CITY, conversation, export, message, post
from golden import check_golden
from ingest.accession import Declaration
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft, Gap
from ingest.platforms.facebook import FacebookIngestor
from ingest.platforms.instagram import InstagramIngestor
from ingest.platforms.threads import ThreadsIngestor
from ingest.registry import AmbiguousFormat, identify

DATA = Path(__file__).parents[1] / "data"
LAYOUTS = ("first_2019", "layout_2022", "layout_2026")
INSTAGRAM, FACEBOOK, THREADS = InstagramIngestor(), FacebookIngestor(), ThreadsIngestor()
T = 1772000000
POSTS = "your_instagram_activity/media/posts_1.json"
FOLLOWERS = "connections/followers_and_following/followers_1.json"
INBOX = "your_instagram_activity/messages/inbox/tou_1/message_1.json"
PROFILE = "personal_information/personal_information/personal_information.json"
CITYS = {
    PROFILE: {
        "profile_user": [
            {"string_map_data": {"Username": {"value": "cityofmilbrook"}, "Name": {"value": "City of Milbrook"}}}
        ]
    }
}


def picture(uri: str, at: int = T, title: str = "") -> dict[str, Any]:
    return {"uri": uri, "creation_timestamp": at, "title": title, "media_metadata": {}}


def follower(handle: str, at: int = T) -> dict[str, Any]:
    return {
        "title": "",
        "string_list_data": [{"href": f"https://www.instagram.com/{handle}", "value": handle, "timestamp": at}],
    }


def drafts(path: Path) -> list[Draft]:
    return [one for one in INSTAGRAM.read(Backup.open([path])) if isinstance(one, Draft)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_reads_as_its_golden_file_says(layout: str) -> None:
    backup = Backup.open([DATA / "instagram" / layout])
    assert INSTAGRAM.identify(backup) == Confidence.CONTENT
    assert identify(backup).name == "instagram-export"
    check_golden(DATA / "instagram" / f"{layout}.golden.json", told(INSTAGRAM, backup))


def test_threads_posts_read_as_their_golden_file_says() -> None:
    backup = Backup.open([DATA / "threads" / "2026"])
    assert identify(backup).name == "threads-export"
    check_golden(DATA / "threads" / "2026.golden.json", told(THREADS, backup))


def test_threads_within_an_export_of_instagram_are_told_and_read_when_asked_for() -> None:
    backup = Backup.open([DATA / "instagram" / "layout_2026"])
    remarks = [one for one in INSTAGRAM.read(backup) if isinstance(one, Defect)]
    assert [one.quarantined for one in remarks if "threads-export" in one.reason] == [False]
    assert THREADS.identify(backup) == Confidence.NAME
    (one,) = (one for one in THREADS.read(backup) if isinstance(one, Draft))
    assert (one.author.handle, one.author.is_account, one.text[:4]) == ("cityofmilbrook", True, "Snow")


PRIVATE = (
    "198.51.100", "203.0.113", "44.123", "89.654", "555-01", "5550101", "private@milbrook.example", "nobodys_business",
    "Nobody's business", "1974", "android-",
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_addresses_positions_and_private_files_are_in_no_field_but_the_native_bytes(layout: str) -> None:
    fixture = b"".join(one.read_bytes() for one in (DATA / "instagram" / layout).rglob("*.json")).decode()
    assert any(secret in fixture for secret in PRIVATE)
    everything = json.dumps(told(INSTAGRAM, Backup.open([DATA / "instagram" / layout])), ensure_ascii=False)
    assert [secret for secret in PRIVATE if secret in re.sub(r'"native": \d+', "", everything)] == []


def test_what_stands_in_two_files_is_one_record(tmp_path: Path) -> None:
    reel = {"media": [picture("media/reels/r.mp4", title="The sweeper")]}
    files = {POSTS: [reel], "your_instagram_activity/media/reels.json": {"ig_reels_media": [reel]}}
    assert [one.text for one in drafts(export(tmp_path / "a.zip", files))] == ["The sweeper"]


def test_the_caption_of_one_picture_is_its_own_and_of_several_the_posts(tmp_path: Path) -> None:
    one = {"media": [picture("a.png", title="Only one")]}
    several = {
        "media": [picture("b.png"), picture("c.png", title="The mayor")],
        "title": "Two",
        "creation_timestamp": T + 9,
    }
    single, carousel = drafts(export(tmp_path / "a.zip", {POSTS: [one, several]}))
    assert (single.text, [part.alt for part in single.attachments]) == ("Only one", [""])
    assert (carousel.text, [part.alt for part in carousel.attachments]) == ("Two", ["", "The mayor"])
    assert carousel.created is not None
    assert carousel.created.raw == str(T + 9)


def test_a_handle_is_taken_from_the_value_the_title_or_the_address(tmp_path: Path) -> None:
    rows: list[Any] = [
        follower("tou.vang"),
        {
            "title": "grace_lor",
            "string_list_data": [{"href": "https://www.instagram.com/_u/grace_lor", "timestamp": T}],
        },
        {"title": "", "string_list_data": [{"href": "https://www.instagram.com/_u/ewa.nowak", "timestamp": T}]},
        {"title": "", "string_list_data": [{"href": "https://example.org/x", "timestamp": T}]},
    ]
    found = list(INSTAGRAM.read(Backup.open([export(tmp_path / "a.zip", {FOLLOWERS: rows})])))
    assert [one.author.handle for one in found if isinstance(one, Draft)] == ["tou.vang", "grace_lor", "ewa.nowak"]
    (broken,) = (one for one in found if isinstance(one, Defect) and one.quarantined)
    assert "item 4" in broken.place


def test_an_instagram_export_is_never_taken_for_a_facebook_one_nor_the_reverse(tmp_path: Path) -> None:
    talk = conversation("tou_1", message(T * 1000, "Hi"))
    instagrams = {POSTS: [{"media": [picture("a.png")]}], INBOX: talk, FOLLOWERS: [follower("tou.vang")]}
    for number, left_out in enumerate([set(), {POSTS, FOLLOWERS}, {INBOX}, {POSTS}, {FOLLOWERS}]):
        files = {name: value for name, value in instagrams.items() if name not in left_out}
        backup = Backup.open([export(tmp_path / f"i{number}.zip", files)])
        assert FACEBOOK.identify(backup) == Confidence.NONE
        assert identify(backup).name == "instagram-export"
    facebooks = {
        f"{ACTIVITY}/posts/profile_posts_1.json": [post(T, "Snow")],
        f"{ACTIVITY}/messages/inbox/instagram_5/message_1.json": talk,
        **CITY,
    }
    backup = Backup.open([export(tmp_path / "f.zip", facebooks)])
    assert INSTAGRAM.identify(backup) == Confidence.NONE
    assert identify(backup).name == "facebook-export"
    assert Counter(one.kind for one in FACEBOOK.read(backup) if isinstance(one, Draft)) == {"post": 1, "message": 1}


def test_a_conversation_by_itself_is_either_and_the_account_decides(tmp_path: Path) -> None:
    backup = Backup.open([export(tmp_path / "a.zip", {"handed over.json": conversation("tou_1", message(T, "Hi"))})])
    with pytest.raises(AmbiguousFormat, match="facebook-export and like instagram-export"):
        identify(backup)
    assert identify(backup, "facebook").name == "facebook-export"
    assert identify(backup, "instagram").name == "instagram-export"
    shown = message(T, "Look", photos=[{"uri": "your_instagram_activity/messages/inbox/tou_1/photos/1.jpg"}])
    sure = Backup.open(
        [export(tmp_path / "b.zip", {"messages/inbox/tou_1/message_1.json": conversation("tou_1", shown)})]
    )
    assert identify(sure, "facebook").name == "instagram-export"


def test_a_download_of_both_gives_each_account_its_own(tmp_path: Path) -> None:
    files = {
        f"instagram-milbrook-2026-03-01-a/{INBOX}": conversation("tou_1", message(T, "On Instagram")),
        f"instagram-milbrook-2026-03-01-a/{POSTS}": [{"media": [picture("a.png", title="On Instagram")]}],
        f"facebook-milbrook-2026-03-01-b/{ACTIVITY}/posts/profile_posts_1.json": [post(T, "On Facebook")],
        f"facebook-milbrook-2026-03-01-b/{ACTIVITY}/messages/inbox/x_1/message_1.json": conversation(
            "x_1", message(T, "On Facebook")
        ),
    }
    backup = Backup.open([export(tmp_path / "meta-2026-Mar-01.zip", files)])
    with pytest.raises(AmbiguousFormat):
        identify(backup)
    for reader, words in ((INSTAGRAM, "On Instagram"), (FACEBOOK, "On Facebook")):
        assert identify(backup, reader.platform).name == reader.name
        assert {one.text for one in reader.read(backup) if isinstance(one, Draft)} == {words}


def test_a_second_export_shows_edits_archiving_and_who_left(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "ig-city", platform="instagram", department="Clerk", handle="cityofmilbrook")
    kept, edited = {"media": [picture("a.png", T, "Kept")]}, {"media": [picture("b.png", T + 1, "First words")]}
    hidden = {"media": [picture("c.png", T + 2, "Put away")]}
    archived = "your_instagram_activity/media/archived_posts.json"
    march = {**CITYS, POSTS: [kept, edited, hidden], FOLLOWERS: [follower("tou.vang"), follower("grace_lor")]}
    april = {
        **CITYS,
        POSTS: [kept, {"media": [picture("b.png", T + 1, "Second words")]}],
        archived: {"ig_archived_post_media": [hidden]},
        FOLLOWERS: [follower("grace_lor")],
    }
    whole = Declaration(complete=True)
    first = bring_in(archive, export(tmp_path / "instagram-cityofmilbrook-2026-03-01-a.zip", march), "ig-city", whole)
    second = bring_in(archive, export(tmp_path / "instagram-cityofmilbrook-2026-04-01-b.zip", april), "ig-city", whole)
    assert (first["added"], second["added"], second["edited"]) == (6, 0, 2)
    rows = archive.connection.execute("SELECT kind, cause FROM finding ORDER BY id").fetchall()
    assert sorted(kind for kind, _ in rows) == ["edited", "hidden", "missing"]
    assert list(verify(archive, deep=True)) == []


KEYS = (
    "media", "uri", "title", "creation_timestamp", "string_map_data", "string_list_data", "value", "timestamp", "href",
    "label_values", "profile_user", "messages", "participants", "ig_stories", "photos", "taken_at", "path",
    "media_comments", "followers", "conversation", "text_app_post", "username",
)  # fmt: skip
FILES = (
    POSTS, FOLLOWERS, INBOX, PROFILE, "content/stories.json", "comments/post_comments_1.json", "media.json",
    "comments.json", "connections.json", "messages.json", "profile.json", "threads/threads_and_replies.json",
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(ANYTHING, st.sampled_from(FILES))
def test_no_file_of_instagrams_makes_the_reader_fail(
    tmp_path_factory: pytest.TempPathFactory, value: Any, name: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any instagram.zip"
    export(path, {name: value})
    backup = Backup.open([path])
    for reader in (INSTAGRAM, THREADS):
        reader.identify(backup)
        reader.coverage(backup)
        assert all(isinstance(one, Draft | Defect | Gap) for one in reader.read(backup))


def test_a_picture_that_stands_twice_under_other_words_is_told_twice_and_once_under_the_same(tmp_path: Path) -> None:
    posts = [
        {"media": [picture("media/posts/1.jpg")], "title": "The pool opens", "creation_timestamp": T},
        {"media": [picture("media/posts/1.jpg")], "title": "The pool opens at nine", "creation_timestamp": T},
    ]
    reels = {"ig_reels_media": [{"media": [picture("media/posts/1.jpg", title="The pool opens")]}]}
    made = export(tmp_path / "i.zip", {**CITYS, POSTS: posts, "your_instagram_activity/media/reels.json": reels})
    assert [one.text for one in drafts(made) if one.kind == "post"] == ["The pool opens", "The pool opens at nine"]
