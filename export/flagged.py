"""What is pointed out before it goes out: columns of subscriber lists, and keys in records' own bytes."""

from __future__ import annotations

import fnmatch
import ipaddress
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct


class Flag(Struct, frozen=True):
    """A sort of column that is pointed out before it goes out, by its name or its values."""

    what: str
    names: tuple[str, ...]
    why: str
    values: str = ""


class Natives(Struct, frozen=True):
    """Keys that keep a record's own bytes in, and headers of a message that are pointed out."""

    keys: tuple[str, ...]
    headers: tuple[str, ...]


class Flags(Struct, frozen=True):
    """All of ``flagged.toml``."""

    flags: tuple[Flag, ...]
    natives: Natives


@cache
def flags() -> Flags:
    """Return what is flagged; the flags of columns in the order in which they are tried."""
    return msgspec.convert(tomllib.loads((files("export") / "flagged.toml").read_text(encoding="utf-8")), Flags)


def flag_of(name: str, values: Sequence[Any]) -> Flag | None:
    """Return the flag of a column by its name and some of its values, None if it has none."""
    return next((one for one in flags().flags if _is_flagged(one, name, values)), None)


def _is_flagged(flag: Flag, name: str, values: Sequence[Any]) -> bool:
    if any(fnmatch.fnmatchcase(name.casefold(), pattern) for pattern in flag.names):
        return True
    return flag.values == "ip" and any(_is_ip(str(value)) for value in values)


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_native_flagged(native: bytes) -> bool:
    """Say whether a record's own bytes hold a key that keeps them in."""
    return _keys().search(native) is not None


@cache
def _keys() -> re.Pattern[bytes]:
    keys = b"|".join(re.escape(key.encode()) for key in flags().natives.keys)
    return re.compile(rb'"(?:' + keys + rb')"\s*:', re.IGNORECASE)


def flagged_header(native: bytes) -> str:
    """Return the name of a message's header that tells from which computer it was written; empty if none does."""
    found = _headers().search(re.split(rb"\r?\n\r?\n", native[:HEADER], maxsplit=1)[0])
    return found[1].decode("ascii") if found else ""


HEADER = 1 << 18
"""Bytes of a message in which its headers are looked for."""


@cache
def _headers() -> re.Pattern[bytes]:
    names = b"|".join(re.escape(name.encode()) for name in flags().natives.headers)
    return re.compile(rb"^(" + names + rb")[ \t]*:", re.IGNORECASE | re.MULTILINE)
