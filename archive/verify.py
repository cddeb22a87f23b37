"""``verify``: does everything still say what the ledger vouched for?

Quick: the chain, every root, every row's hash, every field of every version, the size of every object.
Deep: also SQLite's own structure, every byte of every object, and the state rebuilt and compared.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from archive import ledger, ledger_tree, merkle, reading, schema, state
from archive.archive import Archive
from archive.damage import Damage, content_fault, leaf_of, row_place, still_there, unapproved
from archive.followers import Progress
from archive.ledger import Checkpoint
from archive.tables import CONTENT, TABLES, Row, Table

CHUNK = 1000


class Vouched(Struct, frozen=True):
    """What one ledger row vouches for in one table: ids ``first`` … ``first + count - 1``."""

    seq: int
    first: int
    count: int
    root: bytes


def verify(
    archive: Archive,
    *,
    deep: bool = False,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
) -> Iterator[Damage]:
    """Yield every damage that is found; none means that the archive is sound."""
    connection = archive.connection
    if deep:
        yield from _structure(connection)
    yield from _guards(connection)
    vouched: dict[str, list[Vouched]] = {table.name: [] for table in TABLES}
    yield from _chain(connection, vouched)
    if checkpoint is not None:
        yield from _checkpoint(connection, checkpoint)
    for table in TABLES:
        yield from _table(connection, table, vouched[table.name], progress)
    yield from _objects(archive, deep)
    if deep:
        yield from still_there(connection)
        yield from unapproved(connection)
        yield from _state(archive)


def _structure(connection: sqlite3.Connection) -> Iterator[Damage]:
    for (line,) in connection.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield Damage("archive.db", line)


def _guards(connection: sqlite3.Connection) -> Iterator[Damage]:
    """The triggers that keep tables append-only must be there, word for word."""
    expected = {part.split()[1] for part in schema.guards().split("CREATE ")[1:]}
    texts = schema.guards()
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    for name in sorted(expected):
        if name not in found:
            yield Damage("archive.db", f"the guard {name} is missing")
        elif found[name] not in texts:
            yield Damage("archive.db", f"the guard {name} is not the one that Muniment made")


# -- the chain


def _chain(connection: sqlite3.Connection, vouched: dict[str, list[Vouched]]) -> Iterator[Damage]:
    previous = {ledger.GENESIS}
    expected_seq = 1
    before = merkle.Growing()
    for row in ledger.rows(connection):
        if row.seq != expected_seq:
            yield Damage(f"ledger {expected_seq}", f"rows {expected_seq} to {row.seq - 1} are missing")
        computed = {row.expected_digest(digest) for digest in previous}
        if row.digest not in computed and row.seq == expected_seq:
            yield Damage(f"ledger {row.seq}", f"the row ({row.event}) is not what its digest stands for")
        previous = {row.digest, *computed}
        expected_seq = row.seq + 1
        try:
            _collect(row, vouched)
            said = row.facts.get(ledger_tree.KEY)
            if said is not None and said != {"root": before.root().hex(), "size": row.seq - 1}:
                yield Damage(f"ledger {row.seq}", "the rows before it are not those that it vouches for")
        except (ValueError, KeyError, TypeError, AttributeError):
            yield Damage(f"ledger {row.seq}", "its body cannot be read any more")
        before.add(ledger_tree.leaf(row.digest))


def _collect(row: ledger.LedgerRow, vouched: dict[str, list[Vouched]]) -> None:
    tables: dict[str, dict[str, Any]] = row.facts.get("tables", {})
    for name, one in tables.items():
        vouched[name].append(Vouched(row.seq, one["first"], one["count"], bytes.fromhex(one["root"])))


def _checkpoint(connection: sqlite3.Connection, checkpoint: Checkpoint) -> Iterator[Damage]:
    head = ledger.head(connection)
    row = connection.execute("SELECT digest FROM ledger WHERE seq = ?", (checkpoint.seq,)).fetchone()
    if row is None:
        yield Damage(
            f"ledger {checkpoint.seq}",
            f"the checkpoint's row is not there: the ledger ends at {head.seq}, its tail was cut off",
        )
    elif row[0] != checkpoint.digest:
        yield Damage(f"ledger {checkpoint.seq}", "this is not the ledger that the checkpoint was taken of")


# -- the tables


def _table(
    connection: sqlite3.Connection, table: Table, groups: Sequence[Vouched], progress: Progress | None
) -> Iterator[Damage]:
    columns = ", ".join((*table.columns, "leaf"))
    rows = connection.execute(f"SELECT {columns} FROM {table.name} ORDER BY id")
    total = sum(group.count for group in groups)
    waiting: list[Row] = []
    done, next_id = 0, 1
    for group in groups:
        if group.first != next_id:
            yield Damage(f"ledger {group.seq}", f"it vouches for {table.name} from {group.first}, not {next_id}")
        while (not waiting or waiting[-1][0] < group.first + group.count - 1) and (chunk := list(islice(rows, CHUNK))):
            waiting.extend(chunk)
        mine = [row for row in waiting if row[0] < group.first + group.count]
        waiting = waiting[len(mine) :]
        yield from _group(connection, table, group, mine)
        next_id = group.first + group.count
        done += group.count
        if progress:
            progress(done, total)
    for row in [*waiting, *rows]:
        yield Damage(row_place(connection, table, row[0], row[:-1]), "no ledger row vouches for it")


def _group(connection: sqlite3.Connection, table: Table, group: Vouched, rows: Sequence[Row]) -> Iterator[Damage]:
    """Check the rows that one ledger row vouches for, each by itself and all by their root."""
    stray = [row for row in rows if row[0] < group.first]
    for row in stray:
        yield Damage(row_place(connection, table, row[0], row[:-1]), "no ledger row vouches for it")
    found = {row[0]: row for row in rows[len(stray) :]}
    digests = _digests(connection, table, list(found))
    attachments = reading.attachments_of(connection, list(found)) if table is CONTENT else {}
    leaves: list[bytes] = []
    faults = 0
    for row_id in range(group.first, group.first + group.count):
        if row_id not in found:
            leaf = _disposed_leaf(connection, table, row_id)
            leaves.append(leaf or b"")
            if leaf is None:
                faults += 1
                place = row_place(connection, table, row_id)
                yield Damage(place, "the row is gone, and no disposition says why")
            continue
        *values, stored = found[row_id]
        digest = digests.get(row_id)
        leaves.append(leaf_of(table, values, digest))
        fault = _row_fault(table, values, stored, leaves[-1], group, digest)
        if not fault and table is CONTENT and digest is not None:
            fault = content_fault(values, attachments.get(row_id, ()), digest)
        if fault:
            faults += 1
            yield Damage(row_place(connection, table, row_id, values), fault)
    if not faults and merkle.root(leaves) != group.root:
        yield Damage(
            f"{table.name} {group.first} to {group.first + group.count - 1}",
            f"together they are not what ledger row {group.seq} vouches for",
        )


def _row_fault(
    table: Table, values: Sequence[Any], stored: bytes, leaf: bytes, group: Vouched, digest: bytes | None
) -> str:
    if table is CONTENT and digest is None:
        return "its version is gone"
    if values[1] != group.seq:
        return f"it names ledger row {values[1]}, but row {group.seq} vouches for it"
    return "" if stored == leaf else "a value in this row was changed"


def _digests(connection: sqlite3.Connection, table: Table, ids: Sequence[int]) -> dict[int, bytes]:
    if table is not CONTENT or not ids:
        return {}
    return dict(connection.execute("SELECT id, digest FROM version WHERE id BETWEEN ? AND ?", (min(ids), max(ids))))


def _disposed_leaf(connection: sqlite3.Connection, table: Table, row_id: int) -> bytes | None:
    if not table.disposable:
        return None
    row = connection.execute(
        "SELECT row_leaf FROM disposed WHERE tbl = ? AND row_id = ?", (table.name, row_id)
    ).fetchone()
    return row[0] if row else None


# -- objects and state


def _objects(archive: Archive, deep: bool) -> Iterator[Damage]:
    for sha256, size, place in _expected_objects(archive.connection):
        path = archive.objects.path(sha256)
        if not path.is_file():
            yield Damage(f"object {sha256}", f"it is missing; it belongs to {place}")
        elif size is not None and path.stat().st_size != size:
            yield Damage(f"object {sha256}", f"its size is not {size} bytes; it belongs to {place}")
        elif deep and not archive.objects.is_whole(sha256):
            yield Damage(f"object {sha256}", f"its bytes were changed; it belongs to {place}")


def _expected_objects(connection: sqlite3.Connection) -> Iterator[tuple[str, int | None, str]]:
    """Yield (digest, size in bytes if known, what it belongs to) of every object that must be there."""
    for sha256, size, record, name in connection.execute(
        "SELECT a.sha256, a.size, min(v.record), a.name FROM attachment a JOIN version v ON v.id = a.version"
        " WHERE a.sha256 <> '' GROUP BY a.sha256 ORDER BY a.sha256"
    ):
        yield sha256, size, f"record {record} (“{name}”)"
    for subject, sha256 in connection.execute("SELECT subject, text FROM statement WHERE name = 'object'"):
        yield sha256, None, f"a defect ({subject})" if subject.startswith("statement:") else subject
    for row in ledger.rows(connection, event="schedule.adopted"):
        yield row.facts["object"], None, f"the schedule adopted by ledger row {row.seq}"


def _state(archive: Archive) -> Iterator[Damage]:
    """Derive the state again beside the kept one and compare them, without stopping anybody's work."""
    from archive.database import connect

    connection = connect(archive.path)
    try:
        head = ledger.head(connection).seq
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute(state.TABLES.split(";\n")[0].replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
        for row in ledger.rows(connection, upto=head):
            state.apply(connection, row)
        for table, other in (("main", "temp"), ("temp", "main")):
            for (record,) in connection.execute(
                f"SELECT DISTINCT id FROM (SELECT * FROM {table}.record WHERE changed_seq <= {head}"
                f" EXCEPT SELECT * FROM {other}.record) LIMIT 100"
            ):
                yield Damage(f"record {record}", "its state is not what the ledger means; run `muniment rebuild`")
    except (ValueError, TypeError, LookupError, AttributeError, sqlite3.DatabaseError) as error:
        yield Damage("the state", f"it cannot be derived from what is left ({error})")
    finally:
        connection.close()
