"""What makes two items the same thing, and two contents the same: keyed hashes that a stub may keep.

Both are HMAC-SHA256 under the archive's key, so that an old backup read again does not revive what
was destroyed, and nobody without the key can test a guess (docs/design.md, section 2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from archive.canonical import FORMAT, canonical
from archive.records import Kind
from archive.version_digest import Field

PROVENANCE = ("created", "edited", "removed", "thread", "parent", "url", "native_id", "native", "place")
"""Fields that say where an item stood or how exact its source was: no part of what a person wrote."""

AUTHOR_IS_CONTENT: frozenset[Kind] = frozenset({"subscriber", "profile"})
"""Kinds whose author's name is what the record says; elsewhere a new display name edits nothing."""

PLATFORM_SAYS = "platform says"
"""Begins the keys of details that a platform words itself, in the language of whoever exported: no content."""

RECIPIENTS_ARE_NOT: frozenset[Kind] = frozenset({"message"})
"""Kinds whose recipients are whoever is in the conversation at the time of a backup, by their names of that time."""

LABELS_ARE_NOT: frozenset[Kind] = frozenset({"email"})
"""Kinds whose tags and details are a mailbox's labels and headers, which move without an edit."""


def identity(key: bytes, account: str, kind: Kind, native_id: str) -> bytes:
    """Return the 32-byte identity of an item at its source."""
    return keyed_hash(key, FORMAT + canonical(["identity", account, kind, native_id]))


def content_hash(key: bytes, kind: Kind, found: Iterable[Field]) -> bytes:
    """Return the 32-byte hash of what a person would call the content, for matching only."""
    matched = [field for field in found if _is_matched(kind, field[0])]
    return keyed_hash(key, FORMAT + canonical(["content", kind, matched]))


def keyed_hash(key: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA256 (RFC 2104): what ``hmac.digest`` does, without hashing the key anew each time."""
    inner, outer = _keyed(key)
    inner, outer = inner.copy(), outer.copy()
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()


@lru_cache(maxsize=16)
def _keyed(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Return the two hashes of HMAC as they stand once the key has gone in."""
    block = (key if len(key) <= 64 else hashlib.sha256(key).digest()).ljust(64, b"\x00")
    return hashlib.sha256(bytes(one ^ 0x36 for one in block)), hashlib.sha256(bytes(one ^ 0x5C for one in block))


@lru_cache(maxsize=10_000)
def _is_matched(kind: Kind, name: str) -> bool:
    if name in PROVENANCE or name.startswith(f"details.{PLATFORM_SAYS}"):
        return False
    stem = name.partition(".")[0]
    if stem == "author":
        return kind in AUTHOR_IS_CONTENT
    if stem == "recipients":
        return kind not in RECIPIENTS_ARE_NOT
    return not (kind in LABELS_ARE_NOT and stem in ("tags", "details"))
