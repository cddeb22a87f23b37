from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.subscribers import backups, members
from conftest import ACTOR, bring_in_as_told, register
from demo.city import generate
from demo.truth import Membership

TINY = 0.08

BY_ID = ("x-city", "x-police", "news", "alerts")
"""Accounts whose subscribers have an id in their backups; followers of a Page are names."""

DAYS = [f"{date(2026, 2, 1) + timedelta(days=number)}T12:00:00.000Z" for number in range(0, 90, 3)]


def spans(found: list[Membership]) -> dict[tuple[str, str], list[Membership]]:
    by_id: dict[tuple[str, str], list[Membership]] = defaultdict(list)
    for one in found:
        by_id[one.account, one.id].append(one)
    return by_id


def is_on(one: Membership, moment: str) -> bool:
    return one.joined_at <= moment and (one.left_at is None or moment < one.left_at)


@pytest.mark.parametrize("seed", range(1, 11))
def test_every_answer_about_a_list_that_is_sure_is_true(seed: int, tmp_path: Path) -> None:
    truth = generate(tmp_path / "city", seed, TINY)
    happened = spans(truth.memberships)
    answers: dict[str, int] = defaultdict(int)
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as archive:
        register(archive)
        for one in truth.backups:
            if one.account in BY_ID:
                bring_in_as_told(archive, tmp_path / "city", one)
        ids = dict(archive.connection.execute("SELECT id, native_id FROM record WHERE kind = 'subscriber'"))
        latest = {account: found[-1] for (account, _), found in sorted(backups(archive).items(), reverse=True)}
        known = {(one.account, ids[one.record]): one for one in members(archive)}
        held = {row[0] for row in archive.connection.execute("SELECT DISTINCT account FROM record")}
    assert held == set(BY_ID)
    assert known.keys() <= happened.keys()
    for key, member in known.items():
        (*others, span) = happened[key]
        if others:
            continue  # who left and came back between two backups was there all the time, for all that they show
        for moment in [day for day in DAYS if day <= latest[key[0]]]:
            answer = member.on(moment)
            answers[answer] += 1
            assert answer == "possibly" or (answer == "yes") == is_on(span, moment), (key, moment, member.changes, span)
    assert min(answers["yes"], answers["possibly"], answers["no"]) > 50
