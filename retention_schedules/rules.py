"""Which series a record falls in: every rule of every adopted schedule is asked, the longest period wins."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from retention_schedules.schedule import Rule, Schedule, Series


class Traits(Struct, frozen=True):
    """What rules look at. Records with the same traits fall in the same series."""

    account: str
    department: str
    platform: str
    kind: str
    audience: str
    tags: tuple[str, ...]
    author: tuple[str, ...]


class Match(Struct, frozen=True):
    """A rule that applies, with its series and schedule."""

    schedule: Schedule
    series: Series
    rule: Rule


def applies(rule: Rule, traits: Traits) -> bool:
    """Say whether a rule holds for a record."""
    return all(
        not wanted or any(_same(value, one) for value in values for one in wanted)
        for wanted, values in (
            (rule.account, (traits.account,)),
            (rule.department, (traits.department,)),
            (rule.platform, (traits.platform,)),
            (rule.kind, (traits.kind,)),
            (rule.audience, (traits.audience,)),
            (rule.tag, traits.tags),
            (rule.author, traits.author),
        )
    )


def _same(value: str, wanted: str) -> bool:
    return value.casefold().lstrip("@#") == wanted.casefold().lstrip("@#")


def matches(schedules: Sequence[Schedule], traits: Traits) -> list[Match]:
    """Return every rule that applies, the one that wins first.

    A permanent series wins over every period, the longer period over the shorter, and of equals the
    verified one, then the earlier rule.
    """
    found = [
        Match(schedule, schedule.find(rule.series), rule)
        for schedule in schedules
        for rule in schedule.rules
        if applies(rule, traits)
    ]
    return sorted(found, key=lambda one: (-_length(one.series), not one.series.verified, one.rule.number))


def _length(series: Series) -> int:
    return series.period.days_about if series.period is not None else 1 << 40
