"""Whom notice goes to, for how long, and by what law (``society.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Society(Struct, frozen=True, forbid_unknown_fields=True):
    """The State Historical Society, and the notice that it is given. ``checked``: somebody looked the address up."""

    days: int
    citation: str
    name: str
    attention: str
    address: tuple[str, ...]
    checked: bool


@cache
def society() -> Society:
    """Return the society that has to be given notice here."""
    return msgspec.convert(tomllib.loads((files(__package__) / "society.toml").read_text(encoding="utf-8")), Society)
