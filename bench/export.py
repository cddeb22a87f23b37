"""How long a large package takes, and how much memory: ``python -m bench.export [--records N] [--pictures N]``.

A request of so many records, one in twenty with something blacked out and one in a hundred withheld, in every form.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from archive import accounts
from archive.archive import Actor, Archive
from bench.measure import print_table, run
from demo.many_posts import generate_x_archive
from export.requests import collecting, register
from export.review import decisions, proposals, redactions
from ingest.accession import Declaration, take_in
from ingest.backup import Backup
from ingest.registry import identify

REASON = "Said for the requester to read."


def prepare(folder: Path, records: int, with_pictures: int) -> None:
    """Make an archive with a request, everything in it decided."""
    backup = folder / "x.zip"
    generate_x_archive(backup, tweets=records, with_pictures=with_pictures)
    with Archive.create(folder / "archive", Actor("bench", "bench"), name="City of Milbrook") as archive:
        account = accounts.add(archive, "x", platform="x", department="Clerk", handle="CityOfMilbrook")
        opened = Backup.open([backup])
        take_in(archive, opened, account, identify(opened), Declaration())
        register.open_request(archive, date(2026, 4, 2), "Everything")
        held = archive.connection.execute("SELECT id FROM record WHERE kind = 'post' ORDER BY id").fetchall()
        decide(archive, [one for (one,) in held])


def decide(archive: Archive, held: list[int]) -> None:
    """Release most, black the first words of some out, withhold a few."""
    collecting.by_hand(archive, 1, held)
    withheld = held[5::100]
    decisions.mark(archive, 1, held, "release")
    decisions.mark(archive, 1, withheld, "withhold", "905.03", REASON)
    marks = [one.mark for record in held[7::20] for one in proposals.of_span(archive, 1, record, "text:0-12")]
    redactions.add(archive, 1, marks, "19.36(10)", REASON)


def main() -> None:
    """Run the bench and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--pictures", type=int, default=1_000)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, options.records, options.pictures)
        for profile in ("simple", "full", "litigation"):
            command = [sys.executable, "-m", "cli", "--archive", str(folder / "archive"), "export", "1"]
            taken = run([*command, "--profile", profile, "--to", str(folder / "out")])
            if taken.code:
                raise SystemExit(f"the export ended with exit code {taken.code}: nothing was measured")
            made = next(one for one in (folder / "out").iterdir() if one.is_dir())
            size = sum(one.stat().st_size for one in made.rglob("*") if one.is_file())
            rows.append((profile, round(taken.seconds, 1), round(taken.cpu, 1), round(taken.memory), size // 1_000_000))
            run(["rm", "-rf", str(folder / "out")])
    print(f"A package of {options.records:,} records with {options.pictures:,} pictures:\n")
    print_table(["profile", "seconds", "CPU seconds", "peak MiB of a process", "MB"], rows)


if __name__ == "__main__":
    main()
