"""What a kill leaves behind: nothing that the same command does not finish."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random
from threading import Thread
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from apart import Command
from archive.archive import Archive
from archive.records import Timestamp
from archive.verify import verify
from conftest import ACTOR, register
from demo.many_posts import generate_x_archive
from fixtures_of_formats import DATA
from ingest.backup import Backup
from ingest.beside import WORTH_A_PROCESS, Assignment, batches_beside, is_worth_a_process
from ingest.ingestor import Defect, Draft, Gap, Ingestor
from ingest.normalise import Normaliser
from ingest.platforms.x import XIngestor
from ingest.reading import batches
from ingest.vendors.mapped import MappedIngestor
from ingest.vendors.mapping import read_mapping


def ingest(archive: Path, backup: Path, account: str) -> Command:
    return Command(archive, "ingest", str(backup), "--account", account, "--no-index")


def taken_in(archive: Path, backup: Path, account: str) -> float:
    """Take a backup in and return how many seconds that took."""
    began = time.monotonic()
    running = ingest(archive, backup, account)
    assert running.ended() < 2, running.printed()
    return time.monotonic() - began


def new_archive(folder: Path) -> Path:
    with Archive.create(folder, ACTOR, name="City of Milbrook") as made:
        register(made)
    assert Command(folder, "account", "list").ended() == 0  # whatever is started only once is there now
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


@pytest.mark.slow
def test_twenty_kills_and_the_archive_is_that_of_an_undisturbed_run(city: Path, tmp_path: Path) -> None:
    steps = [
        (city / "x-2026-03-01.zip", "x-city"),
        (city / "x-2026-04-01.zip", "x-city"),
        (city / "clerk-2026-04-01.mbox", "mail-clerk"),
    ]
    quiet = new_archive(tmp_path / "quiet")
    took = [taken_in(quiet, path, account) for path, account in steps]
    expected = contents(quiet)
    rng = Random(5)
    killed = 0
    disturbed = new_archive(tmp_path / "disturbed")
    for (path, account), whole in zip(steps, took, strict=True):
        for share in sorted(rng.uniform(0.05, 1.0) for _ in range(8)):
            killed += ingest(disturbed, path, account).killed_after(share * whole)
        taken_in(disturbed, path, account)
    assert killed >= 5
    assert contents(disturbed) == expected
    with Archive.open(disturbed, ACTOR) as archive:
        assert list(verify(archive, deep=True)) == []


@pytest.mark.slow
def test_a_large_backup_killed_twenty_times_inside_its_batches_is_whole_in_the_end(tmp_path: Path) -> None:
    backup = tmp_path / "x.zip"
    generate_x_archive(backup, seed=3, tweets=12_000)
    with ZipFile(backup, "a", ZIP_DEFLATED) as larger:
        larger.writestr("data/tweets_media/film.mp4", Random(3).randbytes(1 << 20) * (WORTH_A_PROCESS >> 20))
    assert is_worth_a_process(Backup.open([backup]))
    quiet = new_archive(tmp_path / "quiet")
    took = taken_in(quiet, backup, "x-city")
    expected = contents(quiet)
    rng = Random(6)
    killed = 0
    for attempt in range(10):
        disturbed = new_archive(tmp_path / f"disturbed-{attempt}")
        while killed < 20 and ingest(disturbed, backup, "x-city").killed_after(rng.uniform(0.15, 0.65) * took):
            killed += 1
        taken_in(disturbed, backup, "x-city")
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
    normaliser = Normaliser(archive.key, "x-city", "CityOfMilbrook", archive.objects.add)
    here = list(batches(backup, XIngestor(), normaliser))
    order = Assignment((str(path),), "", "x-city", "CityOfMilbrook", archive.key, str(archive.objects.folder))
    beside = list(batches_beside(backup, XIngestor(), order, normaliser))
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
    normaliser = Normaliser(archive.key, "x-city", "", archive.objects.add)
    here = list(batches(backup, reader, normaliser))
    beside = list(batches_beside(backup, reader, order, normaliser))
    assert sum(len(batch.prepared) for batch in here) > 0
    assert [[one.content for one in batch.prepared] for batch in beside] == [
        [one.content for one in batch.prepared] for batch in here
    ]


class Odd(Ingestor):
    """Items that are hard to send to another process, or to take in at all."""

    name = "odd"
    platform = "x"
    version = 1

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        for number in range(40):
            yield Draft(kind="post", place=f"{number}, plain", native=b"{}", native_id=str(number), text="words")
            yield Draft(kind="post", place=f"{number}, half", native=b"{}", text=f"\ud83d{number}")
            yield Draft(
                kind="post", place=f"{number}, much", native=b"{}", text=str(number), metrics={"likes": 1 << 80}
            )
            naive = Timestamp(datetime(2026, 3, 1), "", "second", "format")
            yield Draft(kind="post", place=f"{number}, naive", native=b"{}", text=str(number), created=naive)


def test_what_is_hard_to_send_ends_as_it_does_in_one_process(tmp_path: Path, archive: Archive) -> None:
    register(archive)
    path = tmp_path / "backup.json"
    path.write_text("[]")
    backup = Backup.open([path])
    order = Assignment((str(path),), "", "x-city", "", archive.key, str(archive.objects.folder))
    normaliser = Normaliser(archive.key, "x-city", "", archive.objects.add)
    (here,) = batches(backup, Odd(), normaliser)
    (beside,) = batches_beside(backup, Odd(), order, normaliser)
    assert [one.content for one in beside.prepared] == [one.content for one in here.prepared]
    assert len(here.prepared) == 120
    assert beside.defects == here.defects
    assert len(here.defects) == 80


def test_ten_writers_beside_an_ingest_never_find_the_database_locked(tmp_path: Path) -> None:
    backup = tmp_path / "x.zip"
    generate_x_archive(backup, seed=4, tweets=15_000)
    folder = new_archive(tmp_path / "archive")
    running = ingest(folder, backup, "x-city")
    errors: list[Exception] = []
    written: list[int] = []

    def write() -> None:
        with Archive.open(folder, ACTOR) as archive:
            try:
                while running.is_at_work:
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
    assert running.ended() == 0
    assert errors == []
    assert len(written) > 20
    with Archive.open(folder, ACTOR) as archive:
        assert list(verify(archive, deep=True)) == []
