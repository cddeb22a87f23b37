"""What stands in the way of a record's disposition: holds in force, and requests that the law protects.

A hold's records are the members of its selections on the ledger: those found when it was placed, and those that
it caught later. Once caught, a record stays held until the hold ends, whatever becomes of it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

HOLD = "hold"
REQUEST = "request"


class Standing(Struct, frozen=True):
    """One thing in the way, in force. ``subject`` is how its selections are named on the ledger.

    ``queries`` are asked again of what arrives later. ``of_all`` says that nobody can tell yet what it covers, so
    that nothing at all may go. ``until`` is the last day on which nothing may go, None if there is no end yet.
    """

    kind: Literal["hold", "request"]
    subject: str
    name: str
    why: str
    queries: tuple[str, ...] = ()
    of_all: bool = False
    until: date | None = None

    @property
    def said(self) -> str:
        """Why it stands in the way, with a request's number, to stand among other reasons."""
        why = self.why.rstrip(".")
        return f"request {self.name}: {why[0].lower()}{why[1:]}" if self.kind == REQUEST else why


Requests = Callable[[], Sequence[Standing]]
"""Tells the requests whose records the law protects today (Wis. Stat. § 19.35(5)); the composition knows them."""

_HELD = """
SELECT DISTINCT v.record FROM selection s JOIN member m ON m.selection = s.id JOIN version v ON v.id = m.version
WHERE s.subject IN (SELECT value FROM json_each(?))
"""
_MEMBERS = """
SELECT m.version FROM selection s JOIN member m ON m.selection = s.id WHERE s.subject = ?
"""


def nothing_requested() -> Sequence[Standing]:
    """Tell that no request protects anything: for archives that are opened without the room of requests."""
    return ()


def held_records(connection: sqlite3.Connection, these: Iterable[Standing]) -> set[int]:
    """Return the records that any of these protects."""
    subjects = json.dumps([one.subject for one in these])
    return {row[0] for row in connection.execute(_HELD, (subjects,))}


def members(connection: sqlite3.Connection, subject: str) -> set[int]:
    """Return the versions that one hold or request covers."""
    return {row[0] for row in connection.execute(_MEMBERS, (subject,))}
