"""Families: a record with its conversation, that is its thread, what it answers, and what answers it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from archive.archive import Archive

_TALKING = """
SELECT id, account, native_id, parent, thread FROM record WHERE parent IS NOT NULL OR thread IS NOT NULL
UNION SELECT p.id, p.account, p.native_id, p.parent, p.thread FROM record p
WHERE (p.account, p.native_id) IN (SELECT account, parent FROM record WHERE parent IS NOT NULL)
"""

Key = tuple[str, ...]


class Families:
    """The conversations of an archive, read once; a record without one is its own family."""

    def __init__(self, archive: Archive) -> None:
        self._above: dict[Key, Key] = {}
        self._key: dict[int, Key] = {}
        for number, account, native_id, parent, thread in archive.connection.execute(_TALKING):
            keys = [("id", account, one) for one in (native_id, parent) if one]
            keys += [("thread", account, thread)] if thread else []
            self._key[number] = keys[0]
            for one in keys[1:]:
                self._above[self._top(one)] = self._top(keys[0])
        self._members: defaultdict[Key, set[int]] = defaultdict(set)
        for number, key in self._key.items():
            self._members[self._top(key)].add(number)

    def _top(self, key: Key) -> Key:
        """Return the key that stands for a conversation, and shorten the way to it."""
        way = []
        while (above := self._above.get(key, key)) != key:
            way.append(key)
            key = above
        for one in way:
            self._above[one] = key
        return key

    def of(self, records: Iterable[int]) -> set[int]:
        """Return records with everything that belongs to their conversations."""
        found = set(records)
        tops = {self._top(self._key[one]) for one in found if one in self._key}
        return found.union(*(self._members[top] for top in tops))
