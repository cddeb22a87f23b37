"""What platforms take down by themselves: stories after a day, live video after a month (expiring.toml)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from archive import clock
from archive.archive import Archive
from archive.matching import PLATFORM_SAYS

EXPIRED = "expired by design"
UNKNOWN = "unknown"


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One sort of item that expires: of which kinds and platforms (none: any), what the platform says, after how long.

    ``since`` is the day from which the platform does so, where it has not always.
    """

    kinds: tuple[str, ...]
    days: int
    source: str
    platforms: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    since: str = ""


class _Rules(Struct, frozen=True):
    rules: tuple[Rule, ...]


@cache
def rules() -> Sequence[Rule]:
    """Return the rules of ``expiring.toml``."""
    text = files(__package__).joinpath("expiring.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Rules).rules


def cause(archive: Archive, record: int, kind: str, by: str) -> str:
    """Say why a record may be absent from a backup made at ``by`` (a stored time): by design, or nobody knows."""
    if not any(kind in rule.kinds for rule in rules()):
        return UNKNOWN
    platform, created_at, details = archive.connection.execute(
        "SELECT r.platform, coalesce(r.created_at, ''), coalesce(c.details, '{}') FROM record r"
        " JOIN content c ON c.id = r.version WHERE r.id = ?",
        (record,),
    ).fetchone()
    told = _sentences(json.loads(details))
    return EXPIRED if any(_answers(rule, kind, platform, created_at, by, told) for rule in rules()) else UNKNOWN


def _answers(rule: Rule, kind: str, platform: str, created_at: str, by: str, told: str) -> bool:
    if kind not in rule.kinds or (rule.platforms and platform not in rule.platforms):
        return False
    if by < rule.since or (rule.says and not any(words in told for words in rule.says)):
        return False
    return not created_at or clock.read_stored(created_at) + timedelta(days=rule.days) <= clock.read_stored(by)


def _sentences(details: Mapping[str, str]) -> str:
    return "\n".join(value for name, value in details.items() if name.startswith(PLATFORM_SAYS)).casefold()
