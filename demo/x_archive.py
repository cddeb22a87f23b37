"""X archives as X writes them (generation of 2022 and later), of any size, written as they are made."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct

from demo import texts, zips
from demo.people import Person, person

HANDLE = "CityOfMilbrook"
NAME = "City of Milbrook"
ACCOUNT_ID = "2244994945"
EPOCH_MS = 1_288_834_974_657


class Tweet(Struct):
    """One post of the city. ``chain`` holds the ids of all its edits; ``media`` maps file names to bytes."""

    id: int
    at: datetime
    text: str
    parent: int = 0
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
    shown, urls = _shortened(tweet.text)
    if tweet.note:
        shown = tweet.note[:270].rsplit(" ", 1)[0] + "… https://t.co/note"
    media = [_media(tweet, name, shown) for name in tweet.media]
    if media:
        shown = f"{shown} {media[0]['url']}"
    entities: dict[str, Any] = {
        "hashtags": [
            {"text": word[1:].rstrip(".!"), "indices": ["0", "1"]} for word in shown.split() if word[0] == "#"
        ],
        "symbols": [],
        "user_mentions": [
            {"name": word[1:], "screen_name": word[1:], "indices": ["0", "5"], "id_str": "100", "id": "100"}
            for word in shown.split()
            if word[0] == "@" and len(word) > 1
        ],
        "urls": urls,
    }
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
        "full_text": shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        "lang": "en",
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


def _shortened(text: str) -> tuple[str, list[dict[str, Any]]]:
    urls = []
    for word in text.split():
        if word.startswith("https://"):
            target = word.rstrip(".,")
            short = f"https://t.co/{sum(target.encode()) % 99999:05}"
            text = text.replace(target, short)
            urls.append(
                {"url": short, "expanded_url": target, "display_url": target[8:], "indices": ["0", str(len(short))]}
            )
    return text, urls


def _media(tweet: Tweet, name: str, shown: str) -> dict[str, Any]:
    base = name.split("-", 1)[1]
    return {
        "expanded_url": f"https://x.com/{HANDLE}/status/{tweet.id}/photo/1",
        "indices": [str(len(shown) + 1), str(len(shown) + 24)],
        "url": f"https://t.co/m{tweet.id % 100000}",
        "media_url": f"http://pbs.example/media/{base}",
        "media_url_https": f"https://pbs.example/media/{base}",
        "id_str": str(tweet.id + 1),
        "id": str(tweet.id + 1),
        "type": "photo",
        "ext_alt_text": tweet.alt,
        "display_url": f"pic.example/{tweet.id % 100000}",
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
        counts = {
            "tweets": len(state.tweets), "deleted-tweets": len(state.deleted), "follower": len(state.followers),
            "direct-messages": len(state.conversations), "profile": 1, "account": 1,
            "note-tweet": sum(1 for one in state.tweets if one.note),
        }  # fmt: skip
        _write_account(archive, state.made_at, state.bio, counts)
        zips.add(archive, "data/tweets.js", assigned("tweets", (tweet_json(one) for one in state.tweets)))
        zips.add(
            archive, "data/deleted-tweets.js", assigned("deleted_tweets", (tweet_json(one) for one in state.deleted))
        )
        zips.add(
            archive, "data/note-tweet.js", assigned("note_tweet", (_note(one) for one in state.tweets if one.note))
        )
        zips.add(archive, "data/follower.js", assigned("follower", (_follower(one) for one in state.followers)))
        talks = ({"dmConversation": {"conversationId": a, "messages": list(b)}} for a, b in state.conversations)
        zips.add(archive, "data/direct-messages.js", assigned("direct_messages", talks))
        for tweet in state.tweets:
            for name, picture in tweet.media.items():
                zips.add(archive, f"data/tweets_media/{name}", [picture])


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
    names = {"direct-messages": "directMessages", "deleted-tweets": "deletedTweets", "note-tweet": "noteTweet"}
    types = {
        names.get(name, name): {
            "mediaDirectory": f"data/{name.replace('-', '_')}_media",
            "files": [{"fileName": f"data/{name}.js", "globalName": f"YTD.{name}.part0", "count": str(count)}],
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
    at = made_at
    before = 0
    for number in range(count):
        at -= timedelta(seconds=rng.randint(1, 600))
        native_id = snowflake(at, number)
        answers = before if rng.random() < 0.2 else 0
        sort = "replies" if answers else "posts"
        yield Tweet(native_id, at, texts.text(rng, sort), answers, rng.randint(0, 400), rng.randint(0, 90))
        before = native_id
