"""Exports that a platform hands over in numbered parts: ``takeout-20260310T140000Z-001.zip``, ``72157_part1.zip``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from ingest.backup import Fault

_FORMS = (
    re.compile(r"(?P<series>takeout-.+)-(?P<number>\d{3})\.(?:zip|tgz)", re.IGNORECASE),
    re.compile(r"(?P<series>data-download)-(?P<number>\d{1,4})\.zip", re.IGNORECASE),
    re.compile(
        r"(?P<series>.*?)[-_ (]*part[-_ ]?(?P<number>\d{1,4})(?:[-_ ]?of[-_ ]?(?P<count>\d{1,4}))?\)?"
        r"\.(?:zip|tgz|tar|tar\.gz)",
        re.IGNORECASE,
    ),
)
"""How Google, Flickr (its files) and others (Flickr's tables, Meta) name the parts of one export."""


class Part(Struct, frozen=True):
    """One part of an export: the name that its parts share, its number, and how many there are (0: not told)."""

    series: str
    number: int
    count: int = 0


def part_of(name: str) -> Part | None:
    """Return which part of what a file is by its name; None for one that is whole."""
    for form in _FORMS:
        if found := form.fullmatch(name):
            told = found.groupdict()
            return Part(told["series"].casefold(), int(told["number"]), int(told.get("count") or 0))
    return None


def absent(paths: Iterable[Path]) -> Sequence[Fault]:
    """Name the parts that should lie between or beside those that were brought; the last one nobody can know."""
    series: dict[str, list[tuple[Part, Path]]] = {}
    for path in paths:
        if part := part_of(path.name):
            series.setdefault(part.series, []).append((part, path))
    faults = []
    for parts in series.values():
        here = {part.number for part, _ in parts}
        last = max(max(part.number, part.count) for part, _ in parts)
        missing = [str(number) for number in range(1, last + 1) if number not in here]
        if missing:
            which = f"part {missing[0]}" if len(missing) == 1 else f"parts {', '.join(missing)}"
            reason = f"{which} of this export is not here; take all of its parts in with one command"
            faults.append(Fault(parts[0][1].name, reason))
    return faults
