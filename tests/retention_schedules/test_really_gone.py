"""After a disposition is finished, marker words that stood in every stored form are found nowhere."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import clearing
from archive.archive import Archive
from archive.backup import backup, restore
from archive.clearing import ReadersRemain
from archive.objects import Objects
from archive.tables import DECISION, EXTRACTION, METRIC
from archive.verify import verify
from conftest import ACTOR
from disposing import Office, due_series
from ingest.accession import Report
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.society import noticing

OLD = "2015-05-01T09:00:00Z"
MARKERS = [
    "zqtext", "zqtitle", "zqauthor", "zqhandle", "zqtag", "zqlink", "zqfile", "zqalt", "zqbytes", "zqdetail",
    "zqmention", "zqperson", "zqextracted", "zqnote", "zqreason", "zqurl", "zqthread", "zqsecond", "zqlater",
    "zqwithout",
]  # fmt: skip


def marked(**more: object) -> dict[str, object]:
    """Return an item that bears a marker in whatever a record can hold."""
    return {
        "id": "zqnative", "at": OLD, "by": "zqauthor", "handle": "zqhandle", "text": "The zqtext gate",
        "title": "zqtitle",
        "tags": ["zqtag"], "links": ["https://milbrook.example/zqlink"], "mentions": ["zqmention"],
        "url": "https://zqurl",
        "details": {"status": "zqdetail"}, "to": [["zqperson", "zqperson@milbrook.example"]], "thread": "zqthread",
        "files": {"zqfile.txt": "zqbytes " * 40, "shared.txt": "both have this"}, "alts": {"zqfile.txt": "zqalt"},
    } | more  # fmt: skip


LIVING = {
    "id": "9",
    "at": "2026-02-01T09:00:00Z",
    "by": "Owen",
    "text": "It stays",
    "files": {"o.txt": "both have this"},
}
WITHOUT_ID = {"at": OLD, "by": "Mara", "text": "A comment zqwithout an id", "kind": "comment"}


def bring(office: Office, made_at: str, **declared: object) -> Report:
    return office.desk.bring(made_at, marked(), LIVING, WITHOUT_ID, **declared)  # type: ignore[arg-type]


@pytest.fixture
def office(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office whose one old record and one comment without an id hold every marker, approved and ready to go."""
    made = Office(archive, tmp_path, monkeypatch)
    bring(made, "2026-02-10T12:00:00")
    made.desk.bring("2026-02-20T12:00:00", marked(text="The zqtext gate, zqsecond"), LIVING, WITHOUT_ID)
    with archive.act("accession.progress", "accession:1") as act:
        act.add(EXTRACTION, (b"s" * 16, 1, "text", "zqextracted words"))
        act.add(METRIC, (b"s" * 16, 1, 1, '{"zqlikes":3}'))
        act.state("review:1:record:1", "note", "zqnote about it")
        act.state("record:1", "override", "zqlater")
        act.add(DECISION, (1, 1, "withhold", "balancing", act.state("review:1", "reason", "zqreason")))
    made.adopt(*due_series())
    made.house.catch_up()
    yield made
    assert list(verify(archive, deep=True)) == []


def traces(folder: Path, but: tuple[str, ...] = ("productions",)) -> set[str]:
    """Return the markers that any byte of a folder holds, compressed ones too."""
    found: set[str] = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] not in but:
            raw = path.read_bytes()
            for stretch in (raw, raw.decode("utf-16-le", "ignore").encode(), *_inflated(raw)):
                found |= {one for one in MARKERS if one.encode() in stretch.lower()}
            found |= {one for one in MARKERS if one in path.name}
    return found


def _inflated(raw: bytes) -> Iterator[bytes]:
    """Yield whatever in some bytes is a zlib, gzip or bare deflate stream."""
    for at in range(len(raw)):
        if raw[at] == 0x78 or raw[at : at + 2] == b"\x1f\x8b":
            try:
                yield zlib.decompressobj(47).decompress(raw[at:], 1 << 20)
            except zlib.error:
                continue


def go(office: Office) -> int:
    """Take everything that is due up to the point where it is gone, and not yet finished."""
    number = office.propose().number
    noticing.give_notice(office.archive, number, "Ann")
    office.wait(61)
    office.approve(number)
    office.execute(number)
    return number


