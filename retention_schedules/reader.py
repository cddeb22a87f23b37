"""TOML bytes into a schedule, every fault named at once by series and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from archive.errors import MunimentError
from archive.terminal import safe
from retention_schedules import lines
from retention_schedules.check import Fault, check, meant
from retention_schedules.schedule import (
    LISTS,
    PREDICATES,
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
    "name", "title", "authority", "citation", "approved_on", "adopted_on", "expires_on", "example", "floor",
    "series", "rule",
)  # fmt: skip
FLOOR_KEYS = ("period", "citation")
SERIES_KEYS = (
    "key", "code", "title", "period", "trigger", "event", "disposition", "notice", "confidential", "verified",
    "citation", "note",
)  # fmt: skip
RULE_KEYS = ("series", *PREDICATES, "whole_thread")

NEVER = date.max
"""The approval of an example whose own was not read in a source: it is never in force."""

LARGEST = 1 << 20
"""Bytes that a schedule file may have."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


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


def read_name(source: bytes) -> str:
    """Return what a schedule calls itself, empty if that cannot be made out."""
    return str(_table(source)[0].get("name", ""))


def examine(source: bytes, on: date | None = None) -> tuple[Schedule | None, list[Fault]]:
    """Return the schedule and everything that is wrong with it; None if the file is no TOML.

    With ``on`` a schedule that is not in force on that day is remarked upon. A schedule with faults has
    stand-ins in their places and is good for nothing else than looking at.
    """
    table, unread = _table(source)
    if unread is not None:
        return None, [unread]
    reading = _Reading()
    schedule = reading.schedule(table)
    told = {fault.place for fault in reading.faults}
    faults = reading.faults + [fault for fault in check(schedule, on) if fault.place not in told]
    return schedule, lines.placed(faults, source)


def _table(source: bytes) -> tuple[dict[str, Any], Fault | None]:
    if len(source) > LARGEST:
        return {}, Fault("the file", f"it is larger than {LARGEST >> 20} MiB; no schedule is")
    try:
        return tomllib.loads(source.decode("utf-8-sig")), None
    except ValueError as error:  # bad TOML, bad UTF-8, and a number of more digits than Python reads
        return {}, Fault("the file", f"it is not TOML: {error}", line=lines.of_syntax(str(error)))
    except RecursionError:
        return {}, Fault("the file", "it is not TOML that can be read: its lists are nested too deeply")


