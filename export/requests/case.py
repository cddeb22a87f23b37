"""A case: everything known about one request at one moment, for pages, tables and scripts."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from archive.archive import Archive
from export.requests import preservation, register
from export.requests.correspondence.notes import Note, notes
from export.requests.fees.sheet import Sheet, sheet
from export.requests.history import Acts, acts, all_acts, today
from export.requests.progress.clock import Clock, clock
from export.requests.progress.routing import routed_to
from export.requests.progress.status import Status, Step, steps
from export.requests.progress.tasks import Task, tasks


class Case(Struct, frozen=True):
    """One request with all that was done about it, as of a day."""

    request: register.Request
    on: date
    status: Status
    steps: tuple[Step, ...]
    clock: Clock
    routed_to: tuple[str, ...]
    tasks: tuple[Task, ...]
    notes: tuple[Note, ...]
    fees: Sheet
    preserved: preservation.Preserved
    mandamus: bool
    searched: bool

    @property
    def next_due(self) -> tuple[date, str] | None:
        """What is due next, and when; None when the request is answered."""
        if self.clock.answered_on is not None:
            return None
        waiting = [(one.due_on, f"task {one.number}, {one.department}") for one in self.tasks if not one.done]
        return min([(self.clock.due_on, "answer to the requester"), *waiting])

    @property
    def late(self) -> bool:
        """Whether something of it should have been done before today."""
        due = self.next_due
        return due is not None and due[0] < self.on

    def row(self) -> dict[str, Any]:
        """Return the register's part with where it stands, for scripts."""
        due = self.next_due
        return {
            "request": self.request.id,
            "shown": self.request.shown,
            **msgspec.structs.asdict(self.request),
            "status": self.status,
            "marker_on": self.clock.marker_on.isoformat(),
            "due_on": due[0].isoformat() if due else None,
            "due": due[1] if due else None,
            "late": self.late,
            "days_taken": self.clock.days_taken,
            "answered_on": self.clock.answered_on.isoformat() if self.clock.answered_on else None,
            "routed_to": list(self.routed_to),
        }


def case(archive: Archive, number: int, on: date | None = None) -> Case:
    """Return one request's case as of a day (None: today); raises :class:`register.UnknownRequest`."""
    request = register.get(archive, number)
    return _case(request, acts(archive, number), on or today(archive))


def cases(archive: Archive) -> list[Case]:
    """Return every request's case, in the order they were opened."""
    known, day = all_acts(archive), today(archive)
    return [_case(one, known[one.id], day) for one in register.listed(archive)]


def by_urgency(these: list[Case]) -> list[Case]:
    """Return cases with what is due next first, late ones before all; answered ones last, the latest first."""
    waiting = sorted(
        (one for one in these if one.next_due), key=lambda one: (one.next_due or (one.on, ""), one.request.id)
    )
    return waiting + [one for one in reversed(these) if not one.next_due]


def _case(request: register.Request, done: Acts, day: date) -> Case:
    come = tuple(steps(done))
    return Case(
        request=request,
        on=day,
        status=come[-1].status,
        steps=come,
        clock=clock(done, day),
        routed_to=routed_to(done),
        tasks=tuple(tasks(done)),
        notes=tuple(notes(done)),
        fees=sheet(done),
        preserved=preservation.preserved_by(done, day, incarcerated=request.incarcerated),
        mandamus=preservation.is_in_court(done),
        searched=any(one.event == "request.collected" for one in done),
    )
