"""Items that can only be matched when the backup has been read to its end, kept on disk till then.

They wait in temporary tables of a connection of their own, so memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from archive.archive import Archive
from archive.canonical import storable
from archive.database import connect
from ingest.held import Held
from ingest.normalise import Prepared

_TABLES = """
CREATE TEMP TABLE staged (
    id INTEGER PRIMARY KEY, lane TEXT, identity BLOB, kind TEXT, author TEXT, created_at TEXT,
    edited_at TEXT, revision TEXT, list TEXT, audience TEXT, text TEXT, prepared BLOB,
    done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX temp.staged_lane ON staged (lane, identity);
CREATE TEMP TABLE unmatched (
    identity BLOB, version INTEGER PRIMARY KEY, record INTEGER, accession INTEGER, content_hash BLOB,
    kind TEXT, author TEXT, created_at TEXT, list TEXT, audience TEXT, text TEXT, done INTEGER NOT NULL DEFAULT 0);
"""

_HELD_WITHOUT_ID = """
INSERT INTO unmatched
    (identity, version, record, accession, content_hash, kind, author, created_at, list, audience, text)
SELECT v.identity, v.id, v.record, v.accession, v.content_hash, r.kind,
    coalesce(c.author_id, c.author_handle, c.author_name, ''), coalesce(c.created_at, ''),
    coalesce(c.list_name, ''), c.audience, coalesce(c.text, '')
FROM main.record r JOIN main.version v ON v.id = r.version JOIN main.content c ON c.id = v.id
WHERE r.account = ? AND r.native_id IS NULL
"""

_TWINS = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT id, identity, row_number() OVER (PARTITION BY identity ORDER BY id) AS n
   FROM staged WHERE lane = 'no id') s JOIN
  (SELECT *, row_number() OVER (PARTITION BY identity ORDER BY record) AS n FROM unmatched) h
  ON h.identity = s.identity AND h.n = s.n
ORDER BY s.id
"""

_EDITS = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT id, kind, author, created_at, list, count(*) OVER w AS n FROM staged
   WHERE lane = 'no id' AND NOT done AND created_at <> ''
   WINDOW w AS (PARTITION BY kind, author, created_at, list)) s JOIN
  (SELECT *, count(*) OVER w AS n FROM unmatched
   WHERE NOT done WINDOW w AS (PARTITION BY kind, author, created_at, list)) h
  ON h.kind = s.kind AND h.author = s.author AND h.created_at = s.created_at AND h.list = s.list
  AND s.n = 1 AND h.n = 1
ORDER BY s.id
"""

_REMOVALS = """
SELECT s, version, record, accession, content_hash FROM
  (SELECT s.id AS s, h.*, count(*) OVER (PARTITION BY s.id) AS of_staged,
     count(*) OVER (PARTITION BY h.version) AS of_held
   FROM staged s JOIN unmatched h ON h.kind = s.kind AND h.text = s.text AND h.audience <> 'removed'
     AND (s.created_at = '' OR s.created_at = h.created_at)
   WHERE s.lane = 'no id' AND s.audience = 'removed' AND s.text <> '' AND NOT s.done AND NOT h.done)
WHERE of_staged = 1 AND of_held = 1 ORDER BY s
"""


class Staging:
    """The staged items of one accession, in three lanes: by identity, by revision, without id."""

    def __init__(self, archive: Archive, account: str) -> None:
        self._connection = connect(archive.path)
        self._connection.execute("PRAGMA temp_store = FILE")
        for statement in _TABLES.split(";\n"):
            self._connection.execute(statement)
        self._account = account
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Prepared).decode

    def close(self) -> None:
        """Throw the staged items away."""
        self._connection.close()

    def add(self, one: Prepared) -> None:
        """Stage an item."""
        lane = "no id" if not one.has_id else "revision" if one.revision else "identity"
        self._connection.execute(
            "INSERT INTO staged (lane, identity, kind, author, created_at, edited_at, revision, list, audience, text,"
            " prepared) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                lane, one.identity, one.kind, one.author_key, one.created_at, one.edited_at, one.revision,
                one.content.list_name, one.content.audience, storable(one.content.text), self._encode(one),
            ),
        )  # fmt: skip

    def groups(self, lane: str) -> Iterator[list[Prepared]]:
        """Yield the items of a lane by identity; within one, in the order of their revisions."""
        rows = self._connection.execute(
            "SELECT identity, prepared FROM staged WHERE lane = ?"
            " ORDER BY min(id) OVER (PARTITION BY identity), edited_at, length(revision), revision, id",
            (lane,),
        )
        group: list[Prepared] = []
        last = None
        for identity, prepared in rows:
            if identity != last and group:
                yield group
                group = []
            last = identity
            group.append(self._decode(prepared))
        if group:
            yield group

    def twins(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id that say what a held record says, each with its own held record."""
        self._connection.execute(_HELD_WITHOUT_ID, (self._account,))
        yield from self._pairs(_TWINS)

    def edits(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id whose (kind, author, time, list) is unique here and among what is left held."""
        yield from self._pairs(_EDITS)

    def removals(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield notices of removal whose words (and time, if they tell one) are one held record's alone."""
        yield from self._pairs(_REMOVALS)

    def _pairs(self, sql: str) -> Iterator[tuple[Prepared, Held]]:
        pairs = self._connection.execute(sql).fetchall()
        self._connection.executemany("UPDATE staged SET done = 1 WHERE id = ?", [(row[0],) for row in pairs])
        self._connection.executemany("UPDATE unmatched SET done = 1 WHERE version = ?", [(row[1],) for row in pairs])
        for staged, version, record, accession, content_hash in pairs:
            (prepared,) = self._connection.execute("SELECT prepared FROM staged WHERE id = ?", (staged,)).fetchone()
            yield self._decode(prepared), Held(version, record, accession, content_hash, True)

    def rest(self) -> Iterator[Prepared]:
        """Yield items without id that match nothing: new records."""
        rows = self._connection.execute("SELECT prepared FROM staged WHERE lane = 'no id' AND NOT done ORDER BY id")
        for (prepared,) in rows:
            yield self._decode(prepared)
