"""Merkle trees as RFC 6962 section 2.1 defines them, over SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one leaf: SHA-256(0x00 ‖ entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; a lone node is promoted to the next level."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    sha = hashlib.sha256
    while len(level) > 1:
        paired = [sha(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            paired.append(level[-1])
        level = paired
    return level[0]


def audit_path(leaves: Sequence[bytes], index: int) -> list[tuple[str, bytes]]:
    """Return what turns leaf ``index`` into the root: (side, sibling), from the leaf upwards.

    ``side`` says where the sibling stands, "left" or "right".
    """
    path: list[tuple[str, bytes]] = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < index else "right", level[sibling]))
        level = [root(level[i : i + 2]) for i in range(0, len(level), 2)]
        index //= 2
    return path


def root_from_path(leaf: bytes, path: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the root that ``leaf`` leads to along an audit path."""
    for side, sibling in path:
        leaf = node_hash(sibling, leaf) if side == "left" else node_hash(leaf, sibling)
    return leaf


def levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return every level of a tree, the leaves first, the root alone last: what many paths are read from."""
    found = [list(leaves)]
    while len(found[-1]) > 1:
        below = found[-1]
        found.append([root(below[i : i + 2]) for i in range(0, len(below), 2)])
    return found


def siblings(tree: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """Return what turns leaf ``index`` into the root, from the leaf upwards; the sides follow from index and count."""
    path: list[bytes] = []
    for level in tree:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        index //= 2
    return path


class Growing:
    """A root over leaves that come one by one, in the memory of a few of them."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash."""
        size = 1
        while self._peaks and self._peaks[-1][0] == size:
            leaf = node_hash(self._peaks.pop()[1], leaf)
            size *= 2
        self._peaks.append((size, leaf))

    def root(self) -> bytes:
        """Return the root over what was appended, the same as :func:`root`."""
        if not self._peaks:
            return EMPTY_ROOT
        found = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            found = node_hash(left, found)
        return found
