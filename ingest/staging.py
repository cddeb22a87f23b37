"""Items that can only be matched when the backup has been read to its end, kept on disk till then.

They wait in temporary tables of a connection of their own, so memory stays flat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from archive.archive import Archive
from archive.canonical import storable
from archive.database import connect
from ingest import renamed
from ingest.coarse import Elsewhere, is_coarse, nearby
from ingest.held import GONE, Held
from ingest.normalise import AUTHOR_KEY, CONVERSATION, Prepared
from ingest.written_dates import two_ways

_TABLES = """
CREATE TEMP TABLE staged (
    id INTEGER PRIMARY KEY, lane TEXT, identity BLOB, kind TEXT, author TEXT, created_at TEXT,
    edited_at TEXT, revision TEXT, list TEXT, audience TEXT, by_account INTEGER, text TEXT,
    lacks TEXT, thread TEXT, created_raw TEXT, two_ways INTEGER, content_hash BLOB, before BLOB, prepared BLOB,
    done INTEGER NOT NULL DEFAULT 0);
CREATE TEMP TABLE settled (record INTEGER PRIMARY KEY);
CREATE TEMP TABLE pair (
    staged INTEGER PRIMARY KEY, version INTEGER, record INTEGER, accession INTEGER, content_hash BLOB);
