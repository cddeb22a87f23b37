"""The law of records requests as data: citations, days, fees (``wisconsin.toml``)."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Counting = Literal["working days", "calendar days"]


class Citation(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the law says something, and what. ``verified`` is False where nobody has read it in the source."""

    cite: str
    says: str
    verified: bool = True


class Marker(Struct, frozen=True, forbid_unknown_fields=True):
    """After how many working days a request is looked at again; ``citation`` names one of the citations."""

    working_days: int
    citation: str


class Preservation(Struct, frozen=True, forbid_unknown_fields=True):
    """For how long records stay after a denial, and how those days are counted."""

    denied_days: int
    denied_days_incarcerated: int
    count: Counting
    citation: str


class Holiday(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule for one holiday a year: a fixed ``day``, or the ``nth`` weekday of a month (-1 for the last).

    ``kinds`` say to which lists of days it belongs; ``sunday`` says where it goes if it falls on one.
    """

    name: str
    month: int
    kinds: tuple[Literal["offices", "legal"], ...]
    day: int = 0
    nth: int = 0
    weekday: Weekday = "monday"
    days_after: int = 0
    sunday: Literal["", "monday"] = ""
    even_years: bool = False
    verified: bool = True


class FeeKind(Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of fee: its unit, its source, and whether it may be charged.

    With ``from_cents`` the lines of this kind are charged only if together they come to that much.
    """

    kind: str
    title: str
    unit: str
    cite: str
    billed: bool = True
    from_cents: int = 0


class Fees(Struct, frozen=True, forbid_unknown_fields=True):
    """What may be charged; ``prepayment`` and ``waiver`` name citations."""

    prepayment_above_cents: int
    prepayment: str
    waiver: str
    kinds: tuple[FeeKind, ...]


class Law(Struct, frozen=True, forbid_unknown_fields=True):
    """All of ``wisconsin.toml``; ``checked_on`` is the day on which somebody compared it with the sources."""

    jurisdiction: str
    checked_on: date
    citations: dict[str, Citation]
    marker: Marker
    preservation: Preservation
    holidays: tuple[Holiday, ...]
    fees: Fees

    def cite(self, name: str) -> str:
        """Return a citation by its name; one that nobody has verified says so."""
        found = self.citations[name]
        return found.cite if found.verified else f"{found.cite} (not verified)"


@cache
def law() -> Law:
    """Return the law that holds here."""
    return msgspec.convert(tomllib.loads((files(__package__) / "wisconsin.toml").read_text(encoding="utf-8")), Law)
