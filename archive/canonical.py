"""Canonical JSON (RFC 8785 without floats) and the format byte that everything hashed starts with."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

FORMAT = b"\x01"
"""The version of the hash format. A change to any rule of hashing is a new byte, never a new meaning."""

_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of strings, integers, booleans, None, lists and string-keyed dicts.

    Keys are ours and ASCII, so msgspec's order by bytes is RFC 8785's order by UTF-16 code unit. A lone
    surrogate raises UnicodeEncodeError. A test holds the bytes against the standard library's encoder.
    """
    return _encode(value)


def canonical_text(value: Any) -> str:
    """Return canonical JSON as text, the form in which it is stored."""
    return _encode(value).decode()


def storable(text: str) -> str:
    """Return text that can be stored and hashed: half characters (lone surrogates) become U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def sha256(payload: bytes) -> bytes:
    """Return the 32 bytes of SHA-256."""
    return hashlib.sha256(payload).digest()
