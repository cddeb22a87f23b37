"""X (Twitter) archives of every generation: the account's own posts, messages and followers.

Only the files named here are read. What an archive holds besides (contacts, advertising, devices,
addresses, IP logs, likes, blocked and muted accounts) is private or nobody's record of the city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from archive.records import Author
from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, ReadItem, read_items
from ingest.lists.reading import read_rows
from ingest.platforms import x_account
from ingest.platforms.x_account import XAccount
from ingest.platforms.x_messages import messages
from ingest.platforms.x_tweets import Notes, Tweets
from ingest.tables import TEXTS, Row, find_table

POSTS = re.compile(r"(tweets?(-part\d+)?|community-tweet(-part\d+)?)\.js$")
GRAILBIRD = re.compile(r"(^|/)(data/js/)?tweets/\d{4}_\d{2}\.js$")
DELETED = re.compile(r"deleted-tweets?(-part\d+)?\.js$")
NOTES = re.compile(r"note-tweets?(-part\d+)?\.js$")
FOLLOWERS = re.compile(r"followers?(-part\d+)?\.js$")
CONVERSATIONS = re.compile(r"direct-messages?(-group)?(-part\d+)?\.js$")
MEDIA_FOLDERS = re.compile(
    r"(^|/)(data/)?(tweets?_media|deleted_tweets?_media|community_tweet_media|direct_messages?(_group)?_media)/"
)
CSV_COLUMNS = {"tweet_id", "timestamp", "text", "in_reply_to_status_id"}
GAPS = (
    "replies and mentions by other people: X does not put them into an account's archive",
    "who liked or reposted: only their numbers are in the archive",
    "names of followers: the archive gives their account numbers only",
    "posts deleted more than about two weeks before the archive was made",
)
VOLATILE = ("favorite_count", "retweet_count", "favorited", "retweeted")


class XIngestor(Ingestor):
    """Reads X archives: tweets.csv, Grailbird (2012–18), tweet.js, and tweets.js with its companions."""

    name = "x-archive"
    platform = "x"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the wrapper of the files: ``window.YTD``, ``Grailbird``, or the columns of tweets.csv."""
        for member in backup.members():
            base = member.path.rsplit("/", 1)[-1].lower()
            if _is_csv(member):
                return Confidence.CONTENT
            if base.endswith(".js") and _is_wrapped(member):
                return Confidence.CONTENT
        return Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Go by manifest.js; an archive without one does not say what it holds."""
        return x_account.coverage(backup)

    def material(self, native: bytes) -> bytes:
        """Leave likes and reposts out of a post's own bytes."""
        try:
            item = msgspec.json.decode(native.split(b"\n{")[0] if native.startswith(b"{") else native)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return native
        tweet = item.get("tweet", item) if isinstance(item, dict) else {}
        if not isinstance(tweet, dict):
            return native
        kept = {key: value for key, value in tweet.items() if key not in VOLATILE}
        return msgspec.json.encode(kept, order="sorted")

    def read(self, backup: Backup) -> Reading:
        """Yield profile, posts, removed posts, notes without a post, messages, followers."""
        yield from (Gap(what) for what in GAPS)
        account = x_account.account(backup)
        if not account.native_id:
            yield Defect(
                "account.js",
                "the archive does not say whose it is; authors stay without a handle",
                quarantined=False,
            )
        yield from _absent_parts(backup)
        media = _media(backup)
        notes = Notes()
        yield from _read_notes(backup, notes)
        yield from _profile(backup, account)
        tweets = Tweets(account, media, notes)
        yield from _posts(backup, tweets)
        yield from _orphan_notes(notes, account)
        yield from _messages(backup, account, media)
        yield from _followers(backup)


# -- finding files


def _first_line(member: Member) -> str:
    try:
        head = member.read(4096).replace(b"\0", b"").decode("utf-8-sig", "replace")  # of UTF-16 the ASCII in it
    except OSError:
        return ""
    return head.split("\n", 1)[0].strip().replace('"', "")


def _is_wrapped(member: Member) -> bool:
    line = _first_line(member)
    return line.startswith(("window.YTD.", "window.__THAR_CONFIG", "Grailbird.data.", "var tweet_index"))


def _named(backup: Backup, pattern: re.Pattern[str]) -> Iterator[Member]:
    """Yield the members whose own name matches, parts in the order of their numbers."""
    found = [one for one in backup.members() if pattern.match(one.path.rsplit("/", 1)[-1])]
    return iter(sorted(found, key=lambda one: (_part_number(one.path), one.path, one.part)))


def _part_number(path: str) -> int:
    found = re.search(r"-part(\d+)\.js$", path)
    return int(found.group(1)) if found else 0


def _media(backup: Backup) -> dict[str, Member]:
    """Return the media files by their names."""
    return {one.path.rsplit("/", 1)[-1]: one for one in backup.members() if MEDIA_FOLDERS.search(one.path.lower())}


