from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import bagit
import pytest

import rows
from archive import disposal, users
from archive.archive import Actor, Archive
from archive.verify import verify
from composition import house, printed
from disposing import ATTORNEY, CLERK, IT, PASSWORD, POSTED_TO, Office, due_series
from pdf_reading import text
from retention_schedules import papers
from retention_schedules.disposition import approving, executing, finishing, proposing
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.approving import ApprovalMissing, ApprovedAlready, CannotApprove
from retention_schedules.disposition.batch import NotNow
from retention_schedules.disposition.certificate import certificate
from retention_schedules.disposition.executing import FollowersBehind
from retention_schedules.disposition.proposing import NothingToPropose
from retention_schedules.disposition.society import noticing, transfer
from retention_schedules.disposition.society.noticing import BadNoticeDay
from retention_schedules.disposition.society.transfer import InsideTheArchive
from schedules import rule, series

ITEMS = (
    {"id": "1", "at": "2015-05-01T09:00:00Z", "by": "Grace", "text": "The pool is closed", "files": {"a.txt": "gate"}},
    {"id": "2", "at": "2015-06-01T09:00:00Z", "by": "Owen", "text": "The pool is open"},
    {"id": "3", "at": "2026-02-01T09:00:00Z", "by": "Grace", "text": "The pool is new"},
)


