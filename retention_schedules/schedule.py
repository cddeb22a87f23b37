"""A retention schedule as a value: its series, its rules, its own dates and authority."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, get_args

from msgspec import Struct

Trigger = Literal["CR", "EVT", "FIS", "CY", "SUP", "PERM"]
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
Disposition = Literal["destroy", "transfer", "retain"]
Notice = Literal["W", "N", "-"]

TRIGGER_MEANING: dict[Trigger, str] = {
    "CR": "the day the record was created or received",
    "EVT": "the day of a named event",
    "FIS": "the end of the fiscal year in which the record was created",
    "CY": "the end of the calendar year in which the record was created",
    "SUP": "the day the record was superseded",
    "PERM": "never: the record is permanent",
}
DISPOSITION_MEANING: dict[Disposition, str] = {
    "destroy": "destroyed",
    "transfer": "transferred to an archives",
    "retain": "looked at again and retained",
}
NOTICE_MEANING: dict[Notice, str] = {
    "W": "the State Historical Society has waived notice",
    "N": "60 days' written notice to the State Historical Society is required",
    "-": "no notice applies",
}


class Period(Struct, frozen=True, order=True):
    """A length of time by the calendar.

    Periods are ordered by ``days_about``, which is good enough to sort them; which of two ends first from
    a given day is the calendar's to say (:mod:`retention_schedules.calendar`).
    """

    days_about: int
    count: int
    unit: Literal["years", "months", "days"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"


_UNITS: dict[str, tuple[Literal["years", "months", "days"], float]] = {
    "year": ("years", 365.25),
    "month": ("months", 365.25 / 12),
    "day": ("days", 1),
}


def read_period(text: str) -> Period:
    """Read ``7 years``, ``18 months`` or ``90 days``; raises ValueError."""
    match = re.fullmatch(r"([0-9]{1,4}) (year|month|day)s?", text.strip())
    if match is None:
        raise ValueError(f"“{text}” is no period: write it as “7 years”, “18 months” or “90 days”")
    unit, days = _UNITS[match.group(2)]
    count = int(match.group(1))
    return Period(round(count * days), count, unit)


class Series(Struct, frozen=True, kw_only=True):
    """One records series. ``verified`` is False until somebody checked it against its source."""

    key: str
    title: str
    period: Period | None
    trigger: Trigger
    disposition: Disposition
    notice: Notice
    citation: str
    code: str = ""
    event: str = ""
    confidential: bool = False
    verified: bool = False
    note: str = ""


class Rule(Struct, frozen=True, kw_only=True):
    """What puts records into a series: every list that is not empty must hold the record's value.

    ``query`` is a search that the record has to answer as well. With ``whole_thread`` the conversation of a
    record that falls in the series by this rule stays together: it is kept as long as its longest-kept member.
    """

    number: int
    series: str
    account: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    query: str = ""
    whole_thread: bool = False


LISTS = ("account", "department", "platform", "kind", "audience", "tag", "author")
PREDICATES = (*LISTS, "query")
"""The keys of a rule that say which records it holds for; all but the last take lists."""


class Floor(Struct, frozen=True):
    """The shortest time for which any record is kept, and by what law."""

    period: Period
    citation: str


class Schedule(Struct, frozen=True, kw_only=True):
    """A whole schedule. From ``expires_on`` on the schedule itself has ended and authorises nothing.

    ``adopted_on`` is the day on which the city's own body adopted it, None if the file does not say.
    """

    name: str
    title: str
    authority: str
    citation: str
    approved_on: date
    expires_on: date | None
    series: tuple[Series, ...]
    rules: tuple[Rule, ...]
    floor: Floor | None = None
    example: bool = False
    adopted_on: date | None = None

    def find(self, key: str) -> Series:
        """Return a series by its key; raises KeyError."""
        for one in self.series:
            if one.key == key:
                return one
        raise KeyError(key)

    def in_force(self, on: date) -> bool:
        """Say whether the schedule itself is approved, adopted and not expired on a day."""
        return self.begins_on <= on and (self.expires_on is None or on < self.expires_on)

    @property
    def begins_on(self) -> date:
        """The first day on which it can authorise anything."""
        return max(self.approved_on, self.adopted_on or self.approved_on)
