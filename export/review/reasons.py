"""Reasons of each record's own, from a table that a person wrote."""

from __future__ import annotations

import csv
from pathlib import Path

from archive.errors import MunimentError


class BadReasons(MunimentError):
    """A table of reasons cannot be read."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f'{path}, line {line}: write a record\'s number, a comma and its reason, such as 12,"A child is named". '
            "Nothing was decided."
        )


def read_reasons(path: Path) -> dict[int, str]:
    """Read a CSV with a record and its reason a line; a heading may stand above. Raises :class:`BadReasons`."""
    found: dict[int, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.reader(file), 1):
            if line == 1 and row[:1] == ["record"]:
                continue
            if len(row) != 2 or not row[0].strip().isdigit() or not row[1].strip():
                raise BadReasons(path, line)
            found[int(row[0])] = row[1].strip()
    return found
