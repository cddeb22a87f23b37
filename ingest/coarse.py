"""Another telling of the same thing where one of the two knows the moment to the minute or the day only.

An export in HTML writes minutes, in the zone of whoever asked for it; its JSON twin writes seconds in UTC. Two
items are one if kind, side (city or public), words and minute agree. What one offset says of a year may be an hour
off for half of it, between two exports in HTML too; where no zone is known at all, the hour is not compared but by the
words. What is alone in its minute, and in those an hour off, is the same thing in other words.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from archive.canonical import storable
from archive.version_digest import stored_time
from ingest.held import GONE, Held
from ingest.normalise import AUTHOR_KEY, CONVERSATION, Prepared

COARSE = ("minute", "day", "month")
"""Precisions that leave the second open."""

HOUR = timedelta(hours=1)
AN_HOUR_OFF = (timedelta(), HOUR, -HOUR)
"""By how much a clock may differ that knows one offset for the whole year, nothing first."""

QUARTER = timedelta(minutes=15)
WIDEST = 14 * 4
"""Quarters of an hour by which a time without a zone may be off, either way."""

_TABLE = """
CREATE TEMP TABLE elsewhere (
    record INTEGER PRIMARY KEY, version INTEGER, accession INTEGER, content_hash BLOB, kind TEXT, minute TEXT,
    precision TEXT, zone TEXT, author TEXT, by_account INTEGER, words TEXT, sight TEXT, conversation TEXT,
    gone INTEGER, has_id INTEGER, is_own INTEGER)
"""
_INDEX = "CREATE INDEX temp.elsewhere_when ON elsewhere (minute, kind)"
_VALUES = f"""
  r.id, v.id, v.accession, v.content_hash, r.kind, substr(c.created_at, 1, 16), c.created_precision,
  coalesce(c.created_zone, ''),
  {AUTHOR_KEY}, coalesce(c.by_account, 0),
  squeezed(coalesce(c.text, ''), r.kind, coalesce(c.author_id, c.author_handle, c.author_name, ''),
    coalesce(c.list_name, '')), iif(c.audience IN ('hidden', 'removed'), c.audience, ''),
  {CONVERSATION}, {GONE}, r.native_id IS NOT NULL
"""
_FILL = f"""
INSERT INTO elsewhere SELECT {_VALUES}, 0
FROM main.record r JOIN main.version v ON v.id = r.version JOIN main.content c ON c.id = v.id
WHERE r.account = ? AND r.created_at <> '' AND instr(' ' || r.formats || ' ', ' ' || ? || ' ') = 0
"""
_FILL_OWN = f"""
INSERT INTO elsewhere SELECT {_VALUES}, 1
FROM main.record r JOIN main.version v ON v.id = (
    SELECT max(w.id) FROM main.version w JOIN main.accession a ON a.id = w.accession
    WHERE (w.id = r.id OR (w.record = r.id AND w.id <> w.record)) AND a.format = ?2)
  JOIN main.content c ON c.id = v.id
WHERE r.account = ?1 AND (?3 OR r.created_at LIKE '%:00.000Z') AND instr(' ' || r.formats || ' ', ' ' || ?2 || ' ')
  AND c.native_id IS NULL AND c.created_at <> '' AND c.created_precision IN {COARSE}
"""
"""What the format itself has told, as it was told last. One that tells seconds has the minutes of another only where it
told no time, of what it had among the deleted: there they stand."""

_UNSETTLED = "record NOT IN (SELECT record FROM settled)"
_FIND = f"""
SELECT version, record, accession, content_hash, gone, zone, count(*) OVER () FROM elsewhere
WHERE minute = ? AND kind = ? AND by_account = ? AND words = ? AND (precision IN {COARSE} OR ?) AND NOT (has_id AND ?)
  AND (sight = ? OR ?) AND is_own = ? AND (conversation = ? OR NOT is_own) AND {_UNSETTLED}
ORDER BY record LIMIT 1
"""
_NEAR = f"""
SELECT version, record, accession, content_hash, zone, words, precision FROM elsewhere
WHERE kind = ? AND author = ? AND minute = ? AND (precision IN {COARSE} OR ?) AND (conversation = ? OR NOT is_own)
  AND {_UNSETTLED}
ORDER BY record
"""
_MAY_BE_NEAR = f"""
SELECT s.id FROM staged s WHERE lane = 'no id' AND NOT done AND created_at <> '' AND kind <> 'subscriber' AND EXISTS (
  SELECT 1 FROM elsewhere e WHERE e.kind = s.kind AND e.author = s.author AND {_UNSETTLED} AND e.minute IN (
    substr(s.created_at, 1, 16), strftime('%Y-%m-%dT%H:%M', substr(s.created_at, 1, 16), '+1 hour'),
    strftime('%Y-%m-%dT%H:%M', substr(s.created_at, 1, 16), '-1 hour')))
ORDER BY s.id
"""
"""Staged items that something unsettled of the same author stands beside: few, or none."""


def is_coarse(one: Prepared) -> bool:
    """Say whether an item's moment leaves the second open."""
    return one.content.created is not None and one.content.created.precision in COARSE


