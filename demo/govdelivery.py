"""GovDelivery's lists: all subscribers of the account, and those of one topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from demo import tables
from demo.lists import standing, status
from demo.world import Account, Subscription

COLUMNS = ("Contacts", "Subscriptions", "Origin", "Modified")
TOPIC_COLUMNS = ("Contacts", "Origin", "Location", "Location Type", "Subscription Created")
CHICAGO = ZoneInfo("America/Chicago")


def write(path: Path, account: Account, at: datetime) -> None:
    """Write the account's subscribers as of a moment: a line a contact, with the number of its topics."""
    by_contact: dict[str, list[Subscription]] = {}
    for one in standing(account, at):
        by_contact.setdefault(one.person.address, []).append(one)
    rows = (_contact(contact, held, at) for contact, held in sorted(by_contact.items()))
    _write(path, COLUMNS, rows)


def write_topic(path: Path, account: Account, topic: str, at: datetime) -> None:
    """Write the subscribers of one topic as of a moment; who has left is not in it."""
    here = [one for one in standing(account, at, topic) if status(one, at) == "subscribed"]
    rows = (
        (one.person.address, "Direct", "Milbrook, Wisconsin", "Zip code", us_time(one.joined_at))
        for one in sorted(here, key=lambda one: one.person.address)
    )
    _write(path, TOPIC_COLUMNS, rows)


def us_time(at: datetime) -> str:
    """Return a moment as GovDelivery writes it, to the minute."""
    return at.astimezone(CHICAGO).strftime("%m/%d/%Y %I:%M %p %Z")


def _contact(contact: str, held: Sequence[Subscription], at: datetime) -> Sequence[str]:
    topics = sum(status(one, at) == "subscribed" for one in held)
    moments = [one.joined_at for one in held] + [one.left_at for one in held if one.left_at and one.left_at <= at]
    return (contact, str(topics), "Direct", us_time(max(moments)))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("wb") as file:
        file.writelines(tables.lines(columns, rows, quote_all=True))
