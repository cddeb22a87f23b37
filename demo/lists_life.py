"""Life of the lists: people join, leave, bounce, are taken off without a trace, and come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from msgspec.structs import replace

from demo import days, story, texts
from demo.days import BEGINNING, DAY, END
from demo.life import FATES, Life
from demo.people import Person
from demo.world import Account, Newsletter, Subscription

WEEKLY = "Milbrook Weekly"
POOL = "Pool and Recreation"
FOLLOWERS = "followers"
SURGE = (days.local("2026-02-19 13:00"), days.local("2026-03-05 20:00"))
"""When the pool is closed, many want to know when it opens."""


Ways = dict[Literal["", "author", "platform"], float]
"""The chances to leave a list, by who ends it."""


def followers(lived: Life, count: int, native_id: Callable[[Person], str] = lambda one: one.x_id) -> list[Subscription]:
    """Return the followers of an account: who leaves, leaves without a trace."""
    return members(lived, FOLLOWERS, count, lambda one, _: native_id(one), {"author": 0.09})


def news(seed: int, scale: float) -> Life:
    """Return the life of the newsletter's account: two lists, with people who are on both."""
    account = Account(
        name="news", platform="mailchimp", department="Clerk-Treasurer", title="Newsletters of the City of Milbrook",
        handle="news@milbrook.example",
    )  # fmt: skip
    lived = Life(account, Random(f"{seed}/news"), seed, scale)
    ways: Ways = {"author": 0.09, "platform": 0.03, "": 0.03}
    for name, count, start in ((WEEKLY, 620, 31_000_000), (POOL, 330, 52_000_000)):
        account.subscriptions += members(lived, name, lived.times(count), _numbered(start), ways)
    account.newsletters = sorted([*_issues(lived), *story.issues()], key=lambda one: (one.at, one.list_name))
    return lived


def alerts(seed: int, scale: float) -> Life:
    """Return the life of the alert service, which knows its subscribers by address alone."""
    account = Account(
        name="alerts", platform="govdelivery", department="Clerk-Treasurer", title="Alerts of the City of Milbrook",
        handle="alerts@milbrook.example",
    )  # fmt: skip
    lived = Life(account, Random(f"{seed}/alerts"), seed, scale)
    account.subscriptions = members(
        lived, "alerts", lived.times(520), lambda one, _: one.address, {"author": 0.06, "": 0.03}
    )
    return lived


def _numbered(start: int) -> Callable[[Person, int], str]:
    return lambda _, number: str(start + number * 7)


def members(
    lived: Life, name: str, count: int, native_id: Callable[[Person, int], str], ways: Ways
) -> list[Subscription]:
    """Return people on a list, by the day they joined; ``ways`` are the chances to leave by each way."""
    rng = lived.rng
    people = rng.sample(lived.people, min(count, len(lived.people)))
    joined = sorted(_joining(rng) for _ in people)
    found: list[Subscription] = []
    for number, (one, at) in enumerate(zip(people, joined, strict=True)):
        first = Subscription(
            id=native_id(one, number), person=one, list_name=name, joined_at=at,
            ip=f"198.51.100.{1 + int(rng.random() * 254)}", tags=_tags(rng),
        )  # fmt: skip
        found.append(first)
        found.extend(_leaving(rng, first, ways))
    return sorted(found, key=lambda one: (one.joined_at, one.id))


def _joining(rng: Random) -> datetime:
    first, last = SURGE if rng.random() < 0.06 else (BEGINNING, END - DAY * 3)
    return days.awake(rng, first + (last - first) * rng.random())


def _tags(rng: Random) -> tuple[str, ...]:
    chance = rng.random()
    return ("Pool",) if chance < 0.1 else ("Pool", "Español") if chance < 0.15 else ()


def _leaving(rng: Random, first: Subscription, ways: Ways) -> list[Subscription]:
    """End a subscription by chance; return the second one of whoever comes back."""
    chance = rng.random()
    for by, share in ways.items():
        if chance >= share:
            chance -= share
            continue
        since = first.joined_at + DAY
        if rng.random() < 0.7:
            since = max(since, FATES[0])
        if since >= FATES[1]:
            return []
        first.left_at = days.awake(rng, since + (FATES[1] - since) * rng.random())
        first.left_by = by
        if by == "platform" or rng.random() > 0.2:
            return []
        return _again(rng, first, first.left_at)
    return []


def _again(rng: Random, first: Subscription, left_at: datetime) -> list[Subscription]:
    back = days.awake(rng, left_at + DAY * rng.randint(3, 40))
    if back >= END:
        return []
    again = replace(first, joined_at=back, left_at=None, left_by="")
    return [again]


def _issues(lived: Life) -> list[Newsletter]:
    """A weekly issue on most Fridays, one about the pool on the first Wednesday of a month; in a tiny city fewer."""
    often = 0.93 * min(1, max(0.15, lived.scale))
    found: list[Newsletter] = []
    stationery = texts.book().letters
    at = days.local("2024-09-06 09:00")
    while at < END:
        local = at.astimezone(days.ZONE)
        if local.weekday() == 4 and lived.rng.random() < often:
            found.append(_issue(lived, WEEKLY, at, stationery.newsletters))
        if local.weekday() == 2 and local.day <= 7 and lived.rng.random() < often:
            found.append(_issue(lived, POOL, at + timedelta(hours=1), stationery.pool_news))
        at += DAY
    told = {(one.list_name, one.at.date()) for one in story.issues()}
    return [one for one in found if (one.list_name, one.at.date()) not in told]


def _issue(lived: Life, name: str, at: datetime, templates: list[str]) -> Newsletter:
    scene = texts.plain_scene(lived.rng)
    said = scene.say(lived.rng, texts.one_of(lived.rng, templates))
    subject = f"{name}, {at.astimezone(days.ZONE):%B %-d}"
    return Newsletter(id=f"{at:%Y%m%d}{name[0].lower()}", list_name=name, at=at, subject=subject, text=said.text)
