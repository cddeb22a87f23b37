"""What can only be seen in a whole schedule: repeated keys, unknown series, periods under the floor.

A *fault* keeps a schedule from being adopted; a *remark* is worth a look.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from archive.records import AUDIENCES, KINDS
from archive.terminal import safe
from retention_schedules.calendar import falls_short
from retention_schedules.schedule import LISTS, PREDICATES, Floor, Rule, Schedule, Series


class Fault(Struct, frozen=True):
    """One thing wrong in a schedule file. A ``remark`` does not keep it from being adopted.

    ``line`` is where in the file the place is written, 0 where that cannot be told.
    """

    place: str
    reason: str
    remark: bool = False
    line: int = 0

    def __str__(self) -> str:
        return safe(f"{self.place}: {self.reason}")


def check(schedule: Schedule, on: date | None = None) -> list[Fault]:
    """Return what is wrong with a schedule as a whole; with ``on``, also whether it is in force on that day."""
    faults = [*_dates(schedule, on), *_repeated(schedule.series), *_whole(schedule)]
    for one in schedule.series:
        faults += [*_contradictions(one), *_period(one, schedule.floor), *_authority(one)]
        if one.disposition == "destroy" and one.notice == "-" and not schedule.example:
            reason = "it foresees no notice to the State Historical Society before records are destroyed"
            faults.append(Fault(f"series {one.key}, notice", f"{reason} (Wis. Stat. § 19.21(4)(a))", remark=True))
    for rule in schedule.rules:
        faults += _rule(rule, [one.key for one in schedule.series])
    return [*faults, *_overlaps(schedule.rules)]


def meant(word: str, choices: Sequence[str]) -> str:
    """Return ``; did you mean “kind”?`` if one of the choices is like a word, else nothing."""
    close = difflib.get_close_matches(word, choices, 1)
    return f"; did you mean “{close[0]}”?" if close else ""


def _dates(schedule: Schedule, on: date | None) -> Iterator[Fault]:
    place = "the schedule, expires_on"
    if schedule.expires_on is not None and schedule.expires_on <= schedule.approved_on:
        yield Fault(place, "it expires before it was approved")
    elif on is not None and not schedule.example and not schedule.in_force(on):
        if on < schedule.approved_on:
            yield Fault("the schedule, approved_on", f"it is not approved before {schedule.approved_on}", remark=True)
        elif on < schedule.begins_on:
            yield Fault("the schedule, adopted_on", f"it is not adopted before {schedule.adopted_on}", remark=True)
        else:
            yield Fault(place, f"it expired on {schedule.expires_on}; it authorises nothing", remark=True)


def _repeated(series: Sequence[Series]) -> Iterator[Fault]:
    for key, times in Counter(one.key for one in series).items():
        if key and times > 1:
            yield Fault(f"series {key}, key", f"{times} series have this key")
    for code, times in Counter(one.code.casefold().replace(" ", "") for one in series).items():
        if code and times > 1:
            keys = ", ".join(one.key for one in series if one.code.casefold().replace(" ", "") == code)
            yield Fault(f"series number {code.upper()}", f"{times} series have this number: {keys}")


def _whole(schedule: Schedule) -> Iterator[Fault]:
    if not schedule.rules:
        yield Fault("the schedule", "it has no rules, so it covers no record", remark=True)
    elif unused := [one.key for one in schedule.series if one.key not in {rule.series for rule in schedule.rules}]:
        yield Fault("the schedule, rule", f"no rule puts records into {', '.join(unused)}", remark=True)
    if schedule.floor is None:
        yield Fault("the schedule, floor", "it has none, so no law keeps a period from being too short", remark=True)


def _contradictions(one: Series) -> Iterator[Fault]:
    place = f"series {one.key}"
    if one.trigger == "PERM" and one.disposition == "destroy":
        yield Fault(f"{place}, disposition", "a permanent series is never destroyed; write retain or transfer")
    if one.event and one.trigger != "EVT":
        yield Fault(f"{place}, event", f"an event is for trigger EVT, not {one.trigger}")


def _period(one: Series, floor: Floor | None) -> Iterator[Fault]:
    place = f"series {one.key}, period"
    if one.period is None:
        return
    if one.period.count == 0 and one.trigger not in ("EVT", "SUP"):
        yield Fault(place, "a period of nothing is for the triggers EVT and SUP only")
    if floor is None or not falls_short(one.period, floor.period):
        return
    under = f"it is under the floor of {floor.period} ({floor.citation})"
    if one.code:
        yield Fault(place, f"{under}, which its number {one.code} has to allow", remark=True)
    else:
        yield Fault(place, f"{under}; until it has a number, the floor counts", remark=not one.verified)


def _authority(one: Series) -> Iterator[Fault]:
    if not one.verified:
        number = f"; its number {one.code} is not to be relied on" if one.code else ""
        reason = f"nobody has checked it; it authorises nothing{number}"
        yield Fault(f"series {one.key}, verified", reason, remark=True)


def _rule(rule: Rule, keys: Sequence[str]) -> Iterator[Fault]:
    place = f"rule {rule.number}"
    if rule.series and rule.series not in keys:
        yield Fault(f"{place}, series", f"there is no series “{rule.series}”{meant(rule.series, keys)}")
    for name, choices in (("kind", KINDS), ("audience", AUDIENCES)):
        for value in getattr(rule, name):
            if value not in choices:
                listed = ", ".join(choices)
                yield Fault(f"{place}, {name}", f"“{value}” is none of {listed}{meant(value, choices)}")
    if not any(getattr(rule, name) for name in PREDICATES):
        yield Fault(place, "it names no account, kind or anything else, so it holds for every record", remark=True)


def _overlaps(rules: Sequence[Rule]) -> Iterator[Fault]:
    """Remark upon rules of different series that can hold for one record: the longer period will win."""
    named = [one for one in rules if any(getattr(one, name) for name in PREDICATES)]
    for number, one in enumerate(named):
        others = [f"{each.number} ({each.series})" for each in named[number + 1 :] if _meet(one, each)]
        if others:
            listed = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
            reason = f"it overlaps with rule {listed}: for records of both, the longer time counts"
            yield Fault(f"rule {one.number}, series", reason, remark=True)


def _meet(one: Rule, other: Rule) -> bool:
    """Say whether two rules can hold for one record, as far as their words tell.

    A record has one account, kind and so on, but many tags, and answers many queries; its author has a name
    and a handle.
    """
    single = [name for name in LISTS if name not in ("tag", "author")]
    return one.series != other.series and all(
        not getattr(one, name)
        or not getattr(other, name)
        or {value.casefold() for value in getattr(one, name)} & {value.casefold() for value in getattr(other, name)}
        for name in single
    )
