"""Nothing that stays in is in any form of a package. A new writer is looked through without a change here."""

from __future__ import annotations

from pathlib import Path

from planted import Planted, leaks, left_in

from desk import Desk
from export.production.stage import stage


def test_what_goes_out_is_found_by_the_same_look(desk: Desk, tmp_path: Path) -> None:
    planted = Planted(desk)
    planted.release()
    assert left_in(planted, tmp_path / "out") >= {
        marker for (kind, field), marker in planted.markers.items() if kind == "post"
    }


def test_a_withheld_record_is_in_no_form_of_a_package(desk: Desk, tmp_path: Path) -> None:
    planted = Planted(desk)
    planted.withhold()
    assert left_in(planted, tmp_path / "out") == set()
    assert list(leaks(tmp_path / "out", planted.hashes())) == []


def test_a_blacked_out_word_is_in_no_form_of_a_package(desk: Desk, tmp_path: Path) -> None:
    planted = Planted(desk)
    planted.redact()
    assert left_in(planted, tmp_path / "out") == set()
    assert list(leaks(tmp_path / "out", planted.hashes())) == []


def test_what_does_not_answer_is_in_no_form_of_a_package(desk: Desk, tmp_path: Path) -> None:
    from export.review import decisions

    planted = Planted(desk)
    decisions.mark(planted.archive, 1, list(planted.records.values()), "not-responsive")
    assert left_in(planted, tmp_path / "out") == set()


def test_the_look_before_a_release_finds_every_word_that_stays_in_one_record_and_goes_out_in_another(
    desk: Desk,
) -> None:
    planted = Planted(desk)
    planted.redact()
    words = {field: marker for (kind, field), marker in planted.markers.items() if kind == "comment"}
    text = f"They SAID now:  {words['text now']}, and {words['by']} did too."
    desk.bring("2026-03-02T10:00:00", {"id": "gossip", "at": "2026-02-01T10:00:00", "text": text})
    from export.requests.collecting import by_hand

    [record] = desk.archive.connection.execute("SELECT id FROM record WHERE native_id = 'gossip'").fetchone()
    by_hand(desk.archive, 1, [record])
    staged = stage(desk.archive, 1)
    staged.clear()
    assert {(one.record, one.field) for one in staged.traces} == {(record, "text")}
    assert {one.of for one in staged.traces} == {planted.records["comment"]}
