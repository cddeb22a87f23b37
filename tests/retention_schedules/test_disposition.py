from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import disposal
from archive.archive import Archive
from archive.verify import verify
from disposing import Office, due_series


@pytest.fixture
def office(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with two posts of 2015, due, and one of this year; whatever is done, the archive verifies."""
    made = Office(archive, tmp_path, monkeypatch)
    made.desk.bring(
        "2026-03-01T12:00:00",
        {"id": "1", "at": "2015-05-01T09:00:00Z", "by": "Grace", "text": "The pool is closed"},
        {"id": "2", "at": "2015-06-01T09:00:00Z", "by": "Owen", "text": "The pool is open"},
        {"id": "3", "at": "2026-02-01T09:00:00Z", "by": "Grace", "text": "The pool is new"},
    )
    made.adopt(*due_series())
    made.house.catch_up()
    yield made
    assert list(verify(archive, deep=True)) == []


def test_what_is_due_goes_the_whole_way_and_leaves_a_stub_and_a_certificate(office: Office) -> None:
    finished = office.dispose()
    assert office.texts() == ["The pool is new"]
    assert office.house.finder.find("pool") == [3]
    page = office.archive.objects.path(finished.certificate.html).read_text()
    for said in ("Certificate of destruction", "1-2", "ann, clerk", "bob, attorney", "identified by password",
                 "RDA 1", "Copies that remain elsewhere"):  # fmt: skip
        assert said in page
    (past,) = disposal.summary(office.archive.connection)
    assert (past.records, past.series, past.kind) == (2, "posts", "destroy")
