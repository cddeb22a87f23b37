"""The filters of the query language: their names, an example of each, and what their values must be."""

from __future__ import annotations

from datetime import date

from whoosh import query

from archive.records import AUDIENCES, KINDS, STATES
from search.dates import Calendar, period
from search.mistakes import Unusable, suggestion

AUTHOR = "author"
EXACT = "exact"

FILTERS = {
    "account": "account:x-city",
    "platform": "platform:email",
    "department": 'department:"Public Works"',
    "kind": "kind:post",
    AUTHOR: "author:grace",
    "by": "by:city",
    "state": "state:deleted",
    "audience": "audience:spam",
    "has": "has:image",
    "from": "from:2026-01-01",
    "to": "to:2026-03-31",
    "on": "on:2026-03",
    "fy": "fy:2025",
    "in": "in:THREAD",
    "thread": "thread:THREAD",
    "tag": "tag:pool",
    "list": "list:followers",
    "request": "request:2026-0003",
    "removed": "removed:2026-05",
    "hidden": "hidden:2026-05",
    "backed-up": "backed-up:2026-04",
    "series": "series:PR000039",
    EXACT: "exact:closing",
}
"""Every filter with an example."""

OF_WORDS = (AUTHOR, EXACT)
"""Filters whose values are words of texts, not facts."""

CHOICES: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "state": STATES,
    "audience": AUDIENCES,
    "by": ("city", "public"),
    "has": ("attachment", "image", "video", "link"),
}
"""Filters with a fixed list of values."""

PERIODS = ("on", "removed", "hidden", "backed-up")
"""Filters whose leaves carry a range of days, ``2026-03-01..2026-03-31``."""

BOUNDS = ("from", "to")
"""Filters whose leaves carry one day, the first or the last of what was typed."""


def fact(name: str, value: str, calendar: Calendar) -> query.Term:
    """Return the leaf of a filter; raises :class:`Unusable` with what its value may be."""
    value = value.strip()
    if not value:
        raise Unusable(f"“{name}:” needs a value, such as {FILTERS[name]}")
    if name == "fy":
        return _days("on", *period(value if value.lower().startswith("f") else f"fy{value}", calendar))
    if name in PERIODS:
        return _days(name, *period(value, calendar))
    if name in BOUNDS:
        return query.Term(name, period(value, calendar)[name == "to"].isoformat())
    if name in CHOICES:
        return query.Term(name, _chosen(name, value))
    if "*" in value:
        raise Unusable(f"“{name}:” takes a whole value, without a star, such as {FILTERS[name]}")
    if name == "tag":
        value = value.lstrip("#＃") or value
    return query.Term("in" if name == "thread" else name, value)


def _days(name: str, first: date, last: date) -> query.Term:
    return query.Term(name, f"{first.isoformat()}..{last.isoformat()}")


def _chosen(name: str, value: str) -> str:
    known = CHOICES[name]
    if value.lower() not in known:
        hint = suggestion(value, known, f"{name}:{{}}")
        raise Unusable(f"“{name}:” takes one of {', '.join(known)}, not “{value}”; {hint}")
    return value.lower()
