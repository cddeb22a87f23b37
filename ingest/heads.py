"""The beginnings of a backup's files while its format is told: every format asks for them, and files are read once."""

from __future__ import annotations

from collections.abc import Callable


class Heads:
    """Beginnings of files, as far as any format has asked for them; no more than ``most`` bytes are kept."""

    def __init__(self, most: int = 16 << 20) -> None:
        self._left = most
        self._by_member: dict[object, tuple[int, bytes]] = {}

    def of(self, member: object, limit: int, read: Callable[[int], bytes]) -> bytes:
        """Return a member's first ``limit`` bytes: kept ones, or read and kept."""
        asked, head = self._by_member.get(member, (0, b""))
        if limit > asked == len(head):
            head = read(limit)
            if len(head) <= self._left:
                self._left -= len(head)
                self._by_member[member] = (limit, head)
        return head[:limit]
