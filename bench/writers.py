"""How long ten other writers wait while a backup is taken in: ``python -m bench.writers [--tweets N]``."""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path

from archive import accounts
from archive.archive import Actor, Archive
from bench.measure import ROOT, print_table
from demo.many_posts import generate_x_archive

ACTOR = Actor("bench", "bench")
WRITERS = 10


def write(folder: str, stop: Event, waits: multiprocessing.Queue[list[float]]) -> None:
    """Append small acts until told to stop; report how long each took, in seconds, even if one fails."""
    found: list[float] = []
    try:
        with Archive.open(Path(folder), ACTOR) as archive:
            while not stop.is_set():
                started = time.monotonic()
                with archive.act("request.opened", "request:1", {"year": 2026}) as act:
                    act.state("request:1", "description", "the pool")
                found.append(time.monotonic() - started)
                time.sleep(0.05)
    finally:
        waits.put(found)


def prepare(folder: Path, backup: Path, tweets: int) -> None:
    """Make a backup, and an archive that has the account to take it in."""
    generate_x_archive(backup, tweets=tweets)
    with Archive.create(folder, ACTOR, name="Bench") as archive:
        accounts.add(archive, "x", platform="x", department="Clerk", handle="CityOfMilbrook")


def ingest_beside_writers(folder: Path, backup: Path) -> tuple[list[float], int]:
    """Take the backup in while ten others write; return how long they waited, sorted, and how many failed."""
    stop = multiprocessing.Event()
    waits: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    writers = [multiprocessing.Process(target=write, args=(str(folder), stop, waits)) for _ in range(WRITERS)]
    for one in writers:
        one.start()
    command = [sys.executable, "-m", "cli", "--archive", str(folder), "ingest", str(backup), "--account", "x"]
    ingest = subprocess.run([*command, "--no-index"], cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
    stop.set()
    found = sorted(wait for _ in writers for wait in waits.get())
    for one in writers:
        one.join()
    if ingest.returncode:
        raise SystemExit(f"the ingest ended with exit code {ingest.returncode}: nothing was measured")
    return found, sum(one.exitcode != 0 for one in writers)


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tweets", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, backup = Path(name) / "archive", Path(name) / "x.zip"
        prepare(folder, backup, options.tweets)
        found, failed = ingest_beside_writers(folder, backup)
    if not found:
        raise SystemExit("no writer wrote anything: nothing was measured")
    p50, p99, longest = (
        f"{one * 1000:.0f}" for one in (found[len(found) // 2], found[len(found) * 99 // 100], found[-1])
    )
    print_table(
        ("acts of ten writers", "p50 ms", "p99 ms", "longest ms", "failed"), [(len(found), p50, p99, longest, failed)]
    )


if __name__ == "__main__":
    main()
