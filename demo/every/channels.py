"""What stands in an account's channels at a moment: what every writer of messages asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from demo.shown import Item
from demo.world import Account, Channel, Entry


def written(account: Account, at: datetime) -> Iterator[tuple[Channel, Entry]]:
    """Yield all that was written by a moment with its channel, deleted or not."""
    for channel in account.channels:
        for one in channel.entries:
            if one.at <= at:
                yield channel, one


def standing(account: Account, at: datetime) -> Iterator[tuple[Channel, Entry]]:
    """Yield what was written by a moment and is not deleted then."""
    return ((channel, one) for channel, one in written(account, at) if one.is_there(at))


def edited_at(one: Entry, at: datetime) -> datetime | None:
    """Return when a message was last edited before a moment, None if never."""
    last = one.wording(at)
    return last.at if last is not one.wordings[0] else None


def item(one: Entry, at: datetime, **facts: Any) -> Item:
    """Return a message as a format shows it that tells when it was last edited."""
    by = "city" if one.author is None else "author"
    told = {"says": one.wording(at).text, "changed_at": edited_at(one, at), "by": by}
    return Item(kind="message", id=one.id, **(told | facts))


def as_json(value: object) -> list[bytes]:
    """Return a JSON file as most platforms write it."""
    return [json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"]


def iso(moment: datetime | None) -> str | None:
    """Return a moment as ``2026-03-04T15:30:00.000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z") if moment else None


def milliseconds(moment: datetime) -> int:
    """Return the milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
