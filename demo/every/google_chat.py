"""Google Chat in a Takeout of the library's account: spaces and direct messages, everybody's messages in them.

A deleted message stays, without its words, with a mark of who deleted it and without a time.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo import pictures, zips
from demo.every import chatter, plans, takeouts
from demo.every.channels import as_json, edited_at, item, milliseconds, written
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.lives import alone
from demo.people import Person
from demo.schedule import Format
from demo.shown import Item
from demo.world import Account, Channel, Entry

NAME = "chat-library"
HANDLE = "library@milbrook.example"
FOLDER = "Takeout/Google Chat"
MADE = ("2026-02-22 10:00", "2026-03-22 10:00", "2026-04-26 10:00")


def live(seed: int, scale: float) -> Life:
    """Return the life of the library's account: a space of its staff, one of the friends, a colleague."""
    account = Account(
        name=NAME, platform="google-chat", department="Library", title="Google Chat of the Library", handle=HANDLE,
    )  # fmt: skip
    people = plans.staff(seed, NAME, 6)
    rooms = [
        _plan(Channel(id="AAAAlibrary1", name="Library staff", sort="group", members=people), 36),
        _plan(Channel(id="AAAAbooksale", name="Book sale <spring>", sort="group", members=people[3:]), 16),
        _plan(Channel(id="bbbbcolleag1", name="", sort="direct", members=people[:1]), 16),
    ]
    return chatter.inhabit(account, seed, scale, rooms, Habits(arrivals=False, edited=0.14, deleted=0.12), _named)


def _plan(channel: Channel, talks: float) -> Plan:
    return Plan(channel=channel, voice="crew", talks=talks)


def _named(channel: Channel, one: Entry, _: int) -> str:
    """The space, the topic and the message; the first message of a topic has its id."""
    own = f"{milliseconds(one.at):x}"
    topic = one.parent.split("/")[1] if one.parent else own
    return f"{channel.id}/{topic}/{own}"


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's messages with the time of the last edit; deleted ones as the doing of who wrote them."""
    for _channel, one in written(account, at):
        if one.is_there(at):
            yield item(one, at)
        else:
            yield item(one, at, audience="removed")


# -- the zip


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the part of a Takeout that is Google Chat's."""
    with zipfile.ZipFile(path, "w") as archive:
        own = {"name": account.title, "email": account.handle, "user_type": "Human"}
        zips.add(archive, f"{FOLDER}/Users/User 1155500001/user_info.json", as_json({"user": own}))
        for channel in account.channels:
            folder = f"{FOLDER}/Groups/{'DM' if channel.sort == 'direct' else 'Space'} {channel.id}"
            info = {"name": channel.name} if channel.name else {}
            people = [own, *(_user(one) for one in channel.members)]
            zips.add(archive, f"{folder}/group_info.json", as_json(info | {"members": people}))
            here = [one for one in channel.entries if one.at <= at]
            messages = [_message(one, own, at) for one in here]
            zips.add(archive, f"{folder}/messages.json", as_json({"messages": messages}))
            for media in (media for one in here if one.is_there(at) for media in one.media):
                zips.add(archive, f"{folder}/File-{media.name}", [pictures.of(media)])


def _user(one: Person) -> dict[str, str]:
    return {"name": one.name, "email": one.address, "user_type": "Human"}


def _message(one: Entry, own: dict[str, str], at: datetime) -> dict[str, Any]:
    creator = _user(one.author) if one.author else own
    found: dict[str, Any] = {"creator": creator, "created_date": _dated(one.at)}
    if one.is_there(at):
        found |= {"updated_date": _dated(edited)} if (edited := edited_at(one, at)) else {}
        found["text"] = one.wording(at).text
        if one.media:
            found["attached_files"] = [
                {"original_name": each.name, "export_name": f"File-{each.name}"} for each in one.media
            ]
    else:
        found |= {"message_state": "DELETED", "deletion_metadata": {"deletion_type": "CREATOR"}}
    return found | {"topic_id": one.id.split("/")[1], "message_id": one.id}


def _dated(at: datetime) -> str:
    day = at.astimezone(UTC)
    return f"{day:%A, %B} {day.day}, {day.year} at {day.hour % 12 or 12}:{day:%M:%S}\u202f{day:%p} UTC"


FORMAT = Format("google-chat", write, show, frozenset(), dated=False)
LIVES = alone(live)
PLANNED = tuple(takeouts.planned(NAME, FORMAT, one) for one in MADE)
