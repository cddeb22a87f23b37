"""Mailboxes of four more offices, each kept as another mail program keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from random import Random

from demo import mail_life, people, shown
from demo.every import letters
from demo.life import Life
from demo.lives import Lives
from demo.offices import Office, Offices
from demo.schedule import ANY_KIND, Format, Planned, evenings
from demo.shown import Item, Show
from demo.world import Account

HANDOVER = "Good morning,\n\nthis is for your office, I believe. Please see below and answer by {day}.\n\n"
COUNT = 30
"""Conversations of two offices in a city of the usual size."""


def _office(account: str, department: str, name: str, address: str, voice: str) -> Office:
    person = people.named(Random(account), name, address)
    return Office(account, department, f"Mailbox of {department}", person, voice, HANDOVER + name)


WORKS = Offices(
    "mail-works",
    _office("mail-works", "Public Works", "Milbrook Public Works", "works@milbrook.example", "city"),
    _office("mail-library", "Library", "Milbrook Public Library", "library@milbrook.example", "parks"),
    COUNT,
)
POLICE = Offices(
    "mail-police",
    _office("mail-police", "Police", "Milbrook Police", "police@milbrook.example", "police"),
    _office("mail-assessor", "Assessor", "Milbrook City Assessor", "assessor@milbrook.example", "city"),
    COUNT,
)


def _lives(offices: Offices) -> Lives:
    def live(seed: int, scale: float) -> list[Life]:
        return mail_life.living(offices, seed, scale)

    return live


HOUSEHOLDS: dict[str, Lives] = {f"{one.first.account} {one.second.account}": _lives(one) for one in (WORKS, POLICE)}


def by_pst(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Every letter that is in the store, and what is in its calendar; contacts are passed over."""
    yield from shown.by_mbox(account, at, _)
    yield from (Item(kind="event", id=letters.meeting(one), says=letters.meeting(one)) for one in letters.MEETINGS)


def _format(name: str, write: Callable[[Path, Account, datetime], None], show: Show) -> Format:
    return Format(name, lambda path, account, at, _: write(path, account, at), show, ANY_KIND, declared=True)


PST = _format("pst", letters.write_pst, by_pst)
EML = _format("eml", letters.write_eml, shown.by_mbox)
EMLX = _format("emlx", letters.write_emlx, shown.by_mbox)
MSG = _format("msg", letters.write_msg, shown.by_mbox)

PLANNED: tuple[Planned, ...] = (
    *evenings("mail-works", PST, "works", "pst", "2026-03-01", "2026-04-01", "2026-05-01"),
    *evenings("mail-library", EML, "library-mail", "zip", "2026-03-01", "2026-04-01"),
    *evenings("mail-police", EMLX, "police-mail", "zip", "2026-03-01", "2026-04-01"),
    *evenings("mail-assessor", MSG, "assessor-mail", "zip", "2026-03-01", "2026-04-01"),
)
