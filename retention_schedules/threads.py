"""Conversations that a rule keeps together: every record of one is kept as long as its longest-kept member.

A conversation is the records of one account with the same thread; what names none belongs to what it
answers, and a record that neither names is the beginning of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from retention_schedules.outcomes import THREAD
from retention_schedules.rules import Match

KEY = "coalesce(r.thread, r.parent, r.native_id)"

_TIE = """
WITH tied AS MATERIALIZED (
    SELECT DISTINCT r.account, {key} AS thread FROM {table} e JOIN record r ON r.id = e.record
    WHERE (e.schedule, e.rule) IN (VALUES {rules}) AND {key} IS NOT NULL
), member AS MATERIALIZED (
    SELECT r.id, r.account, {key} AS thread FROM record r WHERE (r.account, {key}) IN (SELECT account, thread FROM tied)
), longest AS MATERIALIZED (
    SELECT m.account, m.thread, max(e.expires_on) AS until, count(*) > count(e.expires_on) AS is_open,
        max(e.blocked <> '') AS is_blocked
    FROM member m JOIN {table} e ON e.record = m.id GROUP BY m.account, m.thread
)
UPDATE {table} SET
    expires_on = CASE WHEN l.is_open THEN NULL ELSE l.until END,
    blocked = CASE WHEN blocked = '' AND (l.is_open OR l.is_blocked) THEN '{mark}' ELSE blocked END
FROM member m JOIN longest l ON l.account = m.account AND l.thread = m.thread
WHERE {table}.record = m.id
"""

_MEMBERS = f"""
SELECT r.id FROM record r JOIN record o ON o.account = r.account
WHERE o.id = ? AND {KEY} = {KEY.replace("r.", "o.")} ORDER BY r.id
"""


def tie(connection: sqlite3.Connection, table: str, rules: Sequence[Match]) -> None:
    """Tie the conversations in a table of dates that some rules keep together.

    A member without a date (permanent, waiting, unscheduled) leaves the others without one, and what keeps a
    member although its date has come keeps the others.
    """
    if not rules:
        return
    marks = ", ".join("(?, ?)" for _ in rules)
    statement = _TIE.format(key=KEY, table=table, rules=marks, mark=THREAD)
    connection.execute(statement, [value for one in rules for value in (one.schedule.name, one.rule.number)])


def members(connection: sqlite3.Connection, record: int) -> list[int]:
    """Return the records of a record's conversation, itself among them."""
    return [row[0] for row in connection.execute(_MEMBERS, (record,))] or [record]
