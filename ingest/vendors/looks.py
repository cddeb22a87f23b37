"""What the columns of an unknown table look like, and the words by which headings are known."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct

from ingest.date_order import order_told

WORDS_AT_MOST = 12
"""Different values that a column of kinds or states may have."""

ADDRESS = re.compile(r"https?://\S+")
NUMBER = re.compile(r"-?[\d.,]+")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MAY_BE_EMPTY = (
    "edited", "removed", "parent", "links", "tags", "mentions", "attachments", "to", "cc", "bcc",
)  # fmt: skip


class Hints(Struct, frozen=True):
    """The words of hints.toml: by field, by metric, by kind and by audience."""

    columns: dict[str, tuple[str, ...]]
    metrics: dict[str, tuple[str, ...]]
    kinds: dict[str, tuple[str, ...]]
    status: dict[str, tuple[str, ...]]


class Looks(Struct, frozen=True):
    """What the values of a column look like: shares from 0 to 1 of those that are not empty."""

    filled: int
    dates: float
    addresses: float
    mails: float
    numbers: float
    distinct: float
    length: float
    words: tuple[str, ...]


@cache
def hints() -> Hints:
    """Return the words that come with Muniment."""
    text = (resources.files(__package__) / "hints.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Hints)


def simple(heading: str) -> str:
    """Return a heading as hints are written: lower case, a blank between words (``postDate`` is two)."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.findall(r"[^\W_]+", spaced.casefold()))


def looks(values: Sequence[str]) -> Looks:
    """Return what the values of one column look like."""
    filled = [one for one in values if one]
    count = max(len(filled), 1)
    reader = order_told(filled)
    often = Counter(filled)
    return Looks(
        filled=len(filled),
        dates=sum(not one.isdigit() and reader.read(one).at is not None for one in filled) / count,
        addresses=sum(ADDRESS.fullmatch(one) is not None for one in filled) / count,
        mails=sum(_MAIL.fullmatch(one) is not None for one in filled) / count,
        numbers=sum(NUMBER.fullmatch(one) is not None for one in filled) / count,
        distinct=len(often) / count,
        length=sum(map(len, filled)) / count,
        words=tuple(sorted(often)) if len(often) <= WORDS_AT_MOST else (),
    )


def fits(field: str, look: Looks) -> bool:
    """Say whether the values of a column can be what its name promises."""
    if not look.filled:
        return field in _MAY_BE_EMPTY
    if field in ("created", "edited", "removed"):
        return look.dates > 0.5 or look.numbers > 0.9
    if field.startswith("metrics."):
        return look.numbers > 0.5
    if field == "native_id":
        return look.distinct > 0.9
    if field == "url":
        return look.addresses > 0.5
    if field in ("kind", "status"):
        return bool(look.words)
    return field != "text" or look.dates < 0.5


def told(look: Looks) -> str:
    """Return in words what a column's values look like."""
    if not look.filled:
        return "it is empty"
    shares = {"dates": look.dates, "addresses of pages": look.addresses, "mail addresses": look.mails}
    told = [f"{share:.0%} {name}" for name, share in shares.items() if share]
    return ", ".join([*told, f"{look.distinct:.0%} different", f"{look.length:.0f} characters on average"])