class _Reading:
    """Reads tables key by key and collects faults instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, reason: str) -> None:
        self.faults.append(Fault(place, reason))

    def known(self, table: Mapping[str, Any], keys: Sequence[str], place: str) -> None:
        for key in table:
            if key not in keys:
                self.fault(f"{place}, {_brief(key)}", f"unknown key{meant(key, keys)}")

    def text(self, table: Mapping[str, Any], key: str, place: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.fault(f"{place}, {key}", "a text is needed here")
            return ""
        line = " ".join(value.split())
        if safe(line) != line:
            self.fault(f"{place}, {key}", "it has control characters; write it again by hand")
            return ""
        return line

    def name(self, table: Mapping[str, Any], key: str, place: str) -> str:
        value = self.text(table, key, place)
        if value and not _NAME.fullmatch(value):
            self.fault(f"{place}, {key}", f"“{_brief(value)}” is no name: use letters, digits, “-”, “_” and “.” only")
        return value

    def day(self, table: Mapping[str, Any], key: str, place: str, *, needed: bool) -> date | None:
        value = table.get(key)
        if type(value) is date:  # a datetime is a date too, and cannot be compared with one
            return value
        if value is not None or needed:
            self.fault(f"{place}, {key}", "a date is needed here, written 2018-08-27 without quotes")
        return None

    def flag(self, table: Mapping[str, Any], key: str, place: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{place}, {key}", "true or false is needed here, without quotes")
        return value is True

    def one_of(self, table: Mapping[str, Any], key: str, place: str, choices: Sequence[str]) -> Any:
        value = table.get(key)
        if value in choices:
            return value
        given = "" if value is None else f", not “{_brief(value)}”"
        self.fault(f"{place}, {key}", f"one of {', '.join(choices)} is needed here{given}")
        return choices[0]

    def period(self, table: Mapping[str, Any], place: str) -> Period | None:
        value = table.get("period")
        if not isinstance(value, str):
            self.fault(f"{place}, period", "a period is needed here, with its unit and in quotes: “7 years”, “90 days”")
            return None
        try:
            return read_period(value)
        except ValueError as error:
            self.fault(f"{place}, period", _brief(error, 200))
            return None

    def tables(self, table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        found = table.get(key, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fault(key, f"write each as its own [[{key}]] table")
            return []
        return found

    def schedule(self, table: Mapping[str, Any]) -> Schedule:
        place = "the schedule"
        self.known(table, SCHEDULE_KEYS, place)
        return Schedule(
            name=self.name(table, "name", place),
            title=self.text(table, "title", place),
            authority=self.text(table, "authority", place),
            citation=self.text(table, "citation", place),
            approved_on=self.day(table, "approved_on", place, needed=table.get("example") is not True) or NEVER,
            adopted_on=self.day(table, "adopted_on", place, needed=False),
            expires_on=self.day(table, "expires_on", place, needed=False),
            floor=self.floor(table.get("floor")),
            series=tuple(self.series(one, number) for number, one in enumerate(self.tables(table, "series"), 1)),
            rules=tuple(self.rule(one, number) for number, one in enumerate(self.tables(table, "rule"), 1)),
            example=self.flag(table, "example", place),
        )

    def floor(self, table: Any) -> Floor | None:
        if table is None:
            return None
        if not isinstance(table, dict):
            self.fault("floor", "write it as a [floor] table")
            return None
        self.known(table, FLOOR_KEYS, "floor")
        period, citation = self.period(table, "floor"), self.text(table, "citation", "floor")
        return Floor(period, citation) if period is not None else None

    def series(self, table: Mapping[str, Any], number: int) -> Series:
        key = table.get("key")
        place = f"series {key if isinstance(key, str) and _NAME.fullmatch(key) else number}"
        self.known(table, SERIES_KEYS, place)
        trigger = self.one_of(table, "trigger", place, TRIGGERS)
        if trigger == "PERM" and "period" in table:
            self.fault(f"{place}, period", "a permanent series has none; leave it out")
        return Series(
            key=self.name(table, "key", place),
            title=self.text(table, "title", place),
            period=None if trigger == "PERM" else self.period(table, place),
            trigger=trigger,
            disposition=self.one_of(table, "disposition", place, get_args(Disposition)),
            notice=self.one_of(table, "notice", place, get_args(Notice)),
            citation=self.text(table, "citation", place),
            code=self.text(table, "code", place, ""),
            event=self.text(table, "event", place, None if trigger == "EVT" else ""),
            confidential=self.flag(table, "confidential", place),
            verified=self.flag(table, "verified", place),
            note=self.text(table, "note", place, ""),
        )

    def rule(self, table: Mapping[str, Any], number: int) -> Rule:
        place = f"rule {number}"
        self.known(table, RULE_KEYS, place)
        values = {name: self.values(table, name, place) for name in LISTS}
        return Rule(
            number=number,
            series=self.text(table, "series", place),
            query=self.text(table, "query", place) if "query" in table else "",
            whole_thread=self.flag(table, "whole_thread", place),
            **values,
        )

    def values(self, table: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        value = table.get(name)
        if value is None:
            return ()
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            self.fault(f"{place}, {name}", "a text or a list of texts is needed here")
            return ()
        if not listed or not all(one.strip(" @#") for one in listed):
            self.fault(f"{place}, {name}", "nothing is equal to an empty text or list; leave the key out")
        return tuple(self.text({name: one}, name, place, "") for one in listed)


def _brief(value: object, longest: int = 60) -> str:
    text = safe(value)
    return text if len(text) <= longest else text[:longest] + "…"
