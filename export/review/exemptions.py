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


@cache
def listed() -> tuple[Exemption, ...]:
    """Return all exemptions, in the order in which they are offered."""
    read = tomllib.loads((files(__package__) / "exemptions.toml").read_text(encoding="utf-8"))
    return msgspec.convert(read, _Exemptions).exemptions


def get(code: str) -> Exemption:
    """Return the exemption with this code; raises :class:`UnknownExemption`, which names them all."""
    found = next((one for one in listed() if one.code == code), None)
    if found is None:
        raise UnknownExemption(code, [one.code for one in listed()])
    return found
