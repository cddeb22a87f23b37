"""The fictional city of Milbrook: two successive X archives and two mailboxes, and what really happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace

from demo import mailboxes, pictures, texts, x_archive
from demo.mailboxes import CLERK, PARKS, Mail
from demo.people import Person, person
from demo.truth import BackupTruth, Change, Truth
from demo.x_archive import ACCOUNT_ID, Tweet, XState, iso_time, snowflake

FIRST_POST = datetime(2024, 9, 2, 14, tzinfo=UTC)
FIRST_ARCHIVE = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
SECOND_ARCHIVE = datetime(2026, 4, 1, 15, 30, tzinfo=UTC)
BIO = "The official account of the City of Milbrook, Wisconsin. All content is public record."


def generate(folder: Path, seed: int = 1, scale: int = 1) -> Truth:
    """Write the city's backups and ``truth.json`` into a folder; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(seed)
    truth = Truth([], [], {})
    _write_x(folder, rng, scale, truth)
    _write_mail(folder, rng, scale, truth)
    truth.save(folder / "truth.json")
    return truth


# -- X


def _write_x(folder: Path, rng: Random, scale: int, truth: Truth) -> None:
    tweets = _posts(rng, 280 * scale, FIRST_POST, FIRST_ARCHIVE)
    followers = [person(rng) for _ in range(400 * scale)]
    followers = list({one.x_id: one for one in followers}.values())
    talks = [_talk(rng, number) for number in range(12 * scale)]
    before = XState(FIRST_ARCHIVE, BIO, tweets[::-1], [], followers, talks)
    x_archive.write(folder / "x-2026-03-01.zip", before)
    truth.backups.append(_x_truth("x-2026-03-01.zip", before))

    after = _a_month_later(rng, scale, before, truth)
    x_archive.write(folder / "x-2026-04-01.zip", after)
    truth.backups.append(_x_truth("x-2026-04-01.zip", after))
    for tweet in after.tweets:
        if tweet.parent:
            truth.threads.setdefault(str(tweet.parent), []).append(str(tweet.id))


def _posts(rng: Random, count: int, first: datetime, last: datetime) -> list[Tweet]:
    step = (last - first) / (count + 1)
    found: list[Tweet] = []
    for number in range(count):
        at = (first + step * number + step * rng.random() * 0.8).replace(microsecond=0)
        found.append(_post(rng, number, at, found))
    return found


def _post(rng: Random, number: int, at: datetime, before: list[Tweet]) -> Tweet:
    parent = rng.choice(before[-5:]) if before and rng.random() < 0.2 else None
    scene = parent.scene if parent else texts.scene(rng)
    to = person(rng) if parent else None
    text = scene.say(rng, scene.topic.replies if to else scene.topic.posts, to.handle if to else "")
    tweet = Tweet(
        id=snowflake(at, number), at=at, scene=scene, text=text, parent=parent.id if parent else 0, to=to,
        likes=rng.randint(0, 200), reposts=rng.randint(0, 40),
    )  # fmt: skip
    if not parent:
        _embellish(rng, number, tweet)
    return tweet


def _embellish(rng: Random, number: int, tweet: Tweet) -> None:
    """Give some posts a picture, with or without a description, and make some very long."""
    chance = rng.random()
    if chance < 0.12:
        tweet.media = {f"{tweet.id}-P{number:06}.jpg": pictures.picture(rng)}
        tweet.alt = rng.choice(texts.book().alts) if chance < 0.09 else ""
    elif chance < 0.16 and tweet.scene.topic.language == "en":
        tweet.note = tweet.text = tweet.scene.say(rng, texts.book().long_posts)


def _talk(rng: Random, number: int) -> tuple[str, list[dict[str, Any]]]:
    citizen, scene = person(rng), texts.scene(rng)
    at = FIRST_POST + timedelta(days=40 * number % 500, minutes=number)
    messages = []
    for step, line in enumerate(rng.choice(texts.book().talks).lines[: rng.randint(1, 4)]):
        at += timedelta(minutes=rng.randint(3, 90))
        sender, recipient = (citizen.x_id, ACCOUNT_ID) if step % 2 == 0 else (ACCOUNT_ID, citizen.x_id)
        body = {
            "recipientId": recipient, "reactions": [], "urls": [], "text": scene.say(rng, [line]), "mediaUrls": [],
            "senderId": sender, "id": str(snowflake(at, number * 10 + step)), "createdAt": iso_time(at),
            "editHistory": [],
        }  # fmt: skip
        messages.append({"messageCreate": body})
    return f"{citizen.x_id}-{ACCOUNT_ID}", messages[::-1]


