"""What really happened on an account while its backups were made, and who was on which list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from demo import days
from demo.days import stored
from demo.truth import Happening, Membership, What
from demo.world import Account, Entry


def happenings(account: Account, until: datetime) -> list[Happening]:
    """Return all that became of anything up to a moment, by time."""
    found = [Happening(account.name, what, kind, native_id, stored(at), by)
             for what, kind, native_id, at, by in _all(account) if at <= until]  # fmt: skip
    return sorted(found, key=lambda one: (one.at, one.kind, one.id, one.what))


def _entries(account: Account) -> Iterator[Entry]:
    """Yield all that was written, each before what answers it."""
    yield from account.entries
    for channel in account.channels:
        yield from channel.entries


_Told = tuple[What, str, str, datetime, str]


def _all(account: Account) -> Iterator[_Told]:
    for one in _entries(account):
        yield from _of_entry(one)
    for letter in account.letters:
        if letter.deleted_at is not None:
            yield "removed", "email", letter.id, letter.deleted_at, "city"
    for wording in account.biography[1:]:
        yield "edited", "profile", account.native_id, wording.at, "city"
    for member in account.subscriptions:
        yield "joined", "subscriber", member.id, member.joined_at, "author"
        for at, _ in member.retagged:
            yield "edited", "subscriber", member.id, at, "city"
        if member.left_at is not None:
            yield "left", "subscriber", member.id, member.left_at, member.left_by or "city"


def _of_entry(one: Entry) -> Iterator[_Told]:
    who = "city" if one.author is None else "author"
    if one.event == "joined":
        yield "joined", one.kind, one.id, one.at, who
    for wording in one.wordings[1:]:
        yield "edited", one.kind, one.id, wording.at, who
    for gone in one.absences:
        deleted = gone.how == "deleted"
        yield "removed" if deleted else "hidden", one.kind, one.id, gone.since, gone.by
        if gone.until is not None:
            by = gone.by if one.kind == "message" else "city"
            yield "restored" if deleted else "shown", one.kind, one.id, gone.until, by


def memberships(account: Account) -> list[Membership]:
    """Return who was on which list from when to when."""
    return [
        Membership(
            account.name, one.list_name, one.id, one.person.name, one.person.address, stored(one.joined_at),
            stored(one.left_at) if one.left_at else None, one.left_by or ("city" if one.left_at else ""),
        )
        for one in account.subscriptions
    ]  # fmt: skip


def threads(account: Account) -> dict[str, list[str]]:
    """Return by the id of a first post or mail what answers it, by time."""
    tops: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for one in _entries(account):
        tops[one.id] = tops.get(one.parent, one.id) if one.parent else one.id
        if tops[one.id] != one.id:
            found.setdefault(tops[one.id], []).append(one.id)
    for letter in account.letters:
        if letter.thread != letter.id:
            found.setdefault(letter.thread, []).append(letter.id)
    return found


def moments(account: Account) -> dict[str, dict[str, str]]:
    """Return by kind and id when each post, comment and message was written, as the backups tell it.

    WhatsApp tells the hour on a telephone's clock and no zone: it stands as if it were UTC.
    """
    told = days.on_the_wall if account.platform == "whatsapp" else lambda at: at
    found: dict[str, dict[str, str]] = {"post": {}, "comment": {}, "message": {}}
    for one in account.entries:
        found[one.kind][one.id] = stored(one.at)
    for talk in account.conversations:
        found["message"] |= {line.id: stored(line.at) for line in talk.lines}
    for channel in account.channels:
        found["message"] |= {one.id: stored(told(one.at)) for one in channel.entries}
    return found
