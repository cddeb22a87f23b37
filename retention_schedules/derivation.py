"""Dates for many records at once, into the tables ``outcome`` and ``dated``: of the archive, or of a trial beside it.

Every record has an outcome of its own, which rests on it alone and is derived again only when the record, or whether
it answers a search, changes. Where rules keep conversations together a second step says which outcome counts; until
then the one that counted stays, so that nobody ever reads a date before its conversation is tied.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import islice

from msgspec import Struct

from archive.followers import Progress
from retention_schedules import threads
from retention_schedules.assignment import Assigned, Assignment
from retention_schedules.scanning import Scan

CHUNK = 5_000

_CHANGED = "WHERE r.changed_seq > :after OR r.id IN (SELECT value FROM json_each(:besides))"
_TOTAL = f"SELECT count(*) FROM record r {_CHANGED}"
_OUTCOMES = "SELECT id, schedule, series, rule, trigger, cutoff_on, expires_on, blocked FROM outcome"
_NEW_OUTCOME = "INSERT INTO outcome VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_OWN = "INSERT INTO dated VALUES (?1, ?2, NULL) ON CONFLICT (record) DO UPDATE SET own = ?2"
_ALONE = "INSERT INTO dated VALUES (?1, ?2, ?2) ON CONFLICT (record) DO UPDATE SET own = ?2, outcome = ?2"
_COUNTS = "UPDATE dated SET outcome = ?2 WHERE record = ?1"
_OF_NO_RECORD = "SELECT record FROM dated WHERE record NOT IN (SELECT id FROM record)"


class Tables(Struct, frozen=True):
    """Where dates are read, and how they are written: a transaction of the archive's, or a trial's own connection."""

    reads: sqlite3.Connection
    writing: Callable[[], AbstractContextManager[sqlite3.Connection]]


class Numbers:
    """The table ``outcome`` by what it says; what is new waits until it is written."""

    def __init__(self, reads: sqlite3.Connection) -> None:
        self._known: dict[Assigned, int] = {row[1:]: row[0] for row in reads.execute(_OUTCOMES)}
        self._last = max(self._known.values(), default=0)
        self._new: list[tuple[int, Assigned]] = []
        self._asked: set[int] = set()

    def of(self, assigned: Assigned) -> int:
        """Return the number of an outcome, a new one if there is none yet."""
        number = self._known.get(assigned)
        if number is None:
            self._last = number = self._known[assigned] = self._last + 1
            self._new.append((number, assigned))
        self._asked.add(number)
        return number

    @property
    def unasked(self) -> set[int]:
        """The numbers that nobody asked for: once all records were dated, no record has these outcomes any more."""
        return set(self._known.values()) - self._asked

    def write(self, connection: sqlite3.Connection) -> None:
        """Write the outcomes that are new; those who name them are written in the same transaction."""
        connection.executemany(_NEW_OUTCOME, ((number, *assigned) for number, assigned in self._new))
        self._new.clear()


def derive(
    tables: Tables, assignment: Assignment, after: int, besides: Iterable[int], progress: Progress | None
) -> None:
    """Date what changed after a ledger row, and the records ``besides``; with ``after`` 0 all of them."""
    numbers = Numbers(tables.reads)
    scan = Scan(assignment, numbers.of)
    asked = {"after": after, "besides": json.dumps(sorted(besides))}
    write = _OWN if assignment.basis.whole_threads else _ALONE
    total = tables.reads.execute(_TOTAL if after else "SELECT count(*) FROM record", asked).fetchone()[0]
    rows = tables.reads.execute(f"{scan.query} {_CHANGED}" if after else scan.query, asked)
    done = 0
    while chunk := rows.fetchmany(CHUNK):
        _write(tables, numbers, write, list(scan.differing(chunk)))
        done += len(chunk)
        if progress:
            progress(done, total)
    if assignment.basis.whole_threads:
        moved = threads.tied(tables.reads, assignment.basis.whole_threads, numbers.of)
        while some := list(islice(moved, CHUNK)):
            _write(tables, numbers, _COUNTS, some)
    if not after and numbers.unasked:
        with tables.writing() as connection:
            connection.executemany("DELETE FROM outcome WHERE id = ?", [(one,) for one in numbers.unasked])


def _write(tables: Tables, numbers: Numbers, statement: str, rows: list[tuple[int, int]]) -> None:
    if rows:
        with tables.writing() as connection:
            numbers.write(connection)
            connection.executemany(statement, rows)


def forget_gone(tables: Tables) -> bool:
    """Let go the dates of records that are no more; say whether there were any."""
    gone = tables.reads.execute(_OF_NO_RECORD).fetchall()
    if gone:
        with tables.writing() as connection:
            connection.executemany("DELETE FROM dated WHERE record = ?", gone)
    return bool(gone)


def answers_changed(tables: Tables, assignment: Assignment) -> set[int]:
    """Return the records that answer other searches of the rules than when they were dated."""
    return {record for record, _ in _answering(assignment) ^ _answered(tables.reads)}


def keep_answers(tables: Tables, assignment: Assignment) -> None:
    """Note which searches each record answers, now that it is dated by them."""
    now, before = _answering(assignment), _answered(tables.reads)
    if now != before:
        with tables.writing() as connection:
            connection.executemany("DELETE FROM answered WHERE record = ? AND query = ?", before - now)
            connection.executemany("INSERT INTO answered VALUES (?, ?)", now - before)


def _answering(assignment: Assignment) -> set[tuple[int, int]]:
    return {(one, number) for number, records in enumerate(assignment.answers.values()) for one in records}


def _answered(reads: sqlite3.Connection) -> set[tuple[int, int]]:
    return set(reads.execute("SELECT record, query FROM answered"))
