"""What Instagram's export and Threads, which it holds too, have in common: own things, pictures' places, followers.

Followers are a handle and the moment they came: who left and came back is somebody new.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from demo.days import stored
from demo.every.small_life import address_name
from demo.facebook import unix
from demo.meta_json import Json
from demo.shown import Item
from demo.world import Account, Entry, Media, Subscription


def own(account: Account, at: datetime) -> list[Entry]:
    """Return what the account itself wrote and what still stands."""
    return [one for one in account.standing(at) if one.author is None]


def path(entry: Entry, media: Media) -> str:
    """Return where an export has a picture."""
    return f"media/posts/{entry.at:%Y%m}/{entry.id}_{media.name}"


def followers(account: Account, at: datetime, profile: str) -> Iterator[Json]:
    """Yield those who follow; ``profile`` is the address of people's pages, before their handles."""
    return (_follower(one, profile) for one in account.subscriptions if one.stands(at))


def shown_followers(account: Account, at: datetime) -> Iterator[Item]:
    """Yield what a backup shows of them."""
    for one in account.subscriptions:
        if one.stands(at):
            who = f"{address_name(one.person)} since {stored(one.joined_at)}"
            yield Item(kind="subscriber", id=who, says=who, list_name="followers")


def _follower(one: Subscription, profile: str) -> Json:
    handle = address_name(one.person)
    entry = {"href": f"{profile}{handle}", "value": handle, "timestamp": unix(one.joined_at)}
    return {"title": "", "media_list_data": [], "string_list_data": [entry]}
