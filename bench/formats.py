"""How quick every format is: drafts a CPU second, and records a second into the ledger without the index.

``python -m bench.formats [--items N] [--only NAME]``. The last row is ``twitter-to-sqlite import`` of as many posts: it
tells how quick the machine is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.grown import grow
from bench.ingest import peer
from bench.measure import ROOT, print_table, run
from demo.many_posts import generate_x_archive
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.registry import INGESTORS, by_name, identify

FIXTURES = ROOT / "tests" / "data"
ENDING = ".golden.json"
CHOSEN = {"x-archive": "g5", "facebook-export": "page_2025", "eml": "html_only.eml"}
"""The fixture of a format of which there are several kinds, where the largest is not the usual one."""


def fixtures() -> dict[str, Path]:
    """Return for each format the fixture that gives most records."""
    best: dict[str, tuple[int, Path]] = {}
    for golden in sorted(FIXTURES.rglob(f"*{ENDING}")):
        name = golden.name.removesuffix(ENDING)
        candidates = [golden.with_name(name), *golden.parent.glob(f"{name}.*")]
        path = next((one for one in candidates if one.exists() and not one.name.endswith(ENDING)), None)
        if path is None or golden.parent.name == "tables":
            continue
        reader = identify(Backup.open([path]))
        size = 10**9 if CHOSEN.get(reader.name) == name else golden.stat().st_size
        best[reader.name] = max(best.get(reader.name, (0, path)), (size, path))
    return {one.name: best[one.name][1] for one in INGESTORS if one.name in best}


def reading(path: Path, name: str) -> tuple[int, float]:
    """Return how many drafts a backup gives, and the CPU seconds that took, in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "bench.formats", "--read", str(path), "--only", name],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    count, seconds = json.loads(told.stdout)
    return count, seconds


def _read(path: Path, name: str) -> None:
    reader = by_name(name)
    backup = Backup.open([path])
    started = time.process_time()
    count = sum(isinstance(one, Draft) for one in reader.read(backup))
    print(json.dumps([count, time.process_time() - started]))


def measured(name: str, fixture: Path, items: int, folder: Path) -> Iterator[object]:
    """Yield the cells of a format's row."""
    path = grow(fixture, by_name(name), folder / "backup", items)
    count, seconds = reading(path, name)
    command = [sys.executable, "-m", "cli", "--archive", str(folder / "archive")]
    platform = by_name(name).platform or "website"
    run([*command, "init", str(folder / "archive"), "--name", "Bench"])
    run(
        [*command, "account", "add", "a", "--platform", platform, "--department", "Clerk", "--handle", "CityOfMilbrook"]
    )
    taken = run([*command, "ingest", str(path), "--account", "a", "--format", name, "--no-index"])
    yield from (
        name, f"{count:,}", f"{count / max(seconds, 1e-6):,.0f}", f"{count / taken.seconds:,.0f}",
        f"{count / max(taken.cpu, 1e-6):,.0f}", f"{taken.memory:.0f}", taken.code,
    )  # fmt: skip


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        _read(options.read, options.only[0])
        return
    rows: list[tuple[object, ...]] = []
    for name, fixture in fixtures().items():
        if not options.only or name in options.only:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(tuple(measured(name, fixture, options.items, Path(folder))))
                print(*rows[-1], file=sys.stderr)
    rows.append(_peer(options.items))
    print_table(
        ("format", "records", "read a CPU second", "records/s", "records a CPU second", "peak MiB", "exit code"), rows
    )


def _peer(items: int) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as folder:
        generate_x_archive(Path(folder) / "x.zip", tweets=items)
        taken = peer(Path(folder), Path(folder) / "x.zip")
    if taken is None:
        return ("twitter-to-sqlite could not be installed or failed", "", "", "", "", "", "")
    pace, paid = items / taken.seconds, items / max(taken.cpu, 1e-6)
    return ("*twitter-to-sqlite import*", f"{items:,}", "", f"{pace:,.0f}", f"{paid:,.0f}", f"{taken.memory:.0f}", 0)


if __name__ == "__main__":
    main()
