"""A workspace of Slack, as an owner exports it: lists of people and channels, and a file for each day of each.

A deleted message is gone, unless answers hang from it: then a tombstone stands in its place. The workspace does not
keep earlier wordings; an edited message tells when that was.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from demo import days, zips
from demo.every import chatter, plans
from demo.every.channels import as_json, edited_at, item, standing, written
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.lives import alone
from demo.people import Person
from demo.schedule import ANY_KIND, Format, Planned
from demo.shown import Item
from demo.world import Account, Channel, Entry

NAME = "slack-works"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LISTS = {"open": "channels.json", "group": "groups.json", "direct": "dms.json"}


def live(seed: int, scale: float) -> Life:
    """Return the life of the Public Works' workspace: an open channel, a private one, two people by themselves."""
    account = Account(
        name=NAME, platform="slack", department="Public Works", title="Slack of Public Works",
        handle="milbrook-works.slack.example",
    )  # fmt: skip
    crew = plans.staff(seed, NAME, 7)
    rooms = [
        _plan(Channel(id="C0STREETS01", name="streets", sort="open", members=crew), 40),
        _plan(Channel(id="G0BUDGET001", name="budget-2026", sort="group", members=crew[:4]), 18),
        _plan(Channel(id="D0DIRECT001", name="", sort="direct", members=crew[1:3]), 14),
    ]
    return chatter.inhabit(account, seed, scale, rooms, Habits(deleted=0.12), _named)


def _plan(channel: Channel, talks: float) -> Plan:
    return Plan(channel=channel, voice="crew", talks=talks, with_account=False)


def _named(channel: Channel, one: Entry, number: int) -> str:
    return f"{channel.id} {int(one.at.timestamp())}.{number * 100 % 1000000:06}"


# -- what an export shows


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's messages with the time of the last edit; of deleted ones a tombstone where answers hang."""
    answers = _answers(account, at)
    for _channel, one in written(account, at):
        if one.is_there(at):
            yield item(one, at)
        elif answers[one.id]:
            yield item(one, at, audience="removed", by="unknown")


def _answers(account: Account, at: datetime) -> Counter[str]:
    """Return how many answers stand at a moment, by the id of what they answer."""
    return Counter(one.parent for _channel, one in standing(account, at))


# -- the zip


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write an export of everything up to a moment."""
    with zipfile.ZipFile(path, "w") as archive:
        everybody = {one.x_id: one for channel in account.channels for one in channel.members}
        zips.add(archive, "users.json", as_json([_user(one) for one in everybody.values()]))
        for sort, name in LISTS.items():
            listed = [_listed(one) for one in account.channels if one.sort == sort]
            zips.add(archive, name, as_json(listed))
        answers = _answers(account, at)
        for channel in account.channels:
            here = [one for one in channel.entries if one.at <= at]
            shown = [one for one in here if one.is_there(at) or answers[one.id]]
            for day, lines in groupby(shown, key=lambda one: one.at.astimezone(days.ZONE).date()):
                folder = channel.name or channel.id
                zips.add(archive, f"{folder}/{day}.json", as_json([_message(one, at, answers) for one in lines]))


def _id(one: Person) -> str:
    return f"U0{one.x_id[:9]}"


def _user(one: Person) -> dict[str, Any]:
    profile = {"real_name": one.name, "display_name": one.first, "email": one.address, "phone": one.phone}
    return {"id": _id(one), "name": one.handle.lower(), "deleted": False, "profile": profile, "is_bot": False}


def _listed(channel: Channel) -> dict[str, Any]:
    found: dict[str, Any] = {"id": channel.id, "created": int(channel.entries[0].at.timestamp())}
    if channel.name:
        found |= {"name": channel.name, "is_archived": False}
    return found | {"members": [_id(one) for one in channel.members]}


def _message(one: Entry, at: datetime, answers: Counter[str]) -> dict[str, Any]:
    ts = one.id.rpartition(" ")[2]
    who = _id(one.author) if one.author else ""
    thread = one.parent.rpartition(" ")[2]
    if not one.is_there(at):
        words = "This message was deleted."
        return {"type": "message", "subtype": "tombstone", "ts": ts, "user": "USLACKBOT", "text": words,
                "hidden": True, "thread_ts": ts}  # fmt: skip
    if one.event:
        return {"type": "message", "subtype": "channel_join", "ts": ts, "user": who,
                "text": f"<@{who}> has joined the channel"}  # fmt: skip
    found: dict[str, Any] = {"type": "message", "ts": ts, "user": who, "text": _escaped(one.wording(at).text)}
    if edited := edited_at(one, at):
        found["edited"] = {"user": who, "ts": f"{int(edited.timestamp())}.000000"}
    if thread or answers[one.id]:
        found["thread_ts"] = thread or ts
    if answers[one.id]:
        found["reply_count"] = answers[one.id]
    if one.media:
        found["files"] = [_file(each.name, each.alt) for each in one.media]
    return found


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _file(name: str, title: str) -> dict[str, str]:
    native_id = f"F0{name.partition('.')[0].rjust(9, '0')}"
    return {
        "id": native_id, "name": name, "title": title or name, "mimetype": "image/jpeg",
        "url_private": f"https://files.slack.example/{native_id}/{name}",
    }  # fmt: skip


FORMAT = Format("slack", write, show, ANY_KIND, declared=True)
LIVES = alone(live)


def _exported(day: str) -> Planned:
    shown = date.fromisoformat(day)
    name = f"Milbrook Works Slack export Sep 2 2024 - {MONTHS[shown.month - 1]} {shown.day} {shown.year}.zip"
    return Planned(name, NAME, FORMAT, days.local(f"{day} 22:00"), day)


PLANNED = tuple(_exported(day) for day in ("2026-03-01", "2026-04-01", "2026-05-01"))
