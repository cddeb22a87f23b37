"""What a Clerk does with a request: register, route, tasks, time, statuses, notes, fees, log."""

from __future__ import annotations

import csv
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts, ledger
from archive.archive import Archive
from archive.backup import backup
from archive.verify import verify
from composition import House
from export.requests import register
from export.requests.case import by_urgency, case, cases
from export.requests.collection import collect
from export.requests.correspondence.notes import EmptyNote, note
from export.requests.fees import sheet
from export.requests.fees.money import BadMoney, dollars, read_money, read_quantity, times
from export.requests.history import acts, today
from export.requests.progress import clock, status, tasks
from export.requests.progress.court import mandamus
from export.requests.progress.routing import NowhereToRoute, route
from export.requests.register import NotYet, open_request
from export.requests.reports.log import Counts, UnknownTable, log, write

SECRET = "the word that nobody may find on the ledger"


@pytest.fixture
def opened(archive: Archive) -> Archive:
    open_request(
        archive, date(2026, 4, 2), f"All about {SECRET}", f"Ada {SECRET}", outside_number=f"26-118 {SECRET}",
        channel="e-mail", received_by=f"Grace {SECRET}",
    )  # fmt: skip
    return archive


def days_from_now(archive: Archive, days: int) -> date:
    return today(archive) + timedelta(days=days)


def test_the_register_keeps_how_a_request_came_in(opened: Archive) -> None:
    one = register.get(opened, 1)
    assert (one.shown, one.channel, one.incarcerated) == ("2026-0001", "e-mail", False)
    assert one.outside_number.startswith("26-118") and one.received_by.startswith("Grace")
    assert register.listed(opened) == [one]


def test_nobody_has_to_give_a_name(archive: Archive) -> None:
    one = open_request(archive, date(2026, 4, 2), "The pool")
    assert one.requester == one.outside_number == one.received_by == one.channel == ""


def test_what_was_amended_holds_and_what_it_said_before_stays(opened: Archive) -> None:
    register.amend(opened, 1, description="The pool in March alone")
    assert register.get(opened, 1).description == "The pool in March alone"
    assert register.get(opened, 1).requester.startswith("Ada")
    assert SECRET in acts(opened, 1)[0].text("description")


def test_the_ledger_holds_dates_and_codes_and_no_word_that_a_person_entered(opened: Archive, tmp_path: Path) -> None:
    path = tmp_path / f"{SECRET}.txt"
    path.write_text(SECRET)
    soon = days_from_now(opened, 30)
    route(opened, 1, ["Parks"], reason=SECRET)
    tasks.give(opened, 1, "Parks", SECRET, soon, who=SECRET)
    tasks.hand_in(opened, 1, 1, text=SECRET, file=path)
    note(opened, 1, "in", text=SECRET, file=path, channel="telephone")
    sheet.add(opened, 1, "copies", "3", 25, note=SECRET)
    sheet.waive(opened, 1, SECRET)
    sheet.pay(opened, 1, 100, SECRET)
    mandamus(opened, 1, pending=True, note=SECRET)
    clock.extend(opened, 1, soon, SECRET)
    status.move(opened, 1, "denied", SECRET)
    status.reopen(opened, 1, SECRET)
    for row in ledger.rows(opened.connection):
        assert SECRET not in row.body and SECRET not in row.subject
    assert list(verify(opened, deep=True)) == []


def test_a_request_is_routed_by_the_accounts_in_its_scope(own_milbrook: House) -> None:
    archive = own_milbrook.archive
    open_request(archive, date(2026, 4, 2), "The parks' page")
    assert route(archive, 1) == ["Clerk", "Parks", "Police"]
    collect(archive, own_milbrook.finder, 1, "account:fb-parks")
    assert route(archive, 1) == ["Parks"]
    assert route(archive, 1, ["Legal"], reason="It is about a claim") == ["Legal"]
    assert case(archive, 1).routed_to == ("Legal",)


def test_without_accounts_a_department_must_be_named(opened: Archive) -> None:
    with pytest.raises(NowhereToRoute):
        route(opened, 1)


def test_the_marker_is_ten_working_days_after_the_day_it_came_in(opened: Archive) -> None:
    found = clock.clock(acts(opened, 1), date(2026, 4, 16))
    assert (found.marker_on, found.due_on, found.late) == (date(2026, 4, 16), date(2026, 4, 16), False)
    late = clock.clock(acts(opened, 1), date(2026, 4, 20))
    assert (late.late, late.days_over, late.days_taken) == (True, 2, 12)
    assert "LATE: 2 working days past the 10-working-day marker" in late.sentence


