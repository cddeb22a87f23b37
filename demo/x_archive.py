"""X archives as X writes them (generation of 2022 and later), of any size, written as they are made."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct

from demo import texts, zips
from demo.people import Person, person
from demo.texts import Scene

HANDLE = "CityOfMilbrook"
NAME = "City of Milbrook"
ACCOUNT_ID = "204800000017"
"""Twelve digits, like those of ``demo.people``: nobody's."""
EPOCH_MS = 1_288_834_974_657
TEN_YEARS = 3652 * 86_400
"""In seconds."""


class Tweet(Struct, kw_only=True):
    """One post of the city, and the scene that it speaks of.

    ``chain`` holds the ids of all its edits; ``media`` maps file names to bytes; ``to`` is the citizen whom
    the text may address by handle.
    """

    id: int
    at: datetime
    scene: Scene
    text: str
    parent: int = 0
    to: Person | None = None
    likes: int = 0
    reposts: int = 0
    chain: tuple[int, ...] = ()
    media: dict[str, bytes] = {}
    alt: str = ""
    note: str = ""
    deleted_at: datetime | None = None


class XState(Struct):
    """What one archive shows: the account as it was at a moment."""

    made_at: datetime
    bio: str
    tweets: Sequence[Tweet]
    deleted: Sequence[Tweet]
    followers: Sequence[Person]
    conversations: Sequence[tuple[str, Sequence[dict[str, Any]]]]


def snowflake(at: datetime, sequence: int) -> int:
    """Return an id as X makes them: the milliseconds since its epoch, and a sequence."""
    milliseconds = int(at.timestamp() * 1000) - EPOCH_MS
    return (milliseconds << 22) + sequence % (1 << 22)


def twitter_time(at: datetime) -> str:
    """Return a time as posts carry it."""
    return at.strftime("%a %b %d %H:%M:%S +0000 %Y")


