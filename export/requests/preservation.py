"""Until when the records of a request must not be destroyed (Wis. Stat. § 19.35(5)).

A pure rule: the retention room asks it before anything goes. Every doubt is settled the same way: later is
safer. A release in part denies the rest, and a request that was withdrawn or closed unanswered counts as denied.
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from export.requests import working_days
from export.requests.history import Acts
from export.requests.law import Counting, law
from export.requests.progress.status import Status, outcome


class Preserved(Struct, frozen=True):
    """The answer: ``until`` is the last day on which nothing may go; None if there is no end yet.

    ``free`` says that this request stands in nobody's way any more on the day that was asked.
    """

    free: bool
    until: date | None
    why: str


def preserved(
    status: Status,
    answered_on: date | None,
    today: date,
    *,
    incarcerated: bool = False,
    mandamus: bool = False,
    count: Counting | None = None,
) -> Preserved:
    """Say until when the records of a request stay.

    ``status`` is the one that answered the request, ``answered_on`` its day (None while it is open).
    ``mandamus`` is True from the notice of an action until its order and any appeal are over. ``count`` is the
    city's setting for the days, the law's default if None.
    """
    cite = law().cite(law().preservation.citation)
    if mandamus:
        return Preserved(False, None, f"An action for mandamus is pending: nothing may be destroyed ({cite}).")
    if answered_on is None:
        return Preserved(False, None, f"The request is open: nothing may be destroyed ({cite}).")
    if status == "released":
        return Preserved(True, answered_on, f"The request was granted on {answered_on} ({cite}).")
    rule = law().preservation
    days = rule.denied_days_incarcerated if incarcerated else rule.denied_days
    how = count or rule.count
    until = _after(answered_on, days, how)
    what = {"denied": "denied", "released in part": "denied in part"}.get(status, f"{status}, counted as denied,")
    why = (
        f"The request was {what} on {answered_on}: nothing may be destroyed until {days} {how} later, {until} ({cite})."
    )
    return Preserved(today > until, until, why)


def _after(day: date, days: int, count: Counting) -> date:
    if count == "calendar days":
        return day + timedelta(days=days)
    return working_days.add(day, days, working_days.BOTH)


def preserved_by(done: Acts, today: date, *, incarcerated: bool, count: Counting | None = None) -> Preserved:
    """Say the same from what was done about a request."""
    answer = outcome(done)
    status: Status = answer.status if answer is not None else "open"
    on = answer.on if answer is not None else None
    return preserved(status, on, today, incarcerated=incarcerated, mandamus=is_in_court(done), count=count)


def is_in_court(done: Acts) -> bool:
    """Say whether an action for mandamus is pending."""
    return next((bool(one.facts["pending"]) for one in reversed(done) if one.event == "request.mandamus"), False)
