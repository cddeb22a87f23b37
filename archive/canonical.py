"""Canonical JSON (RFC 8785 without floats) and the format byte that everything hashed starts with."""

from __future__ import annotations

import hashlib
import json
from json.encoder import encode_basestring
from typing import Any

FORMAT = b"\x01"
"""The version of the hash format. A change to any rule of hashing is a new byte, never a new meaning."""

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(value: Any) -> str:
    """Return the canonical JSON text of strings, integers, booleans, None, lists and string-keyed dicts.

    Keys are ours and ASCII, so sorting by code point is RFC 8785's order by UTF-16 code unit.
    """
    return _encode(value)


def canonical_text(value: str) -> str:
    """Return the canonical JSON text of one string; the fast path of :func:`canonical`."""
    return encode_basestring(value)


def sha256(payload: bytes) -> bytes:
    """Return the 32 bytes of SHA-256."""
    return hashlib.sha256(payload).digest()
