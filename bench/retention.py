"""How long the expiry dates of a large archive take: ``python -m bench.retention [RECORDS]``.

The state of an archive is filled directly, with contents of about a kilobyte beside it, since only the
derivation is measured here. Printed are seconds of wall time and the process's peak memory.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import accounts
from archive.archive import Actor, Archive
from retention_schedules import adoption
from retention_schedules.due import due
from retention_schedules.expiry import Expiry
from retention_schedules.why import why

KINDS = ("post", "comment", "message", "email", "subscriber")
FIRST = datetime(2009, 1, 5, 14, 0, tzinfo=UTC)
SPAN = timedelta(days=365 * 17)
NATIVE = os.urandom(700)

DEMANDING = """
[[series]]
key = "budget"
title = "Budget posts"
period = "10 years"
trigger = "FIS"
disposition = "transfer"
notice = "N"
citation = "an example"

[[rule]]
series = "budget"
tag = ["budget", "tag7"]

[[rule]]
series = "budget"
author = "resident12"
"""


def rows(records: int) -> Iterator[tuple[Any, ...]]:
    """Yield the state's rows: 200 accounts, five kinds, seventeen years, many tags and authors."""
    step = SPAN / records
    for number in range(1, records + 1):
        at = (FIRST + number * step).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        tags = f'["tag{number % 5000}"]' if number % 3 == 0 else None
        created = None if number % 97 == 0 else at
        yield (
            number, f"account-{number % 200}", "x", "x-archive", KINDS[number % 5], number, 1, created,
            f"Resident {number % 40_000}", f"resident{number % 40_000}", 0, "public", tags, at, 3, 3,
        )  # fmt: skip


def contents(records: int) -> Iterator[tuple[Any, ...]]:
    """Yield contents; one in fifty knows its day only."""
    for number in range(1, records + 1):
        yield number, b"s" * 16, "day" if number % 50 == 0 else "second", NATIVE


def fill(archive: Archive, records: int) -> None:
    """Put accounts, records and contents into an empty archive."""
    for number in range(200):
        accounts.add(archive, f"account-{number}", platform="x", department=f"Department {number % 12}")
    with archive.state_transaction() as connection:
        connection.executemany(
            "INSERT INTO record (id, account, platform, format, kind, version, seen_in, created_at, author_name,"
            f" author_handle, by_account, audience, tags, captured_at, seq, changed_seq) VALUES ({','.join('?' * 16)})",
            rows(records),
        )
        connection.executemany(
            "INSERT INTO content (id, seq, salt, created_precision, created_zone, audience, native, leaf)"
            " VALUES (?, 3, ?, ?, 'format', 'public', ?, x'00')",
            contents(records),
        )


def timed(what: str, work: Callable[[], object]) -> None:
    """Do one thing and print how long it took."""
    start = time.perf_counter()
    work()
    print(f"{what:<60} {time.perf_counter() - start:8.3f} s", flush=True)


def main(records: int) -> None:
    """Fill an archive and derive its dates in the ways that people ask for them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.create(Path(folder) / "archive", Actor("bench", "bench"), name="City of Milbrook") as archive,
    ):
        expiry = Expiry(archive)
        timed(f"fill {records:,} records", lambda: fill(archive, records))
        adoption.adopt(archive, "wisconsin-municipal")
        timed("first derivation", expiry.catch_up)
        timed("rebuild", expiry.rebuild)
        timed("due", lambda: due(archive, date(2030, 1, 1)))
        timed("why", lambda: why(archive, records // 2))
        demanding = Path(folder) / "demanding.toml"
        demanding.write_bytes(adoption.source("wisconsin-municipal") + DEMANDING.encode())
        adoption.adopt(archive, str(demanding))
        timed("again, under rules on tags and authors", expiry.catch_up)
        accounts.close(archive, "account-1")
        timed("catch-up with nothing to do", expiry.catch_up)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'peak memory':<60} {peak:8.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
