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
from demo.x_archive import generate_x_archive

ACTOR = Actor("bench", "bench")
WRITERS = 10


def write(folder: str, stop: Event, waits: multiprocessing.Queue[list[float]]) -> None:
    """Append small acts until told to stop; report how long each took, in seconds."""
    found: list[float] = []
    with Archive.open(Path(folder), ACTOR) as archive:
        while not stop.is_set():
            started = time.monotonic()
            with archive.act("request.opened", "request:1", {"year": 2026}) as act:
                act.state("request:1", "description", "the pool")
            found.append(time.monotonic() - started)
            time.sleep(0.05)
    waits.put(found)


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tweets", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "archive"
        backup = Path(name) / "x.zip"
        generate_x_archive(backup, tweets=options.tweets)
        with Archive.create(folder, ACTOR, name="Bench") as archive:
            accounts.add(archive, "x", platform="x", department="Clerk", handle="CityOfMilbrook")
        stop = multiprocessing.Event()
        waits: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
        writers = [multiprocessing.Process(target=write, args=(str(folder), stop, waits)) for _ in range(WRITERS)]
        command = [sys.executable, "-m", "cli", "--archive", str(folder), "ingest", str(backup), "--account", "x"]
        ingest = subprocess.Popen([*command, "--no-index"], cwd=ROOT, stdout=subprocess.DEVNULL)
        for one in writers:
            one.start()
        ingest.wait()
        stop.set()
        found = sorted(wait for _ in writers for wait in waits.get())
        for one in writers:
            one.join()
        print_table(
            ("acts of ten writers", "p50 ms", "p99 ms", "longest ms", "failed"),
            [(len(found), *(f"{found[int(len(found) * share)] * 1000:.0f}" for share in (0.5, 0.99)),
              f"{found[-1] * 1000:.0f}", sum(one.exitcode != 0 for one in writers))],
        )  # fmt: skip


if __name__ == "__main__":
    main()
