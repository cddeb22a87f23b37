from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from archive import users
from archive.archive import Archive
from archive.verify import verify
from disposing import ATTORNEY, CLERK, IT, PASSWORD, Office, due_series
from export.requests import collecting, collection
from export.requests import register as requests
from export.requests.progress import court, status
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition import proposing
from retention_schedules.disposition.executing import NotRequestedYet
from retention_schedules.disposition.proposing import NothingToPropose
from retention_schedules.holds import placing
from retention_schedules.holds import register as holds
from retention_schedules.holds.placing import Placed
from retention_schedules.holds.register import BadHold, HoldTaken, TermsClosed
from retention_schedules.holds.terms import Terms
from search.language import QueryError

POOL = {"id": "1", "at": "2015-05-01T09:00:00Z", "by": "Grace", "text": "The pool is closed"}
ROAD = {"id": "2", "at": "2015-06-01T09:00:00Z", "by": "Owen", "text": "The road is open"}
PHOTO = {"id": "3", "at": "2015-07-01T09:00:00Z", "by": "Owen", "text": "", "files": {"gate.png": "\x89PNG\r\n\x1a\n"}}


@pytest.fixture
def office(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with three records that are due, and notice waived for their series."""
    made = Office(archive, tmp_path, monkeypatch)
    made.desk.bring("2026-03-01T12:00:00", POOL, ROAD, PHOTO)
    made.adopt(*due_series(notice="W"))
    made.house.catch_up()
    yield made
    assert list(verify(archive, deep=True)) == []


def place(office: Office, name: str, **terms: object) -> Placed:
    return placing.place(office.house.holds, name, Terms(**terms), "Action 26-CV-12", ("Owen Parks", "Mara Lind"))  # type: ignore[arg-type]


def held(office: Office) -> set[int]:
    made = office.house
    made.catch_up()
    return made.holds.held_records()


def proposed(office: Office) -> list[int]:
    return batches.records(office.archive, office.propose())


# -- what a hold covers


def test_a_held_record_is_not_proposed_and_one_that_is_not_held_is(office: Office) -> None:
    place(office, "pool", query="pool")
    assert proposed(office) == [2, 3]


def test_a_hold_placed_after_the_proposal_makes_its_records_drop_out(office: Office) -> None:
    number = office.propose().number
    office.approve(number)
    place(office, "pool", query="pool")
    batch = office.execute(number)
    assert (batch.done, batch.dropped, batch.stage) == (2, 1, "executed")
    assert batches.dropped(office.archive, batch) == {"hold": [1]}
    page = office.archive.objects.path(office.finish(number).certificate.html).read_text()
    assert "under a hold" in page
    assert office.texts() == ["The pool is closed"]


def test_what_arrives_later_and_answers_is_held_before_the_index_knows_it(office: Office) -> None:
    place(office, "pool", query="pool")
    office.desk.bring("2026-03-02T12:00:00", POOL, {"id": "8", "at": "2015-01-01T09:00:00Z", "text": "Another pool"})
    office.house.holds.catch_up()
    assert office.house.holds.held_records() == {1, 4}
    assert office.house.index.position < office.archive.head()


def test_once_held_stays_held_whatever_becomes_of_the_words(office: Office) -> None:
    place(office, "pool", query="pool state:present")
    assert held(office) == {1}
    office.desk.bring("2026-03-03T12:00:00", POOL | {"text": "Nothing to see"}, ROAD)
    assert office.house.finder.find("state:present pool") == []
    assert held(office) == {1}


def test_other_names_accounts_and_days_say_what_is_held(office: Office) -> None:
    place(office, "names", query="nothing-like-it", aliases=("road is open",))
    assert held(office) == {2}
    place(office, "days", since=date(2015, 5, 20), until=date(2015, 6, 20), accounts=("plain",))
    assert held(office) == {2}
    place(office, "all of it", accounts=("plain",))
    assert held(office) == {1, 2, 3}


def test_a_record_without_a_date_is_not_left_out_for_its_date(office: Office) -> None:
    office.desk.bring("2026-03-03T12:00:00", POOL, ROAD, PHOTO, {"id": "9", "text": "Undated road"})
    place(office, "days", query="road", since=date(2020, 1, 1))
    assert held(office) == {4}


def test_files_without_words_are_named_and_held_where_asked(office: Office) -> None:
    placed = place(office, "pool", query="pool", accounts=("plain",))
    assert placed.reach.without_words == (3,)
    place(office, "with files", query="pool", accounts=("plain",), media=True)
    assert held(office) == {1, 3}


def test_a_hold_of_named_records_holds_all_that_comes_of_them(office: Office) -> None:
    place(office, "two", records=(2,))
    office.desk.bring("2026-03-03T12:00:00", POOL, ROAD | {"text": "Edited"}, PHOTO)
    assert held(office) == {2}
    assert proposed(office) == [1, 3]


# -- placing, reading, ending


def test_the_notice_names_what_to_back_up_and_what_the_archive_cannot_hold_still(office: Office) -> None:
    office.wait(3)
    placed = place(office, "pool <b>", query="pool")
    assert [one.account for one in placed.reach.places if one.needs_backup] == ["plain"]
    assert placed.hold.notice is not None
    page = office.archive.objects.path(placed.hold.notice.html).read_text()
    for said in (
        "pool &lt;b&gt;",
        "Action 26-CV-12",
        "Owen Parks, Mara Lind",
        "last backup of 2026-03-01",
        "plain itself",
    ):
        assert said in page


def test_who_has_not_confirmed_the_notice_is_known(office: Office) -> None:
    place(office, "pool", query="pool")
    after = holds.acknowledge(office.archive, "pool", "owen parks")
    assert after.waiting == ("Mara Lind",)
    assert holds.acknowledge(office.archive, "pool", "Mara Lind").waiting == ()


def test_terms_are_for_proved_clerks_attorneys_and_auditors_only(office: Office) -> None:
    hold = place(office, "pool", query="pool").hold
    users.add(office.archive, "paula", "auditor", PASSWORD)
    for name in (CLERK, ATTORNEY, "paula"):
        with office.acting(name):
            assert holds.terms(office.archive, hold)[0].query == "pool"
    for name, proved in ((IT, True), (CLERK, False), ("nobody", True)):
        with office.acting(name, proved), pytest.raises(TermsClosed):
            holds.terms(office.archive, hold)
    bodies = [row[0] for row in office.archive.connection.execute("SELECT body FROM ledger WHERE event LIKE 'hold.%'")]
    assert len(bodies) == 2
    assert not any("pool" in one or "26-CV-12" in one for one in bodies)


def test_only_a_proved_clerk_or_attorney_ends_a_hold_and_then_its_records_may_go(office: Office) -> None:
    place(office, "pool", query="pool")
    for name, proved in ((IT, True), (CLERK, False)):
        with office.acting(name, proved), pytest.raises(TermsClosed):
            holds.release(office.archive, "pool", "settled")
    assert held(office) == {1}
    with office.acting(ATTORNEY):
        holds.release(office.archive, "pool", "settled")
    assert held(office) == set()
    assert proposed(office) == [1, 2, 3]


def test_a_hold_that_cannot_be_kept_is_refused(office: Office) -> None:
    with pytest.raises(QueryError):
        place(office, "broken", query='"pool')
    with pytest.raises(BadHold):
        place(office, "nothing")
    with pytest.raises(BadHold):
        place(office, "backwards", since=date(2020, 1, 1), until=date(2019, 1, 1))
    place(office, "pool", query="pool")
    with pytest.raises(HoldTaken):
        place(office, "POOL", query="road")
    assert len(holds.listed(office.archive)) == 1


# -- requests (19.35(5))


def ask(office: Office, *query: str) -> int:
    number = requests.open_request(office.archive, date(2026, 3, 2), "Whatever there is").id
    for one in query:
        collection.collect(office.archive, office.house.finder, number, one)
    return number


def test_an_open_request_holds_what_was_collected_and_what_answers_its_search_later(office: Office) -> None:
    ask(office, "pool")
    assert held(office) == {1}
    office.desk.bring(
        "2026-03-03T12:00:00", POOL, ROAD, PHOTO, {"id": "8", "at": "2015-01-01T09:00:00Z", "text": "A pool"}
    )
    assert held(office) == {1, 4}
    assert collection.collected_versions(office.archive, 1) == [1]
    assert proposed(office) == [2, 3]


def test_while_nobody_has_searched_for_a_request_nothing_at_all_may_go(office: Office) -> None:
    number = office.propose().number
    office.approve(number)
    ask(office)
    with pytest.raises(NotRequestedYet):
        office.execute(number)
    proposing.withdraw(office.archive, number, "a request came in")
    with pytest.raises(NothingToPropose, match="2026-0001"):
        office.propose()
    collecting.by_hand(office.archive, 1, [2])
    assert proposed(office) == [1, 3]


def test_a_granted_request_is_in_nobodys_way_and_a_denied_one_for_sixty_working_days(office: Office) -> None:
    granted, denied = ask(office, "pool"), ask(office, "road")
    for number in (granted, denied):
        status.move(office.archive, number, "ready")
    status.move(office.archive, granted, "released")
    status.move(office.archive, denied, "denied", "no such record")
    assert held(office) == {2}
    office.wait(80)
    assert held(office) == {2}
    office.wait(20)
    assert held(office) == set()


def test_an_action_for_mandamus_keeps_records_until_it_is_over(office: Office) -> None:
    number = ask(office, "pool")
    status.move(office.archive, number, "denied", "exempt")
    court.mandamus(office.archive, number, pending=True)
    office.wait(400)
    assert held(office) == {1}
    court.mandamus(office.archive, number, pending=False)
    assert held(office) == set()
