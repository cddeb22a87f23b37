"""An X archive of any number of posts, written in flat memory: for measuring."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from demo import pictures, texts, zips
from demo.people import person
from demo.world import Account, Media, Wording
from demo.x_archive import Tweet, assigned, follower, media_file, snowflake, tweet_json, write_account

TEN_YEARS = 3652 * 86_400
"""In seconds."""
LARGE = (1600, 1000)
"""Width and height of a picture in pixels, as a phone's picture is after X has made it smaller."""
MADE_AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def generate_x_archive(path: Path, seed: int = 1, tweets: int = 100_000, with_pictures: int = 0) -> None:
    """Write an archive of so many posts, the newest with a large picture each, and a hundredth as many followers."""
    rng = Random(seed)
    account = Account(
        name="x-city", platform="x", department="Clerk-Treasurer", title="City of Milbrook", handle="CityOfMilbrook",
        native_id="204800000017", biography=(Wording(MADE_AT, "The official account of the City of Milbrook."),),
    )  # fmt: skip
    counts = {"tweets": tweets, "follower": tweets // 100, "profile": 1, "account": 1}
    with zipfile.ZipFile(path, "w") as archive:
        write_account(archive, account, MADE_AT, counts)
        rows = (tweet_json(account, one) for one in _many(rng, tweets, with_pictures))
        zips.add(archive, "data/tweets.js", assigned("tweets", rows))
        followers = (follower(person(rng)) for _ in range(tweets // 100))
        zips.add(archive, "data/follower.js", assigned("follower", followers))
        for tweet in _many(Random(seed), tweets, with_pictures) if with_pictures else ():
            for one in tweet.media:
                drawn = pictures.picture(Random(one.seed), *LARGE)
                zips.add(archive, f"data/tweets_media/{media_file(tweet, one)}", [drawn])


def _many(rng: Random, count: int, with_pictures: int = 0) -> Iterator[Tweet]:
    """Yield posts, newest first, over at most about ten years; a reply stands before what it answers."""
    step = max(2, min(600, 2 * TEN_YEARS // max(count, 1)))
    at, native_id, scene = MADE_AT, str(snowflake(MADE_AT, 0)), texts.scene(rng, "city", MADE_AT.month)
    for number in range(1, count + 1):
        older = at - timedelta(seconds=rng.randint(1, step))
        older_id = str(snowflake(older, number))
        is_reply = rng.random() < 0.2 and number < count
        templates = scene.topic.updates if is_reply else scene.topic.posts
        yield Tweet(
            id=native_id, at=at, text=scene.say(rng, texts.one_of(rng, templates)).text,
            language=scene.topic.language, parent=older_id if is_reply else "", likes=rng.randint(0, 400),
            media=(Media(name=f"{number}.jpg", seed=number, alt="What was seen"),) if number <= with_pictures else (),
        )  # fmt: skip
        at, native_id = older, older_id
        scene = scene if is_reply else texts.scene(rng, "city", at.month)
