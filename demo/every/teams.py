"""Teams, as Microsoft Graph answers: two chats and a channel of the police, page by page.

A deleted message is shown without its words, with the time, for about three weeks; it can be taken back until then.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from demo import zips
from demo.days import DAY
from demo.every import chatter, plans
from demo.every.channels import as_json, edited_at, iso, item, milliseconds, written
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.lives import alone
from demo.people import Person
from demo.schedule import ANY_KIND, Format, evenings
from demo.shown import Item
from demo.world import Account, Channel, Entry

NAME = "teams-police"
KEPT = 21 * DAY
"""How long Graph shows that a message was deleted."""
PAGE = 50
GRAPH = "https://graph.microsoft.com/v1.0"
TENANT = "0c17e0f1-2f6b-4c0e-9a55-000000000155"


def live(seed: int, scale: float) -> Life:
    """Return the life of the police department's Teams."""
    account = Account(
        name=NAME, platform="teams", department="Police", title="Teams of the Police Department",
        handle="police.milbrook.example",
    )  # fmt: skip
    crew = plans.staff(seed, NAME, 6)
    two = f"19:{_id(crew[0])}_{_id(crew[1])}@unq.gbl.spaces"
    rooms = [
        _plan(Channel(id="19:milbrookpatrol@thread.v2", name="Patrol", sort="group", members=crew), 34),
        _plan(Channel(id=two, name="", sort="direct", members=crew[:2]), 16),
        _plan(Channel(id="19:milbrookdesk@thread.tacv2", name="Front desk", sort="open", members=crew[1:]), 20),
    ]
    return chatter.inhabit(account, seed, scale, rooms, Habits(deleted=0.14, trashed=1, back=0.3), _named)


def _plan(channel: Channel, talks: float) -> Plan:
    return Plan(channel=channel, voice="crew", talks=talks, with_account=False)


def _named(channel: Channel, one: Entry, _: int) -> str:
    return f"{channel.id} {milliseconds(one.at)}"


# -- what the answers show


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's messages with the time of the last edit; deleted ones with theirs, for three weeks."""
    for _channel, one in _answered(account, at):
        gone = one.absence(at)
        if gone is None:
            yield item(one, at)
        else:
            yield item(one, at, audience="removed", removed_at=gone.since, by="unknown")


def _answered(account: Account, at: datetime) -> Iterator[tuple[Channel, Entry]]:
    for channel, one in written(account, at):
        gone = one.absence(at)
        if gone is None or at - gone.since <= KEPT:
            yield channel, one


# -- the answers


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the answers of Graph as they are at a moment."""
    with zipfile.ZipFile(path, "w") as archive:
        chats = [one for one in account.channels if one.sort != "open"]
        channels = [one for one in account.channels if one.sort == "open"]
        zips.add(archive, "chats.json", _answer("chats", [_chat(one) for one in chats]))
        zips.add(archive, "channels.json", _answer("teams('police')/channels", [_channel(one) for one in channels]))
        for stem, some in (("chats_police", chats), ("team", channels)):
            names = {one.id for one in some}
            found = [_message(channel, one, at) for channel, one in _answered(account, at) if channel.id in names]
            for start in range(0, len(found), PAGE):
                page = found[start : start + PAGE]
                following = f"{GRAPH}/{stem}?$skiptoken={start + PAGE}" if start + PAGE < len(found) else ""
                name = f"{stem}_{start // PAGE + 1:04}.json"
                zips.add(archive, name, _answer("Collection(chatMessage)", page, following))


def _answer(context: str, value: list[dict[str, Any]], following: str = "") -> list[bytes]:
    found: dict[str, Any] = {"@odata.context": f"{GRAPH}/$metadata#{context}", "@odata.count": len(value)}
    if following:
        found["@odata.nextLink"] = following
    return as_json(found | {"value": value})


def _id(one: Person) -> str:
    return f"00000000-0000-4000-8000-{one.x_id}"


def _chat(one: Channel) -> dict[str, Any]:
    people = [{"userId": _id(who), "displayName": who.name, "email": who.address} for who in one.members]
    sort = "group" if one.sort == "group" else "oneOnOne"
    return {"id": one.id, "topic": one.name or None, "chatType": sort, "members": people}


def _channel(one: Channel) -> dict[str, Any]:
    return {"id": one.id, "displayName": one.name, "membershipType": "standard"}


def _user(one: Person | None) -> dict[str, Any] | None:
    if one is None:
        return None
    who = {"id": _id(one), "displayName": one.name, "userIdentityType": "aadUser", "tenantId": TENANT}
    return {"application": None, "device": None, "user": who}


def _message(channel: Channel, one: Entry, at: datetime) -> dict[str, Any]:
    gone, native_id = one.absence(at), one.id.rpartition(" ")[2]
    edited = edited_at(one, at)
    is_open = channel.sort == "open"
    return {
        "id": native_id, "etag": native_id, "messageType": "systemEventMessage" if one.event else "message",
        "replyToId": (one.parent.rpartition(" ")[2] or None) if is_open else None,
        "createdDateTime": iso(one.at), "lastModifiedDateTime": iso(gone.since if gone else edited or one.at),
        "lastEditedDateTime": iso(edited), "deletedDateTime": iso(gone.since) if gone else None,
        "subject": None, "summary": None, "chatId": None if is_open else channel.id, "importance": "normal",
        "locale": "en-us", "webUrl": None, "policyViolation": None,
        "channelIdentity": {"teamId": TENANT, "channelId": channel.id} if is_open else None,
        "eventDetail": _joined(one.author) if one.event and one.author else None,
        "from": None if one.event else _user(one.author), **_said(channel, one, at), "mentions": [], "reactions": [],
    }  # fmt: skip


def _joined(who: Person) -> dict[str, Any]:
    kind = "#microsoft.graph.membersAddedEventMessageDetail"
    one = {"id": _id(who), "displayName": who.name, "userIdentityType": "aadUser"}
    return {"@odata.type": kind, "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z", "members": [one],
            "initiator": _user(who)}  # fmt: skip


def _said(channel: Channel, one: Entry, at: datetime) -> dict[str, Any]:
    """Return body and attachments: an answer in a chat quotes what it answers, a photograph is a link."""
    if one.event:
        return {"body": {"contentType": "html", "content": "<systemEventMessage/>"}, "attachments": []}
    if one.absence(at):
        return {"body": {"contentType": "html", "content": ""}, "attachments": []}
    attached = []
    quoted = one.parent.rpartition(" ")[2] if channel.sort != "open" else ""
    if quoted:
        attached.append({"id": quoted, "contentType": "messageReference", "contentUrl": None, "name": None})
    for each in one.media:
        address = f"https://milbrook-my.sharepoint.example/police/{each.name}"
        attached.append({"id": each.name, "contentType": "reference", "contentUrl": address, "name": each.name})
    placed = "".join(f'<attachment id="{each["id"]}"></attachment>' for each in attached)
    html = f"{placed}<p>{escape(one.wording(at).text, quote=False)}</p>"
    return {"body": {"contentType": "html", "content": html}, "attachments": attached}


FORMAT = Format("teams", write, show, ANY_KIND, declared=True)
LIVES = alone(live)
PLANNED = tuple(evenings(NAME, FORMAT, "teams-police", "zip", "2026-02-20", "2026-03-20", "2026-04-24"))
