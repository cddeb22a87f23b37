"""Why a record expires on its day: the reasoning as a value, and in sentences that can be read aloud in court.

It is derived from the record and the adopted schedules at the moment of asking, by the same steps as the
table ``expiry``, and not read from that table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from archive.archive import Archive
from archive.followers import Finder
from archive.reading import no_record
from archive.stops import Stopper, all_stops
from archive.terminal import safe
from retention_schedules import adoption, overrides, threads
from retention_schedules.assignment import Assignment, Outcome
from retention_schedules.basis import basis
from retention_schedules.calendar import LATEST
from retention_schedules.columns import MOMENT, SEPARATOR, VAGUE, odd, traits
from retention_schedules.overrides import Override
from retention_schedules.reasoning import counted, matched, other
from retention_schedules.rules import Traits
from retention_schedules.stopping import stopped_by

_RECORD = f"""
SELECT {traits()}, {MOMENT}, {odd()}, r.created_at IS NOT NULL FROM record r {VAGUE} WHERE r.id = :record
"""

_BASIS = {
    "captured": "Its date of creation is not known; the day it was taken in, {day}, counts instead.",
    "day": "It was created on {day} at the latest; its source gives the day only.",
    "month": "It was created on {day} at the latest; its source gives the month only.",
    "zone": "It was created on {day} at the latest; its source names no time zone that is known.",
    "exact": "It was created on {day}.",
}
"""What the day rests on, as :attr:`Explanation.basis` names it."""


class Order(Struct, frozen=True):
    """An override that holds for a record, with the reason that its actor gave."""

    override: Override
    reason: str

    def __str__(self) -> str:
        one = self.override
        what = f"into the series “{one.series}”" if one.series else "to be kept"
        long = " for ever" if one.forever else f" until {one.keep_until}" if one.keep_until else ""
        because = f": “{safe(self.reason)}”" if self.reason else ""
        of = "It was" if one.subject.startswith("record:") else "All records of its account were"
        return f"{of} ordered {what}{long} by {safe(one.actor)} (ledger row {one.seq}){because}."


class Thread(Struct, frozen=True):
    """The conversation that a rule keeps together: how many records, and until when (None: without an end).

    ``is_kept`` says that something keeps one of them although its date comes.
    """

    records: int
    until: str | None
    is_kept: bool


class Explanation(Struct, frozen=True):
    """What the schedules say of one record. ``outcomes`` are those of every rule that holds, the first counts.

    ``basis`` is what ``created_on`` rests on: exact, day, month or zone (what the source left open), or
    captured. ``expires_on`` is the date in the end, None if there is none; ``thread`` is there if the record's
    conversation moved it. ``stopped_by`` says what keeps the record although its date comes, as things stand now.
    """

    record: int
    traits: Traits
    created_on: date
    basis: str
    outcomes: tuple[Outcome, ...]
    stopped_by: tuple[str, ...]
    expires_on: date | None = None
    orders: tuple[Order, ...] = ()
    thread: Thread | None = None

    def lines(self) -> list[str]:
        """Return the reasoning in plain words, a thought to a line."""
        department = safe(self.traits.department) or "no department named"
        lines = [
            f"Record {self.record} is a {self.traits.kind} of account {self.traits.account} ({department}).",
            _BASIS[self.basis].format(day=self.created_on),
            *map(str, self.orders),
        ]
        if not self.outcomes:
            said = [f"Its series is in no adopted schedule any more. {_KEPT}"] if self.orders else [_UNCOVERED]
            return [*lines, *said, *self._kept()]
        first, *others = self.outcomes
        lines += matched(first.match, self.traits)
        lines += map(other, others)
        return [*lines, *counted(first), *self._in_thread(), *self._kept()]

    def _in_thread(self) -> list[str]:
        if self.thread is None:
            return []
        together = f"Its conversation of {self.thread.records} records is kept together"
        if self.thread.until is None:
            return [f"{together}, and one of them does not expire: so this one does not either."]
        also = ", and something keeps that one or another although its date comes" if self.thread.is_kept else ""
        return [f"{together}, as long as its longest-kept record: until {self.thread.until}{also}."]

    def _kept(self) -> list[str]:
        if not self.stopped_by:
            return []
        approved = "Nothing is disposed of before two people have approved it."
        return [f"It is kept all the same: {'; '.join(self.stopped_by)}.", approved]


_KEPT = "It is unscheduled and kept."
_UNCOVERED = f"No adopted schedule has a rule for it. {_KEPT}"


def why(
    archive: Archive, record: int, finder: Finder | None = None, stoppers: Iterable[Stopper] = ()
) -> list[str]:  # fmt: skip
    """Return the reasoning, a sentence or two a line; raises UnknownRecord, RecordDisposed."""
    return explain(archive, record, finder, stoppers).lines()


def explain(
    archive: Archive, record: int, finder: Finder | None = None, stoppers: Iterable[Stopper] = ()
) -> Explanation:  # fmt: skip
    """Return why a record expires when it does; raises UnknownRecord, RecordDisposed."""
    assignment = Assignment(archive, basis(archive), finder)
    key, moment, odd, is_creation = _row(archive, record)
    traits, days = assignment.traits(key, record), assignment.days(moment, odd)
    orders = assignment.basis.overrides.of(traits.account, record)
    outcomes = tuple(assignment.decided(assignment.matches(traits), days, traits.account, orders))
    thread = _thread(archive, assignment, record, outcomes)
    ends = outcomes[0].expires_on if outcomes else None
    if thread is not None:
        ends = date.fromisoformat(thread.until) if thread.until else None
    return Explanation(
        record, traits, days.created_on, _basis(odd) if is_creation else "captured", outcomes,
        tuple(_stops(archive, record, outcomes, ends, stoppers)), ends,
        tuple(Order(one, overrides.reason(archive, one)) for one in orders), thread,
    )  # fmt: skip


_Row = tuple[str, str, str | None, int]
"""Traits, moment, what is odd about it, and whether the moment is that of creation."""


def _row(archive: Archive, record: int) -> _Row:
    row: _Row | None = archive.connection.execute(_RECORD, {"record": record}).fetchone()
    if row is None:
        raise no_record(archive.connection, record)
    return row


def _thread(archive: Archive, assignment: Assignment, record: int, outcomes: tuple[Outcome, ...]) -> Thread | None:
    """Return the conversation if a rule keeps it together and that changes what this record's own rules say."""
    tying = {(one.schedule.name, one.rule.number) for one in assignment.basis.whole_threads}
    if not tying:
        return None
    members = threads.members(archive.connection, record)
    dated = [_flat(archive, assignment, one) for one in members]
    if not any((one[0], one[2]) in tying for one in dated):
        return None
    ends = {one[5] for one in dated}
    until = None if None in ends else max(str(one) for one in ends)
    is_kept = any(one[6] for one in dated)
    own = outcomes[0].expires_on.isoformat() if outcomes and outcomes[0].expires_on else None
    moves = until != own or (is_kept and bool(outcomes) and not outcomes[0].blocked)
    return Thread(len(members), until, is_kept) if moves else None


def _flat(archive: Archive, assignment: Assignment, record: int) -> tuple[str | int | None, ...]:
    key, moment, odd, _ = _row(archive, record)
    traits = assignment.traits(key, record)
    return assignment.of(assignment.matches(traits), traits.account, record, assignment.days(moment, odd))


def _basis(odd: str | None) -> str:
    precision, zone, _ = odd.split(SEPARATOR) if odd else ("", "", "")
    return precision if precision in ("day", "month") else "zone" if zone == "unknown" else "exact"


def _stops(
    archive: Archive, record: int, outcomes: tuple[Outcome, ...], ends: date | None, stoppers: Iterable[Stopper]
) -> list[str]:
    """Return what keeps a record on the day it expires, or today if that has passed; holds whenever they are."""
    today = archive.now_local().date()
    held = [stop.reason for stop in all_stops(stoppers, today) if stop.keeps(record)]
    if ends is None or ends == LATEST:
        return held
    match = outcomes[0].match
    of = next(one for one in adoption.adoptions(archive) if one.schedule.name == match.schedule.name)
    return [*held, *stopped_by(of, match.series, max(today, ends))]
