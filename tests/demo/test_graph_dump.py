from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import facebook_graph
from demo.world import Account, Entry
from facebook_world import AT, PAGE, ZOE, comment, days_ago, deleted, hidden, page, post, whole

POOL = f"{PAGE}_1"
Json = dict[str, Any]


def written(account: Account, folder: Path, *, days: float = 0, a_page: int = 25) -> dict[str, Json]:
    """Return the responses by the names of their files."""
    facebook_graph.write(folder / "graph.zip", account, days_ago(days), a_page)
    with zipfile.ZipFile(folder / "graph.zip") as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert len(names) == len({*names})
        assert all(packed.read(name).isascii() for name in names)
        return {name: json.loads(packed.read(name)) for name in names}


def feed(responses: dict[str, Json]) -> list[Json]:
    return [one for name in sorted(responses) if name.startswith("feed_") for one in responses[name]["data"]]


def comments(responses: dict[str, Json]) -> Iterator[Json]:
    """Yield every comment anywhere, one before its answers."""
    waiting = [one for post in feed(responses) for one in post["comments"]["data"]]
    waiting += [one for name in sorted(responses) if "_comments_" in name for one in responses[name]["data"]]
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting += one.get("comments", {"data": []})["data"]


def said(responses: dict[str, Json]) -> dict[str, str]:
    return {one["id"]: one["message"] for one in comments(responses)}


@pytest.fixture(scope="module")
def responses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    return written(whole(), tmp_path_factory.mktemp("graph"))


def test_the_page_says_who_it_is(responses: dict[str, Json]) -> None:
    assert responses["page.json"] == {
        "name": "City of Milbrook", "about": "The city, online.", "username": "CityOfMilbrook",
        "link": "https://www.facebook.com/CityOfMilbrook", "id": PAGE,
    }  # fmt: skip


def test_the_feed_holds_what_is_there_newest_first_visitors_posts_too(responses: dict[str, Json]) -> None:
    assert [one["id"].removeprefix(f"{PAGE}_") for one in feed(responses)] == [
        "13", "11", "10", "6", "5", "4", "3", "2", "1",
    ]  # fmt: skip


def test_posts_have_the_fields_of_the_api(responses: dict[str, Json]) -> None:
    told = next(one for one in feed(responses) if one["id"] == f"{PAGE}_2")
    assert told == {
        "id": f"{PAGE}_2",
        "created_time": "2026-01-11T15:30:00+0000",
        "updated_time": "2026-01-12T15:30:00+0000",
        "from": {"name": "City of Milbrook", "id": PAGE},
        "message": "The pool opens Tuesday.",
        "permalink_url": f"https://www.facebook.com/{PAGE}/posts/2",
        "status_type": "mobile_status_update",
        "is_hidden": False,
        "is_published": True,
        "is_expired": False,
        "reactions": {"data": [], "summary": {"total_count": 0, "viewer_reaction": "NONE"}},
        "comments": {
            "data": [],
            "summary": {"order": "chronological", "total_count": 0, "can_comment": True},
        },
    }


def test_a_new_comment_moves_the_updated_time_of_its_post(responses: dict[str, Json]) -> None:
    pool = feed(responses)[-1]
    assert (pool["created_time"], pool["updated_time"]) == ("2026-01-01T15:30:00+0000", "2026-01-07T15:30:00+0000")
    assert pool["message"].startswith("El café")


def test_a_post_without_words_has_no_message(responses: dict[str, Json]) -> None:
    mute = next(one for one in feed(responses) if one["id"] == f"{PAGE}_4")
    assert "message" not in mute
    assert mute["attachments"]["data"][0]["type"] == "photo"


def test_several_pictures_are_an_album_and_a_video_and_a_link_are_told(responses: dict[str, Json]) -> None:
    attached = {one["id"][-2:]: one["attachments"]["data"][0] for one in feed(responses) if "attachments" in one}
    assert {key: one["type"] for key, one in attached.items()} == {
        "_6": "video_inline", "_5": "album", "_4": "photo", "_1": "share",
    }  # fmt: skip
    parts = attached["_5"]["subattachments"]["data"]
    assert [one["description"] for one in parts] == ["The plow and the gate.", "A closed gate with a sign"]
    assert parts[1]["media"]["image"]["src"].endswith("/5_gate.jpg")
    assert attached["_6"]["media"]["source"].endswith("/6_plow.webm")
    assert attached["_1"]["url"] == "https://milbrook.example/pool"


def test_comments_of_everybody_are_there_in_order_and_name_their_authors(responses: dict[str, Json]) -> None:
    pool = feed(responses)[-1]["comments"]
    assert [one["message"] for one in pool["data"]] == ["When does it open? 水", "Fools.", "Greater fools."]
    first = pool["data"][0]
    assert first["from"] == {"name": "Zoë Lor", "id": "9100000000001"}
    assert (first["id"], first["like_count"], first["comment_count"]) == ("1_21", 3, 1)
    assert first["permalink_url"] == f"https://www.facebook.com/{PAGE}/posts/1?comment_id=21"
    assert pool["summary"]["total_count"] == 3


def test_an_answer_stands_in_what_it_answers_and_names_it(responses: dict[str, Json]) -> None:
    (answer,) = feed(responses)[-1]["comments"]["data"][0]["comments"]["data"]
    assert (answer["message"], answer["from"]["id"]) == ("On Tuesday.", PAGE)
    assert answer["parent"]["id"] == "1_21"
    assert "parent" not in feed(responses)[-1]["comments"]["data"][0]


