"""Applying to an older copy of an archive what has been disposed of since: a copy never brings records back.

The stubs of a later state of the same archive (the archive itself, or a later backup) say which rows went. They
are believed only if that ledger goes on where the copy's ends, and vouches for them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from archive import database, ledger, merkle
from archive.archive import Archive
from archive.disposal import Authority, write_stubs
from archive.errors import ExitCode, MunimentError
from archive.tables import DISPOSED, TABLES, Row

ORIGIN = "copied_from.json"
"""Where a copy says which archive it was made of."""

APPLIED = "disposition.applied"
EVENTS = ("disposition.executed", APPLIED)


class NotALaterState(MunimentError):
    """A folder that was named to tell later dispositions is no later state of the archive."""

    exit_code = ExitCode.REFUSED

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"{folder} cannot tell what was disposed of since this backup was made: {why}. Name the archive that the "
            "backup was made of, or its latest backup, with --after. Nothing was restored."
        )


def origin(copy: Path) -> Path | None:
    """Return the archive that a copy says it was made of, if it can still be seen."""
    try:
        folder = Path(json.loads((copy / ORIGIN).read_text(encoding="utf-8"))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder if (folder / database.FILE_NAME).is_file() else None


def note_origin(copy: Path, folder: Path) -> None:
    """Write into a copy which archive it was made of."""
    text = json.dumps({"folder": str(folder.resolve())}, indent=1)
    (copy / ORIGIN).write_text(text + "\n", encoding="utf-8")


def apply_later(copy: Archive, later: Path) -> int:
    """Dispose in a copy of what was disposed of later; return how many records went.

    Raises :class:`NotALaterState` if ``later`` is another archive, an older state, or damaged where it matters.
    """
    try:
        with closing(sqlite3.connect(f"{(later / database.FILE_NAME).resolve().as_uri()}?mode=ro", uri=True)) as source:
            _same_line(source, copy, later)
            stubs = list(_stubs(source, copy.checkpoint(), later))
            at = ledger.head(source)
    except sqlite3.DatabaseError as error:
        raise NotALaterState(later, f"its database cannot be read ({error})") from error
    held = [row for row in stubs if _is_held(copy, row)]
    if not held:
        return 0
    before: int = copy.connection.execute("SELECT count(*) FROM record").fetchone()[0]
    with copy.act(APPLIED, "archive", {"from": str(at)}) as act:
        act.facts["cleared"] = act.seq  # the copy is written anew before it gets its name
        for table in TABLES:
            for row in held:
                if row[2] == table.name:
                    _, _, _, row_id, leaf, version, on, kind, series, citation = row
                    write_stubs(act, table, [(row_id, leaf, version)], Authority(on, kind, series, citation))
    after: int = copy.connection.execute("SELECT count(*) FROM record").fetchone()[0]
    return before - after


def _same_line(source: sqlite3.Connection, copy: Archive, later: Path) -> None:
    at = copy.checkpoint()
    row = source.execute("SELECT digest FROM ledger WHERE seq = ?", (at.seq,)).fetchone()
    if row is None:
        raise NotALaterState(later, "its ledger ends before the backup's does")
    if row[0] != at.digest:
        raise NotALaterState(later, "its ledger is another one")


def _stubs(source: sqlite3.Connection, after: ledger.Checkpoint, later: Path) -> Iterator[Row]:
    """Yield the stubs written later, each vouched for by a ledger whose chain holds."""
    previous = after.digest
    for row in ledger.rows(source, after=after.seq):
        if row.digest != row.expected_digest(previous):
            raise NotALaterState(later, f"row {row.seq} of its ledger was changed")
        previous = row.digest
        vouched = row.facts.get("tables", {}).get(DISPOSED.name)
        if vouched is None or row.event not in EVENTS:
            continue
        span = (vouched["first"], vouched["first"] + vouched["count"] - 1)
        rows = source.execute(
            f"SELECT {', '.join(DISPOSED.columns)} FROM disposed WHERE id BETWEEN ? AND ? ORDER BY id", span
        ).fetchall()
        if merkle.root([DISPOSED.leaf(one) for one in rows]).hex() != vouched["root"]:
            raise NotALaterState(later, f"the stubs of ledger row {row.seq} were changed")
        yield from rows


def _is_held(copy: Archive, stub: Row) -> bool:
    """Say whether the very row that a stub is of is in the copy."""
    name, row_id, leaf = stub[2], stub[3], stub[4]
    if name not in {table.name for table in TABLES if table.disposable}:
        return False
    found = copy.connection.execute(f"SELECT leaf FROM {name} WHERE id = ?", (row_id,)).fetchone()
    return found is not None and found[0] == leaf
