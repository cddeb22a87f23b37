"""What a kill leaves behind of a disposition: nothing, or a batch that the same command finishes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from archive import users
from archive.archive import Actor, Archive
from archive.verify import verify
from composition import house
from conftest import ACTOR, bring_in, register
from demo.many_posts import generate_x_archive
from disposing import PASSWORD
from retention_schedules.disposition import approving, proposing
from retention_schedules.disposition import batch as batches
from schedules import adopt, rule, series, toml

ROOT = Path(__file__).resolve().parents[2]


def command(folder: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "cli", "--archive", str(folder), "--as", "ivan", "disposition", *words]


def run(folder: Path, step: str, kill_after: float | None = None) -> int | None:
    """Run one step of disposition 1; return its exit code, None if it was killed."""
    environment = {**os.environ, "MUNIMENT_PASSWORD": PASSWORD}
    running = subprocess.Popen(
        command(folder, step, "1"), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        running.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        return None
    return running.returncode


def ready(folder: Path, tmp_path: Path) -> None:
    """Make an archive of which 2,000 posts are approved to go; the Society has waived notice."""
    backup = tmp_path / "x.zip"
    generate_x_archive(backup, seed=3, tweets=2_000)
    (tmp_path / "s.toml").write_bytes(toml(series("posts", code="X1", period="1 day"), rule("posts", kind="post")))
    with Archive.create(folder, ACTOR, name="City of Milbrook") as archive:
        register(archive)
        bring_in(archive, backup, "x-city")
        adopt(archive, str(tmp_path / "s.toml"))
        for name, role in (("ann", "clerk"), ("bob", "attorney"), ("ivan", "it")):
            users.add(archive, name, role, PASSWORD)  # type: ignore[arg-type]
        made = house(archive)
        made.catch_up()
        proposing.propose(archive, made.holds.standing())
        for name in ("ann", "bob"):
            archive.actor = Actor(name, "test, with password", proved=True)
            approving.approve(archive, 1)


@pytest.mark.slow
def test_killed_again_and_again_a_disposition_is_finished_by_the_same_commands(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    ready(folder, tmp_path)
    rng = random.Random(7)
    killed: list[str] = []
    for step in ("execute", "finish"):
        done: int | None = None
        for attempt in range(9):
            done = run(folder, step, 0.25 + attempt * rng.uniform(0.2, 0.4) if attempt < 8 else None)
            if done is None:
                killed.append(step)
                with Archive.open(folder, ACTOR) as archive:
                    assert list(verify(archive, deep=True)) == []
                    batch = batches.get(archive, 1)
                    held = archive.connection.execute("SELECT count(*) FROM record WHERE kind = 'post'").fetchone()[0]
                    assert held == batch.left
                    assert batch.last(batches.FINISHED) is None or step == "finish"
            else:
                break
        assert done == 0
    assert {"execute", "finish"} <= set(killed)
    with Archive.open(folder, ACTOR) as archive:
        batch = batches.get(archive, 1)
        assert (batch.stage, batch.left) == ("finished", 0)
        assert [row.event for row in batch.rows].count(batches.FINISHED) == 1
        assert archive.connection.execute("SELECT count(*) FROM record WHERE kind = 'post'").fetchone() == (0,)
        assert list(verify(archive, deep=True)) == []
