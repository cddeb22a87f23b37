"""What one rule, or one override, makes of one record: from which day its period counts, and when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from retention_schedules import events
from retention_schedules.calendar import LATEST, add, cutoff
from retention_schedules.events import Event, Events
from retention_schedules.overrides import Override
from retention_schedules.rules import Match

UNSCHEDULED = "unscheduled"
UNVERIFIED = "unverified"
PERMANENT = "permanent"
NOT_STARTED = "not started"
KEPT = "kept by order"
THREAD = "kept with its thread"


class Days(Struct, frozen=True):
    """The days in a record's life: created, and absent from a newer list or backup (None while it is there)."""

    created_on: date
    superseded_on: date | None = None


class Outcome(Struct, frozen=True):
    """What one rule makes of a record created on a day; ``by_floor`` if the floor lengthened its period.

    ``cutoff_on`` is the day from which the period counts, None before the event. ``blocked`` says why
    the record does not expire even on ``expires_on``; empty if nothing in the schedule prevents it.
    ``event`` is what the period counts from, ``order`` the override that moved the date.
    """

    match: Match
    cutoff_on: date | None
    expires_on: date | None
    blocked: str
    by_floor: bool = False
    event: Event | None = None
    order: Override | None = None


def outcome(match: Match, days: Days, account: str, known: Events, fiscal: tuple[int, int]) -> Outcome:
    """Apply one rule to one record.

    No period counts from a day before the record was created, whatever event is recorded: so the floor holds
    from its creation on.
    """
    series, floor = match.series, match.schedule.floor
    event = events.when(known, series.event, account) if series.trigger == "EVT" else None
    start = _start(match, days, event, fiscal)
    if start is None or series.period is None:
        return Outcome(match, None, None, PERMANENT if series.trigger == "PERM" else NOT_STARTED)
    ends = add(start, series.period)
    shortest = add(start, floor.period) if floor is not None and not series.code else ends
    return Outcome(
        match, start, max(ends, shortest), "" if series.verified else UNVERIFIED, shortest > ends, event
    )  # fmt: skip


def _start(match: Match, days: Days, event: Event | None, fiscal: tuple[int, int]) -> date | None:
    if match.series.trigger == "EVT":
        return max(event.on, days.created_on) if event is not None else None
    if match.series.trigger == "SUP":
        return max(days.superseded_on, days.created_on) if days.superseded_on is not None else None
    return cutoff(days.created_on, match.series.trigger, fiscal)


def ordered(one: Outcome, orders: Sequence[Override]) -> Outcome:
    """Return an outcome after what people ordered: never earlier than the rules say."""
    for order in orders:
        if order.forever and one.blocked != PERMANENT:
            return msgspec.structs.replace(one, expires_on=None, blocked=KEPT, order=order)
        if order.keep_until is not None and one.expires_on is not None and order.keep_until > one.expires_on:
            one = msgspec.structs.replace(one, expires_on=order.keep_until, order=order)
    return one


def rank(one: Outcome) -> tuple[bool, date, bool]:
    """Order outcomes by how long they keep the record; of equals the verified one is the greater."""
    return one.blocked == PERMANENT, one.expires_on or LATEST, one.match.series.verified
