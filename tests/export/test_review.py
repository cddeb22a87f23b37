from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive import accounts, users
from archive.archive import Actor
from archive.errors import MunimentError
from desk import Desk
from export.bundle.build import build
from export.production import act
from export.production import stage as staging
from export.production.refusals import Undecided, WordsLeft
from export.production.stage import again, produce, stage
from export.requests import collecting, register
from export.requests.collecting import by_hand
from export.review import approval, decisions, exemptions, notes, pointed_out, proposals, redactions, suggested
from export.review.decisions import NotCollected, OwnReasonNeeded, ReasonMissing
from export.review.exemptions import UnknownExemption
from export.review.queue import Filter, reached, rows
from reviewed import Reviewed

POST = {"id": "1", "at": "2026-02-01T10:00:00", "text": "The pool is closed.", "by": "City of Milbrook", "city": True}
ASKED = {
    "id": "2", "at": "2026-02-01T11:00:00", "kind": "comment", "parent": "1", "by": "Grace Lor",
    "text": "Call me at 608-555-0142, I am Grace Lor.",
}  # fmt: skip
REPLY = {
    "id": "3", "at": "2026-02-01T12:00:00", "kind": "comment", "parent": "2", "by": "Pat Vang",
    "text": "grace LOR said (608) 555 0142, I did too.",
}  # fmt: skip
OTHER = {"id": "4", "at": "2026-02-02T12:00:00", "text": "Snow on Main Street. Thanks, Grace Lor!"}


@pytest.fixture
def review(desk: Desk) -> Reviewed:
    return Reviewed(desk, POST, ASKED, REPLY, OTHER)


def texts(review: Reviewed) -> dict[str, str]:
    return {key: one.text for key, one in review.given.items()}


# -- decisions


def test_what_nobody_decided_on_is_in_a_draft_and_in_no_production(review: Reviewed) -> None:
    review.mark("1 2 3", "release")
    assert review.draft().production.reconciliation.sentence == "4 found = 3 released + 1 not decided yet"
    assert review.given["4"].decision == "undecided"
    with pytest.raises(Undecided, match="1 collected versions of request 1 are not decided yet"):
        produce(review.archive, 1)


def test_the_latest_decision_stands_and_all_before_it_are_kept(review: Reviewed) -> None:
    review.mark("4", "withhold", "19.36(10)", "A personnel record.")
    review.mark("4", "release")
    assert [one.outcome for one in decisions.history(review.archive, 1, review.record("4"))] == ["withhold", "release"]
    review.draft()
    assert "4" in review.given
    assert review.withheld == []


def test_what_is_withheld_says_under_which_exemption_and_why(review: Reviewed) -> None:
    for ground in ((), ("19.36(10)",), ("", "Because.")):
        with pytest.raises(ReasonMissing):
            review.mark("4", "withhold", *ground)
    with pytest.raises(UnknownExemption):
        review.mark("4", "withhold", "19.99", "Because.")
    review.mark("4", "withhold", "19.36(10)", "A personnel record.")
    review.draft()
    assert [(one.ground.citation, one.ground.reason) for one in review.withheld] == [
        ("Wis. Stat. § 19.36(10)", "A personnel record.")
    ]


def test_a_balance_is_written_for_each_record_by_itself(review: Reviewed) -> None:
    with pytest.raises(OwnReasonNeeded, match="one reason to 2"):
        review.mark("3 4", "withhold", "balancing", "One for all.")
    own = {review.record("3"): "A child.", review.record("4"): "Another child."}
    decisions.mark(review.archive, 1, list(own), "withhold", "balancing", reasons=own)
    review.draft()
    assert [one.ground.reason for one in review.withheld] == ["A child.", "Another child."]


def test_only_what_is_collected_can_be_decided_on(review: Reviewed) -> None:
    with pytest.raises(NotCollected, match="Record 99 is not in the collected set of request 1"):
        decisions.mark(review.archive, 1, [99], "release")


def test_what_does_not_answer_goes_out_nowhere_and_is_counted(review: Reviewed) -> None:
    review.mark("1 2 3", "release")
    review.mark("4", "not-responsive")
    assert review.draft().production.reconciliation.sentence == "4 found = 3 released + 1 not responsive"


