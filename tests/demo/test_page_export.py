from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import magic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import facebook_export
from demo.facebook_account import NEVER_TAKEN_IN
from demo.meta_json import ascii_json, listed
from demo.world import Account, Entry
from facebook_world import AT, PAGE, days_ago, deleted, page, post, whole

ACTIVITY = "this_profile's_activity_across_facebook"
POSTS = f"{ACTIVITY}/posts/profile_posts_1.json"
TRASH = f"{ACTIVITY}/posts/trash.json"
EDITS = f"{ACTIVITY}/posts/edits_you_made_to_posts.json"
COMMENTS = f"{ACTIVITY}/comments_and_reactions/comments.json"
COMMENT_EDITS = f"{ACTIVITY}/comments_and_reactions/your_comment_edits.json"


class Export:
    """What lies in a written export, by path below its folder."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
            names = packed.namelist()
            self.stored = {one.filename.split("/", 1)[1] for one in packed.infolist() if not one.compress_type}
            self.files = {name.split("/", 1)[1]: packed.read(name) for name in names}
        assert len(names) == len(self.files)
        (self.folder,) = {name.split("/", 1)[0] for name in names}

    def json(self, name: str) -> Any:
        return json.loads(self.files[name], object_hook=lambda one: {key: mended(value) for key, value in one.items()})


def mended(value: Any) -> Any:
    if isinstance(value, list):
        return [mended(one) for one in value]
    return value.encode("latin-1").decode() if isinstance(value, str) else value


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Export:
    return written(whole(), tmp_path_factory.mktemp("export"))


def written(account: Account, folder: Path, *, days: float = 0, a_file: int = 5000) -> Export:
    facebook_export.write(folder / "export.zip", account, days_ago(days), a_file)
    return Export(folder / "export.zip")


def words(item: dict[str, Any]) -> str:
    return "".join(part.get("post", "") for part in item["data"])


def test_one_folder_named_for_page_and_day_holds_everything(export: Export) -> None:
    handle, *day, code = export.folder.removeprefix("facebook-").split("-")
    assert (handle, "-".join(day)) == ("CityOfMilbrook", "2026-04-01")
    assert len(code) == 8


def test_posts_are_the_account_s_own_that_are_there_at_the_moment_newest_first(export: Export) -> None:
    assert [words(one) for one in export.json(POSTS)] == [
        "A hidden post.", "Back from the trash.", "The plow at work.", "The plow and the gate.", "",
        "Plows go out at 6.", "The pool opens Tuesday.",
        "El café de la piscina está cerrado 🏊 see https://milbrook.example/pool.",
    ]  # fmt: skip


def test_posts_have_a_time_and_no_id(export: Export) -> None:
    for one in export.json(POSTS):
        assert one.keys() <= {"timestamp", "attachments", "data", "title"}
        assert PAGE not in json.dumps({key: value for key, value in one.items() if key != "attachments"})
    assert export.json(POSTS)[-1]["timestamp"] == int(days_ago(90).timestamp())


def test_every_json_file_is_ascii_and_its_bytes_come_together_again(export: Export) -> None:
    texts = {name: raw for name, raw in export.files.items() if name.endswith(".json")}
    assert all(raw.isascii() for raw in texts.values())
    assert b"caf\\u00c3\\u00a9" in texts[POSTS]
    assert b"\\u00f0\\u009f\\u008f\\u008a" in texts[POSTS]
    assert not any("🏊" in raw.decode() or "\\ud83c" in raw.decode() for raw in texts.values())


LEAVES = st.text() | st.integers(-(2**53), 2**53) | st.none()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12))
def test_any_text_comes_back_as_it_was(value: Any) -> None:
    def back(one: Any) -> Any:
        if isinstance(one, dict):
            return {mended(key): back(inner) for key, inner in one.items()}
        return [back(inner) for inner in one] if isinstance(one, list) else mended(one)

    assert ascii_json(value).isascii()
    assert back(json.loads(ascii_json(value))) == value
    assert back(json.loads(b"".join(listed([value, value])))) == [value, value]


def test_parts_of_a_post_come_in_any_order_some_empty(tmp_path: Path) -> None:
    many = written(page([post(number, days_ago(number), f"Notice {number}.") for number in range(1, 60)]), tmp_path)
    parts = [one["data"] for one in many.json(POSTS)]
    assert any({} in one for one in parts)
    assert any(one[0] == {} and len(one) > 1 for one in parts)
    updated = [part["update_timestamp"] for one in parts for part in one if "update_timestamp" in part]
    assert 0 < len(updated) < 59
    assert all(len([part for part in one if "post" in part]) == 1 for one in parts)


def test_a_post_without_words_has_no_words(export: Export) -> None:
    (mute,) = (one for one in export.json(POSTS) if not words(one))
    assert not any("post" in part for part in mute["data"])
    assert mute["title"] == "City of Milbrook added a new photo."


def media_of(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["media"] for group in item.get("attachments", []) for one in group["data"] if "media" in one]


def test_descriptions_of_pictures_repeat_the_post_or_describe(export: Export) -> None:
    shown = next(one for one in export.json(POSTS) if words(one) == "The plow and the gate.")
    assert [one["description"] for one in media_of(shown)] == ["The plow and the gate.", "A closed gate with a sign"]


def test_every_file_that_is_named_is_there_and_is_what_its_name_says(export: Export) -> None:
    shown = [media for one in export.json(POSTS) for media in media_of(one)]
    assert len(shown) == 4
    types = [magic.from_buffer(export.files[one["uri"]], mime=True) for one in shown]
    assert sorted(types) == ["image/jpeg"] * 3 + ["video/webm"]
    assert {one["uri"] for one in shown} <= export.stored


def test_a_link_is_shown_with_its_address(export: Export) -> None:
    pool = export.json(POSTS)[-1]
    assert pool["attachments"] == [{"data": [{"external_context": {"url": "https://milbrook.example/pool"}}]}]
    assert pool["title"] == "City of Milbrook shared a link."


def test_a_video_has_its_captions_beside_it(export: Export) -> None:
    (film,) = export.json(f"{ACTIVITY}/posts/videos.json")["videos_v2"]
    named = film["media_metadata"]["video_metadata"]["subtitles"]["uri"]
    assert named == film["uri"].replace(".webm", ".srt")
    assert "¡Ya viene!" in export.files[named].decode()


def test_the_same_pictures_stand_in_the_lists_once_more(export: Export) -> None:
    shown = {media["uri"] for one in export.json(POSTS) for media in media_of(one)}
    listed_too = {one["uri"] for one in export.json(f"{ACTIVITY}/posts/uncategorized_photos.json")["other_photos_v2"]}
    assert listed_too == {one for one in shown if one.endswith(".jpg")}


def test_the_album_of_the_profile_is_the_same_in_every_export(export: Export, tmp_path: Path) -> None:
    name = f"{ACTIVITY}/posts/album/0.json"
    album = export.json(name)
    assert (album["name"], len(album["photos"])) == ("Profile pictures", 1)
    assert export.files[album["photos"][0]["uri"]].startswith(b"\xff\xd8")
    assert written(whole(), tmp_path, days=50).files[name] == export.files[name]


def test_the_history_of_edits_holds_every_wording_of_a_told_edit_and_nothing_of_a_silent_one(export: Export) -> None:
    edits = export.json(EDITS)
    assert [(one["fbid"], one["timestamp"], one["label_values"]) for one in edits] == [
        ("2", int(days_ago(80).timestamp()), [{"label": "Text", "value": "The pool opens Monday."}]),
        ("2", int(days_ago(79).timestamp()), [{"label": "Text", "value": "The pool opens Tuesday."}]),
    ]
    assert b"Plows go out at 5" not in b"".join(export.files.values())


def test_before_an_edit_the_post_says_what_it_said_and_no_history_is_there(tmp_path: Path) -> None:
    before = written(whole(), tmp_path, days=79.5)
    assert words(before.json(POSTS)[0]) == "The pool opens Monday."
    assert EDITS not in before.files


def test_a_comment_s_edits_have_a_file_of_their_own(export: Export) -> None:
    edits = export.json(COMMENT_EDITS)
    assert [one["label_values"][0]["value"] for one in edits] == ["On Monday.", "On Tuesday."]
    assert [one["label"] for one in edits[0]["label_values"]] == ["Text", "Caption", "Content state"]


def test_one_deleted_post_is_one_object_with_its_words_time_and_files(export: Export) -> None:
    trash = export.json(TRASH)
    values = {one["label"]: one for one in trash["label_values"]}
    assert list(values) == ["URL", "Message", "Modified time", "Media"]
    assert values["URL"]["value"].startswith("https://www.facebook.com/CityOfMilbrook/posts/pfbid0")
    assert values["Message"]["value"] == "In the trash é."
    assert values["Modified time"]["timestamp_value"] == int(days_ago(2).timestamp())
    (media,) = values["Media"]["media"]
    assert export.files[media["uri"]].startswith(b"\xff\xd8")


def bin_of(count: int) -> list[Entry]:
    return [post(number, days_ago(60), f"Gone {number}.", absences=deleted(days_ago(3))) for number in range(count)]


@pytest.mark.parametrize(("count", "objects"), [(1, 1), (2, 1), (3, 1), (4, 4)])
def test_few_deleted_posts_are_one_object_and_more_are_a_list(count: int, objects: int, tmp_path: Path) -> None:
    trash: Any = written(page(bin_of(count)), tmp_path).json(TRASH)
    assert isinstance(trash, list) == (objects > 1)
    records = trash if isinstance(trash, list) else [trash]
    assert len(records) == objects
    values = [value for one in records for value in one["label_values"]]
    assert [one["label"] for one in values] == ["URL", "Message", "Modified time"] * count
    assert sorted(one["value"] for one in values[1::3]) == [f"Gone {number}." for number in range(count)]


def test_the_trash_keeps_a_post_for_thirty_days(tmp_path: Path) -> None:
    account = page([post(1, days_ago(90), "Gone.", absences=deleted(days_ago(30)))])
    assert TRASH in written(account, tmp_path).files
    facebook_export.write(tmp_path / "later.zip", account, AT + timedelta(seconds=1))
    assert TRASH not in Export(tmp_path / "later.zip").files


def test_a_post_that_came_back_is_among_the_posts_and_not_in_the_trash(tmp_path: Path) -> None:
    account = page([post(1, days_ago(90), "To and fro.", absences=deleted(days_ago(9), days_ago(4)))])
    (tmp_path / "away").mkdir()
    away, back = written(account, tmp_path / "away", days=5), written(account, tmp_path)
    assert (POSTS in away.files, TRASH in away.files) == (False, True)
    assert (POSTS in back.files, TRASH in back.files) == (True, False)


def test_comments_are_the_account_s_own_with_neither_id_nor_parent(export: Export) -> None:
    (answer,) = export.json(COMMENTS)["comments_v2"]
    said = {"timestamp": int(days_ago(88).timestamp()), "comment": "On Tuesday.", "author": "City of Milbrook"}
    assert answer == {
        "timestamp": said["timestamp"], "data": [{"comment": said}],
        "title": "City of Milbrook replied to Zoë Lor's comment.",
    }  # fmt: skip


def test_nothing_that_visitors_wrote_is_in_it(export: Export) -> None:
    everything = b"".join(export.files.values())
    for text in (b"When does it open", b"Fools", b"I take it back", b"A visitor's post", b"Not yet"):
        assert text not in everything
    assert b"Gone for good" not in everything
    assert b"Too long in the trash" not in everything


def test_a_reaction_says_what_and_whose(export: Export) -> None:
    (reaction,) = export.json(f"{ACTIVITY}/comments_and_reactions/likes_and_reactions_1.json")
    assert reaction["data"] == [{"reaction": {"reaction": "LOVE", "actor": "City of Milbrook"}}]
    assert reaction["title"] == "City of Milbrook reacted to Zoë Lor's comment."


def test_followers_are_names_alone_and_namesakes_are_two(export: Export) -> None:
    followers = export.json("connections/followers/people_who_followed_you.json")["followers_v3"]
    assert followers == [{"name": "Zoë Lor"}, {"name": "Bao Thao"}, {"name": "Bao Thao"}]


def test_messages_stand_newest_first_under_the_name_of_the_person(export: Export) -> None:
    talk = export.json(f"{ACTIVITY}/messages/inbox/zolor_900100/message_1.json")
    assert [one["content"] for one in talk["messages"]] == ["Thanks", "Yes, until 5 — á bientôt.", "Is the hall open?"]
    assert [one["sender_name"] for one in talk["messages"]] == ["Zoë Lor", "City of Milbrook", "Zoë Lor"]
    assert talk["messages"][0]["timestamp_ms"] == int(days_ago(18).timestamp()) * 1000
    assert talk["thread_path"] == "inbox/zolor_900100"


def test_long_series_begin_another_file(tmp_path: Path) -> None:
    export = written(whole(), tmp_path, a_file=3)
    parts = [export.json(POSTS.replace("_1.", f"_{number}.")) for number in (1, 2, 3)]
    assert [len(one) for one in parts] == [3, 3, 2]
    assert POSTS.replace("_1.", "_4.") not in export.files
    talk = f"{ACTIVITY}/messages/inbox/zolor_900100/message_1.json"
    assert len(export.json(talk)["messages"]) == 3
    (tmp_path / "two").mkdir()
    halves = written(whole(), tmp_path / "two", a_file=2)
    assert [one["content"] for one in halves.json(talk.replace("_1.", "_2."))["messages"]] == ["Is the hall open?"]


def test_the_profile_says_what_it_said_at_the_moment(export: Export) -> None:
    name = "profile_information/profile_information/profile_information.json"
    profile = export.json(name)["profile_v2"]
    assert (profile["name"]["full_name"], profile["about_me"]) == ("City of Milbrook", "The city, online.")
    dashboard = export.json("logged_information/professional_dashboard/your_professional_dashboard_activity.json")
    assert dashboard["prodash_activity"][0]["page_name"] == "City of Milbrook"


def test_private_files_are_there_and_can_be_told_by_their_marker(export: Export) -> None:
    private = {name for name, raw in export.files.items() if NEVER_TAKEN_IN.encode() in raw}
    assert {name.split("/", 1)[0] for name in private} == {
        "security_and_login_information", "logged_information", "personal_information", "ads_information",
    }  # fmt: skip
    (metadata,) = {
        json.dumps(one["media_metadata"]["photo_metadata"]["exif_data"][0]["upload_ip"])
        for item in export.json(POSTS)
        for one in media_of(item)
        if one["description"] == "A closed gate with a sign"
    }
    assert metadata == '"203.0.113.7"'


def test_the_same_page_at_the_same_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one.zip", "two.zip"):
        facebook_export.write(tmp_path / name, whole(), AT)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]
    facebook_export.write(tmp_path / "later.zip", whole(), days_ago(-5))
    assert (tmp_path / "later.zip").read_bytes() != made[0]


def test_an_account_on_which_nothing_happened_has_an_export(tmp_path: Path) -> None:
    empty = written(page(), tmp_path)
    assert empty.json(COMMENTS) == {"comments_v2": []}
    assert POSTS not in empty.files
    assert zipfile.is_zipfile(io.BytesIO((tmp_path / "export.zip").read_bytes()))
