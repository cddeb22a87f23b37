"""Chats of WhatsApp, exported one after the other from an iPhone and put into one zip, a folder for each.

The text tells neither ids nor a zone. An edit is marked, and allowed for a quarter of an hour; a message can be taken
back for two days and leaves a sentence of WhatsApp's own.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from demo import days, pictures, zips
from demo.every import chatter, plans
from demo.every.channels import edited_at, item, written
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.lives import alone
from demo.schedule import ANY_KIND, Format, evenings
from demo.shown import Item
from demo.world import Account, Channel, Entry

NAME = "whatsapp-parks"
DAYS = ("2026-02-27", "2026-03-27", "2026-04-24")
MINUTE = timedelta(minutes=1)
SEALED = "Messages and calls are end-to-end encrypted. Only people in this chat can read them."
"""What every chat begins with."""
LRM = "\u200e"
"""The mark of direction that an iPhone puts before WhatsApp's own words."""


def live(seed: int, scale: float) -> Life:
    """Return the life of the parks crew's chats: the group, the summer helpers' group, two people."""
    account = Account(
        name=NAME, platform="whatsapp", department="Parks", title="WhatsApp of the Parks Crew", handle="Parks crew",
    )  # fmt: skip
    crew = plans.staff(seed, NAME, 6)
    rooms = [
        _plan(Channel(id="Parks crew", name="Parks crew", sort="group", members=crew), 34),
        _plan(Channel(id="Mowing 🌱", name="Mowing 🌱", sort="group", members=crew[2:]), 16),
        _plan(Channel(id=crew[0].name, name=crew[0].name, sort="direct", members=crew[:2]), 14),
    ]
    habits = Habits(
        edited=0.08, deleted=0.12, edit_within=15 * MINUTE, delete_within=timedelta(hours=60), pictures=0.1,
        eves=(*DAYS, *DAYS),
    )  # fmt: skip
    return chatter.inhabit(account, seed, scale, rooms, habits, _named)


def _plan(channel: Channel, talks: float) -> Plan:
    return Plan(channel=channel, voice="crew", talks=talks, with_account=False)


def _named(channel: Channel, one: Entry, number: int) -> str:
    return f"{channel.name} {number}"


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Each chat's beginning and everybody's messages, without words where taken back; no time of an edit."""
    yield from (Item(kind="message", id=f"{channel.name} 0", says=SEALED) for channel in account.channels)
    for _channel, one in written(account, at):
        if one.is_there(at):
            yield item(one, at, changed_at=None)
        else:
            yield item(one, at, audience="removed", by="author")


# -- the zip


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write all chats as they are exported at a moment."""
    with zipfile.ZipFile(path, "w") as archive:
        for channel in account.channels:
            folder = f"WhatsApp Chat - {channel.name}"
            here = [(number, one) for number, one in enumerate(channel.entries, 1) if one.at <= at]
            lines = [_line(channel, number, one, at) for number, one in here]
            opened = f"{_stamp(channel.entries[0].at - MINUTE)} {channel.members[0].name}: {LRM}{SEALED}"
            zips.add(archive, f"{folder}/_chat.txt", ["".join(f"{one}\r\n" for one in (opened, *lines)).encode()])
            for number, one in here:
                for each in one.media if one.is_there(at) else ():
                    zips.add(archive, f"{folder}/{_file(number, one)}", [pictures.of(each)])


def _stamp(at: datetime) -> str:
    local = at.astimezone(days.ZONE)
    return f"[{local.month}/{local.day}/{local:%y}, {local.hour % 12 or 12}:{local:%M:%S}\u202f{local:%p}]"


def _file(number: int, one: Entry) -> str:
    return f"{number:08}-PHOTO-{one.at.astimezone(days.ZONE):%Y-%m-%d-%H-%M-%S}.jpg"


def _line(channel: Channel, number: int, one: Entry, at: datetime) -> str:
    who = one.author.name if one.author else "City of Milbrook"
    head = f"{_stamp(one.at)} {who}: "
    if one.event:
        return f"{LRM}{head}{LRM}{who} joined using a group link."
    if not one.is_there(at):
        return f"{LRM}{head}{LRM}This message was deleted."
    said = one.wording(at).text
    if one.media:
        return f"{LRM}{head}{said} {LRM}<attached: {_file(number, one)}>"
    return f"{head}{said}{f' {LRM}<This message was edited>' if edited_at(one, at) else ''}"


FORMAT = Format("whatsapp", write, show, ANY_KIND, declared=True)
LIVES = alone(live)
PLANNED = tuple(evenings(NAME, FORMAT, NAME, "zip", *DAYS))