def iso_time(at: datetime) -> str:
    """Return a time as messages and the manifest carry it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def tweet_json(tweet: Tweet) -> dict[str, Any]:
    """Return a post as an object of tweets.js."""
    shown, urls = _shortened(tweet)
    media = [_media(tweet, name, shown) for name in tweet.media]
    if media:
        shown = f"{shown} {media[0]['url']}"
    entities = _entities(tweet, shown, urls)
    found: dict[str, Any] = {
        "edit_info": _edit_info(tweet),
        "retweeted": False,
        "source": '<a href="https://mobile.example" rel="nofollow">Milbrook Desk</a>',
        "entities": entities,
        "display_text_range": ["0", str(len(shown))],
        "favorite_count": str(tweet.likes),
        "id_str": str(tweet.id),
        "truncated": False,
        "retweet_count": str(tweet.reposts),
        "id": str(tweet.id),
        "possibly_sensitive": False,
        "created_at": twitter_time(tweet.at),
        "favorited": False,
        "full_text": shown,
        "lang": tweet.scene.topic.language,
    }
    if tweet.parent:
        found |= {
            "in_reply_to_status_id_str": str(tweet.parent),
            "in_reply_to_user_id": ACCOUNT_ID,
            "in_reply_to_screen_name": HANDLE,
            "in_reply_to_status_id": str(tweet.parent),
            "in_reply_to_user_id_str": ACCOUNT_ID,
        }
    if media:
        entities["media"] = media[:1]
        found["extended_entities"] = {"media": media}
    if tweet.deleted_at:
        found["deleted_at"] = twitter_time(tweet.deleted_at)
    return {"tweet": found}


def _shortened(tweet: Tweet) -> tuple[str, list[dict[str, str]]]:
    """Return the text as X shows it, links shortened and markup escaped, and what the links stand for."""
    text, urls = tweet.text, []
    if tweet.note:
        text = tweet.note[:270].rsplit(" ", 1)[0] + f"… {_short(f'note {tweet.id}')}"
    for target in re.findall(r"https://milbrook\.example[^\s]*", text):
        text = text.replace(target, _short(target))
        urls.append({"url": _short(target), "expanded_url": target, "display_url": target[8:]})
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), urls


def _short(target: str) -> str:
    return f"https://t.co/{hashlib.sha256(target.encode()).hexdigest()[:10]}"


def _indices(shown: str, part: str) -> list[str]:
    """Return where a part of the text begins and ends, in code points."""
    at = shown.index(part)
    return [str(at), str(at + len(part))]


def _entities(tweet: Tweet, shown: str, urls: Iterable[dict[str, str]]) -> dict[str, Any]:
    to = tweet.to
    mentions = []
    if to and f"@{to.handle}" in shown:
        indices = _indices(shown, f"@{to.handle}")
        mentions = [{"name": to.name, "screen_name": to.handle, "indices": indices, "id_str": to.x_id, "id": to.x_id}]
    return {
        "hashtags": [{"text": word[1:], "indices": _indices(shown, word)} for word in re.findall(r"#\w+", shown)],
        "symbols": [],
        "user_mentions": mentions,
        "urls": [{**one, "indices": _indices(shown, one["url"])} for one in urls],
    }


def _media(tweet: Tweet, name: str, shown: str) -> dict[str, Any]:
    base = name.split("-", 1)[1]
    short = _short(name)
    return {
        "expanded_url": f"https://x.com/{HANDLE}/status/{tweet.id}/photo/1",
        "indices": [str(len(shown) + 1), str(len(shown) + 1 + len(short))],
        "url": short,
        "media_url": f"http://pbs.example/media/{base}",
        "media_url_https": f"https://pbs.example/media/{base}",
        "id_str": str(tweet.id + 1),
        "id": str(tweet.id + 1),
        "type": "photo",
        "ext_alt_text": tweet.alt,
        "display_url": short.replace("https://t.co", "pic.example"),
        "sizes": {size: {"w": "320", "h": "200", "resize": "fit"} for size in ("thumb", "small", "medium", "large")},
    }


def _edit_info(tweet: Tweet) -> dict[str, Any]:
    ids = [str(one) for one in tweet.chain or (tweet.id,)]
    if ids[0] != str(tweet.id):
        return {"edit": {"initialTweetId": ids[0], "editControlInitial": {"editTweetIds": ids}}}
    until = iso_time(tweet.at + timedelta(hours=1))
    return {"initial": {"editTweetIds": ids, "editableUntil": until, "editsRemaining": "5", "isEditEligible": True}}


def assigned(name: str, objects: Iterable[Any]) -> Iterator[bytes]:
    """Yield a file of the archive: ``window.YTD.<name>.part0 = [ … ]``, an object at a time."""
    yield f"window.YTD.{name}.part0 = [".encode()
    for number, one in enumerate(objects):
        text = json.dumps(one, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        yield (("," if number else "") + "\n  " + text).encode()
    yield b"\n]\n"


def write(path: Path, state: XState) -> None:
    """Write the whole archive of a moment."""
    with zipfile.ZipFile(path, "w") as archive:
        files = _files(state)
        counts = {name: len(objects) for name, objects in files.items()}
        _write_account(archive, state.made_at, state.bio, counts | {"profile": 1, "account": 1})
        for name, objects in files.items():
            zips.add(archive, f"data/{name}.js", assigned(name.replace("-", "_"), objects))
        for folder, tweets in (("tweets_media", state.tweets), ("deleted_tweets_media", state.deleted)):
            for tweet in tweets:
                for name, picture in tweet.media.items():
                    zips.add(archive, f"data/{folder}/{name}", [picture])


def _files(state: XState) -> dict[str, list[dict[str, Any]]]:
    """Return the objects of each file under ``data/``, by its name."""
    return {
        "tweets": [tweet_json(one) for one in state.tweets],
        "tweet-headers": [_header(one) for one in state.tweets],
        "deleted-tweets": [tweet_json(one) for one in state.deleted],
        "deleted-tweet-headers": [_header(one) for one in state.deleted],
        "note-tweet": [_note(one) for one in state.tweets if one.note],
        "follower": [_follower(one) for one in state.followers],
        "direct-messages": [
            {"dmConversation": {"conversationId": name, "messages": list(messages)}}
            for name, messages in state.conversations
        ],
    }


def _header(tweet: Tweet) -> dict[str, Any]:
    found = {"tweet_id": str(tweet.id), "user_id": ACCOUNT_ID, "created_at": twitter_time(tweet.at)}
    if tweet.deleted_at:
        found["deleted_at"] = twitter_time(tweet.deleted_at)
    return {"tweet": found}


def _note(tweet: Tweet) -> dict[str, Any]:
    core = {"styletags": [], "urls": [], "text": tweet.note, "mentions": [], "cashtags": [], "hashtags": []}
    return {
        "noteTweet": {
            "noteTweetId": str(tweet.id + 7),
            "updatedAt": iso_time(tweet.at),
            "lifecycle": {"name": "Draft", "value": "2", "originalName": "DRAFT", "annotations": {}},
            "createdAt": iso_time(tweet.at),
            "core": core,
        }
    }


def _follower(one: Person) -> dict[str, Any]:
    return {"follower": {"accountId": one.x_id, "userLink": f"https://x.com/intent/user?user_id={one.x_id}"}}


def _write_account(archive: zipfile.ZipFile, made_at: datetime, bio: str, counts: dict[str, int]) -> None:
    account = {
        "account": {
            "createdVia": "web", "username": HANDLE, "accountId": ACCOUNT_ID, "createdAt": "2012-04-02T15:00:00.000Z",
            "accountDisplayName": NAME,
        }
    }  # fmt: skip
    about = {"bio": bio, "website": "https://milbrook.example", "location": "Milbrook, Wisconsin"}
    zips.add(archive, "data/account.js", assigned("account", [account]))
    zips.add(archive, "data/profile.js", assigned("profile", [{"profile": {"description": about}}]))
    zips.add(archive, "data/manifest.js", [_manifest(made_at, counts)])
    zips.add(archive, "data/ip-audit.js", assigned("ip_audit", [{"ipAudit": {"loginIp": "203.0.113.9"}}]))


def _manifest(made_at: datetime, counts: dict[str, int]) -> bytes:
    types = {
        re.sub(r"-(\w)", lambda letter: letter[1].upper(), name): {
            "mediaDirectory": f"data/{name.replace('-', '_')}_media",
            "files": [
                {
                    "fileName": f"data/{name}.js",
                    "globalName": f"YTD.{name.replace('-', '_')}.part0",
                    "count": str(count),
                }
            ],
        }
        for name, count in counts.items()
    }
    manifest = {
        "userInfo": {"accountId": ACCOUNT_ID, "userName": HANDLE, "displayName": NAME},
        "archiveInfo": {
            "sizeBytes": "0", "generationDate": iso_time(made_at), "isPartialArchive": False,
            "maxPartSizeBytes": "53687091200",
        },
        "dataTypes": types,
    }  # fmt: skip
    return b"window.__THAR_CONFIG = " + json.dumps(manifest, indent=2).encode() + b"\n"


def generate_x_archive(path: Path, seed: int = 1, tweets: int = 100_000) -> None:
    """Write an archive of any number of posts in flat memory: for benchmarks."""
    rng = Random(seed)
    made_at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    counts = {"tweets": tweets, "follower": tweets // 100, "profile": 1, "account": 1}
    with zipfile.ZipFile(path, "w", compresslevel=1) as archive:
        _write_account(archive, made_at, "The official account of the City of Milbrook.", counts)
        zips.add(
            archive, "data/tweets.js", assigned("tweets", (tweet_json(one) for one in _many(rng, tweets, made_at)))
        )
        followers = (_follower(person(rng)) for _ in range(tweets // 100))
        zips.add(archive, "data/follower.js", assigned("follower", followers))


def _many(rng: Random, count: int, made_at: datetime) -> Iterator[Tweet]:
    """Yield posts, newest first, over at most about ten years; a reply stands before what it answers."""
    step = max(2, min(600, 2 * TEN_YEARS // max(count, 1)))
    at, native_id, scene = made_at, snowflake(made_at, 0), texts.scene(rng)
    for number in range(1, count + 1):
        older = at - timedelta(seconds=rng.randint(1, step))
        older_id = snowflake(older, number)
        to = person(rng) if rng.random() < 0.2 and number < count else None
        templates = scene.topic.replies if to else scene.topic.posts
        yield Tweet(
            id=native_id, at=at, scene=scene, text=scene.say(rng, templates, to.handle if to else ""), to=to,
            parent=older_id if to else 0, likes=rng.randint(0, 400), reposts=rng.randint(0, 90),
        )  # fmt: skip
        at, native_id = older, older_id
        scene = scene if to else texts.scene(rng)
