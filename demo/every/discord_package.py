"""The package of data that Discord gives to an account: its own messages as they are on that day."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo import zips
from demo.every import discord
from demo.every.channels import as_json, item, standing
from demo.lives import alone
from demo.schedule import ANY_KIND, Format
from demo.shown import Item
from demo.world import Account, Entry


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The account's own messages; that one was edited it does not tell."""
    return (item(one, at, changed_at=None) for _channel, one in standing(account, at))


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the package: the account, an index of channels, and each channel's messages, newest first."""
    user = {**discord.OWN_USER, "email": "library@milbrook.example", "phone": "555-0155"}
    with zipfile.ZipFile(path, "w") as archive:
        zips.add(archive, "Account/user.json", as_json(user))
        index = {one.id: f"{one.name} in {discord.SERVER['name']}" for one in account.channels}
        zips.add(archive, "Messages/index.json", as_json(index))
        for channel in account.channels:
            folder = f"Messages/c{channel.id}"
            told = {"id": channel.id, "type": "GUILD_TEXT", "name": channel.name, "guild": discord.SERVER}
            here = [_message(one, at) for _channel, one in standing(account, at) if _channel is channel]
            zips.add(archive, f"{folder}/channel.json", as_json(told))
            zips.add(archive, f"{folder}/messages.json", as_json(here[::-1]))


def _message(one: Entry, at: datetime) -> dict[str, Any]:
    files = " ".join(f"https://cdn.discord.example/attachments/{one.id}/{each.name}" for each in one.media)
    stamp = one.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return {"ID": int(one.id), "Timestamp": stamp, "Contents": one.wording(at).text, "Attachments": files}


NAME = discord.OWN
LIVES = alone(discord.live_own)
FORMAT = Format("discord-package", write, show, ANY_KIND, declared=True)
PLANNED = discord.planned(NAME, FORMAT, "2026-02-23", "2026-04-06")
