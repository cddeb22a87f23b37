"""TOML bytes into a schedule, every fault named at once by series and key."""

from __future__ import annotations

import difflib
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from msgspec import Struct

from archive.errors import MunimentError
from archive.records import AUDIENCES, KINDS
from retention_schedules.schedule import (
    TRIGGERS,
    Disposition,
    Floor,
    Notice,
    Period,
    Rule,
    Schedule,
    Series,
    read_period,
)

SCHEDULE_KEYS = (
    "name", "title", "authority", "citation", "approved_on", "expires_on", "example", "floor",
    "series", "rule",
)  # fmt: skip
FLOOR_KEYS = ("period", "citation")
SERIES_KEYS = (
    "key", "code", "title", "period", "trigger", "event", "disposition", "notice", "confidential", "verified",
    "citation", "note",
)  # fmt: skip
PREDICATES = ("account", "department", "platform", "kind", "audience", "tag", "author")
RULE_KEYS = ("series", *PREDICATES)


class Fault(Struct, frozen=True):
    """One thing wrong in a schedule file. A ``remark`` does not keep it from being adopted."""

    place: str
    reason: str
    remark: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class BadSchedule(MunimentError):
    """A schedule file has faults."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        listed = "\n".join(f"  {fault}" for fault in faults if not fault.remark)
        super().__init__(f"{name} cannot be used as a schedule. Correct these, then try again:\n{listed}")


def read(source: bytes, name: str) -> Schedule:
    """Return the schedule in a TOML file; raises :class:`BadSchedule` with all its faults."""
    schedule, faults = examine(source)
    if schedule is None or any(not fault.remark for fault in faults):
        raise BadSchedule(name, faults)
    return schedule


def examine(source: bytes) -> tuple[Schedule | None, list[Fault]]:
    """Return the schedule, if it can be made out at all, and everything that is wrong with it."""
    try:
        table = tomllib.loads(source.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Fault("the file", f"it is not TOML: {error}")]
    reading = _Reading()
    schedule = reading.schedule(table)
    if schedule is not None:
        reading.faults.extend(_check(schedule))
    return schedule, reading.faults


class _Reading:
    """Reads tables key by key and collects faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, reason: str) -> None:
        self.faults.append(Fault(place, reason))

    def known(self, table: Mapping[str, Any], keys: Sequence[str], place: str) -> None:
        for key in table:
            if key not in keys:
                close = difflib.get_close_matches(key, keys, 1)
                self.fault(f"{place}, {key}", f"unknown key{f'; did you mean “{close[0]}”?' if close else ''}")

    def text(self, table: Mapping[str, Any], key: str, place: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fault(f"{place}, {key}", "a text is needed here")
            return ""
        return value

    def day(self, table: Mapping[str, Any], key: str, place: str, *, needed: bool) -> date | None:
        value = table.get(key)
        if isinstance(value, date) or (value is None and not needed):
            return value
        self.fault(f"{place}, {key}", "a date is needed here, written 2018-08-27 without quotes")
        return None

    def flag(self, table: Mapping[str, Any], key: str, place: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{place}, {key}", "true or false is needed here")
        return value is True

    def one_of(self, table: Mapping[str, Any], key: str, place: str, choices: Sequence[str]) -> Any:
        value = table.get(key)
        if value not in choices:
            self.fault(f"{place}, {key}", f"one of {', '.join(choices)} is needed here, not “{value}”")
            return choices[0]
        return value

    def period(self, table: Mapping[str, Any], place: str) -> Period | None:
        try:
            return read_period(self.text(table, "period", place))
        except ValueError as error:
            self.fault(f"{place}, period", str(error))
            return None

    def tables(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fault(key, f"write each as its own [[{key}]] table")
            return []
        return found

    def schedule(self, table: Mapping[str, Any]) -> Schedule | None:
        self.known(table, SCHEDULE_KEYS, "the schedule")
        approved_on = self.day(table, "approved_on", "the schedule", needed=True)
        series = [self.series(one, number) for number, one in enumerate(self.tables(table, "series"), 1)]
        rules = [self.rule(one, number) for number, one in enumerate(self.tables(table, "rule"), 1)]
        floor = self.floor(table.get("floor"))
        if approved_on is None:
            return None
        return Schedule(
            name=self.text(table, "name", "the schedule"),
            title=self.text(table, "title", "the schedule"),
            authority=self.text(table, "authority", "the schedule"),
            citation=self.text(table, "citation", "the schedule"),
            approved_on=approved_on,
            expires_on=self.day(table, "expires_on", "the schedule", needed=False),
            series=tuple(series),
            rules=tuple(rules),
            floor=floor,
            example=self.flag(table, "example", "the schedule"),
        )

    def floor(self, table: Any) -> Floor | None:
        if table is None:
            return None
        if not isinstance(table, dict):
            self.fault("floor", "write it as a [floor] table")
            return None
        self.known(table, FLOOR_KEYS, "floor")
        period = self.period(table, "floor")
        return Floor(period, self.text(table, "citation", "floor")) if period is not None else None

    def series(self, table: Mapping[str, Any], number: int) -> Series:
        place = f"series {table.get('key') or number}"
        self.known(table, SERIES_KEYS, place)
        trigger = self.one_of(table, "trigger", place, TRIGGERS)
        if trigger == "EVT":
            self.text(table, "event", place)
        return Series(
            key=self.text(table, "key", place),
            title=self.text(table, "title", place),
            period=None if trigger == "PERM" else self.period(table, place),
            trigger=trigger,
            disposition=self.one_of(table, "disposition", place, get_args(Disposition)),
            notice=self.one_of(table, "notice", place, get_args(Notice)),
            citation=self.text(table, "citation", place),
            code=self.text(table, "code", place, ""),
            event=self.text(table, "event", place, ""),
            confidential=self.flag(table, "confidential", place),
            verified=self.flag(table, "verified", place),
            note=self.text(table, "note", place, ""),
        )

    def rule(self, table: Mapping[str, Any], number: int) -> Rule:
        place = f"rule {number}"
        self.known(table, RULE_KEYS, place)
        values = {name: self.values(table, name, place) for name in PREDICATES}
        return Rule(number=number, series=self.text(table, "series", place), **values)

    def values(self, table: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        value = table.get(name, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            self.fault(f"{place}, {name}", "a text or a list of texts is needed here")
            return ()
        return tuple(listed)


def _check(schedule: Schedule) -> list[Fault]:
    """What can only be seen in the whole: repeated keys, unknown series, periods under the floor."""
    faults: list[Fault] = []
    for key, times in Counter(one.key for one in schedule.series).items():
        if times > 1:
            faults.append(Fault(f"series {key}, key", f"{times} series have this key"))
    for code, times in Counter(one.code for one in schedule.series if one.code).items():
        if times > 1:
            faults.append(Fault(f"series number {code}", f"{times} series have this number"))
    for one in schedule.series:
        faults.extend(_check_series(one, schedule.floor))
    for rule in schedule.rules:
        faults.extend(_check_rule(rule, {one.key for one in schedule.series}))
    if not schedule.rules:
        faults.append(Fault("the schedule", "it has no rules, so it covers no record", remark=True))
    if schedule.expires_on is not None and schedule.expires_on <= schedule.approved_on:
        faults.append(Fault("the schedule, expires_on", "it expires before it was approved"))
    return faults


def _check_series(one: Series, floor: Floor | None) -> list[Fault]:
    place = f"series {one.key}"
    faults = []
    if floor is not None and one.period is not None and one.period < floor.period and one.verified and not one.code:
        faults.append(Fault(f"{place}, period", f"it is under the floor of {floor.period} ({floor.citation})"))
    if not one.verified:
        faults.append(Fault(f"{place}, verified", "nobody has checked it; it authorises nothing", remark=True))
    return faults


def _check_rule(rule: Rule, keys: set[str]) -> list[Fault]:
    place = f"rule {rule.number}"
    faults = []
    if rule.series not in keys:
        faults.append(Fault(f"{place}, series", f"there is no series “{rule.series}”"))
    for name, choices in (("kind", KINDS), ("audience", AUDIENCES)):
        for value in getattr(rule, name):
            if value not in choices:
                faults.append(Fault(f"{place}, {name}", f"“{value}” is none of {', '.join(choices)}"))
    return faults
