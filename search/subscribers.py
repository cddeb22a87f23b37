"""Answers about subscriber lists, as rows with stable keys and sentences that say how it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from msgspec import Struct

from archive import clock
from archive.archive import Archive
from archive.membership import Change
from archive.subscribers import Member, backups, lists, members, persons
from archive.version_digest import stored_time

_ENDED_BY = {"author": "the person", "platform": "the platform", "city": "the city"}

NOW = "9"
"""Later than any stored time."""


class Answered(Struct, frozen=True):
    """Rows about people or lists, and sentences that say how many they are and how that is known."""

    rows: list[dict[str, Any]]
    sentences: list[str] = []


def on(archive: Archive, account: str, list_name: str | None, day: date | None) -> Answered:
    """Return the people who were, or possibly were, on an account's lists at the end of a local day (None: now)."""
    moment = NOW if day is None else stored_time(clock.end_of_day(day, archive.timezone))
    rows = as_of(archive, account, list_name, moment)
    shown = shown_in(archive, account, list_name)
    near = around(archive, shown, moment)
    known = [f"As follows from {' and '.join(near)}."] if near else []
    if len(near) == 1 and moment > min(found[-1] for found in shown):
        known.append("That is the latest backup of it: what has happened since is not known.")
    return Answered(rows, [*sums(rows), *known])


def between(archive: Archive, account: str, list_name: str | None, first: date | None, last: date | None) -> Answered:
    """Return joins and leaves that happened, or possibly did, from one local day to another, in order of time.

    Whoever is in the first backup of a list joined at an unknown time before it and is left out.
    """
    begin = stored_time(datetime.combine(first, time(), archive.timezone).astimezone(UTC)) if first else ""
    end = stored_time(clock.end_of_day(last, archive.timezone)) if last else NOW
    found = [
        (change.by, _row(one) | _changed(archive, change, begin, end))
        for one in members(archive, account, list_name)
        for change in one.changes
        if (change.told or change.after) and change.by >= begin and change.after <= end
    ]
    rows = [row for _, row in sorted(found, key=lambda pair: (pair[0], pair[1]["record"]))]
    return Answered(rows, [_joined_and_left(rows), *_unsure(rows)])


def of_person(archive: Archive, address: str) -> Answered:
    """Return every join and leave of one person on any list of any account, list by list."""
    found = persons(archive, address)
    rows = [_row(one) | _changed(archive, change, "", NOW) for one in found for change in one.changes]
    on_now = sum(one.on(NOW) == "yes" for one in found)
    return Answered(rows, [f"Known on {len(found):,} lists, on {on_now:,} of them by the latest backups."])


def of_account(archive: Archive, account: str) -> Answered:
    """Return an account's lists with their people and the days of their backups."""
    rows = [
        {
            "account": one.account,
            "list_name": one.list_name,
            "now": one.now,
            "ever": one.ever,
            "backups": [_day(archive, moment) for moment in one.backups],
        }
        for one in lists(archive, account)
    ]
    return Answered(rows)


def shown_in(archive: Archive, account: str, list_name: str | None) -> list[list[str]]:
    """Return, for each list asked, the moments of the backups that show it, in order."""
    return [found for (_, name), found in backups(archive, account).items() if list_name in (None, name)]


def around(archive: Archive, shown: Sequence[Sequence[str]], moment: str) -> list[str]:
    """Return, in words, the backups of the lists just before and just after a moment."""
    moments = sorted({one for found in shown for one in found})
    near = [one for one in moments if one <= moment][-1:] + [one for one in moments if one > moment][:1]
    return [f"the backup of {_day(archive, one)}" for one in near]


def as_of(archive: Archive, account: str, list_name: str | None, moment: str) -> list[dict[str, Any]]:
    """Return the people who were, or possibly were, on an account's lists at a moment (stored UTC time)."""
    answers = ((one, one.on(moment)) for one in members(archive, account, list_name))
    return [
        _row(one) | {"on": answer} | _since(archive, one.standing(moment)) for one, answer in answers if answer != "no"
    ]


# -- sentences


def sums(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield how many are sure, how many possible, and of how many the list itself tells the moment."""
    possible = sum(row["on"] == "possibly" for row in rows)
    sure = len(rows) - possible
    yield f"{sure:,} people." if not possible else f"{sure:,} people for sure, and possibly {possible:,} more."
    if possible:
        yield "Possibly: they joined or left between two backups, and the list does not tell when."
    told = sum(row["told"] for row in rows)
    if told:
        yield f"The list itself tells when {told:,} of them joined."


def _joined_and_left(rows: Sequence[dict[str, Any]]) -> str:
    joined = sum(row["what"] == "joined" for row in rows)
    return f"{joined:,} joined, {len(rows) - joined:,} left."


def _unsure(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    unsure = sum(not row["sure"] for row in rows)
    if unsure:
        yield f"{unsure:,} of these lie between two backups of which one is outside the days asked: possible, not sure."


# -- rows


def _row(one: Member) -> dict[str, Any]:
    return {
        "record": one.record,
        "version": one.version,
        "account": one.account,
        "list_name": one.list_name,
        "name": one.name,
        "address": one.address,
        "id": one.native_id,
    }


def _since(archive: Archive, change: Change | None) -> dict[str, Any]:
    if change is None:
        return {"since": "", "after_at": None, "by_at": None, "told": False}
    words = when(archive, change)
    return {
        "since": words if change.on else f"left {words}",
        "after_at": change.after or None,
        "by_at": change.by,
        "told": change.told,
    }


def _changed(archive: Archive, change: Change, begin: str, end: str) -> dict[str, Any]:
    sure = change.told or (begin <= change.after and change.by <= end)
    return {
        "what": "joined" if change.on else "left",
        "when": when(archive, change),
        "sure": sure,
        "ended_by": _ENDED_BY.get(change.ended_by, ""),
        "after_at": change.after or None,
        "by_at": change.by,
        "told": change.told,
    }


def when(archive: Archive, change: Change) -> str:
    """Return when a change happened, as exactly as it is known."""
    if change.told:
        return clock.in_words(clock.read_stored(change.by), archive.timezone)
    if not change.after:
        return f"before {_day(archive, change.by)}"
    return f"{_day(archive, change.after)} to {_day(archive, change.by)}"


def _day(archive: Archive, moment: str) -> str:
    return clock.local_date(clock.read_stored(moment), archive.timezone).isoformat()
