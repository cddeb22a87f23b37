"""Mail in which a platform tells that something was posted or answered: it stays a mail, and says of what it tells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from msgspec import Struct

DETAIL = "Notification"
"""The detail of a mail that names the platform."""


class Notice(Struct, frozen=True):
    """What a mail notifies of: the address of the item, without what its query says of the reader, and details."""

    url: str = ""
    details: dict[str, str] = {}


class _Platform(Struct, frozen=True):
    name: str
    senders: tuple[str, ...]
    item: re.Pattern[str]
    verified: bool

    def sends(self, address: str) -> bool:
        domain = address.rpartition("@")[2].casefold()
        return any(domain == one or domain.endswith(f".{one}") for one in self.senders)


@cache
def _platforms() -> tuple[_Platform, ...]:
    stored = tomllib.loads(files(__package__).joinpath("notices.toml").read_text(encoding="utf-8"))
    return tuple(
        _Platform(one["name"], tuple(one["senders"]), re.compile(one["item"]), one["verified"])
        for one in stored.values()
    )


def notice_of(sender: str, texts: Iterable[str]) -> Notice:
    """Return what a mail from this address notifies of: an empty notice unless an item's address stands in a text."""
    platform = next((one for one in _platforms() if one.sends(sender)), None)
    if platform is None:
        return Notice()
    found = next((match for text in texts if (match := platform.item.search(text))), None)
    if found is None:
        return Notice()
    doubt = "" if platform.verified else " (not verified)"
    return Notice(found[0], {DETAIL: f"from {platform.name}, by its sender’s address and the link in it{doubt}"})