def test_a_thread_is_decided_as_a_unit_with_exceptions(review: Reviewed) -> None:
    one, two, three = (review.record(each) for each in "123")
    assert reached(review.archive, 1, [one], "all", ()) == [one, two, three]
    assert reached(review.archive, 1, [three], "ancestors", ()) == [three, two, one]
    assert reached(review.archive, 1, [two], "none", ()) == [two]
    assert reached(review.archive, 1, [one], "all", {two}) == [one, three]


# -- redaction


def test_words_are_blacked_out_wherever_they_stand_in_the_conversation(review: Reviewed) -> None:
    assert review.redact("2", "608-555-0142") == 2
    review.draft()
    assert texts(review)["2"].startswith("Call me at [redacted 1: ")
    assert "0142" not in texts(review)["2"] + texts(review)["3"]
    placed = review.given["2"].redactions[0]
    assert texts(review)["2"][placed.start : placed.stop] == placed.marker


def test_what_is_blacked_out_along_waits_for_somebody_to_read_it(review: Reviewed) -> None:
    review.redact("2", "608-555-0142")
    sums = review.draft().production.reconciliation
    assert (sums.redacted, sums.undecided) == (1, 3)
    assert "0142" not in texts(review)["3"]
    review.mark("3", "release")
    assert review.draft().production.reconciliation.redacted == 2


def test_a_name_is_gone_from_every_field_of_a_conversation(review: Reviewed) -> None:
    review.redact("2", "Grace Lor")
    review.draft()
    for one in (review.given["2"], review.given["3"]):
        assert "grace" not in repr(one).casefold()
    assert "Grace Lor" in texts(review)["4"]


def test_a_draft_says_where_else_the_words_stand_and_a_production_refuses(review: Reviewed) -> None:
    review.redact("2", "Grace Lor")
    review.mark("1 3 4", "release")
    assert [(one.record, one.field, one.of) for one in review.draft().traces] == [
        (review.record("4"), "text", review.record("2")),
    ]
    with pytest.raises(WordsLeft, match=r"record 4 \(text\) has words that are blacked out in record 2"):
        review.approve()
    assert review.redact("2", "Grace Lor", everywhere=True) == 1
    assert review.draft().traces == ()


def test_what_a_person_lets_stand_is_not_found_again(review: Reviewed) -> None:
    review.redact("2", "Grace Lor")
    review.mark("1 3 4", "release")
    with pytest.raises(notes.NothingSaid, match="why these words may go out"):
        notes.let_stand(review.archive, 1, [(review.record("4"), review.record("2"))], "")
    notes.let_stand(review.archive, 1, [(review.record("4"), review.record("2"))], "She signed it in public.")
    assert review.draft().traces == ()


def test_a_withdrawn_redaction_is_gone_and_its_record_undecided_again(review: Reviewed) -> None:
    review.redact("4", "Main Street")
    [one] = redactions.standing(review.archive, 1)[review.record("4")]
    redactions.withdraw(review.archive, 1, [one.id])
    review.draft()
    assert "Main Street" in texts(review)["4"]
    assert review.given["4"].decision == "undecided"
    with pytest.raises(redactions.UnknownRedaction):
        redactions.withdraw(review.archive, 1, [one.id])


def test_a_later_version_of_a_record_is_blacked_out_as_the_first(desk: Desk) -> None:
    desk.bring("2026-02-15T10:00:00", ASKED)
    review = Reviewed(desk, ASKED | {"text": "Call 608 555 0142 after six."})
    assert review.redact("2", "6085550142") == 2
    staged = stage(review.archive, 1)
    assert all("0142" not in repr(one) for one in staged.production.records())
    assert [one.native_path for one in staged.production.records()] == ["", ""]
    staged.clear()


def test_the_ledger_and_the_tables_never_hold_the_words(review: Reviewed) -> None:
    review.redact("2", "608-555-0142")
    connection = review.archive.connection
    for table in ("ledger", "redaction", "decision"):
        for row in connection.execute(f"SELECT * FROM {table}"):
            assert "0142" not in repr(row)


def test_an_author_is_blacked_out_as_a_whole(review: Reviewed) -> None:
    found = proposals.of_field(review.archive, 1, review.record("3"), "author")
    redactions.add(review.archive, 1, [one.mark for one in found], "balancing", "A child.")
    review.draft()
    assert review.given["3"].author.startswith("[redacted 1: ")


