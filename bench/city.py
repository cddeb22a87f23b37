"""How long the fictional city takes to write, and how large it is: ``python -m bench.city [--scale N]``.

Scale 1 is the sample city; 210 gives a million records.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
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
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, nargs="+", default=[1, 20])
    options = parser.parse_args()
    headings = ("scale", "records", "items in backups", "seconds", "CPU seconds", "peak MiB of a process", "MB")
    print_table(headings, [_row(scale) for scale in options.scale])


def _row(scale: int) -> tuple[object, ...]:
    with tempfile.TemporaryDirectory() as name:
        taken = run([sys.executable, "-m", "cli", "demo", name, "--scale", str(scale)])
        if taken.code:
            raise SystemExit(f"the city could not be written: exit code {taken.code}")
        backups = load(Path(name)).backups
        size = sum(path.stat().st_size for path in Path(name).iterdir()) / 1e6
    return (
        scale, f"{records(backups):,}", f"{sum(one.items for one in backups):,}", f"{taken.seconds:.1f}",
        f"{taken.cpu:.1f}", f"{taken.memory:.0f}", f"{size:,.0f}",
    )  # fmt: skip


if __name__ == "__main__":
    main()
