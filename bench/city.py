"""How long the fictional city takes to write, and to take in: ``python -m bench.city [--scale N] [--take-in]``.

Scale 1 is the sample city; 210 gives a million records. With ``--take-in`` every backup of it goes into one
archive (without the index), and each format is measured against X archives in the same run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from bench.measure import print_table, run
from demo.truth import BackupTruth, load


def records(backups: list[BackupTruth]) -> int:
    """Return how many records there are at least: of each account, list and kind what its fullest backup holds."""
    most: dict[tuple[str, str, str], int] = {}
    for one in backups:
        for kind, count in one.kinds.items():
            if kind == "subscriber" and one.format == "mailchimp-account":
                continue
            key = (one.account, one.list_name, kind)
            most[key] = max(most.get(key, 0), count)
    return sum(most.values())


def main() -> None:
    """Run the bench and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--take-in", action="store_true")
    options = parser.parse_args()
    headings = ("scale", "records", "items in backups", "seconds", "CPU seconds", "peak MiB of a process", "MB")
    rows, taken_in = [], []
    for scale in options.scale:
        with tempfile.TemporaryDirectory() as name:
            rows.append(_row(scale, Path(name) / "city"))
            if options.take_in:
                taken_in.append((scale, _take_in(Path(name))))
    print_table(headings, rows)
    for scale, measured in taken_in:
        print(f"\nTaking in the city of scale {scale}:\n")
        print_table(("format", "items", "seconds", "items/s", "against X archives", "peak MiB"), measured)


def _take_in(folder: Path) -> list[tuple[object, ...]]:
    """Take every backup in, by its date; return a row for each format and one for all."""
    truth = load(folder / "city")
    command = [sys.executable, "-m", "cli", "--archive", str(folder / "archive")]
    run([*command, "init", str(folder / "archive"), "--name", "Bench"])
    for account in truth.accounts:
        run([*command, "account", "add", account.name, "--platform", account.platform, "--department", "Clerk",
             "--handle", account.handle])  # fmt: skip
    items: Counter[str] = Counter()
    seconds: defaultdict[str, float] = defaultdict(float)
    memory: defaultdict[str, float] = defaultdict(float)
    for one in sorted(truth.backups, key=lambda one: one.made_at):
        taken = run([*command, "ingest", str(folder / "city" / one.file), *one.options, "--no-index"])
        if taken.code > 1:
            raise SystemExit(f"{one.file} was not taken in: exit code {taken.code}")
        for key in (one.format, "all"):
            items[key] += one.items
            seconds[key] += taken.seconds
            memory[key] = max(memory[key], taken.memory)
    pace = {key: items[key] / seconds[key] for key in items}
    return [
        (key, f"{items[key]:,}", f"{seconds[key]:.1f}", f"{pace[key]:,.0f}", f"{pace[key] / pace['x-archive']:.2f}×",
         f"{memory[key]:.0f}")
        for key in items
    ]  # fmt: skip


def _row(scale: int, folder: Path) -> tuple[object, ...]:
    taken = run([sys.executable, "-m", "cli", "demo", str(folder), "--scale", str(scale)])
    if taken.code:
        raise SystemExit(f"the city could not be written: exit code {taken.code}")
    backups = load(folder).backups
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return (
        scale, f"{records(backups):,}", f"{sum(one.items for one in backups):,}", f"{taken.seconds:.1f}",
        f"{taken.cpu:.1f}", f"{taken.memory:.0f}", f"{size:,.0f}",
    )  # fmt: skip


if __name__ == "__main__":
    main()
