"""On what line of a schedule file a fault is: TOML's reader tells values, not where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from retention_schedules.check import Fault

_TABLE = re.compile(r"\s*(?:\[\[\s*(series|rule)\s*\]\]|\[\s*(floor)\s*\])")
_KEY = re.compile(r"""\s*["']?([\w-]+)["']?\s*=\s*(.*)""")
_AT_LINE = re.compile(r"\(at line (\d+),")


def placed(faults: Iterable[Fault], source: bytes) -> list[Fault]:
    """Return the faults with their lines; what cannot be found keeps line 0."""
    known = _lines(source.decode("utf-8-sig", "replace"))
    return [msgspec.structs.replace(one, line=_line(one.place, known)) for one in faults]


def of_syntax(message: str) -> int:
    """Return the line that TOML's reader names in its message, 0 if it names none."""
    found = _AT_LINE.search(message)
    return int(found.group(1)) if found else 0


def _line(place: str, known: dict[str, int]) -> int:
    return known.get(place) or known.get(place.partition(",")[0], 0)


def _lines(text: str) -> dict[str, int]:
    """Return the line of every place that faults name: ``rule 2``, ``series posts, period``."""
    found: dict[str, int] = {}
    counts = {"series": 0, "rule": 0}
    tables = ["the schedule"]
    quoted = ""
    for number, line in enumerate(text.splitlines(), 1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        if table := _TABLE.match(line):
            tables = _names(table.group(1) or "", counts) or ["floor"]
            found |= dict.fromkeys(tables, number)
        elif key := _KEY.match(line):
            name, value = key.groups()
            if name == "key" and tables[0].startswith("series "):
                tables.append("series " + value.split("#")[0].strip(" \"'"))
                found.setdefault(tables[-1], number)
                found |= {one.replace(tables[0], tables[-1], 1): at for one, at in found.items()
                          if one.startswith(f"{tables[0]}, ")}  # fmt: skip
            for one in tables:
                found.setdefault(f"{one}, {name}", number)
            quoted = _opened(value)
    return found


def _names(kind: str, counts: dict[str, int]) -> list[str]:
    if not kind:
        return []
    counts[kind] += 1
    return [f"{kind} {counts[kind]}"]


def _opened(value: str) -> str:
    """Return the marks of a text of several lines that begins here and does not end here."""
    for marks in ('"""', "'''"):
        if value.startswith(marks) and marks not in value[3:]:
            return marks
    return ""
