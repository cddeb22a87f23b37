"""Everything that expiry dates rest on besides the records: a value, so that a change can be tried first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from msgspec import Struct

from archive.archive import Archive
from retention_schedules import adoption, events, overrides
from retention_schedules.columns import TRAITS
from retention_schedules.events import Events
from retention_schedules.overrides import Overrides
from retention_schedules.rules import Match, every_rule
from retention_schedules.schedule import Schedule


class Basis(Struct, frozen=True):
    """Schedules, events, overrides and the city's calendar, as they stand or as they would.

    ``objects`` are the digests of the schedules, ``departments`` those of the accounts.
    """

    schedules: tuple[Schedule, ...]
    events: Events
    overrides: Overrides
    zone: str
    fiscal_year_start: tuple[int, int]
    departments: Mapping[str, str]
    objects: tuple[str, ...] = ()

    @property
    def rules(self) -> list[Match]:
        """Every rule of every schedule, in their order."""
        return every_rule(self.schedules)

    @property
    def queries(self) -> list[str]:
        """The searches that rules ask."""
        return sorted({one.rule.query for one in self.rules if one.rule.query})

    @property
    def whole_threads(self) -> list[Match]:
        """The rules that keep a conversation together."""
        return [one for one in self.rules if one.rule.whole_thread]

    @property
    def triggers(self) -> set[str]:
        """The triggers of all series."""
        return {series.trigger for one in self.schedules for series in one.series}

    @property
    def traits(self) -> set[str]:
        """The traits of records that dates rest on: what rules name, and the account where something is said of one."""
        named = {name for one in self.rules for name in TRAITS if getattr(one.rule, name)}
        by_account = "EVT" in self.triggers or self.overrides.accounts or self.overrides.records
        asked_of_account = by_account or any(one.rule.department for one in self.rules)
        return named | {"account"} if asked_of_account else named

    @property
    def fingerprint(self) -> str:
        """What changes whenever the dates of all records may change; one record's override is no such change."""
        told = (self.zone, self.fiscal_year_start, self.objects, sorted(self.events.items()), self._of_accounts())
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def _of_accounts(self) -> list[tuple[str, int]]:
        return sorted((name, one.seq) for name, one in self.overrides.accounts.items())


def basis(archive: Archive) -> Basis:
    """Return what the dates rest on now."""
    adoptions = adoption.adoptions(archive)
    schedules = tuple(one.schedule for one in adoptions)
    return Basis(
        schedules=schedules,
        events=events.known(archive, schedules),
        overrides=overrides.known(archive),
        zone=archive.timezone.key,
        fiscal_year_start=archive.fiscal_year_start,
        departments=dict(archive.connection.execute("SELECT id, department FROM account")),
        objects=tuple(one.sha256 for one in adoptions),
    )


def with_schedule(now: Basis, schedule: Schedule) -> Basis:
    """Return a basis in which a schedule takes the place of the one of its name, or is added."""
    others = [one for one in now.schedules if one.name != schedule.name]
    place = next((number for number, one in enumerate(now.schedules) if one.name == schedule.name), len(others))
    return Basis(
        (*others[:place], schedule, *others[place:]),
        now.events, now.overrides, now.zone, now.fiscal_year_start, now.departments, now.objects,
    )  # fmt: skip
