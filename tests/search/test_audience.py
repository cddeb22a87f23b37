from __future__ import annotations

import pytest

from archive.records import AUDIENCES
from composition import House, house
from desk import Desk
from search.language import QueryError


@pytest.fixture
def opened(desk: Desk) -> House:
    items = [
        {"id": one, "kind": "comment", "text": f"comment {one}", "at": "2026-02-01T10:00:00", "audience": one}
        for one in AUDIENCES
    ]
    desk.bring("2026-03-01T10:00:00", *items)
    made = house(desk.archive)
    made.catch_up()
    return made


def ids(opened: House, query: str) -> set[str]:
    return {one.content.native_id for one in opened.archive.version(opened.finder.find(query))}


def test_records_are_found_by_who_can_see_them(opened: House) -> None:
    for one in AUDIENCES:
        assert ids(opened, f"audience:{one}") == {one}
    assert ids(opened, "comment (audience:spam OR audience:hidden)") == {"spam", "hidden"}
    assert ids(opened, "comment NOT audience:public") == set(AUDIENCES) - {"public"}


def test_all_wordings_are_found_by_who_can_see_the_record_now(opened: House, desk: Desk) -> None:
    desk.bring(
        "2026-04-01T10:00:00",
        {"id": "public", "kind": "comment", "text": "comment public", "at": "2026-02-01T10:00:00", "audience": "spam"},
    )
    opened.catch_up()
    assert ids(opened, "audience:public") == set()
    assert len(opened.finder.find("audience:spam")) == 3


def test_an_audience_that_is_none_is_told(opened: House) -> None:
    with pytest.raises(QueryError, match="takes one of public, followers"):
        opened.finder.find("audience:trash")
