"""A request under review: one account, everything of it collected, and what a Clerk and an Attorney do with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from archive import users
from archive.archive import Actor
from desk import Desk
from export.production import act
from export.production import stage as staging
from export.production.stage import Stage, produce, stage
from export.requests import register
from export.requests.collecting import by_hand
from export.review import approval, decisions, proposals, redactions


class Reviewed:
    """A request on one account, everything in it collected by hand."""

    def __init__(self, desk: Desk, *items: dict[str, Any]) -> None:
        self.desk = desk
        self.archive = desk.archive
        desk.bring("2026-03-01T10:00:00", *items)
        register.open_request(self.archive, date(2026, 4, 2), "The pool")
        self.collect()

    def collect(self) -> None:
        held = self.archive.connection.execute("SELECT id FROM record ORDER BY id").fetchall()
        by_hand(self.archive, 1, [one for (one,) in held])

    def record(self, native_id: str) -> int:
        row = self.archive.connection.execute("SELECT id FROM record WHERE native_id = ?", (native_id,)).fetchone()
        return int(row[0])

    def mark(self, native_ids: str, outcome: Any, exemption: str = "", reason: str = "") -> int:
        records = [self.record(one) for one in native_ids.split()]
        return decisions.mark(self.archive, 1, records, outcome, exemption, reason)

    def redact(self, native_id: str, words: str, *, everywhere: bool = False) -> int:
        found = proposals.of_words(self.archive, 1, self.record(native_id), words, everywhere=everywhere)
        read = decisions.versions_of(self.archive, 1, [self.record(native_id)])[self.record(native_id)]
        marks = [one.mark for one in found]
        return redactions.add(self.archive, 1, marks, "balancing", "A home telephone number.", read)

    def draft(self) -> Stage:
        staged = stage(self.archive, 1)
        self._read(staged)
        staged.clear()
        return staged

    def production(self) -> Stage:
        staged = produce(self.archive, 1)
        self._read(staged)
        staged.clear()
        return staged

    def _read(self, staged: Stage) -> None:
        self.given = {one.native_id: one for one in staged.production.records()}
        self.withheld = list(staged.production.withheld())

    def approve(self) -> None:
        if not any(one.name == "dana" for one in users.listed(self.archive)):
            users.add(self.archive, "dana", "attorney", "a long enough password")
        before, self.archive.actor = self.archive.actor, Actor("dana", "test", proved=True)
        approval.approve(self.archive, staging.check(self.archive, 1), act.draft(self.archive, 1))
        self.archive.actor = before
