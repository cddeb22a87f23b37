"""How long the disposition of a large batch takes: ``python -m bench.disposition [--records N]``."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from archive import accounts
from archive.archive import Actor, Archive
from archive.verify import verify
from bench.measure import print_table
from bench.retention import adopt
from composition import house
from demo.many_posts import generate_x_archive
from ingest.accession import Declaration, take_in
from ingest.backup import Backup
from ingest.registry import identify
from retention_schedules.disposition import approving, executing, finishing, proposing
from retention_schedules.holds import placing
from retention_schedules.holds.terms import Terms

SCHEDULE = """
name = "bench"
title = "A schedule to measure with"
authority = "nobody"
citation = "an example"
approved_on = 2020-01-01
[[series]]
key = "posts"
code = "X1"
title = "Posts"
period = "1 day"
trigger = "CR"
disposition = "destroy"
notice = "W"
verified = true
citation = "an example"
[[rule]]
series = "posts"
kind = "post"
"""


def main() -> None:
    """Measure every step of a disposition on an archive of posts that are all due."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=20_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        took = _measured(Path(folder), asked.records)
        print_table(["step", "seconds"], [[step, f"{seconds:.2f}"] for step, seconds in took])


def _measured(folder: Path, records: int) -> list[tuple[str, float]]:
    backup = folder / "x.zip"
    generate_x_archive(backup, tweets=records)
    (folder / "s.toml").write_text(SCHEDULE, encoding="utf-8")
    with Archive.create(folder / "archive", Actor("bench", "bench"), name="City of Milbrook") as archive:
        account = accounts.add(archive, "x-city", platform="x", department="Clerk", handle="CityOfMilbrook")
        found = Backup.open([backup])
        take_in(archive, found, account, identify(found), Declaration())
        for name, role in (("ann", "clerk"), ("bob", "attorney")):
            with archive.act("user.added", f"user:{name}", {"role": role}):
                pass
        archive.actor = Actor("ann", "bench", proved=True)
        adopt(archive, str(folder / "s.toml"), "bob")
        return _steps(archive)


def _steps(archive: Archive) -> list[tuple[str, float]]:
    made = house(archive)
    made.catch_up()
    took: list[tuple[str, float]] = []
    started = time.perf_counter()

    def done(step: str) -> None:
        nonlocal started
        took.append((step, time.perf_counter() - started))
        started = time.perf_counter()

    placing.place(made.holds, "pool", Terms(query="pool"), "an example")
    done("place a hold")
    made.catch_up()
    done("catch up after it")
    batch = proposing.propose(archive, made.holds.standing()).batches[0]
    done(f"propose {batch.facts['records']:,} records")
    for name in ("ann", "bob"):
        archive.actor = Actor(name, "bench, with password", proved=True)
        approving.approve(archive, batch.number)
    done("approve twice")
    executing.execute(archive, batch.number, made.followers, made.holds.standing)
    done("execute")
    finishing.finish(archive, batch.number, made.followers)
    done("finish")
    assert not list(verify(archive, deep=True))
    done("verify --deep")
    return took


if __name__ == "__main__":
    main()
