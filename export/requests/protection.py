"""The requests whose records the law protects today, and what they asked for (Wis. Stat. § 19.35(5))."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from archive.archive import Archive
from export.requests import register
from export.requests.history import Acts, all_acts, today
from export.requests.preservation import preserved_by

BY_OTHER_MEANS = ("by hand: ", "context: ")
"""How the words of a collection begin that no search made, where the ledger does not say which one did."""


class Protected(Struct, frozen=True):
    """One request in whose way nothing may go: why, until when (None: no end yet), and its own searches.

    ``is_searched`` is False while nothing was collected: then nobody can say which records it asks for.
    """

    number: int
    shown: str
    why: str
    until: date | None
    queries: tuple[str, ...]
    is_searched: bool


def protected(archive: Archive) -> list[Protected]:
    """Return the requests that protect records today."""
    requests = register.listed(archive)
    known, day = (all_acts(archive) if requests else {}), today(archive)
    found = []
    for one in requests:
        done = known.get(one.id, ())
        answer = preserved_by(done, day, incarcerated=one.incarcerated)
        if not answer.free:
            collected = any(act.event == "request.collected" for act in done)
            found.append(Protected(one.id, one.shown, answer.why, answer.until, _queries(archive, done), collected))
    return found


def _queries(archive: Archive, done: Acts) -> tuple[str, ...]:
    selections = [
        one.facts["selection"] for one in done if one.event == "request.collected" and one.facts.get("searched", True)
    ]
    found = (
        archive.connection.execute(
            "SELECT text FROM statement WHERE subject = ? AND name = 'query'", (f"selection:{selection}",)
        ).fetchone()
        for selection in selections
    )
    return tuple(dict.fromkeys(row[0] for row in found if row and not row[0].startswith(BY_OTHER_MEANS)))
