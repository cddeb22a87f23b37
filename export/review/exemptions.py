"""Why a record may stay in: the exemptions a reviewer chooses from, ``exemptions.toml``, typed."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from archive.errors import ExitCode, MunimentError


class UnknownExemption(MunimentError):
    """No exemption has this code."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, code: str, codes: Sequence[str]) -> None:
        super().__init__(f"There is no exemption {code!r}. Choose one of: {', '.join(codes)}.")


class Exemption(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One exemption. ``code`` is what a reviewer types, ``citation`` and ``title`` what the requester reads.

    ``balancing`` means that the reason must be written for each record. ``checked_on`` is when the entry was last read
    against a source; ``verified`` says whether a source was there. ``note`` is for the reviewer alone.
    """

    code: str
    citation: str
    title: str
    checked_on: date
    verified: bool
    balancing: bool = False
    note: str = ""


class _Exemptions(Struct, frozen=True, forbid_unknown_fields=True):
    exemptions: tuple[Exemption, ...]


def source() -> bytes:
    """Return ``exemptions.toml`` as it is today, so that a production can keep what it was made by."""
    return (files(__package__) / "exemptions.toml").read_bytes()


def read(toml: bytes) -> tuple[Exemption, ...]:
    """Return the exemptions of a list, in the order in which they are offered."""
    return msgspec.convert(tomllib.loads(toml.decode()), _Exemptions).exemptions


@cache
def listed() -> tuple[Exemption, ...]:
    """Return today's exemptions."""
    return read(source())


def get(code: str, among: Sequence[Exemption] | None = None) -> Exemption:
    """Return the exemption with this code, today's or one of others; raises :class:`UnknownExemption`."""
    known = listed() if among is None else among
    found = next((one for one in known if one.code == code), None)
    if found is None:
        raise UnknownExemption(code, [one.code for one in known])
    return found