def test_the_markers_are_there_before(office: Office) -> None:
    with closing(sqlite3.connect(office.archive.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert traces(office.archive.folder) == set(MARKERS)


def test_executed_records_cannot_be_found_or_read_at_once(office: Office) -> None:
    number = go(office)
    archive, finder = office.archive, office.house.finder
    assert [finder.find(one) for one in ("zqtext", "zqsecond", "author:zqauthor", "*")] == [[], [], [], [2]]
    assert finder.count("zqte*") == 0
    assert [one.id for one in archive.version([1, 2, 3, 4])] == [2]
    assert batches.get(archive, number).stage == "executed"
    assert list(verify(archive, deep=True)) == []


def test_nothing_is_left_in_any_file_after_it_is_finished(office: Office) -> None:
    number = go(office)
    shared = [
        name for name in office.archive.objects.names() if b"both" in office.archive.objects.path(name).read_bytes()
    ]
    with closing(sqlite3.connect(office.archive.path)) as reader:
        reader.execute("SELECT count(*) FROM content").fetchone()  # open all the while, between two questions
        office.finish(number)
        assert traces(office.archive.folder) == set()
        assert reader.execute("SELECT count(*) FROM content").fetchone() == (1,)
    assert (office.archive.folder / "archive.db-wal").stat().st_size < 100_000
    assert office.archive.connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert [name for name in shared if name in office.archive.objects] == shared
    assert office.house.finder.find("stays") == [2]
    assert not any("zq" in term for term, _ in office.house.index.engine().lexicon(""))  # type: ignore[union-attr]


def test_a_reader_in_the_middle_of_old_pages_keeps_the_certificate_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = go(office)
    monkeypatch.setattr(clearing, "PATIENCE", 0.3)
    with closing(sqlite3.connect(office.archive.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record").fetchone()
        with pytest.raises(ReadersRemain):
            office.finish(number)
        assert batches.get(office.archive, number).stage == "executed"
        reader.execute("COMMIT")
    office.finish(number)
    assert batches.get(office.archive, number).stage == "finished"
    assert traces(office.archive.folder) == set()


def test_the_same_backup_and_an_old_one_read_again_bring_nothing_back(office: Office) -> None:
    go(office)
    office.finish(1)
    again = office.desk.bring_path(sorted(office.desk.folder.iterdir())[0])
    assert (again.already, again.facts["disposed"]) == (True, 2)
    old = bring(office, "2026-02-11T12:00:00")
    assert (old.facts["items"], old.facts["disposed"], old.facts["held"], old.facts["added"]) == (3, 2, 3, 0)
    edited = office.desk.bring("2026-02-12T12:00:00", marked(text="zqtext, and something else"), LIVING)
    assert (edited.facts["disposed"], edited.facts["added"], edited.facts["edited"]) == (1, 0, 0)
    office.house.catch_up()
    assert office.texts() == ["It stays"]
    with closing(sqlite3.connect(office.archive.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert traces(office.archive.folder) == set()


def test_a_backup_of_nothing_but_disposed_records_is_taken_in_as_nothing(office: Office) -> None:
    go(office)
    office.finish(1)
    report = office.desk.bring("2026-02-13T12:00:00", marked())
    assert (report.facts["items"], report.facts["disposed"], report.facts["added"]) == (1, 1, 0)
    with closing(sqlite3.connect(office.archive.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert traces(office.archive.folder) == set()


def test_an_older_backup_restored_loses_what_was_disposed_of_since(office: Office, tmp_path: Path) -> None:
    backup(office.archive, tmp_path / "copy")
    assert traces(tmp_path / "copy") == set(MARKERS)
    go(office)
    office.finish(1)
    made = restore(tmp_path / "copy", tmp_path / "restored", ACTOR)
    assert (made.disposed, made.asked) == (2, office.archive.folder)
    assert traces(tmp_path / "restored") == set()
    with Archive.open(tmp_path / "restored", ACTOR) as restored:
        assert list(verify(restored, deep=True)) == []
        assert [one.record for one in restored.versions()] == [2]
    backup(office.archive, tmp_path / "later")
    assert traces(tmp_path / "later") == set()
    named = restore(tmp_path / "copy", tmp_path / "third", ACTOR, after=tmp_path / "later")
    assert named.disposed == 2


def test_a_backup_made_between_execution_and_the_end_holds_nothing_of_it(office: Office, tmp_path: Path) -> None:
    go(office)
    backup(office.archive, tmp_path / "copy")
    assert traces(tmp_path / "copy") == set()


def test_an_object_that_somebody_stores_anew_is_not_cleared_away_from_under_them(office: Office) -> None:
    import io

    from archive.archive import ObjectGone

    archive = office.archive
    sha256, _, _ = archive.objects.add(lambda: io.BytesIO(b"a letter"))
    with Archive.open(archive.folder, ACTOR) as other:
        assert clearing.unlink_unneeded(other) == 1
    with pytest.raises(ObjectGone), archive.act("request.note", "request:1") as act:
        act.state("request:1", "object", sha256)
    assert sha256 not in Objects(archive.objects.folder)
