"""A request's clock: the marker, extensions, what is due and what is late.

The marker is the Department of Justice's rule of thumb and no deadline: the law says "as soon as practicable
and without delay" (Wis. Stat. § 19.35(4)(a)).
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from archive.archive import Archive
from archive.counting import counted
from archive.errors import ExitCode, MunimentError
from export.requests import register, working_days
from export.requests.history import Acts, acts
from export.requests.law import law
from export.requests.progress.status import NoReasonGiven, outcome


class NotLater(MunimentError):
    """An extension ends before the day that holds already."""

    exit_code = ExitCode.REFUSED

    def __init__(self, until: date, due_on: date) -> None:
        super().__init__(f"{until} is no extension: {due_on} holds already. Give a later day; nothing was changed.")


class Extension(Struct, frozen=True):
    """More time that was taken, on which day, until when, and why."""

    on: date
    until: date
    reason: str


class Clock(Struct, frozen=True):
    """How a request stands in time. Days taken are working days after the day it came in.

    ``due_on`` is the marker, or the day to which it was extended; ``answered_on`` is None while nobody answered.
    """

    received_on: date
    marker_on: date
    due_on: date
    days_taken: int
    answered_on: date | None = None
    late: bool = False
    days_over: int = 0
    extensions: tuple[Extension, ...] = ()

    @property
    def sentence(self) -> str:
        """The clock in words."""
        taken = counted(self.days_taken, "working day")
        if self.answered_on is not None:
            return f"Answered on {self.answered_on}, after {taken}."
        marker = f"the {law().marker.working_days}-working-day marker"
        what = "the day named in the extension" if self.extensions else marker
        if self.late:
            over = counted(self.days_over, "working day")
            return f"LATE: {over} past {what}, {self.due_on} ({taken} since it came in)."
        return f"Due by {self.due_on}, {what} ({taken} since it came in)."


def clock(done: Acts, today: date) -> Clock:
    """Return a request's clock on a day."""
    opened = next(one for one in done if one.event == "request.opened")
    received = date.fromisoformat(opened.facts["received_on"])
    marker = working_days.add(received, law().marker.working_days)
    extended = extensions(done)
    due = max([marker, *(one.until for one in extended)])
    answer = outcome(done)
    until = answer.on if answer is not None else today
    return Clock(
        received_on=received,
        marker_on=marker,
        due_on=due,
        days_taken=working_days.between(received, until),
        answered_on=answer.on if answer is not None else None,
        late=answer is None and today > due,
        days_over=working_days.between(due, today) if answer is None and today > due else 0,
        extensions=extended,
    )


def extensions(done: Acts) -> tuple[Extension, ...]:
    """Return the extensions of a request, in order."""
    return tuple(
        Extension(one.on, date.fromisoformat(one.facts["until"]), one.text("reason"))
        for one in done
        if one.event == "request.extended"
    )


def extend(archive: Archive, number: int, until: date, reason: str) -> None:
    """Take more time for a request, with the reason."""
    register.get(archive, number)
    if not reason:
        raise NoReasonGiven("an extension")
    due = clock(acts(archive, number), archive.now_local().date()).due_on
    if until <= due:
        raise NotLater(until, due)
    with archive.act("request.extended", f"request:{number}", {"until": until.isoformat()}) as act:
        act.state(act.subject, "reason", reason)
