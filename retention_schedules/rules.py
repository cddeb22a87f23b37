"""Which rules hold for a record: every rule of every adopted schedule is asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

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
    answers: tuple[str, ...] = ()
    """The searches of rules that one of the record's versions answers, as the rules write them."""


class Match(Struct, frozen=True):
    """A rule that applies, with its series and schedule."""

    schedule: Schedule
    series: Series
    rule: Rule


def applies(rule: Rule, traits: Traits) -> bool:
    """Say whether a rule holds for a record: each list that is given holds one of the record's values."""
    return all(not _folded(wanted).isdisjoint(_folded(values)) for _, wanted, values in _asked(rule, traits))


def grounds(rule: Rule, traits: Traits) -> list[tuple[str, str]]:
    """Return why a rule holds: each of its keys with the rule's word that the record answers to."""
    return [
        (name, next(one for one in wanted if not _folded((one,)).isdisjoint(_folded(values))))
        for name, wanted, values in _asked(rule, traits)
    ]


def _asked(rule: Rule, traits: Traits) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Yield each key that the rule gives, with the rule's values and the record's."""
    for name, wanted, values in (
        ("account", rule.account, (traits.account,)),
        ("department", rule.department, (traits.department,)),
        ("platform", rule.platform, (traits.platform,)),
        ("kind", rule.kind, (traits.kind,)),
        ("audience", rule.audience, (traits.audience,)),
        ("tag", rule.tag, traits.tags),
        ("author", rule.author, traits.author),
        ("query", (rule.query,) if rule.query else (), traits.answers),
    ):
        if wanted:
            yield name, wanted, values


@lru_cache(maxsize=4096)
def _folded(values: tuple[str, ...]) -> frozenset[str]:
    """What makes two spellings of a name the same: case, width and accents' encoding, a leading @ or #."""
    return frozenset(unicodedata.normalize("NFKC", one).casefold().lstrip("@#") for one in values)


def every_rule(schedules: Iterable[Schedule]) -> list[Match]:
    """Return every rule of every schedule with its series, in their order."""
    return [Match(one, one.find(rule.series), rule) for one in schedules for rule in one.rules]


def matches(schedules: Sequence[Schedule], traits: Traits) -> list[Match]:
    """Return every rule that applies, the one with the longest period first.

    A permanent series comes before every period, the longer period before the shorter, and of equals the
    verified one, then the earlier rule. Which one wins for a record depends on its dates too:
    :meth:`retention_schedules.assignment.Assignment.ranked`.
    """
    found = [one for one in every_rule(schedules) if applies(one.rule, traits)]
    return sorted(found, key=lambda one: (-_length(one.series), not one.series.verified, one.rule.number))


def _length(series: Series) -> int:
    return series.period.days_about if series.period is not None else 1 << 40
