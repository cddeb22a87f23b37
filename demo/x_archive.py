"""X archives as X writes them (generation of 2022 and later), written as they are made."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from demo import pictures, zips
from demo.people import Person
from demo.world import Account, Conversation, Entry, Line, Media

EPOCH_MS = 1_288_834_974_657
KEPT_AFTER_DELETION = timedelta(days=14)
"""How long X shows its owner what was deleted."""
SHOWN = 280
"""Characters of a post that X shows; a longer one is cut, and a note besides."""


class Tweet(Struct, kw_only=True):
    """One row of tweets.js: a post, or one wording of an edited one, of whose ids ``chain`` holds all.

    ``parent`` is the id of what it answers, ``to`` who wrote that if it was not the account itself.
    """

    id: str
    at: datetime
    text: str
    language: str = "en"
    parent: str = ""
    to: Person | None = None
    likes: int = 0
    chain: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    deleted_at: datetime | None = None

    @property
    def is_long(self) -> bool:
        """Whether X cuts it."""
        return len(self.text) > SHOWN


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


def chain(entry: Entry, at: datetime) -> tuple[str, ...]:
    """Return the ids of a post's wordings up to a moment; X gives each edit an id of its own."""
    sequence = int(entry.id) % (1 << 22)
    return tuple(str(snowflake(one.at, sequence)) for one in entry.wordings if one.at <= at)


def tweets(account: Account, at: datetime) -> tuple[list[Tweet], list[Tweet]]:
    """Return the rows of tweets.js and of deleted-tweets.js at a moment, each newest first."""
    standing: list[Tweet] = []
    deleted: list[Tweet] = []
    authors = {one.id: one.author for one in account.entries if one.author is not None}
    for entry in account.entries:
        if entry.author is not None or entry.at > at:
            continue
        gone = entry.absence(at)
        if gone is None:
            standing.extend(_rows(entry, at, authors.get(entry.parent)))
        elif at - gone.since <= KEPT_AFTER_DELETION:
            deleted.extend(_rows(entry, at, authors.get(entry.parent), gone.since))
    return sorted(standing, key=_number, reverse=True), sorted(deleted, key=_number, reverse=True)


def _number(tweet: Tweet) -> int:
    return int(tweet.id)


def _rows(entry: Entry, at: datetime, to: Person | None, deleted_at: datetime | None = None) -> Iterator[Tweet]:
    ids = chain(entry, at)
    likes = entry.likes + (at - entry.at).days * (1 + entry.likes % 5) // 30
    for native_id, wording in zip(ids, entry.wordings, strict=False):
        yield Tweet(
            id=native_id, at=wording.at, text=wording.text, language=entry.language, parent=entry.parent, to=to,
            likes=likes, chain=ids, media=entry.media, deleted_at=deleted_at,
        )  # fmt: skip


