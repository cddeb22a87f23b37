"""How archive.db is opened, and how a writer waits for its turn."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ExitCode, MunimentError

FILE_NAME = "archive.db"
PATIENCE = 60.0
"""Seconds that a writer waits for other writers before it gives up."""


class ArchiveBusy(MunimentError):
    """Another program held the archive's writer lock for too long."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} has been locked by another program for {PATIENCE:.0f} seconds. "
            "Nothing was changed. Close that program, then run the same command again."
        )


class DamagedDatabase(MunimentError):
    """SQLite cannot read archive.db."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path} is damaged ({reason}). Run `muniment verify --deep` to see how far it goes, "
            "keep the file as it is, and restore the latest backup beside it."
        )


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database in WAL mode with full durability; transactions are begun by hand."""
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=5.0, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA wal_autocheckpoint = 16384")
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except sqlite3.DatabaseError as error:
        raise DamagedDatabase(path, str(error)) from error
    return connection


def create(path: Path) -> None:
    """Make an empty database file; raises FileExistsError if there is one."""
    path.touch(mode=0o600, exist_ok=False)


@contextmanager
def immediate(connection: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """Hold the writer lock for the block; commit at its end, roll back if it raises.

    Waits by short random naps: SQLite's own busy handler backs off to 100 ms, and a long ingest would
    starve everybody else.
    """
    _begin(connection, path)
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    connection.execute("PRAGMA busy_timeout = 0")
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            if time.monotonic() > deadline:
                raise ArchiveBusy(path) from None
            time.sleep(random.uniform(0.001, 0.004))