def _a_month_later(rng: Random, scale: int, before: XState, truth: Truth) -> XState:
    tweets = [_liked_more(rng, one) for one in before.tweets[::-1]]
    answered = {one.parent for one in tweets}
    plain = [one for one in tweets if not one.parent and one.id not in answered]
    gone = rng.sample(plain, 6 * scale)
    named, silent = gone[: 2 * scale], gone[2 * scale :]
    for one in named:
        one.deleted_at = (SECOND_ARCHIVE - timedelta(days=rng.randint(1, 12))).replace(microsecond=0)
        at = iso_time(one.deleted_at)
        truth.changes.append(Change("removed", "post", str(one.id), at, at, "city"))
    for one in silent:
        truth.changes.append(_missing("post", str(one.id)))
    gone_ids = {one.id for one in gone}
    kept = [one for one in tweets if one.id not in gone_ids]
    new = _posts(rng, 25 * scale, FIRST_ARCHIVE + timedelta(hours=3), SECOND_ARCHIVE - timedelta(days=1))
    new += _edited(rng, scale, truth)
    new.sort(key=lambda one: one.id)
    followers = _followers_later(rng, scale, list(before.followers), truth)
    bio = BIO.replace("All content", "Terms of use apply. All content")
    truth.changes.append(
        Change("edited", "profile", ACCOUNT_ID, iso_time(FIRST_ARCHIVE), iso_time(SECOND_ARCHIVE), "unknown")
    )
    return XState(SECOND_ARCHIVE, bio, (kept + new)[::-1], named, followers, before.conversations)


def _liked_more(rng: Random, tweet: Tweet) -> Tweet:
    return replace(tweet, likes=tweet.likes + rng.randint(0, 20), reposts=tweet.reposts + rng.randint(0, 3))


def _edited(rng: Random, scale: int, truth: Truth) -> list[Tweet]:
    """Posts that were edited within their hour, some twice: X gives each edit a row and an id of its own."""
    found: list[Tweet] = []
    for number in range(3 * scale):
        at = FIRST_ARCHIVE + timedelta(days=2 + number % 20, hours=number % 7, minutes=number // 20)
        moments = [
            at + timedelta(minutes=minutes) for minutes in (0, *sorted(rng.sample(range(5, 55), 1 + number % 2)))
        ]
        chain = tuple(snowflake(moment, 900 + number) for moment in moments)
        scene = texts.scene(rng)
        text = scene.say(rng, scene.topic.posts)
        for native_id, moment, ending in zip(chain, moments, ("", " (corrected)", " (corrected again)"), strict=False):
            found.append(Tweet(id=native_id, at=moment, scene=scene, text=text + ending, likes=5, chain=chain))
        for edited_at in map(iso_time, moments[1:]):
            truth.changes.append(Change("edited", "post", str(chain[0]), edited_at, edited_at, "city"))
    return found


def _followers_later(rng: Random, scale: int, followers: list[Person], truth: Truth) -> list[Person]:
    leaving = set(rng.sample(range(len(followers)), 9 * scale))
    joining = [person(rng) for _ in range(14 * scale)]
    truth.changes.extend(_missing("subscriber", followers[one].x_id) for one in sorted(leaving))
    known = {one.x_id for one in followers}
    joining = [one for one in joining if one.x_id not in known]
    window = (iso_time(FIRST_ARCHIVE), iso_time(SECOND_ARCHIVE))
    truth.changes.extend(Change("joined", "subscriber", one.x_id, *window, "unknown") for one in joining)
    return [one for number, one in enumerate(followers) if number not in leaving] + joining


def _missing(kind: str, native_id: str) -> Change:
    return Change("missing", kind, native_id, iso_time(FIRST_ARCHIVE), iso_time(SECOND_ARCHIVE), "unknown")


def _x_truth(file: str, state: XState) -> BackupTruth:
    messages = [one["messageCreate"]["id"] for _, talk in state.conversations for one in talk]
    posts = [*state.tweets, *state.deleted]
    kinds = {"message": len(messages), "post": len(posts), "profile": 1, "subscriber": len(state.followers)}
    records = {
        "message": sorted(messages),
        "post": sorted({str(one.chain[0] if one.chain else one.id) for one in posts}),
        "profile": [ACCOUNT_ID],
        "subscriber": sorted(one.x_id for one in state.followers),
    }
    return BackupTruth(file, "x-city", iso_time(state.made_at), sum(kinds.values()), kinds, records)


# -- mail


def _write_mail(folder: Path, rng: Random, scale: int, truth: Truth) -> None:
    mails = mailboxes.conversations(rng, 75 * scale, FIRST_POST)
    for address, file, account in ((CLERK, "clerk.mbox", "mail-clerk"), (PARKS, "parks.mbox", "mail-parks")):
        held = [one for one in mails if address in one.boxes]
        mailboxes.write(folder / file, held)
        records = {"email": sorted(one.id for one in held)}
        kinds = {"email": len(held)}
        truth.backups.append(BackupTruth(file, account, iso_time(SECOND_ARCHIVE), len(held), kinds, records))
    _thread(mails, truth)


def _thread(mails: list[Mail], truth: Truth) -> None:
    for mail in mails:
        if mail.thread != mail.id:
            truth.threads.setdefault(mail.thread, []).append(mail.id)
