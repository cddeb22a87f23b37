"""One account told by two formats: one gives its items ids (an API), the other does not (an export)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive.archive import Archive
from archive.verify import verify
from composition import house
from desk import Desk
from export.production.stage import stage
from export.requests import collection, register
from ingest.accession import Report
from plain_format import PlainIngestor

MARCH = "2026-03-01T12:00:00"
APRIL = "2026-04-01T12:00:00"
MAY = "2026-05-01T12:00:00"


class WithIds(PlainIngestor):
    """The same shape as another format: what an API gives."""

    name = "plain-api"


class Two:
    """A desk that is brought the export (without ids) and the API's answer (with ids) of one moment."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def export(self, made_at: str, *items: dict[str, Any]) -> Report:
        return self.desk.bring(made_at, *({key: item[key] for key in item if key != "id"} for item in items))

    def api(self, made_at: str, *items: dict[str, Any]) -> Report:
        return self.desk.bring(made_at, *items, ingestor=WithIds())

    def records(self) -> list[tuple[str, str, str]]:
        rows = self.desk.archive.connection.execute(
            "SELECT coalesce(r.native_id, ''), c.text, r.state FROM record r JOIN content c ON c.id = r.version"
            " ORDER BY r.id"
        )
        return list(rows)

    def noticed(self) -> list[str]:
        return [kind for kind, *_ in self.desk.findings() if kind != "counterpart"]


@pytest.fixture
def two(archive: Archive, tmp_path: Path) -> Iterator[Two]:
    (tmp_path / "backups").mkdir()
    made = Desk(archive, tmp_path / "backups")
    yield Two(made)
    assert list(verify(archive, deep=True)) == []


A = {"id": "1", "text": "The pool is closed", "at": "2026-02-01T10:00:00"}
B = {"id": "2", "text": "The pool is open", "at": "2026-02-02T10:00:00"}


@pytest.mark.parametrize("export_first", [True, False])
def test_what_two_formats_tell_is_one_record_that_has_its_id(two: Two, export_first: bool) -> None:
    bring = [two.export, two.api] if export_first else [two.api, two.export]
    assert bring[0](MARCH, A, B).facts["added"] == 2
    second = bring[1](MARCH, A, B)
    assert (second.facts["added"], second.facts["held"], second.facts["counterparts"]) == (0, 2, 2)
    assert two.records() == [("1", A["text"], "present"), ("2", B["text"], "present")]
    assert two.noticed() == []


def test_both_formats_again_add_nothing(two: Two) -> None:
    for made_at in (MARCH, APRIL, MAY):
        new = {"id": made_at, "text": f"new {made_at}", "at": made_at}
        two.export(made_at, A, B, new)
        two.api(made_at, A, B, new)
    versions = two.desk.archive.connection.execute("SELECT count(*) FROM version").fetchone()[0]
    assert versions == 2 * 5
    assert two.noticed() == ["missing", "missing"]


def test_an_edit_that_both_formats_show_is_found_once(two: Two) -> None:
    later = A | {"text": "The pool is closed until May"}
    for made_at, item in ((MARCH, A), (APRIL, later), (MAY, later)):
        two.export(made_at, item, B)
        two.api(made_at, item, B)
    assert two.noticed() == ["edited"]
    assert two.records() == [("1", later["text"], "edited"), ("2", B["text"], "present")]


def test_an_edit_that_the_api_shows_first_is_found_once(two: Two) -> None:
    later = A | {"text": "The pool is closed until May"}
    for made_at, item in ((MARCH, A), (APRIL, later), (MAY, later)):
        two.api(made_at, item)
        two.export(made_at, item)
    assert two.noticed() == ["edited"]
    assert two.records() == [("1", later["text"], "edited")]


def test_what_both_formats_no_longer_show_is_missing_once(two: Two) -> None:
    for made_at, items in ((MARCH, [A, B]), (APRIL, [B])):
        two.export(made_at, *items)
        two.api(made_at, *items)
    assert two.noticed() == ["missing"]
    assert two.records()[0][2] == "deleted"


def test_a_notice_of_removal_in_the_export_is_of_the_same_record(two: Two) -> None:
    two.export(MARCH, A, B)
    two.api(MARCH, A, B)
    gone = {"text": A["text"], "audience": "removed", "removed": "2026-03-20T10:00:00", "removed_by": "city"}
    two.export(APRIL, B, gone)
    two.api(APRIL, B)
    assert two.noticed() == ["removed"]
    two.export(MAY, A, B)
    two.api(MAY, A, B)
    assert two.noticed() == ["removed", "shown"]
    assert two.records() == [("1", A["text"], "present"), ("2", B["text"], "present")]


def test_the_same_words_at_another_moment_are_another_record(two: Two) -> None:
    two.export(MARCH, A)
    two.api(MARCH, A | {"at": "2026-02-01T10:00:01"})
    assert len(two.records()) == 2


def test_items_without_words_are_the_same_only_where_nothing_else_can_be_meant(two: Two) -> None:
    silent = {"at": "2026-02-03T10:00:00", "files": {"a.jpg": "a"}}
    two.export(MARCH, A, silent, silent | {"files": {"b.jpg": "b"}})
    assert two.api(MARCH, A, {"id": "7", "at": silent["at"]}).facts["counterparts"] == 1
    other = {"at": "2026-02-04T10:00:00", "files": {"c.jpg": "c"}}
    two.export(APRIL, A, other)
    assert two.api(APRIL, A, {"id": "7", "at": silent["at"]}, {"id": "8", "at": other["at"]}).facts["counterparts"] == 1


