"""A server of Discord as DiscordChatExporter writes it: a file for each channel, whoever wrote in it.

What is deleted is in no later export; an edited message tells when that was.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from demo import days, pictures, zips
from demo.every import chatter, plans
from demo.every.channels import as_json, edited_at, item, milliseconds, standing
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.lives import alone
from demo.people import Person
from demo.schedule import ANY_KIND, Format, Planned
from demo.shown import Item
from demo.world import Account, Channel, Entry

NAME = "discord-teens"
OWN = "discord-own"
"""The account that writes for the city on that server; its own package is a backup as well."""

SERVER = {"id": "155500000000000100", "name": "Milbrook Teen Advisory Board"}
OWN_USER = {"id": "155500000000000001", "username": "milbrook_teens", "global_name": "City of Milbrook"}
EPOCH = 1420070400000
"""Milliseconds from 1970 to the beginning of 2015, from which Discord counts."""


def live(seed: int, scale: float) -> Life:
    """Return the life of the server: announcements, and a channel for questions."""
    lived = Life(_account(NAME, "Discord of the Teen Advisory Board"), plans.chance(seed, NAME), seed, scale)
    people = plans.citizens(lived, 24)
    rooms = [
        _plan("155500000000000201", "announcements", (), "news", 26),
        _plan("155500000000000202", "questions", people, "citizen", 44),
    ]
    return chatter.fill(lived, rooms, Habits(edited=0.16, deleted=0.14, pictures=0.1), _named)


def live_own(seed: int, scale: float) -> Life:
    """Return the life of the city's account on that server: what it writes there."""
    own = _account(OWN, "The library's account on Discord")
    for channel in live(seed, scale).account.channels:
        written = [one for one in channel.entries if one.author is None]
        own.channels.append(replace(channel, entries=written))
    return Life(own, plans.chance(seed, OWN), seed, scale)


def _account(name: str, title: str) -> Account:
    return Account(name=name, platform="discord", department="Library", title=title, handle=OWN_USER["username"])


def _plan(native_id: str, name: str, people: tuple[Person, ...], voice: Any, talks: float) -> Plan:
    channel = Channel(id=native_id, name=name, sort="open", members=people)
    return Plan(channel=channel, voice=voice, talks=talks)


def _named(_: Channel, one: Entry, number: int) -> str:
    return str((milliseconds(one.at) - EPOCH << 22) + number % 4096)


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's messages with the time of the last edit; the account's handle is in what it writes."""
    return (item(one, at) for _channel, one in standing(account, at))


# -- the files


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write an export of all channels."""
    with zipfile.ZipFile(path, "w") as archive:
        for channel in account.channels:
            stem = f"{SERVER['name']} - {channel.name} [{channel.id}].json"
            here = [one for _channel, one in standing(account, at) if _channel is channel]
            found = {
                "guild": {**SERVER, "iconUrl": ""},
                "channel": {"id": channel.id, "type": "GuildTextChat", "category": "Board", "name": channel.name},
                "dateRange": {"after": None, "before": None}, "exportedAt": _local(at),
                "messages": [_message(channel, one, at, stem) for one in here], "messageCount": len(here),
            }  # fmt: skip
            zips.add(archive, stem, as_json(found))
            for media in (media for one in here for media in one.media):
                zips.add(archive, f"{stem}_Files/{media.name}", [pictures.of(media)])


def _local(moment: datetime) -> str:
    return moment.astimezone(days.ZONE).isoformat(timespec="milliseconds")


def _message(channel: Channel, one: Entry, at: datetime, stem: str) -> dict[str, Any]:
    edited = edited_at(one, at)
    sort = "GuildMemberJoin" if one.event else "Reply" if one.parent else "Default"
    found = {
        "id": one.id, "type": sort, "timestamp": _local(one.at), "timestampEdited": _local(edited) if edited else None,
        "callEndedTimestamp": None, "isPinned": False,
        "content": "Joined the server." if one.event else one.wording(at).text, "author": _author(one.author),
        "attachments": [_attached(one, number, stem) for number in range(len(one.media))], "embeds": [],
        "stickers": [], "reactions": [], "mentions": [],
    }  # fmt: skip
    if one.parent:
        found["reference"] = {"messageId": one.parent, "channelId": channel.id, "guildId": SERVER["id"]}
    return found


def _author(who: Person | None) -> dict[str, Any]:
    native_id, name, shown = (
        (f"155500{who.x_id}", who.handle, who.name)
        if who
        else (OWN_USER["id"], OWN_USER["username"], OWN_USER["global_name"])
    )
    return {"id": native_id, "name": name, "discriminator": "0000", "nickname": shown, "color": None, "isBot": False,
            "roles": [], "avatarUrl": ""}  # fmt: skip


def _attached(one: Entry, number: int, stem: str) -> dict[str, Any]:
    name = one.media[number].name
    return {"id": f"{one.id}{number}", "url": f"{stem}_Files\\{name}", "fileName": name}


FORMAT = Format("discord", write, show, ANY_KIND, declared=True, dated=False)
LIVES = alone(live)


def planned(account: str, format: Format, *dates: str) -> tuple[Planned, ...]:
    """Plan backups at noon of some days."""
    return tuple(Planned(f"{account}-{day}.zip", account, format, days.local(f"{day} 12:00"), day) for day in dates)


PLANNED = planned(NAME, FORMAT, "2026-02-16", "2026-03-16", "2026-04-20")
