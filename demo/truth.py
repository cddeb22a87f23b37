"""The truth about the fictional city: what its backups hold, what really happened, and what of it can be seen.

What happened and what the backups can show are two lists: a comment that came and went between two backups
is in the first only, and a window in the second is wider than the moment in the first. They share the
account, the kind and the id of what they speak of. Moments are UTC, ``2026-03-01T15:30:00.000Z``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

What = Literal["edited", "removed", "restored", "hidden", "shown", "joined", "left"]
Seen = Literal["edited", "removed", "missing", "restored", "hidden", "shown"]


class AccountTruth(Struct):
    """One account of the city, with what ``muniment account add`` needs."""

    name: str
    platform: str
    department: str
    title: str
    handle: str


class BackupTruth(Struct):
    """One backup: its file, whose it is, the moment it speaks for, and how many items of each kind it holds.

    ``list_name``, ``complete`` and ``exported_on`` are the options to take it in with (empty, None: not
    needed). ``records`` lists ids at the source by kind, sorted; an edited post on X is one record and several
    items. What a format shows without an id stands there under the id that it has in the city: posts,
    comments and messages are told apart by ``moments`` of the account, followers of a Page are ``Name#2``:
    the second of that name.
    """

    file: str
    account: str
    format: str
    made_at: str
    items: int
    kinds: dict[str, int]
    records: dict[str, list[str]]
    list_name: str = ""
    complete: bool | None = None
    exported_on: str | None = None

    @property
    def options(self) -> list[str]:
        """What ``muniment ingest`` is told about it."""
        told = ["--account", self.account]
        told += ["--list", self.list_name] if self.list_name else []
        told += ["--exported-on", self.exported_on] if self.exported_on else []
        return told + (["--complete"] if self.complete else [])


class Happening(Struct, frozen=True):
    """Something that really happened: what, to what, when, and by whom (city, author, platform)."""

    account: str
    what: What
    kind: str
    id: str
    at: str
    by: str


class Evidence(Struct, frozen=True):
    """What the backups of an account, taken in by their dates, show of it: a finding with window and cause.

    ``cause`` is unknown unless a platform tells it; ``after`` equals ``by`` where it tells the moment, and is None
    where no backup shows a thing before it was removed.
    """

    account: str
    seen: Seen
    kind: str
    id: str
    after: str | None
    by: str
    cause: str


class Question(Struct, frozen=True):
    """A citizen's question and the city's answer, None if there never was one.

    ``answer`` is the id of the answer; ``verdict`` goes by hours that do not fall on a weekend, 48 of them.
    """

    account: str
    kind: str
    id: str
    asked_at: str
    answered_at: str | None
    answer: str
    verdict: Literal["in time", "late", "never"]


class Spot(Struct, frozen=True):
    """Private data in somebody's words: what sort (phone, address, born, card, ssn, licence, child, …), and the words.

    ``counsel`` is a lawyer's advice, quoted or not: the words are its first line.
    """

    account: str
    kind: str
    id: str
    sort: str
    words: str


class Membership(Struct, frozen=True):
    """Who was on which list from when to when; ``id`` at the source, ``by`` who ended it."""

    account: str
    list_name: str
    id: str
    name: str
    address: str
    joined_at: str
    left_at: str | None
    by: str


class Truth(Struct):
    """All of it, or one account's part.

    Of a very large city (``demo.city.BESIDE``) it counts records and does not list them: ``records``,
    ``threads`` and ``moments`` are empty.

    ``threads`` lists by the id of a first post or mail what answers it, ``moments`` by account, kind and id when
    that was written which some format shows without its id, ``quiet_weeks`` by account the Mondays of the weeks
    without a post.
    """

    accounts: list[AccountTruth] = []
    backups: list[BackupTruth] = []
    happened: list[Happening] = []
    evidence: list[Evidence] = []
    questions: list[Question] = []
    spots: list[Spot] = []
    memberships: list[Membership] = []
    threads: dict[str, list[str]] = {}
    moments: dict[str, dict[str, dict[str, str]]] = {}
    quiet_weeks: dict[str, list[str]] = {}

    def add(self, other: Truth) -> None:
        """Take in another part."""
        for name in ("accounts", "backups", "happened", "evidence", "questions", "spots", "memberships"):
            getattr(self, name).extend(getattr(other, name))
        for opening, answers in other.threads.items():
            self.threads[opening] = list(dict.fromkeys([*self.threads.get(opening, ()), *answers]))
        self.moments |= other.moments
        self.quiet_weeks |= other.quiet_weeks

    def of(self, account: str) -> list[BackupTruth]:
        """Return an account's backups in the order in which they are taken in."""
        return [one for one in self.backups if one.account == account]

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n")


def load(folder: Path) -> Truth:
    """Return the truth about the city whose backups are in a folder."""
    return msgspec.json.decode((folder / "truth.json").read_bytes(), type=Truth)
