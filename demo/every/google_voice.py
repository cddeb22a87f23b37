"""A number of Google Voice in a Takeout: a page for each talk and each call.

A talk is deleted whole: it lies in the trash for thirty days, where its page says so, or is gone at once.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from zlib import crc32

from demo import days, pictures, zips
from demo.days import DAY
from demo.every import chatter, plans, takeouts
from demo.every.channels import item, written
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.lives import alone
from demo.people import Person
from demo.schedule import ANY_KIND, Format
from demo.shown import Item
from demo.world import Account, Channel, Entry

NAME = "voice-inspection"
KEPT = 30 * DAY
"""How long what is deleted lies in the trash."""
OWN = "+16085550119"
FOLDER = "Takeout/Voice/Calls"
CALLS = {"placed": "Placed", "received": "Received", "missed": "Missed"}


def live(seed: int, scale: float) -> Life:
    """Return the life of the building inspection's number."""
    account = Account(
        name=NAME, platform="google-voice", department="Building Inspection", title="Number of Building Inspection",
        handle=OWN,
    )  # fmt: skip
    lived = Life(account, plans.chance(seed, NAME), seed, scale)
    people = [one for one in plans.citizens(lived, 14) if one.phone != OWN][:10]
    rooms = [Plan(channel=_channel(one), voice="citizen", talks=12) for one in people]
    habits = Habits(
        edited=0, deleted=0.16, trashed=0.7, back=0.4, whole=True, by_holder=True, calls=0.25, arrivals=False,
    )  # fmt: skip
    return chatter.fill(lived, rooms, habits, _named)


def _channel(one: Person) -> Channel:
    return Channel(id=one.phone.removeprefix("+1"), name=one.name, sort="direct", members=(one,))


def _named(channel: Channel, one: Entry, _: int) -> str:
    """The numbers of the others, the time in UTC, and who wrote or what sort of call it was."""
    who = one.event or (one.author.phone.removeprefix("+1") if one.author else "me")
    return f"{channel.id} {one.at.astimezone(UTC).isoformat()} {who}"


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """All texts and calls; those in the trash with the mark that the user has deleted them."""
    for _channel, one in _kept(account, at):
        yield item(one, at, changed_at=None, audience="removed" if one.absence(at) else "there", by="city")


def _kept(account: Account, at: datetime) -> Iterator[tuple[Channel, Entry]]:
    for channel, one in written(account, at):
        gone = one.absence(at)
        if gone is None or (gone.trashed and at - gone.since <= KEPT):
            yield channel, one


# -- the zip


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the number's part of a Takeout."""
    talks: dict[str, list[Entry]] = {}
    channels: dict[str, Channel] = {}
    for channel, one in _kept(account, at):
        talks.setdefault(one.thread or one.id, []).append(one)
        channels[one.thread or one.id] = channel
    with zipfile.ZipFile(path, "w") as archive:
        for key, lines in talks.items():
            who = channels[key].members[0]
            stem = f"{who.name} - {CALLS.get(lines[0].event, 'Text')} - {lines[0].at:%Y-%m-%dT%H_%M_%SZ}"
            page = _call(who, lines[0]) if lines[0].event else _talk(who, lines, stem)
            deleted = lines[0].absence(at) is not None
            zips.add(archive, f"{FOLDER}/{stem}.html", [_page(who, page, CALLS.get(lines[0].event, "Sms"), deleted)])
            for number, media in enumerate((media for one in lines for media in one.media), 1):
                zips.add(archive, f"{FOLDER}/{stem}-{number}-1.jpg", [pictures.of(media)])


def _page(who: Person, body: str, label: str, is_deleted: bool) -> bytes:
    tag = f'<a rel="tag" href="http://www.google.com/voice#{label.lower()}">{label}</a>'
    return (
        f'<?xml version="1.0" ?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f'<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />\n<title>{escape(who.name)}</title>'
        f'</head><body>{body}<div class="tags">Labels: {tag}</div>\n'
        f'<div class="deletedStatusContainer">User Deleted: {is_deleted}</div></body></html>'
    ).encode()


def _talk(who: Person, lines: list[Entry], stem: str) -> str:
    pieces, number = [], 0
    for one in lines:
        shown = ""
        for _media in one.media:
            number += 1
            shown += f'<div><img src="{escape(stem)}-{number}-1" alt="Image MMS Attachment" /></div>'
        sender = _vcard(one.author, "cite", "sender") if one.author else _ME
        text = escape(one.wordings[0].text, quote=False)
        pieces.append(f'<div class="message">{_dated("dt", one.at)}:\n{sender}:\n<q>{text}</q>{shown}</div> ')
    return f'<div class="hChatLog hfeed">{"".join(pieces)}</div>'


def _call(who: Person, one: Entry) -> str:
    length = 0 if one.event == "missed" else crc32(one.id.encode()) % 500 + 5
    lasted = f'<abbr class="duration" title="PT{length // 60}M{length % 60}S">(00:{length // 60:02}:{length % 60:02})'
    spoken = f"{lasted}</abbr>" if length else ""
    head = f'<span class="album">Call Log for {OWN}</span><span class="fn">{CALLS[one.event]} call</span>'
    return f'<div class="haudio">{head}{_vcard(who, "div", "contributor")}{_dated("published", one.at)}{spoken}</div>'


_ME = f'<cite class="sender vcard"><a class="tel" href="tel:{OWN}"><abbr class="fn" title="">Me</abbr></a></cite>'


def _vcard(who: Person, tag: str, role: str) -> str:
    name = f'<span class="fn">{escape(who.name)}</span>'
    return f'<{tag} class="{role} vcard"><a class="tel" href="tel:{who.phone}">{name}</a></{tag}>'


def _dated(role: str, at: datetime) -> str:
    local = at.astimezone(days.ZONE)
    shown = f"{local:%b} {local.day}, {local.year}, {local.hour % 12 or 12}:{local:%M:%S %p} Central Time"
    return f'<abbr class="{role}" title="{local.isoformat(timespec="milliseconds")}">{shown}</abbr>'


FORMAT = Format("google-voice", write, show, ANY_KIND, declared=True, dated=False)
LIVES = alone(live)
PLANNED = tuple(
    takeouts.planned(NAME, FORMAT, one) for one in ("2026-02-20 09:00", "2026-03-21 09:00", "2026-04-20 09:00")
)