def test_an_extension_moves_the_day_and_not_the_marker(opened: Archive) -> None:
    until = days_from_now(opened, 30)
    clock.extend(opened, 1, until, "Forty mailboxes to read")
    found = case(opened, 1).clock
    assert (found.marker_on, found.due_on, found.late) == (date(2026, 4, 16), until, False)
    assert found.extensions[0].reason == "Forty mailboxes to read"
    with pytest.raises(clock.NotLater):
        clock.extend(opened, 1, until, "again")


def test_an_answer_stops_the_clock_on_the_day_it_was_given(opened: Archive) -> None:
    status.move(opened, 1, "denied", "It is a draft", date(2026, 4, 9))
    found = case(opened, 1).clock
    assert (found.answered_on, found.days_taken, found.late) == (date(2026, 4, 9), 5, False)
    status.move(opened, 1, "closed", "Nothing more was asked", date(2026, 4, 30))
    assert case(opened, 1).clock.answered_on == date(2026, 4, 9)
    assert case(opened, 1).preserved.until == date(2026, 7, 6)  # the closing does not move the denial


def test_moves_that_are_not_allowed_say_which_are(opened: Archive) -> None:
    with pytest.raises(status.NotAllowed, match="it can become: clarifying, fees pending, in review, ready"):
        status.move(opened, 1, "released")
    with pytest.raises(status.NoReasonGiven):
        status.move(opened, 1, "closed")
    with pytest.raises(NotYet):
        status.move(opened, 1, "closed", "Done", days_from_now(opened, 2))
    with pytest.raises(status.NotAllowed):
        status.reopen(opened, 1, "It was never closed")
    assert len(acts(opened, 1)) == 1


def test_a_closed_request_is_opened_again_with_a_reason(opened: Archive) -> None:
    status.move(opened, 1, "closed", "No answer to our question")
    with pytest.raises(status.NotAllowed, match="Reopen it"):
        status.move(opened, 1, "open")
    status.reopen(opened, 1, "She answered")
    one = case(opened, 1)
    assert (one.status, one.clock.answered_on, one.preserved.free) == ("open", None, False)


@given(st.lists(st.sampled_from(status.STATUSES), max_size=12))
def test_from_every_status_but_closed_a_way_leads_to_closed(path: list[status.Status]) -> None:
    for one in path:
        assert one == "closed" or "closed" in status.MOVES[one]


def test_a_task_is_due_then_late_then_done(opened: Archive, tmp_path: Path) -> None:
    due = days_from_now(opened, -3)
    tasks.give(opened, 1, "Parks", "The photographs", due, who="Pat Parks")
    tasks.give(opened, 1, "IT", "The log", days_from_now(opened, 3))
    first, second = case(opened, 1).tasks
    assert (first.state(today(opened)), second.state(today(opened)), second.number) == ("late", "due", 2)
    photographs = tmp_path / "photographs.zip"
    photographs.write_bytes(b"PK pictures")
    half = tasks.hand_in(opened, 1, 1, file=photographs, done=False)
    assert not half.done and half.handed_in[0].file == "photographs.zip"
    assert opened.objects.path(half.handed_in[0].sha256).read_bytes() == b"PK pictures"
    assert tasks.hand_in(opened, 1, 1, text="There is no more").state(today(opened)) == "done"
    with pytest.raises(tasks.UnknownTask):
        tasks.hand_in(opened, 1, 3, text="what")
    with pytest.raises(tasks.NothingHandedIn):
        tasks.hand_in(opened, 1, 2)


def test_files_of_a_request_are_missed_by_verify_and_taken_along_by_a_backup(opened: Archive, tmp_path: Path) -> None:
    path = tmp_path / "request.eml"
    path.write_bytes(b"Please send me all about the pool.")
    kept = note(opened, 1, "in", file=path, channel="e-mail")
    copy = backup(opened, tmp_path / "copy")
    assert copy.objects == 1
    opened.objects.path(kept.sha256).unlink()
    assert [one.where for one in verify(opened)] == [f"object {kept.sha256}"]


def test_a_note_without_words_or_file_is_refused(opened: Archive) -> None:
    with pytest.raises(EmptyNote):
        note(opened, 1, "out")


def test_location_is_charged_only_from_fifty_dollars_on(opened: Archive) -> None:
    below = sheet.add(opened, 1, "location", "1.5", 3333)
    assert (below.total, below.lines[0].cents, below.prepayment) == (0, 4999, False)
    assert "is not charged: it comes to $49.99" in below.remarks[0] and "19.35(3)(c)" in below.remarks[0]
    above = sheet.add(opened, 1, "location", "1", 1)
    assert (above.total, above.prepayment) == (5000, True)


