"""Clearing away what a disposition leaves behind: objects that nothing needs, free pages, the write-ahead log.

Deleting rows leaves their bytes in free pages and in the log, ``secure_delete`` and a checkpoint alone leave
copies (tried). So the database is written anew (VACUUM) and the log emptied, which needs every reader to have
let go of what it was reading.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from archive import database
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError

PATIENCE = 30.0
"""Seconds to wait for readers and writers before giving up; the same command goes on later."""

INGEST_PATIENCE = 60.0
"""Seconds to wait for a backup that is being taken in: its objects come before its rows."""

_HEX = re.compile(r"\b[0-9a-f]{64}\b")

_NEEDED = (
    "SELECT sha256 FROM attachment WHERE sha256 <> ''",
    "SELECT text FROM statement WHERE name = 'object'",
    "SELECT r.replacement FROM redaction r JOIN content c ON c.id = r.version WHERE r.replacement <> ''",
)


class ReadersRemain(MunimentError):
    """Somebody reads in the archive and keeps old pages alive."""

    exit_code = ExitCode.REFUSED

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another program has been reading {path} for more than {PATIENCE:.0f} seconds, so what was disposed of "
            "cannot be cleared from it yet. No record can be seen any more. Close that program (the records desk, a "
            "search, a backup), then run the same command again: it goes on where it stopped."
        )


def needed(connection: sqlite3.Connection) -> set[str]:
    """Return the digest of every object that something living names; in doubt one that is named anywhere.

    The ledger never holds the digest of what may have to be destroyed, so whatever it names stays.
    """
    found = {row[0] for sql in _NEEDED for row in connection.execute(sql)}
    for (body,) in connection.execute("SELECT body FROM ledger"):
        facts = json.loads(body)
        facts.pop("tables", None)
        found.update(_HEX.findall(json.dumps(facts)))
    return found


def unlink_unneeded(archive: Archive, only: Iterable[str] | None = None) -> int:
    """Unlink objects that nothing needs (``only`` those given, else all); return how many.

    The caller keeps backups from being taken in meanwhile (:meth:`Archive.alone`). Looking and unlinking happen
    under the writer lock, and every act looks for the objects that it brought before it commits.
    """
    candidates = _candidates(archive, set(only) if only is not None else None)
    if not candidates:
        return 0
    unlinked = 0
    with archive.state_transaction() as connection:
        still = needed(connection)
        for path in candidates:
            if path.name.partition(".")[0] not in still:
                path.unlink(missing_ok=True)
                archive.objects.brought.discard(path.name)
                unlinked += 1
    for folder in {path.parent for path in candidates}:
        with suppress(OSError):
            folder.rmdir()
    return unlinked


def _candidates(archive: Archive, only: set[str] | None) -> list[Path]:
    kept = needed(archive.connection)
    return [
        path
        for path in _stored(archive.objects.folder)
        if (name := path.name.partition(".")[0]) not in kept and (only is None or name in only)
    ]


def _stored(folder: Path) -> Iterator[Path]:
    """Yield every file of the object store, half written ones too."""
    for part in sorted(folder.iterdir()) if folder.exists() else ():
        if part.is_dir():
            yield from sorted(part.iterdir())


def compact(path: Path, patience: float | None = None) -> None:
    """Write a database anew without a trace of removed rows, and empty its log; raises :class:`ReadersRemain`."""
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    with closing(database.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        for step in (_vacuumed, _emptied):
            while not step(connection):
                if time.monotonic() > deadline:
                    raise ReadersRemain(path)
                time.sleep(0.05)


def _vacuumed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        return False
    return True


def _emptied(connection: sqlite3.Connection) -> bool:
    """Copy the log into the database and cut it to nothing; False while a reader needs it."""
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy
