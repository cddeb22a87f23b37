"""Expiry as a follower: for every record the series it falls in and the day it expires, in set operations.

Records are taken by their traits (account, kind, audience, tags and, only where a rule asks, author) and by
their local date of creation; the rules are asked once for each group, not for each record.
"""

from __future__ import annotations

import json
from datetime import date
from itertools import islice
from typing import Any

from archive import clock
from archive.archive import Archive
from archive.followers import Progress
from retention_schedules import adoption
from retention_schedules.calendar import add, cutoff
from retention_schedules.rules import Match, Traits, matches
from retention_schedules.schedule import Period, Schedule

UNSCHEDULED = "unscheduled"
UNVERIFIED = "unverified"
PERMANENT = "permanent"
NOT_STARTED = "not started"

CHUNK = 5_000
"""Dates written in one transaction; other writers wait no longer than that takes."""

Assigned = tuple[str | None, str | None, int | None, str | None, str | None, str | None, str]
"""Schedule, series, rule, trigger, cutoff date, expiry date, and what keeps it from expiring."""

_RECORDS = """
SELECT r.id, r.account, r.platform, r.kind, r.audience, coalesce(r.tags, ''),
    CASE WHEN :authors THEN coalesce(r.author_name, '') || char(31) || coalesce(r.author_handle, '')
         ELSE '' END,
    coalesce(r.created_at, r.captured_at)
FROM record r WHERE r.changed_seq > :after
"""


class Expiry:
    """The expiry dates of one archive."""

    name = "expiry"

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    @property
    def position(self) -> int:
        """The ledger position that the dates stand at."""
        return self._noted()[0]

    def _noted(self) -> tuple[int, str]:
        row = self.archive.connection.execute(
            "SELECT position, fingerprint FROM follower WHERE name = ?", (self.name,)
        ).fetchone()
        return (row[0], row[1]) if row else (0, "")

    def catch_up(self, progress: Progress | None = None) -> None:
        """Derive the dates of records that changed; of all of them when schedules or the calendar did."""
        position, fingerprint = self._noted()
        if position >= self.archive.head():
            return
        now = adoption.fingerprint(self.archive)
        self._derive(position if now == fingerprint else 0, now, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Derive all dates again."""
        self._derive(0, adoption.fingerprint(self.archive), progress)

    def _derive(self, after: int, fingerprint: str, progress: Progress | None) -> None:
        head = self.archive.head()
        assignment = Assignment(self.archive)
        values = {"after": after, "authors": assignment.asks_author}
        rows = ((row[0], *assignment.of(row[1:])) for row in self.archive.connection.execute(_RECORDS, values))
        total = self.archive.connection.execute("SELECT count(*) FROM record").fetchone()[0]
        done = 0
        while chunk := list(islice(rows, CHUNK)):
            with self.archive.state_transaction() as connection:
                connection.executemany("INSERT OR REPLACE INTO expiry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", chunk)
            done += len(chunk)
            if progress:
                progress(done, total)
        with self.archive.state_transaction() as connection:
            if after == 0:
                connection.execute("DELETE FROM expiry WHERE record NOT IN (SELECT id FROM record)")
            connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?, ?)", (self.name, head, fingerprint))


class Assignment:
    """The adopted schedules applied to records; answers are remembered by group and by day."""

    def __init__(self, archive: Archive) -> None:
        self.schedules: list[Schedule] = adoption.adopted(archive)
        self.asks_author = any(rule.author for schedule in self.schedules for rule in schedule.rules)
        self._zone = archive.timezone
        self._fiscal = archive.fiscal_year_start
        self._departments: dict[str, str] = dict(archive.connection.execute("SELECT id, department FROM account"))
        self._winners: dict[Any, Match | None] = {}
        self._dates: dict[tuple[int, date], Assigned] = {}
        self._days: dict[str, date] = {}

    def of(self, row: tuple[str, ...]) -> Assigned:
        """Return what they say of (account, platform, kind, audience, tags, author, creation time)."""
        group, moment = row[:6], row[6]
        if group not in self._winners:
            found = matches(self.schedules, self.traits(*group))
            self._winners[group] = found[0] if found else None
        winner = self._winners[group]
        if winner is None:
            return (None, None, None, None, None, None, UNSCHEDULED)
        day = self.local_day(moment)
        key = (id(winner), day)
        if key not in self._dates:
            self._dates[key] = self.dated(winner, day)
        return self._dates[key]

    def traits(self, account: str, platform: str, kind: str, audience: str, tags: str, author: str) -> Traits:
        """Return a record's traits from the state's columns."""
        return Traits(
            account,
            self._departments.get(account, ""),
            platform,
            kind,
            audience,
            tuple(json.loads(tags)) if tags else (),
            tuple(one for one in author.split("\x1f") if one),
        )

    def local_day(self, moment: str) -> date:
        """Return the local date of a stored time; the hour decides, so answers are kept by the hour."""
        hour = moment[:13]
        if hour not in self._days:
            self._days[hour] = clock.local_date(clock.read_stored(moment), self._zone)
        return self._days[hour]

    def dated(self, winner: Match, day: date) -> Assigned:
        """Return cutoff and expiry of a record created on a day."""
        series = winner.series
        start = cutoff(day, series.trigger, self._fiscal)
        period = kept_for(winner)
        ends = add(start, period) if start is not None and period is not None else None
        blocked = (
            PERMANENT if series.trigger == "PERM" else NOT_STARTED if start is None
            else "" if series.verified else UNVERIFIED
        )  # fmt: skip
        return (
            winner.schedule.name,
            series.key,
            winner.rule.number,
            series.trigger,
            start.isoformat() if start else None,
            ends.isoformat() if ends else None,
            blocked,
        )


def kept_for(winner: Match) -> Period | None:
    """Return the period that counts: the floor's, where a series without number would be shorter."""
    period, floor = winner.series.period, winner.schedule.floor
    if period is not None and floor is not None and not winner.series.code and period < floor.period:
        return floor.period
    return period