def test_what_is_hidden_says_so_until_it_is_shown_again(responses: dict[str, Json], tmp_path: Path) -> None:
    flags = {one["id"]: one["is_hidden"] for one in comments(responses)}
    assert flags == {"1_21": False, "1_22": False, "1_23": False, "1_24": True}
    before = written(whole(), tmp_path, days=2)
    assert next(one["is_hidden"] for one in comments(before) if one["id"] == "1_23")
    assert [one["id"] for one in feed(responses) if one["is_hidden"]] == [f"{PAGE}_11"]


def test_what_is_deleted_is_gone_with_its_answers(responses: dict[str, Json], tmp_path: Path) -> None:
    assert {"1_25", "1_26", "7_27"}.isdisjoint(said(responses))
    assert {"1_25", "1_26", "7_27"} <= said(written(whole(), tmp_path, days=5)).keys()


def test_an_edit_shows_from_its_moment_on(tmp_path: Path) -> None:
    assert said(written(whole(), tmp_path, days=87.5))["1_22"] == "On Monday."
    assert said(written(whole(), tmp_path, days=87))["1_22"] == "On Tuesday."


def test_the_feed_has_a_next_page_until_its_last(tmp_path: Path) -> None:
    responses = written(whole(), tmp_path, a_page=4)
    pages = [one for name, one in sorted(responses.items()) if name.startswith("feed_")]
    assert [len(one["data"]) for one in pages] == [4, 4, 1]
    assert ["next" in one["paging"] for one in pages] == [True, True, False]
    assert f"after={pages[0]['paging']['cursors']['after']}" in pages[0]["paging"]["next"]
    assert pages[0]["paging"]["next"].startswith(f"https://graph.facebook.com/v23.0/{PAGE}/feed?")


def test_no_token_is_ever_written(tmp_path: Path) -> None:
    facebook_graph.write(tmp_path / "graph.zip", whole(), AT, 1)
    with zipfile.ZipFile(tmp_path / "graph.zip") as packed:
        for name in packed.namelist():
            assert b"token" not in packed.read(name)


def thread(answers: int) -> tuple[Account, set[str]]:
    """Return a page on whose one post a question has many answers, and every third of them an answer of its own."""
    top = post(1, days_ago(90), "The pool.")
    question = comment(2, top, days_ago(89), "Why?", author=ZOE)
    entries = [top, question]
    for number in range(answers):
        answer = comment(100 + 2 * number, question, days_ago(88, number), f"Because {number}.", author=ZOE)
        entries.append(answer)
        if number % 3 == 0:
            entries.append(comment(101 + 2 * number, answer, days_ago(80, number), f"Really? {number}", author=ZOE))
    return page(entries), {one.id for one in entries[1:]}


def test_hundreds_of_answers_go_on_in_files_of_their_own(tmp_path: Path) -> None:
    account, ids = thread(300)
    responses = written(account, tmp_path)
    assert sorted(responses) == [
        *(f"1_2_comments_{number:04}.json" for number in range(2, 13)), "feed_0001.json", "page.json",
    ]  # fmt: skip
    found = [one["id"] for one in comments(responses)]
    assert (len(found), {*found}) == (401, ids)
    question = feed(responses)[0]["comments"]["data"][0]
    assert "next" not in feed(responses)[0]["comments"]["paging"]
    assert f"after={question['comments']['paging']['cursors']['after']}" in question["comments"]["paging"]["next"]
    assert "next" in responses["1_2_comments_0011.json"]["paging"]
    assert "next" not in responses["1_2_comments_0012.json"]["paging"]
    assert {one["parent"]["id"] for one in responses["1_2_comments_0007.json"]["data"]} == {"1_2"}


@given(answers=st.integers(0, 30), a_page=st.integers(1, 7))
def test_whatever_the_size_of_pages_everything_is_there_once(
    tmp_path_factory: pytest.TempPathFactory, answers: int, a_page: int
) -> None:
    account, ids = thread(answers)
    found = [one["id"] for one in comments(written(account, tmp_path_factory.mktemp("graph"), a_page=a_page))]
    assert sorted(found) == sorted(ids)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["there", "deleted", "hidden"])), max_size=12))
def test_a_comment_is_there_exactly_if_nothing_above_it_is_deleted(
    tmp_path_factory: pytest.TempPathFactory, fates: list[tuple[int, str]]
) -> None:
    entries: list[Entry] = [post(1, days_ago(50), "The pool.")]
    alive, shut = {entries[0].id}, set()
    for number, (at, fate) in enumerate(fates, 2):
        under = entries[at % len(entries)]
        absences = {"there": (), "deleted": deleted(days_ago(1)), "hidden": hidden(days_ago(1))}[fate]
        one = comment(number, under, days_ago(40, number), "So.", author=ZOE, absences=absences)
        entries.append(one)
        if under.id in alive and fate != "deleted":
            alive.add(one.id)
            shut |= {one.id} if fate == "hidden" else set()
    found = list(comments(written(page(entries), tmp_path_factory.mktemp("graph"))))
    assert {one["id"] for one in found} == alive - {entries[0].id}
    assert {one["id"] for one in found if one["is_hidden"]} == shut


def test_the_same_page_at_the_same_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        facebook_graph.write(tmp_path / name, whole(), AT)
    facebook_graph.write(tmp_path / "before.zip", whole(), days_ago(5))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (tmp_path / "one.zip").read_bytes() != (tmp_path / "before.zip").read_bytes()


def test_an_account_on_which_nothing_happened_has_an_empty_feed(tmp_path: Path) -> None:
    responses = written(page(), tmp_path)
    assert responses["feed_0001.json"] == {"data": []}
    assert responses["page.json"]["id"] == PAGE