def test_a_film_is_replaced_and_its_captions_stay_in(desk: Desk, tmp_path: Path) -> None:
    film = {"id": "5", "text": "A film", "files": {"pool.mp4": "film", "pool.en.vtt": "words", "other.vtt": "more"}}
    review = Reviewed(desk, film)
    (tmp_path / "blurred.mp4").write_bytes(b"blurred")
    sha256 = proposals.stored(review.archive, tmp_path / "blurred.mp4")
    found = proposals.of_file(review.archive, 1, review.record("5"), 1, replacement=sha256)
    redactions.add(review.archive, 1, [one.mark for one in found], "19.36(10)", "A face.")
    staged = stage(review.archive, 1)
    [one] = staged.production.records()
    assert [(part.name, part.missing[:8]) for part in one.attachments] == [
        ("pool.mp4", ""), ("pool.en.vtt", "withheld"), ("other.vtt", ""),
    ]  # fmt: skip
    assert staged.production.file(one.attachments[0].path).read_bytes() == b"blurred"
    assert one.attachments[0].redacted
    staged.clear()


def test_two_versions_are_duplicates_only_if_the_same_becomes_of_both(desk: Desk) -> None:
    review = Reviewed(desk, POST | {"id": "7"})
    assert review.draft().production.reconciliation.duplicates == 0


# -- suggestions, counsel, notes


def test_suggestions_are_shown_and_never_applied_by_themselves(review: Reviewed) -> None:
    found = suggested.listed(review.archive, 1, review.record("2"))
    assert ("phone number", "text") in [(one["sort"], one["field"]) for one in found]
    review.draft()
    assert "0142" in texts(review)["2"]
    [number] = [one["number"] for one in found if one["sort"] == "phone number"]
    assert suggested.answer(review.archive, 1, review.record("2"), [number], [], "balancing", "Her own number.") == 2
    review.draft()
    assert "0142" not in texts(review)["2"]


def test_a_dismissed_suggestion_is_not_shown_again(review: Reviewed) -> None:
    before = suggested.listed(review.archive, 1, review.record("2"))
    suggested.answer(review.archive, 1, review.record("2"), [], [1], "", "")
    assert len(suggested.listed(review.archive, 1, review.record("2"))) == len(before) - 1


def test_counsel_is_pointed_out_and_what_quotes_a_withheld_message_is_proposed(desk: Desk) -> None:
    advice = "In my view the settlement should not be discussed before the council has met in closed session."
    letter = {"id": "1", "kind": "email", "at": "2026-02-01T10:00:00", "by": "Dana Whitfield", "text": advice}
    forward = {
        "id": "2", "kind": "email", "at": "2026-02-02T10:00:00", "by": "Lee Xiong",
        "text": f"See below.\n\nOn 1 February Dana Whitfield wrote:\n> {advice}\n",
    }  # fmt: skip
    review = Reviewed(desk, letter, forward)
    pointed_out.change_counsel(review.archive, add=["Dana Whitfield"])
    flags = {one.record: one.flags for one in rows(review.archive, 1, Filter())}
    assert pointed_out.COUNSEL_SORT in flags[review.record("1")]
    assert pointed_out.QUOTES_SORT in flags[review.record("2")]
    review.mark("1", "withhold", "905.03", "Advice of counsel on a settlement.")
    version = review.record("1")
    [quoted] = pointed_out.quoting(review.archive, 1, [version])
    assert quoted.record == review.record("2")
    assert {(one.field, one.what) for one in review.draft().traces} == {
        ("text", "a quotation of what stays in of"),
    }  # fmt: skip


def test_a_note_stays_inside(review: Reviewed) -> None:
    notes.add(review.archive, 1, review.record("2"), "Ask Dana first")
    assert [one.text for one in notes.of(review.archive, 1, review.record("2"))] == ["Ask Dana first"]
    staged = stage(review.archive, 1)
    assert all("Ask Dana" not in path.read_text("latin-1") for path in staged.production.staging.rglob("*.jsonl"))
    staged.clear()


def test_the_queue_is_filtered(review: Reviewed) -> None:
    review.mark("1", "release")

    def found(**wanted: Any) -> Sequence[int]:
        return [one.record for one in rows(review.archive, 1, Filter(**wanted))]

    assert found() == [review.record(each) for each in "1234"]
    assert found(outcome="release") == [review.record("1")]
    assert found(kind="comment", by_city=False) == [review.record("2"), review.record("3")]
    assert review.record("2") in found(flagged=True)
    assert found(conversation=review.record("1")) == [review.record(each) for each in "123"]


