"""Records a second into the ledger, with and without the index, beside ``twitter-to-sqlite import``.

``python -m bench.ingest [--tweets N]``. The peer is installed into an environment of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

from bench.measure import Taken, print_table, run
from demo.many_posts import generate_x_archive


def muniment(folder: Path, backup: Path, *options: str) -> Taken:
    """Measure an ingest into a fresh archive."""
    command = [sys.executable, "-m", "cli", "--archive", str(folder)]
    run([*command, "init", str(folder), "--name", "Bench"])
    run([*command, "account", "add", "x", "--platform", "x", "--department", "Clerk", "--handle", "CityOfMilbrook"])
    taken = run([*command, "ingest", str(backup), "--account", "x", *options])
    if taken.code:
        raise SystemExit(f"the ingest ended with exit code {taken.code}: nothing was measured")
    return taken


def peer(folder: Path, backup: Path) -> Taken | None:
    """Measure twitter-to-sqlite on the same archive; None where it cannot be installed."""
    environment = folder / "peer"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    installed = subprocess.run(
        [python, "-m", "pip", "install", "-q", "twitter-to-sqlite", "sqlite-utils<4", "setuptools<80"],
        check=False, capture_output=True,
    )  # fmt: skip
    if installed.returncode:
        return None
    # The peer knows the archives of 2019: files at the top of the zip, named in the singular.
    old = folder / "old.zip"
    with zipfile.ZipFile(backup) as new, zipfile.ZipFile(old, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("tweet.js", new.read("data/tweets.js").replace(b"YTD.tweets", b"YTD.tweet"))
        packed.writestr("follower.js", new.read("data/follower.js"))
    taken = run([str(environment / "bin" / "twitter-to-sqlite"), "import", str(folder / "peer.db"), str(old)])
    return taken if taken.code == 0 else None


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tweets", type=int, default=100_000)
    parser.add_argument("--index", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        backup = folder / "x.zip"
        generate_x_archive(backup, tweets=options.tweets)
        records = options.tweets + options.tweets // 100 + 1
        runs = {"muniment, without index": muniment(folder / "a", backup, "--no-index")}
        if options.index:
            runs["muniment, with index and expiry"] = muniment(folder / "b", backup)
        other = peer(folder, backup)
        if other is not None:
            runs["twitter-to-sqlite import"] = other
        else:
            print("twitter-to-sqlite could not be installed or failed on this archive: no peer in this run\n")
        print_table(
            ("run", "records/s", "seconds", "CPU seconds", "peak MiB", "against the peer"),
            [_row(name, taken, records, other) for name, taken in runs.items()],
        )


def _row(name: str, taken: Taken, records: int, other: Taken | None) -> tuple[object, ...]:
    ratio = f"{other.seconds / taken.seconds:.2f}×" if other else ""
    return (
        name, f"{records / taken.seconds:,.0f}", f"{taken.seconds:.1f}", f"{taken.cpu:.1f}", f"{taken.memory:.0f}",
        ratio,
    )  # fmt: skip


if __name__ == "__main__":
    main()
