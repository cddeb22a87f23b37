"""Another format's telling of the same thing where one of the two knows the moment to the minute or the day only.

An export in HTML writes minutes, in the zone of whoever asked for it; its JSON twin writes seconds in UTC. Two
items are one if kind, side (city or public), words and minute agree. What one offset says of a year may be an hour
off for half of it; where no zone is known at all, the hour is not compared but by the words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from archive.canonical import storable
from archive.version_digest import stored_time
from ingest.held import Held
from ingest.normalise import Prepared

COARSE = ("minute", "day", "month")
"""Precisions that leave the second open."""

QUARTER = timedelta(minutes=15)
WIDEST = 14 * 4
"""Quarters of an hour by which a time without a zone may be off, either way."""

_TABLE = """
CREATE TEMP TABLE elsewhere (
    record INTEGER PRIMARY KEY, version INTEGER, accession INTEGER, content_hash BLOB, kind TEXT, minute TEXT,
    is_coarse INTEGER, zone TEXT, by_account INTEGER, words TEXT, has_id INTEGER)
"""
_INDEX = "CREATE INDEX temp.elsewhere_when ON elsewhere (minute, kind)"
_FILL = f"""
INSERT INTO elsewhere
  (record, version, accession, content_hash, kind, minute, is_coarse, zone, by_account, words, has_id)
SELECT r.id, r.version, v.accession, v.content_hash, r.kind, substr(r.created_at, 1, 16),
  c.created_precision IN {COARSE}, coalesce(c.created_zone, ''), r.by_account,
  squeezed(coalesce(c.text, ''), r.kind, coalesce(c.author_id, c.author_handle, c.author_name, ''),
    coalesce(c.list_name, '')), r.native_id IS NOT NULL
FROM main.record r JOIN main.version v ON v.id = r.version JOIN main.content c ON c.id = v.id
WHERE r.account = ? AND r.created_at <> '' AND instr(' ' || r.formats || ' ', ' ' || ? || ' ') = 0
"""
_FIND = """
SELECT version, record, accession, content_hash, zone, count(*) OVER () FROM elsewhere
WHERE minute = ? AND kind = ? AND by_account = ? AND words = ? AND (is_coarse OR ?) AND NOT (has_id AND ?)
  AND record NOT IN (SELECT record FROM settled)
ORDER BY record LIMIT 1
"""


def is_coarse(one: Prepared) -> bool:
    """Say whether an item's moment leaves the second open."""
    return one.content.created is not None and one.content.created.precision in COARSE


def words(text: str, kind: str, author: str, list_name: str) -> str:
    """Return by what two tellings are known to be one: words but for their spacing; who it is, of a subscriber."""
    said = " ".join(text.split())
    return f"{author}\n{list_name}\n{said}" if kind == "subscriber" else said


class Elsewhere:
    """The records of an account that a format has never shown, by their minutes and words."""

    def __init__(self, connection: sqlite3.Connection, account: str, format_name: str) -> None:
        self._connection = connection
        connection.create_function("squeezed", 4, words, deterministic=True)
        connection.execute(_TABLE)
        connection.execute(_FILL, (account, format_name))
        connection.execute(_INDEX)
        self.has_coarse = connection.execute("SELECT 1 FROM elsewhere WHERE is_coarse LIMIT 1").fetchone() is not None

    def find(self, one: Prepared) -> Held | None:
        """Return the record that an item tells once more and that is not settled; None if there is no certain one."""
        created = one.content.created
        if created is None or created.at is None or not (is_coarse(one) or self.has_coarse):
            return None
        said = words(storable(one.content.text), one.kind, storable(one.author_key), storable(one.content.list_name))
        for shift in _shifts(created.zone, is_coarse(one)):
            minute = stored_time(created.at + shift)[:16]
            facts = (minute, one.kind, one.content.author.is_account, said, is_coarse(one), one.has_id)
            found = self._connection.execute(_FIND, facts).fetchone()
            if found is None or not _may_be_off(shift, found[4], created.zone):
                continue
            if not said and (found[5] > 1 or shift):
                return None
            return Held(found[0], found[1], found[2], found[3], True)
        return None


def _shifts(zone: str, coarse: bool) -> Iterator[timedelta]:
    """Yield by how much the other telling's clock may differ, nothing first."""
    yield timedelta()
    hour = timedelta(hours=1)
    yield from (hour, -hour)
    if zone == "unknown" or not coarse:
        for quarters in range(1, WIDEST + 1):
            if quarters != 4:
                yield from (QUARTER * quarters, QUARTER * -quarters)


def _may_be_off(shift: timedelta, held: str, own: str) -> bool:
    """Say whether two tellings may differ so much, as their zones are known."""
    if not shift:
        return True
    if "unknown" in (held, own):
        return True
    return "account" in (held, own) and abs(shift) == timedelta(hours=1)