CREATE TEMP TABLE led_up (identity BLOB, staged INTEGER);
CREATE TEMP TABLE unmatched (
    identity BLOB, version INTEGER PRIMARY KEY, record INTEGER, accession INTEGER, content_hash BLOB,
    kind TEXT, author TEXT, created_at TEXT, created_raw TEXT, list TEXT, audience TEXT, text TEXT, thread TEXT,
    gone INTEGER, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX temp.unmatched_record ON unmatched (record);
CREATE INDEX temp.unmatched_when ON unmatched (created_at, kind);
CREATE TEMP TABLE without_id (
    record INTEGER PRIMARY KEY, version INTEGER, accession INTEGER, content_hash BLOB, kind TEXT, created_at TEXT,
    by_account INTEGER, text TEXT, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX temp.without_id_when ON without_id (created_at, kind);
"""
"""No index on lanes: with one, SQLite takes each to be small and joins them row by row, which takes hours."""

_LAST_WITHOUT_ID = """CASE WHEN r.native_id IS NOT NULL THEN (
    SELECT max(w.id) FROM main.version w JOIN main.content d ON d.id = w.id
    WHERE (w.id = r.id OR (w.record = r.id AND w.id <> w.record)) AND d.native_id IS NULL) END"""

_OWN_TELLING = """CASE WHEN instr(r.formats, ' ') THEN (
    SELECT max(w.id) FROM main.version w JOIN main.content d ON d.id = w.id JOIN main.accession b ON b.id = w.accession
    WHERE (w.id = r.id OR (w.record = r.id AND w.id <> w.record)) AND d.native_id IS NULL AND b.format = ?) END"""

_HELD_WITHOUT_ID = f"""
INSERT INTO unmatched
    (identity, version, record, accession, content_hash, kind, author, created_at, created_raw, list, audience, text,
    thread, gone)
SELECT v.identity, v.id, v.record, v.accession, v.content_hash, r.kind,
    {AUTHOR_KEY}, coalesce(c.created_at, ''), coalesce(c.created_raw, ''), coalesce(c.list_name, ''), c.audience,
    coalesce(c.text, ''), {CONVERSATION}, {GONE}
FROM main.record r JOIN main.version v ON v.id = coalesce({_OWN_TELLING}, {_LAST_WITHOUT_ID}, r.version)
  JOIN main.content c ON c.id = v.id
WHERE r.account = ? AND (r.native_id IS NULL OR instr(r.formats, ' ')) AND c.native_id IS NULL
  AND EXISTS (SELECT 1 FROM staged WHERE lane = 'no id')
"""
"""Each record's version without an id: the last one of this format where several formats tell it, else the one that
stands; where one with an id stands, the last one without."""

_OF_OTHER_FORMATS = """
INSERT INTO without_id (record, version, accession, content_hash, kind, created_at, by_account, text)
SELECT r.id, r.version, v.accession, v.content_hash, r.kind, r.created_at, r.by_account, coalesce(c.text, '')
FROM main.record r JOIN main.version v ON v.id = r.version JOIN main.accession a ON a.id = v.accession
  JOIN main.content c ON c.id = v.id
WHERE r.account = ? AND r.native_id IS NULL AND r.created_at <> '' AND a.format <> ?
"""

_OTHER_FORMAT = "SELECT 1 FROM main.accession WHERE account = ? AND format <> ? LIMIT 1"

_STILL_STAGED = """
SELECT id FROM staged WHERE lane = 'no id' AND NOT done AND created_at <> '' ORDER BY id
"""

_SAME_WORDS = """
SELECT version, record, accession, content_hash, count(*) OVER () FROM without_id
WHERE created_at = ? AND kind = ? AND by_account = ? AND text = ? AND NOT done ORDER BY record LIMIT 1
"""

_COUNTERPARTS = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT id, kind, created_at, text, by_account, row_number() OVER (w ORDER BY id) AS n, count(*) OVER w AS total
   FROM staged WHERE lane = 'no id' AND NOT done AND created_at <> '' AND audience <> 'removed'
   WINDOW w AS (PARTITION BY kind, created_at, by_account, text)) s
  JOIN
  (SELECT r.version, r.id AS record, v.accession, v.content_hash, r.kind, r.created_at, r.by_account,
     coalesce(c.text, '') AS text, row_number() OVER (w ORDER BY r.id) AS n, count(*) OVER w AS total
   FROM main.record r JOIN main.version v ON v.id = r.version JOIN main.content c ON c.id = v.id
     JOIN main.accession a ON a.id = v.accession
   WHERE r.account = ? AND r.native_id IS NOT NULL AND a.format <> ?
     AND r.created_at IN (SELECT created_at FROM staged WHERE lane = 'no id' AND NOT done)
     AND r.id NOT IN (SELECT record FROM unmatched WHERE done)
   WINDOW w AS (PARTITION BY r.kind, r.created_at, r.by_account, coalesce(c.text, ''))) h
  ON h.kind = s.kind AND h.created_at = s.created_at AND h.by_account = s.by_account AND h.text = s.text
  AND h.n = s.n AND (s.text <> '' OR (s.total = 1 AND h.total = 1))
ORDER BY s.id
"""

_TWINS = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT id, identity, thread, row_number() OVER (PARTITION BY identity, thread ORDER BY id) AS n
   FROM staged WHERE lane = 'no id' AND NOT done) s JOIN
  (SELECT *, row_number() OVER (PARTITION BY identity, thread ORDER BY record) AS n FROM unmatched WHERE NOT done) h
  ON h.identity = s.identity AND h.thread = s.thread AND h.n = s.n
ORDER BY s.id
"""

_READ_OTHERWISE = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT *, row_number() OVER (PARTITION BY content_hash, author, created_raw, thread ORDER BY id) AS n
   FROM staged WHERE lane = 'no id' AND (two_ways OR ?) AND created_at <> '' AND NOT done) s JOIN
  (SELECT *, row_number() OVER (PARTITION BY content_hash, author, created_raw, thread ORDER BY record) AS n
   FROM unmatched WHERE NOT done) h
  ON h.content_hash = s.content_hash AND h.author = s.author AND h.created_raw = s.created_raw AND h.n = s.n
  AND h.thread = s.thread
ORDER BY s.id
"""

_DISPOSED = """
SELECT s.id, 0, 0, 0, x'' FROM
  (SELECT id, identity, row_number() OVER (PARTITION BY identity ORDER BY id) AS n
   FROM staged WHERE lane = 'no id' AND NOT done) s JOIN
  (SELECT v.identity, count(DISTINCT v.record) AS n FROM main.disposed d JOIN main.version v ON v.id = d.row_id
   WHERE d.tbl = 'content' GROUP BY v.identity) h ON h.identity = s.identity AND s.n <= h.n
ORDER BY s.id
"""

_EDITS = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT id, kind, author, created_at, list, thread, count(*) OVER w AS n FROM staged
   WHERE lane = 'no id' AND NOT done AND created_at <> ''
   WINDOW w AS (PARTITION BY kind, author, created_at, list, thread)) s JOIN
  (SELECT *, count(*) OVER w AS n FROM unmatched
   WHERE NOT done WINDOW w AS (PARTITION BY kind, author, created_at, list, thread)) h
  ON h.kind = s.kind AND h.author = s.author AND h.created_at = s.created_at AND h.list = s.list
  AND h.thread = s.thread AND s.n = 1 AND h.n = 1