def tweet_json(account: Account, tweet: Tweet) -> dict[str, Any]:
    """Return a post as an object of tweets.js."""
    shown, urls = _shortened(tweet)
    media = [_media(account, tweet, one, shown) for one in tweet.media]
    if media:
        shown = f"{shown} {media[0]['url']}".lstrip()
    entities = _entities(tweet, shown, urls)
    found: dict[str, Any] = {
        "edit_info": _edit_info(tweet),
        "retweeted": False,
        "source": '<a href="https://mobile.example" rel="nofollow">Milbrook Desk</a>',
        "entities": entities,
        "display_text_range": ["0", str(len(shown))],
        "favorite_count": str(tweet.likes),
        "id_str": tweet.id,
        "truncated": False,
        "retweet_count": str(tweet.likes // 6),
        "id": tweet.id,
        "possibly_sensitive": False,
        "created_at": twitter_time(tweet.at),
        "favorited": False,
        "full_text": shown,
        "lang": tweet.language,
    }
    if tweet.parent:
        found |= _answered(account, tweet)
    if media:
        entities["media"] = media[:1]
        found["extended_entities"] = {"media": media}
    if tweet.deleted_at:
        found["deleted_at"] = twitter_time(tweet.deleted_at)
    return {"tweet": found}


def _answered(account: Account, tweet: Tweet) -> dict[str, str]:
    handle, native_id = (tweet.to.handle, tweet.to.x_id) if tweet.to else (account.handle, account.native_id)
    return {
        "in_reply_to_status_id_str": tweet.parent,
        "in_reply_to_user_id": native_id,
        "in_reply_to_screen_name": handle,
        "in_reply_to_status_id": tweet.parent,
        "in_reply_to_user_id_str": native_id,
    }


def _shortened(tweet: Tweet) -> tuple[str, list[dict[str, str]]]:
    """Return the text as X shows it, links shortened and markup escaped, and what the links stand for."""
    text, urls = tweet.text, []
    if tweet.is_long:
        text = text[:270].rsplit(" ", 1)[0] + f"… {_short(f'note {tweet.id}')}"
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


def media_file(tweet: Tweet, media: Media) -> str:
    """Return the name of a picture's file in the archive."""
    return f"{tweet.id}-{media.name}"


def _media(account: Account, tweet: Tweet, one: Media, shown: str) -> dict[str, Any]:
    short = _short(media_file(tweet, one))
    media_id = str(int(tweet.id) + 1)
    return {
        "expanded_url": f"https://x.com/{account.handle}/status/{tweet.id}/photo/1",
        "indices": [str(len(shown) + 1), str(len(shown) + 1 + len(short))],
        "url": short,
        "media_url": f"http://pbs.example/media/{one.name}",
        "media_url_https": f"https://pbs.example/media/{one.name}",
        "id_str": media_id,
        "id": media_id,
        "type": "photo",
        "ext_alt_text": one.alt,
        "display_url": short.replace("https://t.co", "pic.example"),
        "sizes": {size: {"w": "320", "h": "200", "resize": "fit"} for size in ("thumb", "small", "medium", "large")},
    }


def _edit_info(tweet: Tweet) -> dict[str, Any]:
    ids = list(tweet.chain or (tweet.id,))
    if ids[0] != tweet.id:
        return {"edit": {"initialTweetId": ids[0], "editControlInitial": {"editTweetIds": ids}}}
    until = iso_time(tweet.at + timedelta(hours=1))
    return {"initial": {"editTweetIds": ids, "editableUntil": until, "editsRemaining": "5", "isEditEligible": True}}


def assigned(name: str, objects: Iterable[Any]) -> Iterator[bytes]:
    """Yield a file of the archive: ``window.YTD.<name>.part0 = [ … ]``, an object at a time."""
    yield f"window.YTD.{name}.part0 = [".encode()
    for number, one in enumerate(objects):
        text = msgspec.json.format(msgspec.json.encode(one), indent=2).replace(b"\n", b"\n  ")
        yield (b",\n  " if number else b"\n  ") + text
    yield b"\n]\n"


def write(path: Path, account: Account, at: datetime) -> None:
    """Write the whole archive of a moment."""
    standing, deleted = tweets(account, at)
    followers = [one.person for one in account.subscriptions if one.stands(at)]
    talks = [one for one in account.conversations if one.lines[0].at <= at]
    notes = [one for one in standing if one.is_long]
    files: dict[str, tuple[int, Iterable[Any]]] = {
        "tweets": (len(standing), (tweet_json(account, one) for one in standing)),
        "tweet-headers": (len(standing), (_header(account, one) for one in standing)),
        "deleted-tweets": (len(deleted), (tweet_json(account, one) for one in deleted)),
        "deleted-tweet-headers": (len(deleted), (_header(account, one) for one in deleted)),
        "note-tweet": (len(notes), (_note(one) for one in notes)),
        "follower": (len(followers), (follower(one) for one in followers)),
        "direct-messages": (len(talks), (_conversation(account, one, at) for one in talks)),
    }
    with zipfile.ZipFile(path, "w") as archive:
        counts = {name: count for name, (count, _) in files.items()}
        write_account(archive, account, at, counts | {"profile": 1, "account": 1})
        for name, (_, objects) in files.items():
            zips.add(archive, f"data/{name}.js", assigned(name.replace("-", "_"), objects))
        for folder, rows in (("tweets_media", standing), ("deleted_tweets_media", deleted)):
            for tweet in rows:
                for one in tweet.media:
                    zips.add(archive, f"data/{folder}/{media_file(tweet, one)}", [pictures.of(one)])


def _header(account: Account, tweet: Tweet) -> dict[str, Any]:
    found = {"tweet_id": tweet.id, "user_id": account.native_id, "created_at": twitter_time(tweet.at)}
    if tweet.deleted_at:
        found["deleted_at"] = twitter_time(tweet.deleted_at)
    return {"tweet": found}


def _note(tweet: Tweet) -> dict[str, Any]:
    core = {"styletags": [], "urls": [], "text": tweet.text, "mentions": [], "cashtags": [], "hashtags": []}
    return {
        "noteTweet": {
            "noteTweetId": str(int(tweet.id) + 7),
            "updatedAt": iso_time(tweet.at),
            "lifecycle": {"name": "Draft", "value": "2", "originalName": "DRAFT", "annotations": {}},
            "createdAt": iso_time(tweet.at),
            "core": core,
        }
    }


def follower(one: Person) -> dict[str, Any]:
    """Return a follower as an object of follower.js."""
    return {"follower": {"accountId": one.x_id, "userLink": f"https://x.com/intent/user?user_id={one.x_id}"}}


def _conversation(account: Account, talk: Conversation, at: datetime) -> dict[str, Any]:
    said = [one for one in talk.lines if one.at <= at]
    messages = [_message(account, talk, one) for one in reversed(said)]
    return {"dmConversation": {"conversationId": talk.id, "messages": messages}}


def _message(account: Account, talk: Conversation, line: Line) -> dict[str, Any]:
    sender, recipient = account.native_id, talk.person.x_id
    if line.author is not None:
        sender, recipient = recipient, sender
    body = {
        "recipientId": recipient, "reactions": [], "urls": [], "text": line.text, "mediaUrls": [],
        "senderId": sender, "id": line.id, "createdAt": iso_time(line.at), "editHistory": [],
    }  # fmt: skip
    return {"messageCreate": body}


def write_account(archive: zipfile.ZipFile, account: Account, at: datetime, counts: dict[str, int]) -> None:
    """Write whose archive it is, and the manifest with its counts."""
    named = {
        "account": {
            "createdVia": "web", "username": account.handle, "accountId": account.native_id,
            "createdAt": "2012-04-02T15:00:00.000Z", "accountDisplayName": account.title,
        }
    }  # fmt: skip
    bio = [one.text for one in account.biography if one.at <= at][-1:]
    about = {"bio": "".join(bio), "website": "https://milbrook.example", "location": "Milbrook, Wisconsin"}
    zips.add(archive, "data/account.js", assigned("account", [named]))
    zips.add(archive, "data/profile.js", assigned("profile", [{"profile": {"description": about}}]))
    zips.add(archive, "data/manifest.js", [_manifest(account, at, counts)])
    zips.add(archive, "data/ip-audit.js", assigned("ip_audit", [{"ipAudit": {"loginIp": "203.0.113.9"}}]))


def _manifest(account: Account, at: datetime, counts: dict[str, int]) -> bytes:
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
        "userInfo": {"accountId": account.native_id, "userName": account.handle, "displayName": account.title},
        "archiveInfo": {
            "sizeBytes": "0", "generationDate": iso_time(at), "isPartialArchive": False,
            "maxPartSizeBytes": "53687091200",
        },
        "dataTypes": types,
    }  # fmt: skip
    return b"window.__THAR_CONFIG = " + json.dumps(manifest, indent=2).encode() + b"\n"
