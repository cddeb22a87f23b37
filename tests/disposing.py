"""An archive with two approvers and a schedule under which old records are due, and the way from proposal to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import clock
from archive.archive import Actor, Archive
from composition import House, house
from desk import Desk
from retention_schedules.disposition import approving, executing, finishing, proposing
from retention_schedules.disposition.batch import Batch
from retention_schedules.disposition.finishing import Finished
from retention_schedules.disposition.society import noticing
from schedules import adopt, rule, series, toml

CLERK, ATTORNEY, IT = "ann", "bob", "ivan"
PASSWORD = "a long enough password"
POSTED_TO = "Ann Mason, Clerk, 1 Main Street, Milbrook"


class Office:
    """One archive, one account in the plain format, and people who may approve. ``now`` is the office's clock."""

    def __init__(self, archive: Archive, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
        patch.setattr(clock, "now", self.tick)
        self.archive = archive
        self.folder = folder
        backups = folder / "backups"
        backups.mkdir(exist_ok=True)
        self.desk = Desk(archive, backups)
        for name, role in ((CLERK, "clerk"), (ATTORNEY, "attorney"), (IT, "it")):
            with archive.act("user.added", f"user:{name}", {"role": role}):  # without a password to hash
                pass

    def tick(self) -> datetime:
        """Return the present moment, a second after the last."""
        self.now += timedelta(seconds=1)
        return self.now

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @property
    def house(self) -> House:
        return house(self.archive)

    def adopt(self, *parts: str, name: str = "milbrook") -> None:
        path = self.folder / f"{name}.toml"
        path.write_bytes(toml(*parts, name=name))
        adopt(self.archive, str(path))

    @contextmanager
    def acting(self, name: str, proved: bool = True) -> Iterator[None]:
        before = self.archive.actor
        self.archive.actor = Actor(name, "test, with password" if proved else "test", proved)
        try:
            yield
        finally:
            self.archive.actor = before

    # -- the steps

    def propose(self, key: str | None = None) -> Batch:
        made = self.house
        made.catch_up()
        return proposing.propose(self.archive, made.holds.standing(), key).batches[0]

    def approve(self, number: int, names: Sequence[str] = (CLERK, ATTORNEY)) -> None:
        for name in names:
            with self.acting(name):
                approving.approve(self.archive, number)

    def execute(self, number: int) -> Batch:
        made = self.house
        with self.acting(IT):
            return executing.execute(self.archive, number, made.followers, made.holds.standing)

    def finish(self, number: int) -> Finished:
        with self.acting(IT):
            return finishing.finish(self.archive, number, self.house.followers)

    def dispose(self) -> Finished:
        """Go the whole way with everything that is due."""
        batch = self.propose()
        if batch.needs_notice:
            noticing.give_notice(self.archive, batch.number, POSTED_TO)
            self.wait(61)
        self.approve(batch.number)
        self.execute(batch.number)
        return self.finish(batch.number)

    def texts(self) -> list[str]:
        rows = self.archive.connection.execute("SELECT coalesce(text, '') FROM content ORDER BY id")
        return [row[0] for row in rows]


def due_series(**values: object) -> tuple[str, str]:
    """Return a series under which the plain posts of years ago are due, and its rule."""
    return series("posts", notice=values.pop("notice", "N"), **values), rule("posts", platform="plain")
