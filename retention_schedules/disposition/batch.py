"""A batch: records of one series proposed for disposition together, read back from its acts on the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct

from archive import clock, ledger
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.ledger import LedgerRow
from retention_schedules.disposition.society.addressee import society

PROPOSED = "disposition.proposed"
NOTICE = "disposition.notice"
ANSWERED = "disposition.answered"
TRANSFERRED = "disposition.transferred"
RECEIVED = "disposition.received"
APPROVED = "disposition.approved"
EXECUTED = "disposition.executed"
FINISHED = "disposition.finished"
WITHDRAWN = "disposition.withdrawn"

Answer = Literal["declined", "accepted", "waived", "none"]
ANSWERS: tuple[Answer, ...] = ("declined", "accepted", "waived", "none")
Stage = Literal["proposed", "noticed", "approved", "executing", "executed", "finished", "withdrawn"]

CHANGES_WHAT_IS_APPROVED = (NOTICE, ANSWERED, TRANSFERRED, RECEIVED)
"""Acts after which approvals given before no longer count: they were of something else."""


class UnknownDisposition(MunimentError):
    """No disposition has this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no disposition {number}. `muniment disposition list` shows them.")


class NotNow(MunimentError):
    """A disposition is not at the step that is asked for."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, why: str, then: str) -> None:
        super().__init__(f"Disposition {number}: {why}. {then} Nothing was changed.")


class Approval(Struct, frozen=True):
    """One person's approval: name, role, when (stored UTC time), and by what way the person was identified."""

    name: str
    role: str
    at: str
    via: str
    seq: int


class Batch(Struct, frozen=True):
    """One disposition. ``facts`` are those of the proposal: schedule, series, authority, counts and position.

    ``rows`` are all its acts in order; ``done`` counts records that have gone, ``dropped`` those that fell out.
    """

    number: int
    facts: dict[str, Any]
    rows: tuple[LedgerRow, ...]
    proposed_on: date
    left: int
    done: int
    dropped: int

    @property
    def subject(self) -> str:
        """How the ledger names it."""
        return subject(self.number)

    @property
    def proposed(self) -> LedgerRow:
        """The act of proposing."""
        return self.rows[0]

    @property
    def kind(self) -> str:
        """What becomes of the records: destroy or transfer; the Society's acceptance makes it a transfer."""
        return "transfer" if self.answer == "accepted" else str(self.facts["kind"])

    @property
    def answer(self) -> str:
        """The Society's answer that was recorded last, empty if there is none."""
        answered = self.last(ANSWERED)
        return answered.facts["answer"] if answered else ""

    @property
    def needs_notice(self) -> bool:
        """Whether notice must be given: unless the Society has waived it for the series, in doubt yes."""
        return bool(self.facts["notice"] != "W")

    @property
    def free_on(self) -> date | None:
        """The first day on which the notice no longer stands in the way; None if it was not given yet."""
        noticed = self.last(NOTICE)
        if not self.needs_notice or self.answer == "waived":
            return self.proposed_on
        return date.fromisoformat(noticed.facts["on"]) + timedelta(days=society().days + 1) if noticed else None

    @property
    def stage(self) -> Stage:
        """How far it is."""
        if self.last(WITHDRAWN):
            return "withdrawn"
        if self.last(FINISHED):
            return "finished"
        if self.last(EXECUTED):
            return "executing" if self.left else "executed"
        if {"clerk", "attorney"} <= {one.role for one in self.approvals}:
            return "approved"
        return "noticed" if self.last(NOTICE) else "proposed"

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """The approvals of the batch as it stands: those after the last act that changed what is approved."""
        since = max((row.seq for row in self.rows if row.event in CHANGES_WHAT_IS_APPROVED), default=0)
        return tuple(
            Approval(row.actor, row.facts["role"], row.at, row.via, row.seq)
            for row in self.rows
            if row.event == APPROVED and row.seq > since
        )

    def last(self, event: str) -> LedgerRow | None:
        """Return the last act of one kind."""
        return next((row for row in reversed(self.rows) if row.event == event), None)


def subject(number: int) -> str:
    """Return how the ledger names a disposition."""
    return f"disposition:{number}"


def get(archive: Archive, number: int) -> Batch:
    """Return one batch; raises :class:`UnknownDisposition`."""
    rows = tuple(row for row in _rows(archive) if row.subject == subject(number))
    if not rows:
        raise UnknownDisposition(number)
    return _batch(archive, rows)


def listed(archive: Archive) -> list[Batch]:
    """Return all batches in the order they were proposed."""
    by_subject: dict[str, list[LedgerRow]] = {}
    for row in _rows(archive):
        by_subject.setdefault(row.subject, []).append(row)
    return [_batch(archive, tuple(rows)) for rows in by_subject.values()]


def require(archive: Archive, number: int, *stages: Stage, then: str) -> Batch:
    """Return a batch that is at one of these stages; raises :class:`NotNow`."""
    batch = get(archive, number)
    if batch.stage not in stages:
        raise NotNow(number, f"it is {batch.stage}", then)
    return batch


def _rows(archive: Archive) -> list[LedgerRow]:
    events = (PROPOSED, NOTICE, ANSWERED, TRANSFERRED, RECEIVED, APPROVED, EXECUTED, FINISHED, WITHDRAWN)
    found = [row for event in events for row in ledger.rows(archive.connection, event=event)]
    return sorted(found, key=lambda row: row.seq)


def _batch(archive: Archive, rows: Sequence[LedgerRow]) -> Batch:
    first = rows[0]
    executed = [row for row in rows if row.event == EXECUTED]
    done = sum(row.facts["disposed"] for row in executed)
    dropped = sum(sum(row.facts["dropped"].values()) for row in executed)
    return Batch(
        number=int(first.subject.partition(":")[2]),
        facts=first.facts,
        rows=tuple(rows),
        proposed_on=clock.local_date(clock.read_stored(first.at), archive.timezone),
        left=first.facts["records"] - done - dropped,
        done=done,
        dropped=dropped,
    )


def records(archive: Archive, batch: Batch) -> list[int]:
    """Return the records that were proposed and have neither gone nor dropped out.

    A batch's members are first versions: a record has the number of its first one.
    """
    rows = archive.connection.execute(
        "SELECT m.version FROM selection s JOIN member m ON m.selection = s.id"
        " WHERE s.subject = ?1 AND s.purpose = 'proposed'"
        " EXCEPT SELECT m.version FROM selection s JOIN member m ON m.selection = s.id"
        " WHERE s.subject = ?1 AND s.purpose <> 'proposed' ORDER BY 1",
        (batch.subject,),
    )
    return [row[0] for row in rows]


def dropped(archive: Archive, batch: Batch) -> dict[str, list[int]]:
    """Return the records that dropped out while it was executed, by reason."""
    rows = archive.connection.execute(
        "SELECT s.purpose, m.version FROM selection s JOIN member m ON m.selection = s.id"
        " WHERE s.subject = ? AND s.purpose LIKE 'dropped: %' ORDER BY s.purpose, m.version",
        (batch.subject,),
    )
    found: dict[str, list[int]] = {}
    for purpose, record in rows:
        found.setdefault(purpose.removeprefix("dropped: "), []).append(record)
    return found
