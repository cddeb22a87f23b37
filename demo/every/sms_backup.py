"""A telephone's text messages, picture messages and calls, as SMS Backup & Restore writes them: XML without ids.

What somebody deletes on the telephone is in no later backup.
"""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zlib import crc32

from demo import days, pictures, zips
from demo.every import chatter, plans
from demo.every.channels import item, milliseconds, standing
from demo.every.plans import Habits, Plan
from demo.life import Life
from demo.people import Person
from demo.schedule import ANY_KIND, Format, Planned
from demo.shown import Item
from demo.world import Account, Channel, Entry, Media

NAME = "phone-clerk"
CALLS = {"received": 1, "placed": 2, "missed": 3}
SAVED = days.local("2026-03-10 09:00")
"""From then on the telephone knows every number by its name, before only the staff's."""


def live(seed: int, scale: float) -> list[Life]:
    """Return the life of the deputy clerk's telephone: the crew in a group, residents one by one."""
    account = Account(
        name=NAME, platform="sms", department="Clerk-Treasurer", title="Telephone of the Deputy Clerk",
        handle="+16085550101",
    )  # fmt: skip
    lived = Life(account, plans.chance(seed, NAME), seed, scale)
    crew = plans.staff(seed, NAME, 3)
    taken = {one.phone for one in crew} | {account.handle}
    citizens = [one for one in plans.citizens(lived, 16) if one.phone not in taken][:9]
    rooms = [Plan(channel=_channel(crew), voice="crew", talks=18)]
    rooms += [Plan(channel=_channel((one,)), voice="citizen", talks=9) for one in citizens]
    habits = Habits(edited=0, deleted=0.1, by_holder=True, calls=0.2, pictures=0.1, arrivals=False)
    return [chatter.fill(lived, rooms, habits, lambda channel, one, _: f"{channel.id} {milliseconds(one.at)}")]


def _channel(people: tuple[Person, ...]) -> Channel:
    sort = "group" if len(people) > 1 else "direct"
    return Channel(id="~".join(one.phone for one in people), name="", sort=sort, members=people)  # type: ignore[arg-type]


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """All texts and calls that are still on the telephone, whole or not at all."""
    return (item(one, at, changed_at=None) for _channel, one in standing(account, at))


# -- the files


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the backup of a moment: a file of messages and one of calls."""
    messages = [_message(channel, one, at) for channel, one in standing(account, at) if not one.event]
    calls = [_call(one, at, channel) for channel, one in standing(account, at) if one.event]
    stamp = at.astimezone(days.ZONE).strftime("%Y%m%d%H%M%S")
    with zipfile.ZipFile(path, "w") as archive:
        zips.add(archive, f"sms-{stamp}.xml", [_file("smses", messages, at)])
        zips.add(archive, f"calls-{stamp}.xml", [_file("calls", calls, at)])


def _file(root: str, elements: list[str], at: datetime) -> bytes:
    head = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n"
    made = f'backup_set="milbrook" backup_date="{milliseconds(at)}" type="full"'
    lines = "\n".join(f"  {one}" for one in elements)
    return f'{head}<{root} count="{len(elements)}" {made}>\n{lines}\n</{root}>\n'.encode()


def _message(channel: Channel, one: Entry, at: datetime) -> str:
    if len(channel.members) > 1 or one.media:
        return _picture_message(channel, one, at)
    values = {
        "protocol": "0", "address": channel.id, "date": str(milliseconds(one.at)), "type": "1" if one.author else "2",
        "subject": "null", "body": one.wordings[0].text, "toa": "null", "sc_toa": "null", "service_center": "null",
        "read": "1", "status": "-1", "locked": "0", "date_sent": "0", "readable_date": _readable(one.at),
        "contact_name": _names(channel, at),
    }  # fmt: skip
    return f"<sms {_attributes(values)} />"


def _picture_message(channel: Channel, one: Entry, at: datetime) -> str:
    """A message to or from several, or with a photograph, is an MMS with parts and addresses."""
    sender = one.author.phone if one.author else "insert-address-token"
    others = [each.phone for each in channel.members if each != one.author]
    addresses = [
        (sender, "137"),
        *((each, "151") for each in (*others, *(["insert-address-token"] * bool(one.author)))),
    ]
    parts = [_part(each) for each in one.media]
    parts += [f'<part seq="0" ct="text/plain" name="null" cl="text.txt" text="{_escaped(one.wordings[0].text)}" />']
    values = {
        "date": str(milliseconds(one.at)), "msg_box": "1" if one.author else "2", "address": channel.id, "sub": "null",
        "m_id": f"{crc32(one.id.encode()):08x}", "date_sent": "0", "read": "1", "readable_date": _readable(one.at),
        "contact_name": _names(channel, at),
    }  # fmt: skip
    listed = "".join(f'<addr address="{who}" type="{role}" charset="106" />' for who, role in addresses)
    return f"<mms {_attributes(values)}><parts>{''.join(parts)}</parts><addrs>{listed}</addrs></mms>"


def _part(one: Media) -> str:
    data = base64.b64encode(pictures.of(one)).decode()
    return f'<part seq="0" ct="image/jpeg" name="{one.name}" cl="{one.name}" text="null" data="{data}" />'


def _call(one: Entry, at: datetime, channel: Channel) -> str:
    length = 0 if one.event == "missed" else crc32(one.id.encode()) % 600 + 5
    values = {
        "number": channel.members[0].phone, "duration": str(length), "date": str(milliseconds(one.at)),
        "type": str(CALLS[one.event]), "presentation": "1", "readable_date": _readable(one.at),
        "contact_name": _name(channel.members[0], at),
    }  # fmt: skip
    return f"<call {_attributes(values)} />"


def _names(channel: Channel, at: datetime) -> str:
    return ", ".join(_name(one, at) for one in channel.members)


def _name(one: Person, at: datetime) -> str:
    known = one.address.endswith("@milbrook.example") or at >= SAVED
    return one.name if known else "(Unknown)"


def _readable(at: datetime) -> str:
    return at.astimezone(days.ZONE).strftime("%b %d, %Y %H:%M:%S")


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f'{name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(text: str) -> str:
    """Return a text as the app writes it: characters beyond the first 65,536 as two numbers of halves."""
    signs = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;"}
    return "".join(signs.get(one) or (one if ord(one) < 0x10000 else _halves(ord(one) - 0x10000)) for one in text)


def _halves(code: int) -> str:
    return f"&#{0xD800 + (code >> 10)};&#{0xDC00 + (code & 0x3FF)};"


FORMAT = Format("sms-backup", write, show, ANY_KIND, declared=True, dated=False)
LIVES = live


def _made(day: str) -> Planned:
    return Planned(f"{NAME}-{day}.zip", NAME, FORMAT, days.local(f"{day} 22:00"), day)


PLANNED = tuple(_made(day) for day in ("2026-02-27", "2026-03-27", "2026-04-30"))