@pytest.fixture
def office(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with two posts of 2015, due, and one of this year; whatever is done, the archive verifies."""
    made = Office(archive, tmp_path, monkeypatch)
    made.desk.bring("2026-03-01T12:00:00", *ITEMS)
    made.adopt(*due_series())
    made.house.catch_up()
    yield made
    assert list(verify(archive, deep=True)) == []


def noticed(office: Office) -> int:
    """Propose what is due and give notice of it."""
    number = office.propose().number
    noticing.give_notice(office.archive, number, POSTED_TO)
    return number


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


def test_a_search_as_of_an_earlier_day_says_how_much_is_gone_since(office: Office) -> None:
    before = office.archive.head()
    office.dispose()
    answer = office.house.finder.search("pool", at_seq=before)
    assert answer.total == 1
    assert any("2 of the versions held then have been lawfully disposed of" in one for one in answer.messages)


def test_state_derived_anew_is_the_same_after_a_disposition(office: Office) -> None:
    office.dispose()
    office.house.rebuild()
    assert [row[0] for row in office.archive.connection.execute("SELECT id FROM record")] == [3]


# -- proposing


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        (due_series(verified=False), "verified = false"),
        (due_series(disposition="retain"), "retained"),
    ],
)
def test_a_series_that_authorises_nothing_is_not_proposed(office: Office, parts: tuple[str, ...], why: str) -> None:
    office.adopt(*parts)
    with pytest.raises(NothingToPropose, match=why):
        office.propose()


def test_a_record_is_in_one_open_proposal_at_a_time(office: Office) -> None:
    first = office.propose()
    with pytest.raises(NothingToPropose, match="proposed already"):
        office.propose()
    proposing.withdraw(office.archive, first.number, "too early")
    assert office.propose().facts["records"] == 2


def test_the_evidence_of_a_proposal_is_on_the_ledger_and_names_nobody(office: Office) -> None:
    facts = office.propose().facts
    assert (facts["records"], facts["versions"], facts["files"]) == (2, 2, 1)
    assert (facts["written_from"], facts["written_to"], facts["due_to"]) == ("2015-05-01", "2015-06-01", "2022-06-01")
    assert facts["schedule_object"] in office.archive.objects
    assert "Grace" not in json.dumps(facts)


# -- notice


def test_nothing_goes_before_sixty_days_of_notice_are_over(office: Office) -> None:
    number = noticed(office)
    office.approve(number)
    for days in (1, 30, 29):
        office.wait(days)
        with pytest.raises(NotNow, match="not over before"):
            office.execute(number)
    office.wait(1)
    assert office.execute(number).done == 2


def test_the_days_count_from_the_day_of_posting_which_cannot_be_made_up(office: Office) -> None:
    number = office.propose().number
    today = office.archive.now_local().date()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(BadNoticeDay):
            noticing.give_notice(office.archive, number, POSTED_TO, day)
    office.wait(10)
    batch, kept = noticing.give_notice(office.archive, number, POSTED_TO, today + timedelta(days=3))
    assert batch.free_on == today + timedelta(days=64)
    letter = office.archive.objects.path(kept.text).read_text()
    for said in ("State Historical Society", "816 State Street", "2 records in 2 versions", "2015", POSTED_TO):
        assert said in letter


def test_a_waiver_frees_at_once_and_a_refusal_does_not(office: Office) -> None:
    number = noticed(office)
    noticing.record_answer(office.archive, number, "declined")
    office.approve(number)
    with pytest.raises(NotNow):
        office.execute(number)
    noticing.record_answer(office.archive, number, "waived")
    office.approve(number)
    assert office.execute(number).done == 2


def test_silence_is_recorded_only_after_the_days_are_over(office: Office) -> None:
    number = noticed(office)
    with pytest.raises(NotNow):
        noticing.record_answer(office.archive, number, "none")
    office.wait(61)
    assert noticing.record_answer(office.archive, number, "none").answer == "none"


def test_without_notice_nobody_approves(office: Office) -> None:
    number = office.propose().number
    with pytest.raises(NotNow):
        office.approve(number)


# -- approving


def test_two_approvals_by_one_person_never_count(office: Office) -> None:
    number = noticed(office)
    office.wait(61)
    office.approve(number, [CLERK])
    with office.acting(CLERK), pytest.raises(ApprovedAlready):
        approving.approve(office.archive, number)
    with pytest.raises(ApprovalMissing, match="attorney"):
        office.execute(number)
    users.disable(office.archive, CLERK)
    users.add(office.archive, CLERK, "attorney", PASSWORD)
    office.approve(number, [CLERK])
    with pytest.raises(ApprovalMissing, match="clerk"):
        office.execute(number)
    users.add(office.archive, "Ann", "clerk", PASSWORD)
    with office.acting("Ann"), pytest.raises(ApprovedAlready):
        approving.approve(office.archive, number)
    assert len(office.texts()) == 3


@pytest.mark.parametrize(("name", "proved"), [(CLERK, False), (IT, True), ("nobody", True)])
def test_who_has_not_the_role_or_has_not_proved_it_does_not_approve(office: Office, name: str, proved: bool) -> None:
    number = noticed(office)
    with office.acting(name, proved), pytest.raises(CannotApprove):
        approving.approve(office.archive, number)


def test_an_approver_who_was_disabled_since_does_not_count(office: Office) -> None:
    number = noticed(office)
    office.wait(61)
    office.approve(number)
    users.disable(office.archive, ATTORNEY)
    with pytest.raises(ApprovalMissing):
        office.execute(number)


def test_an_answer_after_the_approvals_asks_for_them_again(office: Office) -> None:
    number = noticed(office)
    office.approve(number)
    noticing.record_answer(office.archive, number, "waived")
    with pytest.raises(ApprovalMissing):
        office.execute(number)


def test_who_executes_proves_it_too(office: Office) -> None:
    number = noticed(office)
    office.wait(61)
    office.approve(number)
    made = office.house
    with pytest.raises(CannotApprove):
        executing.execute(office.archive, number, made.followers, made.holds.standing)


# -- executing


def test_what_changed_since_the_proposal_drops_out_and_is_listed(office: Office) -> None:
    number = noticed(office)
    office.wait(61)
    office.approve(number)
    office.desk.bring("2026-05-01T12:00:00", ITEMS[0] | {"text": "An edit"}, *ITEMS[1:])
    batch = office.execute(number)
    assert batches.dropped(office.archive, batch) == {"changed": [1]}
    assert office.texts() == ["The pool is closed", "The pool is new", "An edit"]
    assert (
        "changed after the proposal" in office.archive.objects.path(office.finish(number).certificate.html).read_text()
    )


def test_a_schedule_adopted_anew_since_stops_the_batch(office: Office) -> None:
    number = noticed(office)
    office.wait(61)
    office.approve(number)
    office.adopt(series("posts", notice="N", period="20 years"), rule("posts", platform="plain"))
    with pytest.raises(NotNow, match="adopted anew"):
        office.execute(number)


def test_a_date_that_somebody_changed_in_the_derived_table_lets_nothing_go(office: Office) -> None:
    with office.archive.state_transaction() as connection:
        connection.execute("UPDATE outcome SET expires_on = '2020-01-01'")
    number = proposing.propose(office.archive, office.house.holds.standing()).batches[0].number
    noticing.give_notice(office.archive, number, POSTED_TO)
    office.wait(61)
    office.approve(number)
    assert batches.dropped(office.archive, office.execute(number)) == {"not due": [3]}
    assert office.texts() == ["The pool is new"]


def test_a_follower_that_cannot_catch_up_keeps_everything(office: Office) -> None:
    class Lagging:
        name = "watch words"
        position = 0

        def catch_up(self, progress: object = None) -> None: ...
        def rebuild(self, progress: object = None) -> None: ...

    number = noticed(office)
    office.wait(61)
    office.approve(number)
    made = office.house
    with office.acting(IT), pytest.raises(FollowersBehind, match="watch words"):
        executing.execute(office.archive, number, (*made.followers, Lagging()), made.holds.standing)
    assert len(office.texts()) == 3


def test_somebody_who_writes_between_the_check_and_the_act_is_seen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retention_schedules.holds import placing
    from retention_schedules.holds.terms import Terms

    number = noticed(office)
    office.wait(61)
    office.approve(number)
    monkeypatch.setattr(executing, "CHUNK", 1)
    with Archive.open(office.archive.folder, Actor("mara", "test")) as other:

        def place(done: int, total: int) -> None:
            if (done, total) == (1, 2):
                placing.place(house(other).holds, "late", Terms(records=(2,)), "Action 26-CV-12")

        made = office.house
        with office.acting(IT):
            batch = executing.execute(office.archive, number, made.followers, made.holds.standing, place)
    assert batches.dropped(office.archive, batch) == {"hold": [2]}
    assert office.texts() == ["The pool is open", "The pool is new"]


def test_executing_and_finishing_again_changes_nothing(office: Office) -> None:
    office.dispose()
    head = office.archive.head()
    again = office.finish(1)
    assert (again.batch.stage, office.archive.head()) == ("finished", head)


def test_what_is_left_of_a_batch_can_be_withdrawn_so_that_the_rest_is_finished(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = noticed(office)
    office.wait(61)
    office.approve(number)
    monkeypatch.setattr(executing, "CHUNK", 1)
    made = office.house

    def adopt_anew(done: int, total: int) -> None:
        if (done, total) == (1, 2):
            office.adopt(*due_series(note="read again"))

    with office.acting(IT), pytest.raises(NotNow, match="adopted anew"):
        executing.execute(office.archive, number, made.followers, made.holds.standing, adopt_anew)
    assert batches.get(office.archive, number).stage == "executing"
    assert batches.dropped(office.archive, proposing.withdraw(office.archive, number, "too late")) == {"withdrawn": [2]}
    office.finish(number)
    assert office.texts() == ["The pool is open", "The pool is new"]
    assert batches.records(office.archive, office.propose()) == [2]


# -- transfer


def test_records_that_the_society_wants_go_to_it_before_they_go(office: Office, tmp_path: Path) -> None:
    number = noticed(office)
    with pytest.raises(NotNow):
        transfer.transfer(office.archive, number, tmp_path / "too early")
    batch = noticing.record_answer(office.archive, number, "accepted")
    assert batch.kind == "transfer"
    office.wait(61)
    office.approve(number)
    with pytest.raises(NotNow, match="received"):
        office.execute(number)
    with pytest.raises(InsideTheArchive):
        transfer.transfer(office.archive, number, office.archive.folder / "bag")
    made = transfer.transfer(office.archive, number, tmp_path / "bag")
    bag = bagit.Bag(str(made.folder))
    assert bag.is_valid()
    rows = [json.loads(line) for line in (made.folder / "data" / "records.jsonl").read_text().splitlines()]
    assert [row["content"]["text"] for row in rows] == ["The pool is closed", "The pool is open"]
    assert [path.read_text() for path in (made.folder / "data" / "files").iterdir()] == ["gate"]
    transfer.received(office.archive, number, office.archive.now_local().date(), "Letter of receipt 12")
    with pytest.raises(ApprovalMissing):
        office.execute(number)
    office.approve(number)
    office.execute(number)
    page = office.archive.objects.path(office.finish(number).certificate.html).read_text()
    assert "Certificate of transfer and destruction" in page
    assert "The package that the State Historical Society received" in page
    assert office.texts() == ["The pool is new"]


# -- papers


def test_certificate_and_notice_are_printed_as_pdf_too_and_the_same_twice(office: Office) -> None:
    number = office.propose().number
    _, letter = noticing.give_notice(office.archive, number, POSTED_TO, printer=printed)
    office.wait(61)
    office.approve(number)
    office.execute(number)
    with office.acting(IT):
        done = finishing.finish(office.archive, number, office.house.followers, printer=printed)
    for sha256, words in (
        (letter.pdf, "State Historical Society"),
        (done.certificate.pdf, "Certificate of destruction"),
    ):
        path = office.archive.objects.path(sha256)
        assert words in text(path)
    batch = batches.get(office.archive, number)
    paper, at = certificate(office.archive, batch, office.now), office.now
    assert printed(paper, at) == printed(paper, at)


def test_the_certificate_says_that_notice_went_to_an_unverified_address_unless_one_was_looked_up(
    office: Office,
) -> None:
    for address, said in (("", True), ("1 Archive Row\nMadison, WI 53700", False)):
        number = office.propose().number
        _, letter = noticing.give_notice(office.archive, number, POSTED_TO, address=address)
        assert (noticing.UNVERIFIED in office.archive.objects.path(letter.text).read_text()) is said
        page = papers.as_text(certificate(office.archive, batches.get(office.archive, number), office.now))
        assert ("to an address that was not verified" in page) is said
        proposing.withdraw(office.archive, number, "once more")


def test_a_paper_that_was_kept_without_a_pdf_is_given_as_a_page_only(office: Office, tmp_path: Path) -> None:
    number = office.propose().number
    _, letter = noticing.give_notice(office.archive, number, POSTED_TO)
    with pytest.raises(papers.NotPrinted):
        papers.write(office.archive, letter, tmp_path / "letter.pdf")
    assert not (tmp_path / "letter.pdf").exists()
    papers.write(office.archive, letter, tmp_path / "letter.html")
    assert "State Historical Society" in (tmp_path / "letter.html").read_text()


# -- verifying


def test_what_two_people_had_not_approved_is_damage_and_what_they_had_is_named(office: Office, tmp_path: Path) -> None:
    office.dispose()
    (past,) = disposal.summary(office.archive.connection)
    assert past.approved_by == "ann and bob"
    with Archive.create(tmp_path / "other", Actor("x", "test"), name="Elsewhere") as other:
        rows.fill_every_table(other)
        with other.act("disposition.executed", "disposition:1") as act:
            disposal.dispose(act, [3], disposal.Authority("2026-03-02", "destroy", "posts", "nothing"))
        assert any("two people had not approved" in str(one) for one in verify(other, deep=True))
