from __future__ import annotations

from desk import Desk
from ingest.noticed import joined, sentences

MARCH = "2026-03-01T12:00:00"
APRIL = "2026-04-01T12:00:00"
POSTS = [{"id": str(number), "text": f"Post {number}", "at": "2026-02-01T10:00:00"} for number in range(5)]
PEOPLE = [{"kind": "subscriber", "id": name, "by": name, "list": "Weekly"} for name in ("Ada", "Bo", "Cy")]


def test_what_is_absent_is_counted_with_the_backups_that_show_it(desk: Desk) -> None:
    desk.bring(MARCH, *POSTS)
    desk.bring(APRIL, *POSTS[3:])
    assert list(sentences(desk.archive)) == [
        "plain: 3 posts absent from the backup of 1 April 2026 (last seen in that of 1 March 2026)."
    ]
    assert list(sentences(desk.archive, accession=1)) == []


def test_edits_removals_and_hidden_records_are_told_apart(desk: Desk) -> None:
    desk.bring(MARCH, *POSTS)
    gone = POSTS[1] | {"audience": "removed", "removed": "2026-03-10T10:00:00", "removed_by": "city"}
    desk.bring(APRIL, POSTS[0] | {"text": "Changed"}, gone, POSTS[2] | {"audience": "hidden"}, *POSTS[3:])
    assert list(sentences(desk.archive, account="plain")) == [
        "plain: 1 post edited.",
        "plain: 1 post hidden in the backup of 1 April 2026.",
        "plain: 1 post taken down by the account itself, as the backup of 1 April 2026 tells.",
    ]


def test_people_join_and_leave_a_list(desk: Desk) -> None:
    desk.bring(MARCH, *PEOPLE[:2])
    assert list(joined(desk.archive, 1)) == []
    desk.bring(APRIL, PEOPLE[0], PEOPLE[2])
    assert list(joined(desk.archive, 2)) == [
        "plain, Weekly: 1 subscriber new on the list since the backup of 1 March 2026."
    ]
    assert list(sentences(desk.archive, accession=2)) == [
        "plain, Weekly: 1 subscriber no longer on the list in the backup of 1 April 2026"
        " (still on it in that of 1 March 2026)."
    ]