def nearby(one: Prepared) -> Iterator[tuple[str, str, str]]:
    """Yield kind, author and minute of an item, then the same for an hour later and sooner."""
    created = one.content.created
    if created is not None and created.at is not None:
        yield from ((one.kind, storable(one.author_key), stored_time(created.at + shift)[:16]) for shift in AN_HOUR_OFF)


def words(text: str, kind: str, author: str, list_name: str) -> str:
    """Return by what two tellings are known to be one: words but for their spacing; who it is, of a subscriber."""
    said = " ".join(text.split())
    return f"{author}\n{list_name}\n{said}" if kind == "subscriber" else said


class Elsewhere:
    """An account's records by their minutes and words: what a format has never shown, and what it has told itself."""

    def __init__(self, connection: sqlite3.Connection, account: str, format_name: str) -> None:
        self._connection = connection
        self._of = (account, format_name)
        connection.create_function("squeezed", 4, words, deterministic=True)
        connection.execute(_TABLE)
        connection.execute(_FILL, self._of)
        connection.execute(_INDEX)
        self.has_coarse = self._has_coarse()

    def _has_coarse(self) -> bool:
        found = self._connection.execute(f"SELECT 1 FROM elsewhere WHERE precision IN {COARSE} LIMIT 1")
        return found.fetchone() is not None

    def add_own(self, is_coarse: bool) -> None:
        """Add what the format itself has told without seconds; ``is_coarse`` if it never tells them."""
        self._connection.execute(_FILL_OWN, (*self._of, is_coarse))
        self.has_coarse = self._has_coarse()

    def is_empty(self, is_own: bool) -> bool:
        """Say whether there is nothing to find: of other formats, or of the item's own."""
        return (
            self._connection.execute("SELECT 1 FROM elsewhere WHERE is_own = ? LIMIT 1", (is_own,)).fetchone() is None
        )

    def find(self, one: Prepared, is_own: bool = False) -> Held | None:
        """Return the record that an item tells once more and that is not settled; None if there is no certain one.

        ``is_own`` asks for what the item's own format has told. There, messages of which no zone is known are not the
        same for the same words within half a day: people say “ok” more than once, and an export may lack the first.
        """
        created = one.content.created
        if created is None or created.at is None or not (is_coarse(one) or self.has_coarse):
            return None
        if is_own and one.kind == "message" and created.zone == "unknown":
            return None
        said = _said(one)
        for shift in _shifts(created.zone, is_coarse(one)):
            facts = (
                stored_time(created.at + shift)[:16], one.kind, one.content.author.is_account, said, is_coarse(one),
                one.has_id, _sight(one), one.has_id, is_own, storable(one.conversation),
            )  # fmt: skip
            found = self._connection.execute(_FIND, facts).fetchone()
            if found is None:
                continue
            version, record, accession, content_hash, gone, zone, count = found
            if not _may_be_off(shift, zone, created.zone):
                continue
            if not said and (count > 1 or shift):
                return None
            return Held(version, record, accession, content_hash, True, gone=bool(gone))
        return None

    def may_be_near(self) -> list[int]:
        """Return the staged items that may be known in other words, or have been seen when they were not hidden."""
        return [row[0] for row in self._connection.execute(_MAY_BE_NEAR)]

    def otherwise(self, one: Prepared, is_alone: bool) -> Held | None:
        """Return the one record that an item shows in another way: removed or hidden, or in other words.

        Other words are an edit only of what ``is_alone`` among the items, and the record alone among records.
        """
        near = list(self._near(one))
        same = [held for held, said, _ in near if said == _said(one)]
        if len(same) == 1:
            return same[0]
        may_be_edited = is_alone and len(near) == 1 and near[0][2] not in ("day", "month")
        return near[0][0] if may_be_edited else None

    def _near(self, one: Prepared) -> Iterator[tuple[Held, str, str]]:
        """Yield records of the same author in the same minute or an hour off, with their words and precisions."""
        created = one.content.created
        if created is None or created.precision in ("day", "month") or created.zone == "unknown":
            return
        for shift, place in zip(AN_HOUR_OFF, nearby(one), strict=False):
            for row in self._connection.execute(_NEAR, (*place, is_coarse(one), storable(one.conversation))):
                version, record, accession, content_hash, zone, said, precision = row
                if zone != "unknown" and _may_be_off(shift, zone, created.zone):
                    yield Held(version, record, accession, content_hash, True), said, precision


def _said(one: Prepared) -> str:
    return words(storable(one.content.text), one.kind, storable(one.author_key), storable(one.content.list_name))


def _sight(one: Prepared) -> str:
    """Return what keeps an item out of the public's sight, empty for nothing."""
    return one.content.audience if one.content.audience in ("hidden", "removed") else ""


def _shifts(zone: str, coarse: bool) -> Iterator[timedelta]:
    """Yield by how much the other telling's clock may differ, nothing first."""
    yield from AN_HOUR_OFF
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
    return "account" in (held, own) and abs(shift) == HOUR
