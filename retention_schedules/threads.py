"""Conversations that a rule keeps together: every record of one is kept as long as its longest-kept member.

A conversation is the records of one account with the same thread; what names none belongs to what it
answers, and a record that neither names is the beginning of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from retention_schedules.assignment import Assigned
from retention_schedules.outcomes import THREAD
from retention_schedules.rules import Match

KEY = "coalesce(r.thread, r.parent, r.native_id)"

_TIED = """
WITH tied AS MATERIALIZED (
    SELECT DISTINCT r.account, {key} AS thread
    FROM dated d JOIN outcome o ON o.id = d.own JOIN record r ON r.id = d.record
    WHERE (o.schedule, o.rule) IN (VALUES {rules}) AND {key} IS NOT NULL
), member AS MATERIALIZED (
    SELECT r.id, r.account, {key} AS thread FROM record r WHERE (r.account, {key}) IN (SELECT account, thread FROM tied)
), longest AS MATERIALIZED (
    SELECT m.account, m.thread, max(o.expires_on) AS until, count(*) > count(o.expires_on) AS is_open,
        max(o.blocked <> '') AS is_blocked
    FROM member m JOIN dated d ON d.record = m.id JOIN outcome o ON o.id = d.own GROUP BY m.account, m.thread
), together AS MATERIALIZED (
    SELECT m.id, l.until, l.is_open, l.is_blocked
    FROM member m JOIN longest l ON l.account = m.account AND l.thread = m.thread
)
SELECT d.record, d.own, d.outcome, t.id IS NOT NULL, o.schedule, o.series, o.rule, o.trigger, o.cutoff_on,
    CASE WHEN t.is_open THEN NULL ELSE t.until END,
    CASE WHEN o.blocked = '' AND (t.is_open OR t.is_blocked) THEN '{mark}' ELSE o.blocked END
FROM dated d JOIN outcome o ON o.id = d.own LEFT JOIN together t ON t.id = d.record
WHERE t.id IS NOT NULL OR d.outcome IS NOT d.own
"""

_MEMBERS = f"""
SELECT r.id FROM record r JOIN record o ON o.account = r.account
WHERE o.id = ? AND {KEY} = {KEY.replace("r.", "o.")} ORDER BY r.id
"""


def tied(
    reads: sqlite3.Connection, rules: Sequence[Match], number: Callable[[Assigned], int]
) -> Iterator[tuple[int, int]]:
    """Yield the records for which another outcome counts than did, with its number, where rules keep conversations.

    A member without a date (permanent, waiting, unscheduled) leaves the others without one, and what keeps a
    member although its date has come keeps the others.
    """
    statement = _TIED.format(key=KEY, rules=", ".join("(?, ?)" for _ in rules), mark=THREAD)
    asked = [value for one in rules for value in (one.schedule.name, one.rule.number)]
    for record, own, counted, is_tied, *assigned in reads.execute(statement, asked):
        counts = number(tuple(assigned)) if is_tied else own
        if counts != counted:
            yield record, counts


def members(connection: sqlite3.Connection, record: int) -> list[int]:
    """Return the records of a record's conversation, itself among them."""
    return [row[0] for row in connection.execute(_MEMBERS, (record,))] or [record]
