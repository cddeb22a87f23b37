"""Mandamus: notice of an action over a request, and its end (Wis. Stat. §§ 19.35(5), 19.37)."""

from __future__ import annotations

from datetime import date

from archive.archive import Archive
from export.requests import register
from export.requests.progress.status import not_in_the_future


def mandamus(archive: Archive, number: int, *, pending: bool, on: date | None = None, note: str = "") -> date:
    """Note that written notice of an action came in, or that its order and any appeal are over; return the day."""
    register.get(archive, number)
    day = not_in_the_future(archive, "What happened in court", on)
    facts = {"pending": pending, "on": day.isoformat()}
    with archive.act("request.mandamus", f"request:{number}", facts) as act:
        if note:
            act.state(act.subject, "note", note)
    return day
