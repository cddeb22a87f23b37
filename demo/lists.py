"""Who stands on the lists of an account at a moment, and how: what every writer of lists asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from demo.world import Account, Subscription


def standing(account: Account, at: datetime, list_name: str | None = None) -> list[Subscription]:
    """Return of each entry in a list (None: in all lists) the last span that has begun by a moment, by its id."""
    found: dict[tuple[str, str], Subscription] = {}
    for one in account.subscriptions:
        if one.joined_at <= at and list_name in (None, one.list_name):
            before = found.get((one.list_name, one.id))
            if before is None or before.joined_at <= one.joined_at:
                found[one.list_name, one.id] = one
    return sorted(found.values(), key=lambda one: (one.joined_at, one.id))


def status(one: Subscription, at: datetime) -> str:
    """Return how Mailchimp calls a subscription at a moment: subscribed, unsubscribed or cleaned."""
    if one.left_at is None or one.left_at > at:
        return "subscribed"
    return "cleaned" if one.left_by == "platform" else "unsubscribed"


def lists(account: Account) -> list[str]:
    """Return the names of an account's lists, in order."""
    return sorted({one.list_name for one in account.subscriptions} | {one.list_name for one in account.newsletters})


def on_list(subscriptions: Iterable[Subscription], at: datetime) -> Iterator[Subscription]:
    """Yield the subscriptions that hold at a moment."""
    return (one for one in subscriptions if one.joined_at <= at and (one.left_at is None or one.left_at > at))
