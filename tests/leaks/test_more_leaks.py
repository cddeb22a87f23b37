"""What leaks by a way round: other records, the log, reasons, what was asked, changes between act and act."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desk import Desk
from export.production.refusals import WordsLeft
from export.production.stage import again, produce, stage
from export.requests import collecting, register
from export.requests.collecting import by_hand
from export.review import decisions, notes, proposals, redactions
from plain_format import PlainIngestor
from reviewed import Reviewed

POST = {"id": "1", "at": "2026-02-01T10:00:00", "text": "The pool is closed.", "by": "City of Milbrook", "city": True}
ASKED = {
    "id": "2", "at": "2026-02-01T11:00:00", "kind": "comment", "parent": "1", "by": "Grace Lor",
    "text": "Call me at 608-555-0142, I am Grace Lor.",
}  # fmt: skip
OTHER = {"id": "4", "at": "2026-02-02T12:00:00", "text": "Snow on Main Street. Thanks, Grace Lor!"}


class Export(PlainIngestor):
    """The same shape as another format: an export with pictures and without ids."""

    name = "plain-export"


def traces(review: Reviewed) -> set[tuple[str, str]]:
    """Return (id at the source or "", field) of what a draft finds."""
    names = dict(review.archive.connection.execute("SELECT id, native_id FROM record"))
    return {(names.get(one.record, ""), one.field) for one in review.draft().traces}


def field(review: Reviewed, native_id: str, name: str, reason: str = "A child.") -> None:
    found = proposals.of_field(review.archive, 1, review.record(native_id), name)
    redactions.add(review.archive, 1, [one.mark for one in found], "balancing", reason)


# -- acts on other records


def test_what_does_not_answer_stays_so_when_words_in_its_conversation_are_blacked_out(desk: Desk) -> None:
    review = Reviewed(desk, POST, ASKED, ASKED | {"id": "3", "parent": "2"})
    review.mark("3", "not-responsive")
    review.redact("2", "608-555-0142")
    review.draft()
    assert set(review.given) == {"1", "2"}


def test_what_was_let_stand_covers_nothing_that_is_blacked_out_later(desk: Desk) -> None:
    review = Reviewed(desk, ASKED, OTHER | {"text": "Thanks, Grace Lor! We call 608-555-0142."})
    review.redact("2", "Grace Lor")
    notes.let_stand(review.archive, 1, [(review.record("4"), review.record("2"))], "She signed it in public.")
    assert traces(review) == set()
    review.redact("2", "608-555-0142")
    assert ("4", "text") in traces(review)


def test_what_is_withheld_in_a_few_words_is_found_where_it_is_quoted(desk: Desk) -> None:
    short = ASKED | {"text": "Please fire Robin before Friday noon."}
    reply = OTHER | {"text": "Here it is:\n> Please fire Robin\n> before Friday noon.\nWhat shall I answer?"}
    review = Reviewed(desk, short, reply)
    review.mark("2", "withhold", "19.36(10)", "A personnel matter.")
    assert ("4", "text") in traces(review)


def test_bytes_that_hold_what_is_withheld_stay_in(desk: Desk) -> None:
    said = "The settlement offer of the insurer is ninety thousand dollars and a letter."
    review = Reviewed(desk, ASKED | {"text": said}, OTHER | {"comments": [said]})
    review.mark("2", "withhold", "905.03", "Advice of counsel.")
    assert traces(review) == set()
    review.draft()
    assert review.given["4"].native_path == ""


def test_bytes_that_hold_a_long_passage_blacked_out_stay_in(desk: Desk) -> None:
    said = "The settlement offer of the insurer is ninety thousand dollars and a letter."
    review = Reviewed(desk, ASKED | {"text": said}, OTHER | {"comments": [said]})
    review.redact("2", said)
    assert traces(review) == set()
    review.draft()
    assert review.given["4"].native_path == ""


def test_a_recipient_blacked_out_is_found_as_author_and_in_other_roles(desk: Desk) -> None:
    mail = {"kind": "email", "at": "2026-02-01T10:00:00", "by": "Lee Xiong"}
    one = mail | {"id": "1", "text": "See you.", "to": [("Robin Vang", "robin@milbrook.example")]}
    two = mail | {"id": "2", "text": "Yes.", "by": "Robin Vang", "handle": "robin@milbrook.example"}
    review = Reviewed(desk, one, two)
    field(review, "1", "recipients.0")
    assert {("2", "author"), ("2", "handle")} <= traces(review)


def test_a_handle_blacked_out_is_found_with_and_without_its_sign(desk: Desk) -> None:
    review = Reviewed(desk, ASKED | {"handle": "@gracelor"}, OTHER | {"mentions": ["gracelor"], "text": "Thanks!"})
    field(review, "2", "author")
    assert ("4", "mentions.0") in traces(review)


# -- the log and the words around the records


def test_a_reason_that_says_what_is_blacked_out_is_found(desk: Desk) -> None:
    review = Reviewed(desk, ASKED)
    field(review, "2", "author", "Grace Lor is eleven years old.")
    review.redact("2", "Grace Lor")
    assert ("2", "reason") in traces(review)


def test_the_log_of_what_is_withheld_is_looked_through_as_well(desk: Desk) -> None:
    mail = {"id": "9", "kind": "email", "at": "2026-02-01T10:00:00", "by": "Grace Lor", "text": "Good morning to you."}
    review = Reviewed(desk, ASKED, mail)
    review.redact("2", "Grace Lor")
    review.mark("9", "withhold", "19.36(10)", "A personnel matter.")
    assert traces(review) == {("9", "author")}


def test_what_was_asked_and_searched_is_looked_through_as_well(desk: Desk) -> None:
    review = Reviewed(desk, ASKED)
    register.amend(review.archive, 1, description="All that Grace Lor wrote")
    review.redact("2", "Grace Lor")
    assert traces(review) == {("", "description")}
    with pytest.raises(WordsLeft, match=r"the request itself \(description\) has words"):
        review.approve()
    notes.let_stand(review.archive, 1, [(0, review.record("2"))], "The requester named her.")
    assert traces(review) == set()


def test_the_time_of_a_withheld_record_stays_in_where_it_is_blacked_out(desk: Desk) -> None:
    review = Reviewed(desk, ASKED)
    field(review, "2", "created")
    review.mark("2", "withhold", "19.36(10)", "A personnel matter.")
    review.draft()
    assert (review.withheld[0].created_at, "redacted" in review.withheld[0].local_time) == ("", True)


# -- subscribers


def person(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "kind": "subscriber", "by": f"Person {number}", "list": "weekly",
            "at": "2026-01-05T10:11:12"} | more  # fmt: skip


def test_when_somebody_joined_stays_in_where_it_is_blacked_out(desk: Desk) -> None:
    review = Reviewed(desk, person(1))
    field(review, "1", "created")
    review.draft()
    assert "2026" not in review.given["1"].joined + review.given["1"].created_at + review.given["1"].created_raw


# -- files


def test_a_captions_file_stays_in_with_the_film_that_is_replaced(desk: Desk) -> None:
    film = ASKED | {"files": {"meeting.mp4": "a film", "meeting.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nGrace Lor"}}
    review = Reviewed(desk, film)
    (desk.folder / "cut.mp4").write_bytes(b"a cut film")
    copy = proposals.stored(review.archive, desk.folder / "cut.mp4")
    found = proposals.of_file(review.archive, 1, review.record("2"), 1, replacement=copy)
    redactions.add(review.archive, 1, [one.mark for one in found], "balancing", "A child speaks.")
    review.draft()
    film_out, captions = review.given["2"].attachments
    assert film_out.path
    assert captions.path == ""


def test_what_another_format_tells_after_the_collection_does_not_go_out(desk: Desk) -> None:
    told = {"at": "2026-02-01T10:00:00", "text": "The pool is closed for the season.", "by": "City", "city": True}
    review = Reviewed(desk, told | {"id": "1"})
    before = review.draft()
    desk.bring("2026-03-02T10:00:00", told | {"files": {"pool.png": "a picture"}}, ingestor=Export())
    joined = review.archive.connection.execute("SELECT count(*) FROM finding WHERE kind = 'counterpart'").fetchone()
    assert joined == (1,)
    assert review.draft().production.reconciliation == before.production.reconciliation
    assert review.given["1"].attachments == ()


def test_a_file_blacked_out_in_one_record_stays_in_where_another_format_holds_it(desk: Desk) -> None:
    told = {"at": "2026-02-01T10:00:00", "text": "The pool is closed for the season.", "by": "City", "city": True}
    desk.bring("2026-02-20T10:00:00", told | {"files": {"pool.png": "a picture"}}, ingestor=Export())
    review = Reviewed(desk, told | {"id": "1"}, ASKED | {"files": {"same.png": "a picture"}})
    found = proposals.of_file(review.archive, 1, review.record("2"), 1)
    redactions.add(review.archive, 1, [one.mark for one in found], "balancing", "A child.")
    review.draft()
    assert [one.path for each in review.given.values() for one in each.attachments if one.path] == []


# -- races


def test_what_is_decided_while_a_production_is_staged_is_in_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from export.production import answers
    from export.review.approval import ChangedMeanwhile

    review = Reviewed(desk, POST, OTHER)
    review.mark("1 4", "release")
    review.approve()
    write = answers.write_letter

    def meanwhile(archive: Any, plan: Any) -> None:
        write(archive, plan)
        review.mark("4", "withhold", "19.36(10)", "A personnel matter.")

    monkeypatch.setattr(answers, "write_letter", meanwhile)
    with pytest.raises(ChangedMeanwhile):
        produce(review.archive, 1)
    monkeypatch.undo()
    review.approve()
    review.production()
    assert set(review.given) == {"1"}


def test_a_letter_from_before_the_last_decision_goes_out_with_no_package(desk: Desk) -> None:
    from export.production import answers
    from export.production.plan import Plan

    review = Reviewed(desk, POST, OTHER)
    review.mark("1 4", "release")
    answers.write_letter(review.archive, Plan(review.archive, 1))
    review.mark("4", "withhold", "19.36(10)", "A personnel matter.")
    review.approve()
    assert "denied in part" in review.production().production.letter


def test_a_list_produced_again_tells_nothing_of_what_came_later(desk: Desk) -> None:
    review = Reviewed(desk, person(1), person(2))
    collecting.list_on(review.archive, 1, "plain", "weekly", date(2026, 3, 1))
    review.mark("1 2", "release")
    review.approve()
    staged = produce(review.archive, 1)
    before = (staged.production.staging / "records.jsonl").read_bytes()
    staged.clear()
    desk.bring("2026-03-05T10:00:00", person(1, by="Person One"))
    repeated = again(review.archive, 1, 1)
    assert (repeated.production.staging / "records.jsonl").read_bytes() == before
    repeated.clear()


def test_two_exemptions_on_overlapping_words_are_both_said(desk: Desk) -> None:
    review = Reviewed(desk, ASKED)
    record = review.record("2")
    for span, exemption, reason in (("text:0-18", "balancing", "Her number."), ("text:11-30", "19.36(10)", "Staff.")):
        found = proposals.of_span(review.archive, 1, record, span)
        redactions.add(review.archive, 1, [one.mark for one in found], exemption, reason)
    review.draft()
    [one] = review.given["2"].redactions
    assert "19.36(10)" in one.ground.citation
    assert "19.36(10)" in one.marker
    assert one.ground.reason == "Her number.; Staff."


def test_a_version_that_is_gone_is_not_counted_as_not_responsive(desk: Desk) -> None:
    review = Reviewed(desk, POST, OTHER)
    sums = review.draft().production.reconciliation
    assert (sums.not_responsive, sums.adds_up) == (0, True)
    assert decisions.standing(review.archive, 1) == {}
    by_hand(review.archive, 1, [review.record("1")])
    staged = stage(review.archive, 1)
    staged.clear()
    assert staged.production.reconciliation.found == 2
