"""Statuses of a request and the moves between them; each is an act, with its reason in a statement."""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from export.requests import register
from export.requests.history import Acts, acts

Status = Literal[
    "open",
    "clarifying",
    "fees pending",
    "in review",
    "ready",
    "released in part",
    "released",
    "denied",
    "withdrawn",
    "closed",
]
STATUSES: tuple[Status, ...] = get_args(Status)

MOVES: dict[Status, tuple[Status, ...]] = {
    "open": ("clarifying", "fees pending", "in review", "ready", "denied", "withdrawn", "closed"),
    "clarifying": ("open", "fees pending", "in review", "denied", "withdrawn", "closed"),
    "fees pending": ("open", "clarifying", "in review", "ready", "denied", "withdrawn", "closed"),
    "in review": ("open", "clarifying", "fees pending", "ready", "denied", "withdrawn", "closed"),
    "ready": ("in review", "fees pending", "released in part", "released", "denied", "withdrawn", "closed"),
    "released in part": ("in review", "ready", "released", "denied", "withdrawn", "closed"),
    "released": ("closed",),
    "denied": ("closed",),
    "withdrawn": ("closed",),
    "closed": (),
}
"""From a status to those that may follow; back to "open" from the last four only by reopening, with a reason."""

ANSWERED: tuple[Status, ...] = ("released in part", "released", "denied", "withdrawn", "closed")
"""Statuses in which the requester has an answer."""

NEED_A_REASON: tuple[Status, ...] = ("denied", "closed")


class NotAllowed(MunimentError):
    """A request cannot go from its status to another one."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, now: Status, then: str) -> None:
        next_ones = ", ".join(MOVES[now])
        over = now in ("released", "denied", "withdrawn", "closed")
        ways = [f"From there it can become: {next_ones}."] if next_ones else []
        ways += [f"Reopen it with `muniment request reopen {number} --reason TEXT`."] if over else []
        super().__init__(f"Request {number} is {now}, so it cannot become {then}. {' '.join(ways)}")


class NoReasonGiven(MunimentError):
    """A step that needs a reason has none."""

    exit_code = ExitCode.REFUSED

    def __init__(self, what: str) -> None:
        super().__init__(f"Say why with --reason: {what} needs one, and it is kept. Nothing was changed.")


class Step(Struct, frozen=True):
    """A status that a request came to: when, by whom, and why. ``on`` is the day on which it holds."""

    status: Status
    on: date
    by: str
    reason: str = ""


def steps(done: Acts) -> list[Step]:
    """Return the statuses that a request came through, the first one being "open"."""
    found: list[Step] = []
    for one in done:
        if one.event == "request.opened":
            found.append(Step("open", date.fromisoformat(one.facts["received_on"]), one.actor))
        elif one.event in ("request.status", "request.closed", "request.reopened"):
            on = date.fromisoformat(one.facts["on"])
            found.append(Step(one.facts["status"], on, one.actor, one.text("reason")))
    return found


def outcome(done: Acts) -> Step | None:
    """Return the step that answered the request, None while it is open. Closing what was answered changes nothing."""
    answer: Step | None = None
    for one in steps(done):
        if one.status not in ANSWERED:
            answer = None
        elif answer is None or one.status != "closed":
            answer = one
    return answer


def move(archive: Archive, number: int, status: Status, reason: str = "", on: date | None = None) -> Step:
    """Bring a request to another status, on a day (today if none is given); return the step."""
    event = "request.closed" if status == "closed" else "request.status"
    return _step(archive, number, event, status, reason, on)


def reopen(archive: Archive, number: int, reason: str) -> Step:
    """Open an answered request again."""
    return _step(archive, number, "request.reopened", "open", reason, None)


def _step(archive: Archive, number: int, event: str, status: Status, reason: str, on: date | None) -> Step:
    register.get(archive, number)
    now = steps(acts(archive, number))[-1].status
    reopening = event == "request.reopened"
    if (now not in ANSWERED) if reopening else (status not in MOVES[now]):
        raise NotAllowed(number, now, "reopened" if reopening else status)
    if not reason and (reopening or status in NEED_A_REASON):
        raise NoReasonGiven("reopening" if reopening else {"denied": "a denial", "closed": "closing"}[status])
    day = not_in_the_future(archive, "What happens", on)
    with archive.act(event, f"request:{number}", {"status": status, "on": day.isoformat()}) as act:
        if reason:
            act.state(act.subject, "reason", reason)
    return steps(acts(archive, number))[-1]


def not_in_the_future(archive: Archive, what: str, on: date | None) -> date:
    """Return a day that was given, today if none was; raises :class:`register.NotYet`."""
    today = archive.now_local().date()
    if on is not None and on > today:
        raise register.NotYet(what, on)
    return on or today
