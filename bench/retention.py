"""How long the expiry dates of a large archive take: ``python -m bench.retention [--records N]``.

The state of an archive is filled directly, with contents of about a kilobyte beside it, since only the
derivation is measured here.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import accounts, users
from archive.archive import Actor, Archive
from archive.followers import Finder
from bench.measure import print_table
from retention_schedules import adoption
from retention_schedules.basis import basis, with_schedule
from retention_schedules.coming import months
from retention_schedules.due import due
from retention_schedules.evidence import Evidence
from retention_schedules.expiry import Expiry
from retention_schedules.moves import moves
from retention_schedules.reader import read
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


TOGETHER = """
[[rule]]
series = "budget"
kind = "email"
whole_thread = true

[[rule]]
series = "budget"
query = "budget"
"""


class EveryHundredth:
    """Stands for the search: what is measured here is what follows from its answers."""

    def __init__(self, records: int) -> None:
        self.records = records

    def find(self, query: str, at_seq: int | None = None) -> list[int]:
        """Return every hundredth record."""
        return list(range(100, self.records + 1, 100))


def rows(records: int) -> Iterator[tuple[Any, ...]]:
    """Yield the state's rows: 200 accounts, five kinds, seventeen years, many tags and authors."""
    step = SPAN / records
    for number in range(1, records + 1):
        at = (FIRST + number * step).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        tags = f'["tag{number % 5000}"]' if number % 3 == 0 else None
        created = None if number % 97 == 0 else at
        yield (
            number, f"account-{number % 200}", "x", "x-archive", KINDS[number % 5], number, 1, created,
            f"Resident {number % 40_000}", f"resident{number % 40_000}", 0, "public", tags, at, 3, 3, f"n{number}",
            f"thread {number // 1000}" if number % 5 == 3 else None,
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
            "INSERT INTO record (id, account, platform, formats, kind, version, seen_in, created_at, author_name,"
            f" author_handle, by_account, audience, tags, captured_at, seq, changed_seq, native_id, thread)"
            f" VALUES ({','.join('?' * 18)})",
            rows(records),
        )
        connection.executemany(
            "INSERT INTO content (id, seq, salt, created_precision, created_zone, audience, native, leaf)"
            " VALUES (?, 3, ?, ?, 'format', 'public', ?, x'00')",
            contents(records),
        )


def timed(work: Callable[[], object]) -> tuple[str, str]:
    """Do one thing and return the seconds it took, and the seconds of work in it."""
    started, worked = time.monotonic(), time.process_time()
    work()
    return f"{time.monotonic() - started:.2f}", f"{time.process_time() - worked:.2f}"


def adopt(archive: Archive, name: str, second: str = "dana", finder: Finder | None = None) -> None:
    """Adopt a schedule as two people with its papers."""
    paper = archive.folder / "paper.txt"
    paper.write_text("a paper", encoding="utf-8")
    checked = {one.key: "the bench" for one in adoption.adoptable(name)[1].series if one.verified}
    evidence = Evidence({"form": paper, "ordinance": paper}, checked)
    adoption.adopt(archive, name, Actor(second, "bench", proved=True), evidence, finder)


def questions(archive: Archive, records: int) -> Iterator[tuple[str, tuple[str, str]]]:
    """Derive the dates in the ways that people ask for them; yield each with its seconds."""
    expiry = Expiry(archive)
    users.add(archive, "bench", "clerk", "a password of the bench")
    users.add(archive, "dana", "attorney", "a password of the bench")
    archive.actor = Actor("bench", "bench", proved=True)
    adopt(archive, "wisconsin-municipal")
    yield "dates of all records, the schedule just adopted", timed(expiry.catch_up)
    yield "the same again, over the old ones", timed(expiry.rebuild)
    yield "what is due on a day", timed(lambda: due(archive, date(2030, 1, 1)))
    yield "what falls due in the next ten years, by month", timed(lambda: months(archive, 10))
    yield "why one record expires when it does", timed(lambda: why(archive, records // 2))
    demanding = archive.folder / "demanding.toml"
    demanding.write_bytes(adoption.source("wisconsin-municipal") + DEMANDING.encode())
    to = with_schedule(basis(archive), read(demanding.read_bytes(), "demanding"))
    yield "what that would move, before it is adopted", timed(lambda: moves(archive, to, None))
    adopt(archive, str(demanding))
    yield "dates of all records, under rules on tags and authors", timed(expiry.catch_up)
    accounts.close(archive, "account-1")
    yield "catching up when nothing changed", timed(expiry.catch_up)
    demanding.write_bytes(demanding.read_bytes() + TOGETHER.encode())
    adopt(archive, str(demanding), finder=EveryHundredth(records))
    expiry = Expiry(archive, EveryHundredth(records))
    yield "dates of all records, with a search and conversations in rules", timed(expiry.catch_up)
    change(archive, records // 2)
    yield "the same once one record has changed", timed(expiry.catch_up)


def change(archive: Archive, record: int) -> None:
    """Let one record be another one."""
    accounts.close(archive, "account-2")
    with archive.state_transaction() as connection:
        connection.execute("UPDATE record SET changed_seq = ? WHERE id = ?", (archive.head(), record))


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "archive"
        with Archive.create(folder, Actor("bench", "bench"), name="City of Milbrook") as archive:
            fill(archive, records)
            rows = [(what, *took) for what, took in questions(archive, records)]
            print_table((f"of {records:,} records", "s", "CPU s"), rows)
    print(f"\nPeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB.")


if __name__ == "__main__":
    main()