# -- the second look, productions


def ready(review: Reviewed) -> Reviewed:
    review.redact("2", "608-555-0142")
    review.redact("2", "Grace Lor", everywhere=True)
    review.mark("1 3 4", "release")
    return review


def test_a_production_needs_the_attorneys_approval(review: Reviewed) -> None:
    ready(review)
    with pytest.raises(approval.NotApproved, match="every production is looked at"):
        produce(review.archive, 1)
    review.approve()
    made = review.production().production
    assert (made.name, made.approval.by) == ("request-2026-0001-production-1", "dana")
    assert made.watermark == ""


@pytest.mark.parametrize("who", ["nobody", "anna", "unproved"])
def test_only_an_attorney_who_proves_it_can_approve(review: Reviewed, who: str) -> None:
    ready(review)
    users.add(review.archive, "anna", "clerk", "a long enough password")
    users.add(review.archive, "unproved", "attorney", "a long enough password")
    review.archive.actor = Actor(who, "test", proved=who == "anna")
    with pytest.raises(approval.NotProved):
        approval.approve(review.archive, staging.check(review.archive, 1), act.draft(review.archive, 1))


def test_an_approval_is_void_as_soon_as_anything_is_decided(review: Reviewed) -> None:
    ready(review)
    review.approve()
    review.mark("1", "withhold", "19.36(10)", "A personnel record.")
    with pytest.raises(approval.NotApproved):
        produce(review.archive, 1)


def test_by_rule_what_nobody_needs_to_look_at_goes_out_without_a_second_look(desk: Desk) -> None:
    review = Reviewed(desk, POST)
    review.mark("1", "release")
    approval.set_rule(review.archive, "when-needed")
    assert review.production().production.approval.by == ""
    review.mark("1", "withhold", "19.36(10)", "A personnel record.")
    with pytest.raises(approval.NotApproved, match="1 record is withheld"):
        produce(review.archive, 1)


def test_by_rule_what_is_still_pointed_out_needs_a_second_look(review: Reviewed) -> None:
    review.mark("1 2 3 4", "release")
    approval.set_rule(review.archive, "when-needed")
    with pytest.raises(approval.NotApproved, match="flagged"):
        produce(review.archive, 1)


def numbers(review: Reviewed) -> dict[str, int]:
    return {key: one.number for key, one in review.given.items()}


def test_a_record_keeps_its_number_in_later_productions(review: Reviewed) -> None:
    ready(review).approve()
    review.production()
    first = numbers(review)
    review.desk.bring("2026-03-05T10:00:00", {"id": "0", "at": "2026-01-01T10:00:00", "text": "Earlier than all."})
    review.collect()
    review.mark("0", "release")
    review.approve()
    second = review.production().production
    assert numbers(review) == first | {"0": 5}
    assert second.new == (5,)
    assert second.changed == ()


def test_a_later_production_says_what_changed(review: Reviewed) -> None:
    ready(review).approve()
    review.production()
    review.mark("1", "withhold", "19.36(10)", "A personnel record.")
    review.approve()
    [one] = review.production().production.changed
    assert (one.bates, one.before, one.now) == ("MILBROOK-2026-0001-000001", "released", "withheld")


def test_a_production_is_the_same_for_ever(review: Reviewed) -> None:
    ready(review).approve()
    staged = produce(review.archive, 1)
    before = (staged.production.staging / "records.jsonl").read_bytes()
    staged.clear()
    review.desk.bring("2026-03-05T10:00:00", POST | {"text": "The pool is open."})
    review.collect()
    review.mark("1", "not-responsive")
    repeated = again(review.archive, 1, 1)
    assert (repeated.production.staging / "records.jsonl").read_bytes() == before
    assert repeated.production.checkpoint == staged.production.checkpoint
    assert repeated.production.reconciliation == staged.production.reconciliation
    repeated.clear()


def test_a_production_made_again_while_nothing_changed_is_the_same_one(review: Reviewed) -> None:
    ready(review).approve()
    assert review.production().production.checkpoint == review.production().production.checkpoint


def test_a_redaction_that_was_produced_is_withdrawn_with_a_reason_only(review: Reviewed) -> None:
    ready(review).approve()
    review.production()
    [one, *_] = redactions.standing(review.archive, 1)[review.record("4")]
    with pytest.raises(redactions.AlreadyProduced):
        redactions.withdraw(review.archive, 1, [one.id])
    redactions.withdraw(review.archive, 1, [one.id], "The court ordered it.")