def test_prepayment_may_be_asked_only_above_five_dollars(opened: Archive) -> None:
    assert not sheet.add(opened, 1, "copies", "20", 25).prepayment
    assert sheet.add(opened, 1, "copies", "1", 1).prepayment


def test_redacting_is_kept_as_time_and_never_charged(opened: Archive) -> None:
    found = sheet.add(opened, 1, "redaction", "40", 6000)
    assert (found.total, found.lines[0].cents, found.lines[0].charged) == (0, 240_000, 0)
    assert "2012 WI 65" in found.remarks[0]


def test_fees_are_struck_reduced_waived_and_paid_each_with_its_reason(opened: Archive) -> None:
    sheet.add(opened, 1, "copies", "100", 25)
    sheet.add(opened, 1, "postage", "1", 900)
    assert sheet.strike(opened, 1, 2, "He comes to the counter").total == 2500
    assert sheet.waive(opened, 1, "A school's newspaper", 1000).total == 1500
    paid = sheet.pay(opened, 1, 2000)
    assert (paid.paid, paid.owed) == (2000, -500)
    assert sheet.waive(opened, 1, "And the rest").total == 0
    with pytest.raises(sheet.UnknownLine):
        sheet.strike(opened, 1, 2, "again")
    with pytest.raises(sheet.NothingToReduce):
        sheet.waive(opened, 1, "more", 1)
    with pytest.raises(status.NoReasonGiven):
        sheet.waive(opened, 1, "")
    with pytest.raises(sheet.UnknownFee):
        sheet.add(opened, 1, "search", "1", 1)


def test_a_line_that_is_added_after_a_waiver_is_charged(opened: Archive) -> None:
    sheet.add(opened, 1, "copies", "100", 25)
    sheet.waive(opened, 1, "A school's newspaper")
    assert sheet.add(opened, 1, "postage", "1", 900).total == 900


@given(st.integers(0, 10**9))
def test_money_is_read_as_it_is_shown(cents: int) -> None:
    assert read_money(dollars(cents).replace(",", "")) == cents


@pytest.mark.parametrize("text", ["", "1,50", "0.005", "-3", "1e3", "٣", "NaN"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadMoney):
        read_money(text)


def test_a_part_of_a_cent_is_not_charged() -> None:
    assert times(read_quantity("1.25"), 25) == 31
    assert [read_quantity(one) for one in ("01.50", "0.5", "10", "0")] == ["1.5", "0.5", "10", "0"]


def test_what_is_late_stands_first_and_what_is_answered_last(archive: Archive) -> None:
    for ago in (0, 60, 5):
        open_request(archive, days_from_now(archive, -ago), f"{ago} days ago")
    open_request(archive, days_from_now(archive, -90), "answered")
    status.move(archive, 4, "withdrawn")
    assert [one.request.id for one in by_urgency(cases(archive))] == [2, 3, 1, 4]
    tasks.give(archive, 1, "Parks", "now", days_from_now(archive, -100))
    assert [one.request.id for one in by_urgency(cases(archive))] == [1, 2, 3, 4]


def test_an_action_in_court_keeps_records_whatever_was_answered(opened: Archive) -> None:
    status.move(opened, 1, "denied", "It is a draft", date(2026, 4, 9))
    mandamus(opened, 1, pending=True)
    assert (case(opened, 1).preserved.free, case(opened, 1).preserved.until) == (False, None)
    mandamus(opened, 1, pending=False)
    assert case(opened, 1).preserved.until == date(2026, 7, 6)


def test_the_log_has_a_line_a_request_in_csv_and_xlsx(opened: Archive, tmp_path: Path) -> None:
    accounts.add(opened, "x-city", platform="x", department="Clerk")
    open_request(opened, date(2026, 5, 4), '=HYPERLINK("x")', "+1 (608) 555-0100")
    route(opened, 2)
    sheet.add(opened, 2, "copies", "10", 25)
    rows = log(opened, date(2026, 5, 1), date(2026, 5, 31), {2: Counts(released=12, withheld=3)})
    assert [(one["number"], one["routed_to"], one["released"]) for one in rows] == [("2026-0002", "Clerk", 12)]
    write(opened, tmp_path / "log.csv", rows)
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert line["Asks for"] == '\'=HYPERLINK("x")' and line["Requester"].startswith("'+1") and line["Fees"] == "2.50"
    write(opened, tmp_path / "log.xlsx", rows)
    write(opened, tmp_path / "again.xlsx", rows)
    assert (tmp_path / "log.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "log.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    with pytest.raises(UnknownTable):
        write(opened, tmp_path / "log.pdf", rows)
