"""Which versions go out in which order, which repeat another, and who answers whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from archive.archive import Archive

NEVER_DUPLICATES = ("subscriber", "profile")
"""Kinds in which the same person on two lists is two facts."""

_ROWS = """
SELECT v.id, v.record, r.account, r.kind, v.content_hash, coalesce(c.created_at, ''), coalesce(c.native_id, ''),
    coalesce(c.parent, ''), coalesce(c.thread, ''),
    CASE WHEN v.record IN (SELECT record FROM finding WHERE kind = 'counterpart')
    THEN c.audience || ' ' || coalesce(c.text, '') END
FROM version v JOIN record r ON r.id = v.record JOIN content c ON c.id = v.id
WHERE v.id IN (SELECT value FROM json_each(?))
"""
"""Last what it says, of records that two formats tell, else NULL."""


class Twin(Struct, frozen=True):
    """A version that says the same as another one that is given."""

    version: int
    record: int
    account: str
    of: int


class Order:
    """The collected versions in the order of their creation.

    ``lot`` says what becomes of a version, as something that can be compared: two versions are only duplicates of
    each other if the same becomes of both. ``given`` are those that are not duplicates.
    """

    def __init__(self, archive: Archive, found: Sequence[int], lot: Callable[[int], object]) -> None:
        self.given: list[int] = []
        self.twins: list[Twin] = []
        self.record_of: dict[int, int] = {}
        self.account_of: dict[int, str] = {}
        self._by_native: dict[tuple[str, str], int] = {}
        self._conversation: dict[int, int] = {}
        self._place(sorted(_rows(archive, found), key=lambda row: (row[5] or "9", not row[6], row[0])), lot)

    def _place(self, rows: Sequence[Any], lot: Callable[[int], object]) -> None:
        first: dict[tuple[object, ...], int] = {}
        links: list[tuple[int, str, str, str]] = []
        for version, record, account, kind, key, created_at, native_id, parent, thread, told in rows:
            self.record_of[version], self.account_of[version] = record, account
            fate = lot(version)
            can_repeat = bool(native_id) and kind not in NEVER_DUPLICATES
            twin = first.get((key, native_id, created_at, fate)) if can_repeat else None
            if told is not None and not native_id:
                twin = first.get((record, told, fate))
            if twin is not None:
                self.twins.append(Twin(version, record, account, twin))
                continue
            self.given.append(version)
            first[key, native_id, created_at, fate] = version
            if told is not None and native_id:
                first.setdefault((record, told, fate), version)
            if native_id:
                self._by_native.setdefault((account, native_id), version)
            links.append((version, account, parent, thread))
        self._join(links)

    def _join(self, links: Sequence[tuple[int, str, str, str]]) -> None:
        """Give every version the first version of its conversation."""
        place = {version: number for number, (version, *_) in enumerate(links)}
        first_of: dict[tuple[str, str], int] = {}
        roots = list(range(len(links)))

        def root(number: int) -> int:
            while roots[number] != number:
                roots[number] = roots[roots[number]]
                number = roots[number]
            return number

        for number, (_, account, parent, thread) in enumerate(links):
            answered = self._by_native.get((account, parent)) if parent else None
            others = [place[answered]] if answered is not None else []
            if thread:
                others.append(first_of.setdefault((account, thread), number))
            for other in others:
                low, high = sorted((root(number), root(other)))
                roots[high] = low
        self._conversation = {version: links[root(place[version])][0] for version in place}

    def version_of(self, account: str, native_id: str) -> int | None:
        """Return the version of an item by its id at the source, None if it is not collected."""
        return self._by_native.get((account, native_id)) if native_id else None

    def conversation(self, version: int) -> int:
        """Return the first version of a version's conversation."""
        return self._conversation[version]


def _rows(archive: Archive, found: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    return archive.connection.execute(_ROWS, (json.dumps(list(found)),))
