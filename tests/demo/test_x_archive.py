from __future__ import annotations

import html
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo import texts
from demo.many_posts import generate_x_archive
from demo.people import person
from demo.world import Account, Media
from demo.x_archive import Tweet, snowflake, tweet_json

AT = datetime(2026, 2, 1, 12, tzinfo=UTC)
CITY = Account(name="x-city", platform="x", department="Clerk", title="City", handle="CityOfMilbrook", native_id="7")
BACKUPS = ("x-2026-03-01.zip", "x-2026-04-01.zip")


def objects(backup: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(backup) as packed:
        text = packed.read(f"data/{name}.js").decode()
    found: list[dict[str, Any]] = json.loads(text[text.index("=") + 1 :])
    return found


@given(seed=st.integers(0, 10_000), replies=st.booleans())
@settings(max_examples=200, deadline=None)
def test_indices_point_at_what_they_name(seed: int, replies: bool) -> None:
    rng = Random(seed)
    scene, to = texts.scene(rng, "city", seed % 12 + 1), person(rng)
    text = scene.say(rng, rng.choice(scene.topic.posts)).text
    if replies:
        text = f"@{to.handle} {text}"
    picture = Media(name="A.jpg", seed=1)
    tweet = tweet_json(CITY, Tweet(id=str(snowflake(AT, 1)), at=AT, text=text, to=to, media=(picture,)))["tweet"]
    full, entities = tweet["full_text"], tweet["entities"]
    assert tweet["display_text_range"] == ["0", str(len(full))]
    named = [(one["indices"], "#" + one["text"]) for one in entities["hashtags"]]
    named += [(one["indices"], "@" + one["screen_name"]) for one in entities["user_mentions"]]
    named += [(one["indices"], one["url"]) for one in (*entities["urls"], *entities["media"])]
    assert len(entities["user_mentions"]) == replies
    for (begin, end), part in named:
        assert full[int(begin) : int(end)] == part
    assert "https://milbrook.example" not in full


@pytest.mark.parametrize("name", BACKUPS)
def test_the_manifest_counts_what_the_files_hold(city: Path, name: str) -> None:
    with zipfile.ZipFile(city / name) as packed:
        manifest = json.loads(packed.read("data/manifest.js").split(b"=", 1)[1])
    assert manifest["archiveInfo"]["isPartialArchive"] is False
    for kind in manifest["dataTypes"].values():
        for one in kind["files"]:
            file = one["fileName"].removeprefix("data/").removesuffix(".js")
            assert int(one["count"]) == len(objects(city / name, file))


@pytest.mark.parametrize("name", BACKUPS)
def test_every_picture_that_a_post_names_is_in_the_archive(city: Path, name: str) -> None:
    with zipfile.ZipFile(city / name) as packed:
        held = {one for one in packed.namelist() if "_media/" in one}
    named = {
        f"data/{folder}_media/{one['tweet']['id_str']}-{media['media_url'].rsplit('/', 1)[1]}"
        for folder, file in (("tweets", "tweets"), ("deleted_tweets", "deleted-tweets"))
        for one in objects(city / name, file)
        for media in one["tweet"].get("extended_entities", {"media": []})["media"]
    }
    assert held == named


def test_posts_of_the_city_fit_what_x_allows(city: Path) -> None:
    for name in BACKUPS:
        for one in objects(city / name, "tweets"):
            written = html.unescape(re.sub(r"\s?https://t\.co/\w+", "", one["tweet"]["full_text"]))
            assert 0 < len(written) <= 280


def test_a_reply_answers_an_older_post_of_the_same_archive(tmp_path: Path) -> None:
    generate_x_archive(tmp_path / "x.zip", tweets=3_000)
    ids = [int(one["tweet"]["id_str"]) for one in objects(tmp_path / "x.zip", "tweets")]
    assert ids == sorted(set(ids), reverse=True)
    replies = [
        one["tweet"] for one in objects(tmp_path / "x.zip", "tweets") if "in_reply_to_status_id_str" in one["tweet"]
    ]
    assert len(replies) > 400
    for one in replies:
        assert int(one["in_reply_to_status_id_str"]) in ids
        assert int(one["in_reply_to_status_id_str"]) < int(one["id_str"])


def test_likes_change_from_one_backup_to_the_next(city: Path) -> None:
    before, after = (
        {one["tweet"]["id_str"]: one["tweet"] for one in objects(city / name, "tweets")} for name in BACKUPS
    )
    both = before.keys() & after.keys()
    assert sum(before[one]["favorite_count"] != after[one]["favorite_count"] for one in both) > len(both) / 2
    assert all(before[one]["full_text"] == after[one]["full_text"] for one in both)


def test_some_posts_answer_citizens_by_name_whose_own_posts_are_not_in_the_archive(city: Path) -> None:
    tweets = [one["tweet"] for one in objects(city / BACKUPS[1], "tweets")]
    ids = {one["id_str"] for one in tweets}
    answers = [one for one in tweets if one.get("in_reply_to_status_id_str") not in (None, *ids)]
    assert len(answers) > 20
    assert all(one["full_text"].startswith(f"@{one['in_reply_to_screen_name']} ") for one in answers)


def test_each_edit_of_a_post_has_a_row_and_an_id_of_its_own(city: Path) -> None:
    tweets = {one["tweet"]["id_str"]: one["tweet"] for one in objects(city / BACKUPS[1], "tweets")}
    chains = [one["edit_info"]["initial"]["editTweetIds"] for one in tweets.values() if "initial" in one["edit_info"]]
    edited = [one for one in chains if len(one) > 1]
    assert len(edited) > 5
    for chain in edited:
        assert len({tweets[one]["full_text"] for one in chain}) == len(chain)
        assert {tweets[one]["edit_info"]["edit"]["initialTweetId"] for one in chain[1:]} == {chain[0]}
