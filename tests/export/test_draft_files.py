"""A draft's files say that they are a draft's; a production's do not."""

from __future__ import annotations

from desk import Desk
from reviewed import Reviewed


def test_every_file_of_a_draft_says_so_in_its_name(desk: Desk) -> None:
    item = {"id": "1", "at": "2026-02-01T10:00:00", "text": "See there.", "files": {"notes.txt": "The pool is open."}}
    review = Reviewed(desk, item)
    review.draft()
    given = review.given["1"]
    assert [one.path.split(".", 1)[1] for one in given.attachments] == ["DRAFT.txt"]
    assert ".DRAFT." in given.native_path
    review.mark("1", "release")
    review.draft()
    review.approve()
    review.production()
    given = review.given["1"]
    assert [one.path.split(".", 1)[1] for one in given.attachments] == ["txt"]
    assert "DRAFT" not in given.native_path