def _absent_parts(backup: Backup) -> Iterator[Defect]:
    for name in x_account.missing_files(backup, x_account.manifest(backup)):
        yield Defect(
            name,
            "the manifest lists this file, and the backup does not hold it; is a part missing?",
            quarantined=False,
        )


# -- reading files


def _each(backup: Backup, pattern: re.Pattern[str], read: ReadItem) -> Reading:
    """Read every item of every file that matches; a broken item is a defect with its place."""
    for member in _named(backup, pattern):
        yield from read_items(member, read, after="=")


def _unwrapped(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = value.get(name, value)
    if not isinstance(inner, dict):
        raise TypeError(f"“{name}” is no object")
    return inner


def _posts(backup: Backup, tweets: Tweets) -> Reading:
    def read(value: Mapping[str, Any], native: bytes, place: str) -> Reading:
        yield tweets.draft(_unwrapped(value, "tweet"), native, place)

    modern = next(_named(backup, POSTS), None) is not None
    yield from _each(backup, POSTS, read)
    grailbird = [one for one in backup.members() if GRAILBIRD.search(one.path)]
    for member in grailbird:
        yield from read_items(member, read, after="=")
    if not modern and not grailbird:
        yield from _csv_posts(backup, tweets)
    yield from _each(backup, DELETED, read)


def _csv_posts(backup: Backup, tweets: Tweets) -> Reading:
    """The oldest archives hold nothing but tweets.csv."""

    def read(row: Row, place: str) -> Reading:
        yield tweets.draft(_from_csv(row.cells), msgspec.json.encode(row.cells), place)

    for member in backup.members():
        table = find_table(member, _is_csv_heading) if _is_csv(member) else None
        if table is not None:
            yield from read_rows(member.path, table.rows(), read)


def _is_csv(member: Member) -> bool:
    """Say whether a file begins like the table of posts, whatever its name and its separators."""
    return member.path.lower().endswith(TEXTS) and all(one in _first_line(member) for one in CSV_COLUMNS)


def _is_csv_heading(cells: Sequence[str]) -> bool:
    """Say whether a row is the heading of the table of posts."""
    return set(cells) >= CSV_COLUMNS


def _from_csv(row: Mapping[str, Any]) -> dict[str, Any]:
    addresses = str(row.get("expanded_urls") or "").split(",")
    urls = [{"expanded_url": one} for one in dict.fromkeys(addresses) if one.startswith("http")]
    tweet = {
        "id_str": row.get("tweet_id"),
        "created_at": row.get("timestamp") or "",
        "full_text": row.get("text") or "",
        "in_reply_to_status_id_str": row.get("in_reply_to_status_id"),
        "entities": {"urls": urls},
    }
    if row.get("retweeted_status_id"):
        tweet["retweeted_status"] = {"id_str": row["retweeted_status_id"]}
    return tweet


def _read_notes(backup: Backup, notes: Notes) -> Reading:
    def read(value: Mapping[str, Any], native: bytes, place: str) -> Reading:
        notes.add(_unwrapped(value, "noteTweet"), native)
        return iter(())

    yield from _each(backup, NOTES, read)


def _orphan_notes(notes: Notes, account: XAccount) -> Reading:
    for text, links, native, native_id, created in notes.rest():
        place = f"note-tweet.js, note {native_id}"
        yield Defect(place, "no post begins like this note; it went in as a post of its own", quarantined=False)
        yield Draft(
            kind="post",
            place=place,
            native=native,
            native_id=f"note-{native_id}",
            created=created,
            author=account.author(),
            text=text,
            links=links,
        )


def _profile(backup: Backup, account: XAccount) -> Reading:
    def read(value: Mapping[str, Any], native: bytes, place: str) -> Reading:
        about = _unwrapped(value, "profile").get("description") or {}
        named = {key: str(about[key]) for key in ("website", "location") if about.get(key)}
        yield Draft(
            kind="profile",
            place=place,
            native=native,
            native_id=account.native_id or "profile",
            author=account.author(),
            title=account.name,
            text=str(about.get("bio") or ""),
            url=f"https://x.com/{account.handle}" if account.handle else "",
            details=named,
        )

    yield from _each(backup, re.compile(r"profile\.js$"), read)


def _messages(backup: Backup, account: XAccount, media: Mapping[str, Member]) -> Reading:
    def read(value: Mapping[str, Any], native: bytes, place: str) -> Reading:
        conversation = _unwrapped(value, "dmConversation")
        yield from messages(conversation, native, place, account, media)

    yield from _each(backup, CONVERSATIONS, read)


def _followers(backup: Backup) -> Reading:
    def read(value: Mapping[str, Any], native: bytes, place: str) -> Reading:
        follower = _unwrapped(value, "follower")
        native_id = str(follower.get("accountId") or "")
        if not native_id:
            raise ValueError("a follower without an account number")
        yield Draft(
            kind="subscriber",
            place=place,
            native=native,
            native_id=native_id,
            author=Author(native_id=native_id),
            url=str(follower.get("userLink") or ""),
            list_name="followers",
            audience="public",
        )

    yield from _each(backup, FOLLOWERS, read)
