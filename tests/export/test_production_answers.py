"""What the desk asks of productions: outcomes for a challenge, grounds for a denial, counts for the log."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from archive import users
from archive.archive import Actor
from desk import Desk
from export.production import act
from export.production import stage as staging
from export.production.answers import counts, grounds, outcome_of
from export.requests.challenge import challenge
from export.requests.collecting import by_hand
from export.requests.letters import compose
from export.requests.register import amend, open_request
from export.requests.reports.claims import from_line
from export.requests.reports.log import log
from export.review import approval, decisions, proposals, redactions

ITEMS: list[dict[str, Any]] = [
    {"id": "post-1", "at": "2026-02-01T10:00:00Z", "text": "The pool is closed until further notice."},
    {"id": "post-2", "at": "2026-02-01T11:00:00Z", "text": "Call me at 608-555-0142 about the pool, please."},
    {"id": "post-3", "at": "2026-02-01T12:00:00Z", "text": "My account number is twelve and nothing else matters."},
    {"id": "post-4", "at": "2026-02-01T13:00:00Z", "text": "Snow on Main Street from four in the morning on."},
]
CLAIMS = [from_line(number, f"post-{number}") for number in range(1, 5)]


@pytest.fixture
def decided(desk: Desk) -> Desk:
    archive = desk.archive
    desk.bring("2026-03-01T10:00:00", *ITEMS)
    open_request(archive, date(2026, 4, 2), "The pool", "Ada Example")
    by_hand(archive, 1, [1, 2, 3, 4])
    decisions.mark(archive, 1, [1], "release")
    found = proposals.of_words(archive, 1, 2, "608-555-0142")
    redactions.add(archive, 1, [one.mark for one in found], "balancing", "A home telephone number.")
    decisions.mark(archive, 1, [3], "withhold", "balancing", "A resident's account.")
    decisions.mark(archive, 1, [4], "not-responsive")
    return desk


def produce(desk: Desk) -> None:
    archive = desk.archive
    users.add(archive, "dana", "attorney", "a long enough password")
    before, archive.actor = archive.actor, Actor("dana", "test", proved=True)
    approval.approve(archive, staging.check(archive, 1), act.draft(archive, 1))
    archive.actor = before
    staging.produce(archive, 1).clear()


def test_before_a_production_nothing_is_said_to_be_released_or_withheld(decided: Desk) -> None:
    answers = challenge(decided.archive, 1, CLAIMS, outcome_of(decided.archive, 1))
    assert [one.outcome for one in answers] == ["collected"] * 4
    assert counts(decided.archive) == {}


def test_a_challenge_is_answered_from_the_latest_production(decided: Desk) -> None:
    produce(decided)
    answers = challenge(decided.archive, 1, CLAIMS, outcome_of(decided.archive, 1))
    assert [one.outcome for one in answers] == ["released", "redacted", "withheld", "not responsive"]
    (row,) = log(decided.archive, counts=counts(decided.archive))
    assert (row["released"], row["withheld"]) == (2, 1)


def test_the_letter_of_a_denial_gives_the_grounds_of_the_review(decided: Desk) -> None:
    found = grounds(decided.archive, 1)
    assert {one.reason for one in found} == {"A home telephone number.", "A resident's account."}
    said = compose(decided.archive, 1, "partial-denial", found).text
    for one in found:
        assert one.reason in said.replace("\n  ", " ")


def test_a_production_made_again_tells_the_request_as_it_was(decided: Desk) -> None:
    produce(decided)
    amend(decided.archive, 1, description="Something else", requester="Bo Example")
    staged = staging.again(decided.archive, 1, 1)
    assert (staged.production.request_description, staged.production.requester) == ("The pool", "Ada Example")
    staged.clear()


def test_a_twin_has_the_lot_of_the_record_that_stands_for_it(desk: Desk) -> None:
    archive = desk.archive
    twin = {"at": "2026-02-01T10:00:00Z", "text": "The pool is closed until further notice."}
    desk.bring("2026-03-01T10:00:00", twin, dict(twin), ITEMS[1])
    open_request(archive, date(2026, 4, 2), "The pool")
    by_hand(archive, 1, [1, 2, 3])
    decisions.mark(archive, 1, [1, 2, 3], "release")
    produce(desk)
    said = outcome_of(archive, 1)
    assert [said(version) for version in (1, 2, 3)] == ["released"] * 3
