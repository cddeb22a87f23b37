"""Named events that periods wait for (trigger EVT): recorded with their day, withdrawn, or seen by the archive itself.

An event has the name that a series of an adopted schedule gives it, so the ledger may hold it. It holds for
one account or for all of them; for an account its own record of an event counts before the general one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from archive import accounts, clock, ledger
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from retention_schedules.schedule import Schedule

EVENT = "retention.event"

ACCOUNT_CLOSED = "Account closed"
"""The event that the archive sees by itself: ``muniment account close``."""

Events = dict[tuple[str, str], "Event"]
"""By folded name and account, "" for all accounts: the record of it that counts."""


class UnknownEvent(MunimentError):
    """No adopted schedule waits for this event."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, name: str, known: Sequence[str]) -> None:
        waited = "; ".join(f"“{one}”" for one in known) if known else "nothing"
        super().__init__(f"No adopted schedule waits for “{name}”. They wait for: {waited}.")


class EventToCome(MunimentError):
    """A day in the future was given for something that has happened."""

    def __init__(self, on: date) -> None:
        super().__init__(f"{on} is still to come. Record the event once it has happened; nothing was recorded.")


class Event(Struct, frozen=True):
    """Something that happened on a day, to one account or (``account`` empty) to all. ``seq`` is its ledger row."""

    name: str
    account: str
    on: date
    seq: int


def fold(name: str) -> str:
    """Return what two spellings of an event's name have in common."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def waited_for(schedules: Iterable[Schedule]) -> list[str]:
    """Return the names of the events that schedules wait for, as they write them."""
    names = {fold(series.event): series.event for one in schedules for series in one.series if series.event}
    return [names[key] for key in sorted(names)]


def known(archive: Archive, schedules: Iterable[Schedule]) -> Events:
    """Return the events that count, of those that these schedules wait for."""
    wanted = {fold(one) for one in waited_for(schedules)}
    found = _closed(archive) if fold(ACCOUNT_CLOSED) in wanted else {}
    for row in ledger.rows(archive.connection, event=EVENT):
        name, account = row.facts["name"], row.facts["account"]
        if row.facts["on"]:
            found[fold(name), account] = Event(name, account, date.fromisoformat(row.facts["on"]), row.seq)
        else:
            found.pop((fold(name), account), None)
    return {key: one for key, one in found.items() if key[0] in wanted}


def _closed(archive: Archive) -> Events:
    name = fold(ACCOUNT_CLOSED)
    return {
        (name, account): Event(ACCOUNT_CLOSED, account, day, seq) for account, day, seq in _closings(archive)
    }  # fmt: skip


def _closings(archive: Archive) -> Iterator[tuple[str, date, int]]:
    for row in ledger.rows(archive.connection, event="account.closed"):
        day = clock.local_date(clock.read_stored(row.at), archive.timezone)
        yield row.subject.removeprefix("account:"), day, row.seq


def when(events: Events, name: str, account: str) -> Event | None:
    """Return the record of an event that counts for an account's records."""
    key = fold(name)
    return events.get((key, account)) or events.get((key, ""))


def plus(events: Events, event: Event, withdraw: bool = False) -> Events:
    """Return events as they are once another one is recorded, or withdrawn."""
    key = (fold(event.name), event.account)
    others = {each: one for each, one in events.items() if each != key}
    return others if withdraw else {**others, key: event}


def record(archive: Archive, schedules: Iterable[Schedule], name: str, on: date | None, account: str = "") -> Event:
    """Put an event on the ledger; ``on`` None withdraws what was recorded by mistake.

    Raises :class:`UnknownEvent`, :class:`EventToCome`, ``accounts.UnknownAccount``.
    """
    event = checked(archive, schedules, name, on, account)
    facts = {"name": event.name, "account": account, "on": on.isoformat() if on else ""}
    with archive.act("retention.event", f"account:{account}" if account else "archive", facts):
        pass
    return event


def checked(archive: Archive, schedules: Iterable[Schedule], name: str, on: date | None, account: str) -> Event:
    """Return the event as it would be recorded, by the name that the schedules give it."""
    names = waited_for(schedules)
    written = next((one for one in names if fold(one) == fold(name)), None)
    if written is None:
        raise UnknownEvent(name, names)
    if account:
        accounts.get(archive, account)
    if on is not None and on > archive.now_local().date():
        raise EventToCome(on)
    return Event(written, account, on or date.min, archive.head() + 1)
