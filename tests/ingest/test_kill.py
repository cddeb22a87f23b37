"""What a kill leaves behind: nothing that the same command does not finish."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from archive.archive import Archive
from archive.verify import verify
from conftest import ACTOR, register
from demo.many_posts import generate_x_archive
from fixtures_of_formats import DATA
from ingest.backup import Backup
from ingest.normalise import Normaliser
from ingest.platforms.x import XIngestor
from ingest.reading import Assignment, batches, batches_beside
from ingest.vendors.mapped import MappedIngestor
from ingest.vendors.mapping import read_mapping

ROOT = Path(__file__).resolve().parents[2]


def command(archive: Path, backup: Path, account: str) -> list[str]:
    return [
        sys.executable, "-m", "cli", "--archive", str(archive), "ingest", str(backup), "--account", account,
        "--no-index",
    ]  # fmt: skip


def new_archive(folder: Path) -> Path:
    with Archive.create(folder, ACTOR, name="City of Milbrook") as made:
        register(made)
    return folder


def contents(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that an archive says, without its salts, ids of the ledger and times of the clock."""
    with closing(sqlite3.connect(folder / "archive.db")) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(content)")]
        said = ", ".join(f"c.{one}" for one in columns if one not in ("id", "seq", "salt", "leaf"))
        queries = {
            "versions": f"SELECT v.id, v.record, v.kind, v.accession, {said}"
            " FROM version v JOIN content c ON c.id = v.id",
            "attachments": "SELECT version, position, name, media_type, size, sha256, alt FROM attachment",
            "metrics": "SELECT version, counts FROM metric",
            "findings": "SELECT record, version, kind, after_at, by_at, cause FROM finding",
            "defects": "SELECT d.quarantined, s.text FROM defect d JOIN statement s ON s.id = d.statement",
            "states": "SELECT id, version, seen_in, state FROM record",
            "closing": "SELECT body FROM ledger WHERE event = 'accession.closed'",
        }
        found = {name: sorted(connection.execute(query), key=repr) for name, query in queries.items()}
    with Archive.open(folder, ACTOR) as archive:
        found["objects"] = [(name,) for name in archive.objects.names()]
    return found


def kill_at(command_line: list[str], seconds: float) -> bool:
    """Run a command and kill it, with its children, after a time; return whether it was still running."""
    running = subprocess.Popen(
        command_line, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        running.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return True


@pytest.mark.slow
def test_twenty_kills_and_the_archive_is_that_of_an_undisturbed_run(city: Path, tmp_path: Path) -> None:
    steps = [
        (city / "x-2026-03-01.zip", "x-city"),
        (city / "x-2026-04-01.zip", "x-city"),
        (city / "clerk-2026-04-01.mbox", "mail-clerk"),
    ]
    quiet = new_archive(tmp_path / "quiet")
    for path, account in steps:
        started = time.monotonic()
        assert subprocess.run(command(quiet, path, account), cwd=ROOT, capture_output=True, check=False).returncode < 2
        took = time.monotonic() - started
    expected = contents(quiet)
    rng = random.Random(5)
    killed = 0
    disturbed = new_archive(tmp_path / "disturbed")
    for path, account in steps:
        for _ in range(8):
            killed += kill_at(command(disturbed, path, account), rng.uniform(0.3 * took, 1.0 * took))
        done = subprocess.run(command(disturbed, path, account), cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode < 2, done.stderr
    assert killed >= 5
    assert contents(disturbed) == expected
    with Archive.open(disturbed, ACTOR) as archive:
        assert list(verify(archive, deep=True)) == []


@pytest.mark.slow
def test_a_large_backup_killed_twenty_times_inside_its_batches_is_whole_in_the_end(tmp_path: Path) -> None:
    backup = tmp_path / "x.zip"
    generate_x_archive(backup, seed=3, tweets=40_000)
    quiet = new_archive(tmp_path / "quiet")
    started = time.monotonic()
    subprocess.run(command(quiet, backup, "x-city"), cwd=ROOT, capture_output=True, check=True)
    took = time.monotonic() - started
    expected = contents(quiet)
    rng = random.Random(6)
    killed = 0
    for attempt in range(10):
        disturbed = new_archive(tmp_path / f"disturbed-{attempt}")
        while killed < 20 and kill_at(command(disturbed, backup, "x-city"), rng.uniform(0.25, 0.6) * took):
            killed += 1
        done = subprocess.run(
            command(disturbed, backup, "x-city"), cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode < 2, done.stderr
        assert contents(disturbed) == expected
        with Archive.open(disturbed, ACTOR) as archive:
            assert list(verify(archive, deep=True)) == []
        if killed == 20:
            return
    pytest.fail(f"only {killed} runs were still at work when they were to be killed")


def test_a_second_process_reads_the_same_batches(city: Path, archive: Archive) -> None:
    register(archive)
    path = city / "x-2026-04-01.zip"
    backup = Backup.open([path])
    here = list(batches(backup, XIngestor(), Normaliser(archive.key, "x-city", "CityOfMilbrook", archive.objects.add)))
    order = Assignment((str(path),), "", "x-city", "CityOfMilbrook", archive.key, str(archive.objects.folder))
    beside = list(batches_beside(backup, XIngestor(), order))
    assert [[one.content for one in batch.prepared] for batch in beside] == [
        [one.content for one in batch.prepared] for batch in here
    ]
    assert [batch.gaps for batch in beside] == [batch.gaps for batch in here]


def test_a_table_with_a_mapping_of_its_own_can_be_read_by_a_second_process(tmp_path: Path, archive: Archive) -> None:
    register(archive)
    table = DATA / "tables" / "milbrook"
    reader = MappedIngestor(*read_mapping(table.with_suffix(".toml")))
    order = Assignment((str(table),), "", "x-city", "", archive.key, str(archive.objects.folder))
    backup = Backup.open([table])
    here = list(batches(backup, reader, Normaliser(archive.key, "x-city", "", archive.objects.add)))
    beside = list(batches_beside(backup, reader, order))
    assert sum(len(batch.prepared) for batch in here) > 0
    assert [[one.content for one in batch.prepared] for batch in beside] == [
        [one.content for one in batch.prepared] for batch in here
    ]


def test_ten_writers_beside_an_ingest_never_find_the_database_locked(tmp_path: Path) -> None:
    backup = tmp_path / "x.zip"
    generate_x_archive(backup, seed=4, tweets=15_000)
    folder = new_archive(tmp_path / "archive")
    running = subprocess.Popen(command(folder, backup, "x-city"), cwd=ROOT, stdout=subprocess.DEVNULL)
    errors: list[Exception] = []
    written: list[int] = []

    def write() -> None:
        with Archive.open(folder, ACTOR) as archive:
            try:
                while running.poll() is None:
                    with archive.act("request.opened", "request:1", {"year": 2026}) as act:
                        act.state("request:1", "description", "the pool")
                    written.append(1)
                    time.sleep(0.01)
            except Exception as error:
                errors.append(error)

    threads = [Thread(target=write) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert running.wait() == 0
    assert errors == []
    assert len(written) > 20
    with Archive.open(folder, ACTOR) as archive:
        assert list(verify(archive, deep=True)) == []