def test_an_unknown_production_is_refused(review: Reviewed) -> None:
    with pytest.raises(MunimentError, match="has no production 3: it has none yet"):
        again(review.archive, 1, 3)


# -- collecting


def test_context_is_collected_along_and_marked(desk: Desk) -> None:
    desk.bring("2026-03-01T10:00:00", POST, ASKED, REPLY, OTHER)
    register.open_request(desk.archive, date(2026, 4, 2), "Grace")
    review = Reviewed.__new__(Reviewed)
    review.desk, review.archive = desk, desk.archive
    by_hand(desk.archive, 1, [review.record("2")])
    assert collecting.context(desk.archive, 1, "ancestors").added == 1
    review.draft()
    assert {key: one.context for key, one in review.given.items()} == {"1": True, "2": False}
    assert collecting.context(desk.archive, 1, "all").added == 1


def test_a_list_is_collected_as_of_a_day(desk: Desk) -> None:
    def person(number: int) -> dict[str, Any]:
        return {"id": str(number), "kind": "subscriber", "by": f"Person {number}", "list": "weekly"}

    desk.bring("2026-02-01T10:00:00", person(1), person(2), list_name="weekly")
    desk.bring("2026-03-01T10:00:00", person(1), person(3), list_name="weekly")
    register.open_request(desk.archive, date(2026, 4, 2), "The list")
    assert collecting.list_on(desk.archive, 1, "plain", "weekly", date(2026, 2, 10)).versions == 3
    assert collecting.list_on(desk.archive, 1, "plain", "weekly", date(2026, 2, 1)).added == 0
    staged = stage(desk.archive, 1)
    told = {one.author: one.as_of for one in staged.production.records()}
    staged.clear()
    assert told["Person 3"].startswith("“weekly” of plain as of 2026-02-10: possibly")
    assert told["Person 1"].endswith("“weekly” of plain as of 2026-02-01: yes")


def test_what_is_approved_is_the_draft_that_was_opened(review: Reviewed) -> None:
    ready(review)
    stage(review.archive, 1).clear()
    opened = act.draft(review.archive, 1)
    review.mark("1", "withhold", "19.36(10)", "A personnel matter.")
    users.add(review.archive, "dana", "attorney", "a long enough password")
    review.archive.actor = Actor("dana", "test", proved=True)
    plan = staging.check(review.archive, 1)
    with pytest.raises(approval.DraftChanged, match=f"ledger row {opened.seq}"):
        approval.approve(review.archive, plan, opened)
    checkpoint = act.draft(review.archive, 1)
    approval.approve(review.archive, plan, act.draft(review.archive, 1, f"{checkpoint.seq}:{checkpoint.digest.hex()}"))
    with pytest.raises(act.NoSuchDraft):
        act.draft(review.archive, 1, f"{checkpoint.seq}:{'0' * 64}")


def test_an_approval_is_void_when_the_letter_or_the_office_that_answers_is_another(review: Reviewed) -> None:
    from export.requests.correspondence import sent
    from export.requests.letters import compose
    from export.requests.progress import routing

    for change in (
        lambda: sent.send(review.archive, compose(review.archive, 1, "release")),
        lambda: routing.route(review.archive, 1, ["Water"]),
    ):
        ready(review).approve()
        change()
        with pytest.raises(approval.NotApproved):
            produce(review.archive, 1)
    review.approve()
    assert review.production().production.approval.by == "dana"


def test_a_production_made_again_tells_the_law_as_it_was_listed_then(
    review: Reviewed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(staged: Any, name: str) -> bytes:
        made = build(staged.production, tmp_path / name)
        staged.clear()
        return made.zip.read_bytes()

    ready(review)
    review.mark("1", "withhold", "19.36(10)", "A personnel matter.")
    review.approve()
    first = built(produce(review.archive, 1), "first")
    accounts.add(review.archive, "later", platform="plain", department="Water", title="Another account")
    later = exemptions.source().replace(b"19.36(10)", b"99.99(10)")
    monkeypatch.setattr(exemptions, "source", lambda: later)
    exemptions.listed.cache_clear()
    try:
        assert built(again(review.archive, 1, 1), "later") == first
        with pytest.raises(UnknownExemption):
            stage(review.archive, 1)
    finally:
        exemptions.listed.cache_clear()
