"""Which columns of subscriber lists a request releases: decided one by one, flagged ones with a reason.

Name, address and the times of joining and leaving go out unless they are withheld; every other column that a
platform keeps about people stays in until it is released by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from export.flagged import flag_of
from export.released import BASIC_COLUMNS, TAGS_COLUMN
from export.requests import register

EVENT = "request.columns"

_FILLED = """
SELECT d.key, count(*), min(d.value), max(d.value) FROM member m JOIN selection s ON s.id = m.selection
JOIN version v ON v.id = m.version JOIN content c ON c.id = v.id, json_each(c.details) d
WHERE s.subject = ? AND s.seq <= ? AND v.kind = 'subscriber' GROUP BY d.key ORDER BY d.key
"""
_BASIC_FILLED = """
SELECT count(DISTINCT v.id), count(c.author_name), count(c.author_handle), count(coalesce(c.author_id, c.native_id)),
    count(c.tags)
FROM member m JOIN selection s ON s.id = m.selection JOIN version v ON v.id = m.version JOIN content c ON c.id = v.id
WHERE s.subject = ? AND s.seq <= ? AND v.kind = 'subscriber'
"""


class UnknownColumn(MunimentError):
    """No subscriber list of the collected set has this column."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, name: str, known: Sequence[str]) -> None:
        listed = ", ".join(known) or "none: no subscriber list was collected"
        super().__init__(f"There is no column “{name}”. Columns here: {listed}. Nothing was decided.")


class ReasonNeeded(MunimentError):
    """A flagged column is released, or a basic one withheld, without a reason."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Say why with --reason: {why} (column “{name}”). Nothing was decided.")


class Column(Struct, frozen=True):
    """One column: how many people have a value in it, what it is flagged as and why, and whether it goes out.

    ``reason`` is what was written when it was decided; empty while the default holds.
    """

    name: str
    filled: int
    flag: str
    why: str
    released: bool
    reason: str = ""


def columns(archive: Archive, number: int, upto: int = 1 << 62) -> list[Column]:
    """Return the columns of the subscriber lists in a request's collected set, basic ones first; as of a position."""
    register.get(archive, number)
    decided = _decisions(archive, number, upto)
    return [_column(*found, decided) for found in _found(archive, number, upto)]


def decide(archive: Archive, number: int, release: Sequence[str], withhold: Sequence[str], reason: str = "") -> None:
    """Release some columns and withhold others; the reason is kept with each."""
    known = {one.name: one for one in columns(archive, number)}
    for name in (*release, *withhold):
        if name not in known:
            raise UnknownColumn(name, list(known))
    if not reason:
        _need_no_reason([known[name] for name in release], withhold)
    subject = f"request:{number}"
    with archive.act(EVENT, subject, {"released": len(release), "withheld": len(withhold)}) as act:
        for name, out in [(one, True) for one in release] + [(one, False) for one in withhold]:
            act.state(subject, "column", json.dumps([name, out, reason], ensure_ascii=False))


def _need_no_reason(released: Sequence[Column], withhold: Sequence[str]) -> None:
    for one in released:
        if one.flag:
            raise ReasonNeeded(one.name, f"this is flagged as {one.flag}. {one.why}")
    for name in withhold:
        if name in BASIC_COLUMNS:
            raise ReasonNeeded(name, "lists used for outreach are released unless a balancing reason is written down")


def _decisions(archive: Archive, number: int, upto: int) -> dict[str, tuple[bool, str]]:
    rows = archive.connection.execute(
        "SELECT text FROM statement WHERE subject = ? AND name = 'column' AND seq <= ? ORDER BY id",
        (f"request:{number}", upto),
    )
    decided = (json.loads(text) for (text,) in rows)
    return {name: (bool(out), str(reason)) for name, out, reason in decided}


def _found(archive: Archive, number: int, upto: int) -> Iterator[tuple[str, int, tuple[Any, ...]]]:
    subject = (f"request:{number}", upto)
    people, names, addresses, ids, tags = archive.connection.execute(_BASIC_FILLED, subject).fetchone()
    if not people:
        return
    yield from (
        (name, count, ()) for name, count in zip(BASIC_COLUMNS, (names, addresses, ids, people, people), strict=True)
    )
    if tags:
        yield TAGS_COLUMN, tags, ()
    for name, count, lowest, highest in archive.connection.execute(_FILLED, subject):
        yield name, count, (lowest, highest)


def _column(name: str, filled: int, values: Sequence[Any], decided: dict[str, tuple[bool, str]]) -> Column:
    flag = None if name in BASIC_COLUMNS else flag_of(name, values)
    released, reason = decided.get(name, (name in BASIC_COLUMNS, ""))
    return Column(name, filled, flag.what if flag else "", flag.why if flag else "", released, reason)
