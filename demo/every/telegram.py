"""A public channel of Telegram, as Telegram Desktop exports it alone: ``result.json`` with its photographs.

What is deleted is in no later export; an edited message tells when that was. Whose export it is it does not tell.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import days, pictures, zips
from demo.every import chatter
from demo.every.channels import as_json, edited_at, item, standing
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.lives import alone
from demo.schedule import ANY_KIND, Format, evenings
from demo.shown import Item
from demo.world import Account, Channel, Entry

NAME = "telegram-city"
TITLE = "City of Milbrook"
CHANNEL = "1555000155"


def live(seed: int, scale: float) -> Life:
    """Return the life of the city's channel: news for everybody, and nobody answers."""
    account = Account(
        name=NAME, platform="telegram", department="Clerk-Treasurer", title="Channel of the City",
        handle="milbrook_city",
    )  # fmt: skip
    channel = Channel(id=CHANNEL, name=TITLE, sort="open", members=())
    plan = Plan(channel=channel, voice="news", talks=110)
    return chatter.inhabit(account, seed, scale, [plan], Habits(edited=0.2, deleted=0.14, pictures=0.16), _named)


def _named(channel: Channel, _: Entry, number: int) -> str:
    return f"{channel.id} {number + 1}"


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The channel's beginning, and its messages with the time of the last edit; nobody is marked as the city."""
    yield Item(kind="message", id=f"{CHANNEL} 1", says=TITLE)
    yield from (item(one, at, by="author") for _channel, one in standing(account, at))


# -- the files


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the export of the channel, in a zip."""
    here = [one for _channel, one in standing(account, at)]
    created = {
        "id": 1, "type": "service", **_dated("date", days.BEGINNING), "actor": TITLE, "actor_id": f"channel{CHANNEL}",
        "action": "create_channel", "title": TITLE, "text": "", "text_entities": [],
    }  # fmt: skip
    messages = [created, *(_message(one, at) for one in here)]
    found = {"name": TITLE, "type": "public_channel", "id": int(CHANNEL), "messages": messages}
    with zipfile.ZipFile(path, "w") as archive:
        zips.add(archive, "result.json", as_json(found))
        for media in (media for one in here for media in one.media):
            zips.add(archive, f"photos/{media.name}", [pictures.of(media)])


def _dated(name: str, moment: datetime) -> dict[str, str]:
    local = moment.astimezone(days.ZONE).strftime("%Y-%m-%dT%H:%M:%S")
    return {name: local, f"{name}_unixtime": str(int(moment.timestamp()))}


def _message(one: Entry, at: datetime) -> dict[str, Any]:
    edited, pieces = edited_at(one, at), _pieces(one.wording(at).text)
    found: dict[str, Any] = {"id": int(one.id.rpartition(" ")[2]), "type": "message", **_dated("date", one.at)}
    found |= _dated("edited", edited) if edited else {}
    found |= {"from": TITLE, "from_id": f"channel{CHANNEL}"}
    found |= {"photo": f"photos/{one.media[0].name}", "width": 320, "height": 200} if one.media else {}
    plain = [each if sort == "plain" else {"type": sort, "text": each} for sort, each in pieces]
    text: Any = plain[0] if len(plain) == 1 and isinstance(plain[0], str) else plain
    return found | {"text": text, "text_entities": [{"type": sort, "text": each} for sort, each in pieces]}


def _pieces(text: str) -> list[tuple[str, str]]:
    """Return a text in its pieces, plain ones and tags, in order."""
    found: list[tuple[str, str]] = []
    for word in text.split(" "):
        sort = "hashtag" if word.startswith("#") else "plain"
        if found and sort == found[-1][0] == "plain":
            found[-1] = (sort, f"{found[-1][1]} {word}")
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} ") if found[-1][0] == "plain" else found[-1]
            found.append((sort, word if sort == "hashtag" else f" {word}"))
        else:
            found.append((sort, word))
    return found


FORMAT = Format("telegram", write, show, ANY_KIND, declared=True)
LIVES = alone(live)
PLANNED = tuple(evenings(NAME, FORMAT, NAME, "zip", "2026-02-18", "2026-03-25", "2026-04-29"))
