"""Backups that are taken in later than younger ones: what they show is told as it happened, not as it was taken in."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from archive.subscribers import members
from archive.verify import verify
from desk import Desk
from ingest.accession import Report
from ingest.noticed import joined, sentences

FEBRUARY, MARCH, APRIL = (f"2026-{month:02}-01T12:00:00" for month in (2, 3, 4))


def at(made: str) -> str:
    return f"{made}.000Z"


def item(number: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "text": text, "at": "2026-01-02T10:00:00", **more}


def told(desk: Desk, report: Report) -> list[str]:
    number = report.accession
    return [*sentences(desk.archive, accession=number), *joined(desk.archive, number)]


def test_an_edit_lies_between_the_older_backup_and_the_younger(desk: Desk) -> None:
    desk.bring(APRIL, item("1", "new words"))
    desk.bring(FEBRUARY, item("1", "old words"))
    assert desk.findings() == [("edited", at(FEBRUARY), at(APRIL), "unknown")]
    desk.bring(MARCH, item("1", "middle words"))
    assert desk.findings()[1:] == [("edited", at(FEBRUARY), at(MARCH), "unknown")]
    assert desk.states() == {"new words": "edited"}


def test_what_is_hidden_or_removed_since_is_not_told_as_shown_again(desk: Desk) -> None:
    desk.bring(APRIL, item("1", "pool", audience="hidden"), item("2", "park", audience="removed"))
    report = desk.bring(FEBRUARY, item("1", "pool"), item("2", "park"))
    assert [(kind, after, by) for kind, after, by, _ in desk.findings()[1:]] == [
        ("hidden", at(FEBRUARY), at(APRIL)),
        ("removed", at(FEBRUARY), at(APRIL)),
    ]
    assert desk.states() == {"pool": "hidden", "park": "deleted"}
    assert "plain: 1 post hidden in the backup of 1 April 2026." in told(desk, report)


def test_what_only_the_older_backup_shows_is_absent_from_the_younger(desk: Desk) -> None:
    desk.bring(APRIL, item("1", "pool"))
    report = desk.bring(FEBRUARY, item("1", "pool"), item("2", "gone"))
    assert desk.findings() == [("missing", at(FEBRUARY), at(APRIL), "unknown")]
    assert told(desk, report) == [
        "plain: 1 post absent from the backup of 1 April 2026 (last seen in that of 1 February 2026)."
    ]
    assert desk.states() == {"pool": "present", "gone": "deleted"}


def test_a_younger_backup_that_is_partial_or_could_not_be_read_says_nothing_of_it(desk: Desk) -> None:
    desk.bring(MARCH, item("1", "pool"), complete=False)
    desk.bring(APRIL, item("1", "pool"), {"broken": "not JSON"})
    desk.bring(FEBRUARY, item("1", "pool"), item("2", "perhaps gone"))
    assert desk.findings() == []


def test_who_is_on_a_list_follows_from_the_days_of_its_backups(desk: Desk) -> None:
    ada = {"id": "1", "kind": "subscriber", "by": "Ada", "list": "Weekly"}
    leo = {"id": "2", "kind": "subscriber", "by": "Leo", "list": "Weekly"}
    mara = {"id": "3", "kind": "subscriber", "by": "Mara", "list": "Weekly", "audience": "removed"}
    desk.bring(APRIL, ada, mara)
    report = desk.bring(FEBRUARY, ada, leo, mara | {"audience": "private"})
    here = {one.name: one.on("9") for one in members(desk.archive)}
    assert here == {"Ada": "yes", "Leo": "no", "Mara": "no"}
    assert {one.name: one.on(at("2026-02-15T12:00:00")) for one in members(desk.archive)} == {
        "Ada": "yes", "Leo": "possibly", "Mara": "possibly",
    }  # fmt: skip
    assert not [one for one in told(desk, report) if "new on the list" in one]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_backups_come_the_same_stands_in_the_end(desk: Desk, order: tuple[int, ...]) -> None:
    backups = [
        (FEBRUARY, [item("1", "a"), item("2", "gone in March"), item("3", "back in April"), item("4", "x")]),
        (MARCH, [item("1", "b"), item("4", "x"), item("5", "gone in April")]),
        (APRIL, [item("1", "c"), item("3", "back in April"), item("4", "x"), item("6", "new")]),
    ]
    for number in order:
        made, items = backups[number]
        desk.bring(made, *items)
    assert desk.states() == {
        "c": "edited", "gone in March": "deleted", "back in April": "present", "x": "present",
        "gone in April": "deleted", "new": "present",
    }  # fmt: skip
    assert all(after is None or by is None or after < by for _, after, by, _ in desk.findings())
    assert list(verify(desk.archive, deep=True)) == []


def test_a_file_that_comes_with_a_later_backup_alone_is_no_edit(desk: Desk) -> None:
    desk.bring(MARCH, item("1", "pool", files={"pool.jpg": None}))
    report = desk.bring(APRIL, item("1", "pool", files={"pool.jpg": "a picture"}))
    assert (report.facts["edited"], report.facts["reread"]) == (0, 1)
    assert desk.states() == {"pool": "present"}
    assert desk.bring("2026-05-01T12:00:00", item("1", "pool", files={"pool.jpg": "another"})).facts["edited"] == 1