def test_twins_in_words_and_moment_are_paired_one_by_one(two: Two) -> None:
    two.export(MARCH, A, A)
    assert two.api(MARCH, A, A | {"id": "9"}).facts["counterparts"] == 2
    assert len(two.records()) == 2


def test_a_release_gives_the_record_once_with_the_files_of_both(two: Two) -> None:
    picture = {"id": "3", "text": "A picture", "at": "2026-02-05T10:00:00"}
    two.export(MARCH, A, picture | {"files": {"gate.jpg": "jpeg"}})
    two.api(MARCH, A, picture)
    archive = two.desk.archive
    made = house(archive)
    made.catch_up()
    register.open_request(archive, date(2026, 4, 2), "Everything")
    assert made.finder.count("kind:post") == collection.collect(archive, made.finder, 1, "kind:post").versions == 2
    staged = stage(archive, 1)
    released = list(staged.production.records())
    assert staged.production.reconciliation.duplicates == 0
    assert [(one.native_id, [part.name for part in one.attachments]) for one in released] == [
        ("1", []), ("3", ["gate.jpg"]),
    ]  # fmt: skip
    staged.clear()


def test_what_only_the_other_telling_answers_is_found_all_the_same(two: Two) -> None:
    two.export(MARCH, A | {"files": {"gate.jpg": "jpeg"}}, B)
    two.api(MARCH, A, B)
    made = house(two.desk.archive)
    made.catch_up()
    assert made.finder.count("has:attachment") == 1
    assert made.finder.count("pool") == 2
    register.open_request(two.desk.archive, date(2026, 4, 2), "Files")
    collection.collect(two.desk.archive, made.finder, 1, "has:attachment")
    collection.collect(two.desk.archive, made.finder, 1, "pool")
    staged = stage(two.desk.archive, 1)
    assert (staged.production.reconciliation.going_out, staged.production.reconciliation.duplicates) == (2, 0)
    staged.clear()


def test_what_one_format_alone_still_covers_is_missing_when_it_is_gone(two: Two) -> None:
    two.export(MARCH, A, B)
    two.desk.bring(MARCH, A, B, ingestor=WithIds(), complete=False)
    two.export(APRIL, B)
    assert two.noticed() == ["missing"]
    assert two.desk.findings()[-1][1:3] == ("2026-03-01T12:00:00.000Z", "2026-04-01T12:00:00.000Z")
    two.desk.bring(APRIL, B, ingestor=WithIds(), complete=False)
    two.export(MAY, A, B)
    assert two.noticed() == ["missing", "restored"]


SHARED = {"kind": "post", "id": "v1", "at": MARCH, "city": True, "title": "Pool", "text": "It opens."}


def test_two_formats_that_give_the_same_ids_tell_one_record_and_no_edit(two: Two) -> None:
    two.desk.bring(MARCH, SHARED | {"details": {"privacy": "Public"}})
    report = two.api(APRIL, SHARED | {"details": {"privacy": "public", "duration": "PT1M"}})
    assert (report.facts["added"], report.facts["counterparts"]) == (0, 1)
    two.desk.bring(MAY, SHARED | {"details": {"privacy": "Public"}})
    assert two.noticed() == []


@pytest.mark.parametrize("changed", [{"text": "It opens at one."}, {"title": "Pools"}, {"audience": "hidden"}])
def test_what_the_second_of_two_such_formats_says_otherwise_is_found_once(two: Two, changed: dict[str, Any]) -> None:
    two.desk.bring(MARCH, SHARED | {"details": {"privacy": "Public"}})
    two.api(APRIL, SHARED | changed)
    assert two.noticed() == ["hidden" if "audience" in changed else "edited"]


def test_what_another_format_tells_of_earlier_wordings_is_an_edit_at_its_own_time(two: Two) -> None:
    said = {"id": "1", "at": "2026-02-01T10:00:00", "city": True}
    first = said | {"text": "Open at 9.", "revision": "1"}
    corrected = said | {"text": "Open at 10.", "revision": "2", "edited": "2026-02-02T08:00:00"}
    two.desk.bring(MARCH, {key: corrected[key] for key in corrected if key != "revision"})
    two.api(MARCH, first, corrected)
    moment = "2026-02-02T08:00:00.000Z"
    assert [one for one in two.desk.findings() if one[0] == "edited"] == [("edited", moment, moment, "city")]
    assert two.records() == [("1", "Open at 10.", "edited")]


def test_who_joins_a_list_again_is_an_edit_however_many_formats_tell_of_them(two: Two) -> None:
    member = {"id": "7", "kind": "subscriber", "by": "Tou Vang", "at": "2025-05-01T10:00:00"}
    once, again = member | {"details": {"joined": "2025-05-01"}}, member | {"details": {"joined": "2026-03-20"}}
    for made_at, item in ((MARCH, once), (APRIL, again)):
        two.desk.bring(made_at, item)
        two.api(made_at, item)
    assert two.noticed() == ["edited"]
