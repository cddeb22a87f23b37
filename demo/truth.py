"""The truth about the fictional city: what its backups hold, and what really happened between them."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct


class BackupTruth(Struct):
    """One backup: its file, whose it is, the day it speaks for, and how many items of each kind it holds.

    ``records`` lists their ids at the source by kind; an edited post is one record and several items.
    """

    file: str
    account: str
    made_at: str
    items: int
    kinds: dict[str, int]
    records: dict[str, list[str]]


class Change(Struct):
    """Something that happened to an item: edited, removed, missing, joined, left; by id at the source.

    ``after`` and ``by`` are the window (UTC); ``cause`` is what the backups give evidence of.
    """

    what: str
    kind: str
    native_id: str
    after: str
    by: str
    cause: str


class Truth(Struct):
    """All of it. ``threads`` lists by the id of a first post or mail what answers it."""

    backups: list[BackupTruth]
    changes: list[Change]
    threads: dict[str, list[str]]

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n")
