"""Who is in a channel, how much is said there, and what a platform lets become of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from demo.life import Life
from demo.people import Person, person
from demo.world import Channel, Entry


class Habits(Struct, frozen=True, kw_only=True):
    """What becomes of messages on a platform, as chances.

    ``edit_within`` and ``delete_within`` are how long the platform allows it (None: for ever); ``trashed`` and
    ``back`` are chances of what is deleted; ``whole`` means that a talk is deleted whole, ``by_holder`` that
    only whoever has the account deletes, from it alone. ``eves`` are days on whose
    evenings people talk once more, ``calls`` and ``pictures`` how often they call and send a photograph.
    """

    edited: float = 0.1
    deleted: float = 0.08
    edit_within: timedelta | None = None
    delete_within: timedelta | None = None
    trashed: float = 0
    back: float = 0
    whole: bool = False
    by_holder: bool = False
    eves: tuple[str, ...] = ()
    calls: float = 0
    pictures: float = 0.06
    arrivals: bool = True


class Plan(Struct, frozen=True, kw_only=True):
    """A channel to be lived in: who is in it beside the account, and how many talks there are at scale 1.

    ``with_account`` tells that the account itself speaks in it, as in all of a citizen's talks and the news.
    """

    channel: Channel
    voice: Literal["crew", "citizen", "news"]
    talks: float
    with_account: bool = True


Naming = Callable[[Channel, Entry, int], str]
"""Gives a message its id at the platform: the channel, the message without an id, how many came before it, from 1."""


def staff(seed: int, account: str, count: int) -> tuple[Person, ...]:
    """Return people who work for the city, with its addresses; no two share a name or a number."""
    rng = Random(f"{seed}/{account}/staff")
    found: dict[str, Person] = {}
    while len(found) < count:
        one = person(rng)
        at_city = replace(one, address=f"{one.handle.rstrip('0123456789').replace('_', '.')}@milbrook.example")
        if one.name not in {each.name for each in found.values()}:
            found.setdefault(one.phone, at_city)
    return tuple(found.values())


def citizens(lived: Life, count: int) -> tuple[Person, ...]:
    """Return residents, no two of whom share a number or a name."""
    by_name = {one.name: one for one in lived.people}
    return tuple({one.phone: one for one in by_name.values()}.values())[:count]


def chance(seed: int, account: str) -> Random:
    """Return an account's own chance."""
    return Random(f"{seed}/{account}")