ORDER BY s.id
"""

_LED_UP = """
SELECT s, version, record, accession, content_hash FROM
  (SELECT s.id AS s, h.*, count(*) OVER (PARTITION BY s.id) AS of_staged,
     count(*) OVER (PARTITION BY h.version) AS of_held
   FROM staged s JOIN led_up l ON l.staged = s.id JOIN unmatched h ON h.identity = l.identity
   WHERE NOT s.done AND NOT h.done)
WHERE of_staged = 1 AND of_held = 1 ORDER BY s
"""

_LACKING = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash, h.gone
FROM staged s CROSS JOIN unmatched h ON h.created_at = s.created_at AND h.kind = s.kind AND h.author = s.author
    AND h.list = s.list AND h.text = s.text AND h.audience = s.audience AND h.thread = s.thread
  CROSS JOIN main.attachment a ON a.version = h.version AND a.name = s.lacks
WHERE s.lane = 'no id' AND s.lacks IS NOT NULL AND s.created_at <> '' AND NOT s.done AND NOT h.done
ORDER BY s.id, h.version
"""

_REMOVALS_TOLD_BEFORE = """
SELECT s.id, h.version, h.record, h.accession, h.content_hash FROM
  (SELECT id, kind, text, row_number() OVER (PARTITION BY kind, text ORDER BY id) AS n
   FROM staged WHERE lane = 'no id' AND audience = 'removed' AND created_at = '' AND text <> '' AND NOT done) s JOIN
  (SELECT *, row_number() OVER (PARTITION BY kind, text ORDER BY record) AS n
   FROM unmatched WHERE audience = 'removed' AND NOT done) h
  ON h.kind = s.kind AND h.text = s.text AND h.n = s.n
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

_SETTLE = (
    "UPDATE staged SET done = 1 WHERE id IN (SELECT staged FROM pair)",
    "UPDATE unmatched SET done = 1 WHERE record IN (SELECT record FROM pair)",
    "INSERT OR IGNORE INTO settled SELECT record FROM pair",
)

_PAIRED = """
SELECT s.prepared, p.version, p.record, p.accession, p.content_hash, h.gone
FROM pair p CROSS JOIN staged s ON s.id = p.staged LEFT JOIN unmatched h ON h.version = p.version ORDER BY p.staged
"""


class Staging:
    """The staged items of one accession, in three lanes: by identity, by revision, without id."""

    def __init__(self, archive: Archive, account: str, format_name: str) -> None:
        self._connection = connect(archive.path)
        self._connection.execute("PRAGMA temp_store = FILE")
        for statement in (_TABLES + renamed.TABLES).split(";\n"):
            self._connection.execute(statement)
        self._account = account
        self._format = format_name
        found = self._connection.execute(_OF_OTHER_FORMATS, (account, format_name)).rowcount
        self._may_have_counterparts = (
            found > 0 or self._connection.execute(_OTHER_FORMAT, (account, format_name)).fetchone()
        )
        self._has_coarse = False
        self._gathered: Elsewhere | None = None
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Prepared).decode

    def close(self) -> None:
        """Throw the staged items away."""
        self._connection.close()

    def add(self, one: Prepared) -> None:
        """Stage an item."""
        lane = "no id" if not one.has_id else "revision" if one.revision else "identity"
        staged = self._connection.execute(
            "INSERT INTO staged (lane, identity, kind, author, created_at, edited_at, revision, list, audience,"
            " by_account, text, lacks, thread, created_raw, two_ways, content_hash, prepared)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                lane, one.identity, one.kind, one.author_key, one.created_at, one.edited_at, one.revision,
                one.content.list_name, one.content.audience, one.content.author.is_account, storable(one.content.text),
                next((storable(part.name) for part in one.content.attachments if not part.sha256), None),
                storable(one.conversation),
                storable(one.content.created.raw) if one.content.created is not None else "",
                one.content.created is not None and two_ways(one.content.created.raw) is not None, one.content_hash,
                self._encode(one),
            ),
        ).lastrowid  # fmt: skip
        self._has_coarse = self._has_coarse or is_coarse(one)
        if one.earlier:
            self._connection.executemany(
                "INSERT INTO led_up VALUES (?, ?)", [(before.identity, staged) for before in one.earlier]
            )

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
        self._connection.execute(_HELD_WITHOUT_ID, (self._format, self._account))
        yield from self._pairs(_TWINS)

    def read_otherwise(self, anew: bool) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id that say what a held record says, under the same date, read in its other way.

        ``anew`` says that the reader is another than before, so that any date may be read otherwise.
        """
        yield from self._pairs(_READ_OTHERWISE, anew)

    def renamings(self, identity_as: Callable[[Prepared, str], bytes]) -> Sequence[renamed.Renaming]:
        """Return who is called otherwise in this backup than in what is held."""
        return renamed.renamings(self._connection, lambda packed, author: identity_as(self._decode(packed), author))

    def by_renamed(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield messages of people who were renamed with their held records: in the same words, else changed since.

        Then those that others wrote to them, which are held in the conversation's former name.
        """
        yield from self._pairs(renamed.SAME_WORDS)
        yield from self._pairs(renamed.SAME_MOMENT)
        self._connection.execute(renamed.TAKE_FORMER_THREAD)
        yield from self._pairs(_TWINS)

    def disposed(self) -> Iterator[Prepared]:
        """Yield items without id that say what a disposed record said, as many as were disposed of."""
        for one, _ in self._pairs(_DISPOSED):
            yield one

    def lacking(self, is_same: Callable[[Prepared, Held], bool]) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id that say what a held record says but for files that this backup does not hold."""
        done: set[int] = set()
        for staged, version, record, accession, content_hash, gone in self._connection.execute(_LACKING).fetchall():
            one, held = self._prepared(staged), Held(version, record, accession, content_hash, True, gone=bool(gone))
            if not {-staged, record} & done and is_same(one, held):
                done |= {-staged, record}
                self._settle(staged, held)
                yield one, held

    def edits(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id whose (kind, author, time, list) is unique here and among what is left held."""
        yield from self._pairs(_EDITS)

    def edits_told(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id of which the source tells that they said before what one held record alone says."""
        yield from self._pairs(_LED_UP)

    def removals_told_before(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield notices of removal without a date whose record is known to be removed."""
        yield from self._pairs(_REMOVALS_TOLD_BEFORE)

    def removals(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield notices of removal whose words (and time, if they tell one) are one held record's alone."""
        yield from self._pairs(_REMOVALS)

    def counterparts(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id whose moment and words another format has told with an id."""
        yield from self._pairs(_COUNTERPARTS, self._account, self._format)

    def counterpart(self, one: Prepared) -> Held | None:
        """Return, for an item with a new id, the held record without one of the same moment and words; once."""
        if not (self._may_have_counterparts and one.created_at):
            return None
        key = (one.created_at, one.kind, one.content.author.is_account, storable(one.content.text))
        found = self._connection.execute(_SAME_WORDS, key).fetchone()
        if found is None:
            return self._coarse_counterpart(one)
        if not one.content.text and found[4] > 1:
            return None
        version, record, accession, content_hash, _ = found
        self._connection.execute("UPDATE without_id SET done = 1 WHERE record = ?", (record,))
        self._connection.execute("INSERT OR IGNORE INTO settled VALUES (?)", (record,))
        return Held(version, record, accession, content_hash, True)

    def _coarse_counterpart(self, one: Prepared) -> Held | None:
        held = self._elsewhere().find(one)
        if held is not None:
            self._connection.execute("INSERT OR IGNORE INTO settled VALUES (?)", (held.record,))
        return held

    def told_again(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id that their own format has told before with a clock that was an hour off."""
        if self._has_coarse or self._may_have_counterparts:
            self._elsewhere().add_own(self._has_coarse)
        if self._may_be_coarse():
            yield from self._coarsely(is_own=True)

    def coarse_counterparts(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id that another format has told, where one of the two tells no seconds."""
        if self._may_be_coarse():
            yield from self._coarsely(is_own=False)

    def _coarsely(self, is_own: bool) -> Iterator[tuple[Prepared, Held]]:
        if self._elsewhere().is_empty(is_own):
            return
        for staged in self._connection.execute(_STILL_STAGED).fetchall():
            one = self._prepared(staged[0])
            if held := self._elsewhere().find(one, is_own):
                self._settle(staged[0], held)
                yield one, held

    def shown_otherwise(self) -> Iterator[tuple[Prepared, Held]]:
        """Yield items without id that show a record removed, hidden or in other words, where one tells no seconds."""
        if not self._may_be_coarse():
            return
        found = [(staged, self._prepared(staged)) for staged in self._elsewhere().may_be_near()]
        here = Counter(next(nearby(one)) for _, one in found)
        for staged, one in found:
            is_alone = sum(here[place] for place in nearby(one)) == 1
            if held := self._elsewhere().otherwise(one, is_alone):
                self._settle(staged, held)
                yield one, held

    def _may_be_coarse(self) -> bool:
        """Say whether something staged or held leaves the second open."""
        return self._has_coarse or (bool(self._may_have_counterparts) and self._elsewhere().has_coarse)

    def _elsewhere(self) -> Elsewhere:
        """Return the records that an item may tell anew; they are gathered when first asked for."""
        if self._gathered is None:
            self._gathered = Elsewhere(self._connection, self._account, self._format)
        return self._gathered

    def _pairs(self, sql: str, *values: str | bool) -> Iterator[tuple[Prepared, Held]]:
        """Yield the pairs (staged, version, record, accession, content_hash) of a query, once all are settled."""
        self._connection.execute("DELETE FROM pair")
        self._connection.execute(f"INSERT INTO pair {sql}", values)
        for statement in _SETTLE:
            self._connection.execute(statement)
        for prepared, version, record, accession, content_hash, gone in self._connection.execute(_PAIRED):
            yield self._decode(prepared), Held(version, record, accession, content_hash, True, gone=bool(gone))

    def _settle(self, staged: int, held: Held) -> None:
        """Take one pair out of what is still to be matched."""
        self._connection.execute("DELETE FROM pair")
        self._connection.execute("INSERT INTO pair (staged, record) VALUES (?, ?)", (staged, held.record))
        for statement in _SETTLE:
            self._connection.execute(statement)

    def _prepared(self, staged: int) -> Prepared:
        (prepared,) = self._connection.execute("SELECT prepared FROM staged WHERE id = ?", (staged,)).fetchone()
        return self._decode(prepared)

    def rest(self) -> Iterator[Prepared]:
        """Yield items without id that match nothing: new records."""
        rows = self._connection.execute("SELECT prepared FROM staged WHERE lane = 'no id' AND NOT done ORDER BY id")
        for (prepared,) in rows:
            yield self._decode(prepared)
