"""A request that is opened again after some of what it had collected was lawfully disposed of."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.archive import Archive
from disposing import Office, due_series
from export.production.refusals import DisposedSince
from export.production.stage import Stage, again
from export.requests.progress import status
from reviewed import Reviewed

OLD = {"id": "1", "at": "2015-04-01T18:00:00Z", "text": "The pool opens."}
NEW = {"id": "2", "at": "2025-04-01T18:00:00Z", "text": "The pool closes."}


@pytest.fixture
def office(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(archive, tmp_path, monkeypatch)


def test_a_draft_for_a_reopened_request_counts_what_was_disposed_of_since(office: Office) -> None:
    review = Reviewed(office.desk, OLD, NEW)
    first = review.draft().production.reconciliation
    assert (first.found, first.disposed) == (2, 0)
    _answered_and_gone(office)
    status.reopen(office.archive, 1, "The requester came back.")
    sums = review.draft().production.reconciliation
    assert (sums.found, sums.undecided, sums.disposed) == (2, 1, 1)
    assert sums.adds_up and sums.sentence == ("2 found = 0 released + 1 not decided yet + 1 lawfully disposed of since")


def test_a_production_made_after_a_disposal_is_staged_again_and_one_made_before_is_not(office: Office) -> None:
    review = Reviewed(office.desk, OLD, NEW)
    review.mark("1 2", "release")
    review.approve()
    review.production()
    _answered_and_gone(office)
    status.reopen(office.archive, 1, "The requester came back.")
    review.mark("2", "withhold", "balancing", "A home telephone number.")
    review.approve()
    review.production()
    made = again(office.archive, 1, 2)
    assert _sums(made) == (2, 0, 1, 1)
    made.clear()
    with pytest.raises(DisposedSince):
        again(office.archive, 1, 1)


def _answered_and_gone(office: Office) -> None:
    """Answer the request, and dispose of what is due."""
    office.wait(40)
    status.move(office.archive, 1, "ready")
    status.move(office.archive, 1, "released")
    office.adopt(*due_series())
    assert office.dispose().batch.done == 1


def _sums(staged: Stage) -> tuple[int, int, int, int]:
    sums = staged.production.reconciliation
    return sums.found, sums.released, sums.withheld, sums.disposed
