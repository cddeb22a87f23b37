"""The library's contacts at Constant Contact: who is on its lists, who opted out, whom the city took off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from msgspec.structs import replace

from demo import days, lists_life, tables
from demo.life import FATES, Life
from demo.lists import standing
from demo.lives import Lives, alone
from demo.schedule import ANY_KIND, Format, Planned, evenings
from demo.shown import Item
from demo.world import Account, Subscription

ALL = "All contacts"
LISTS = {"Library News": 0.9, "Story Time, Ages 3–5": 0.35}
"""The account's lists, and the chance that a contact is on each."""

TAKEN_OFF = 0.06
"""The chance that the city takes somebody off a list and keeps the contact."""

RETAGGED_AT = days.local("2026-03-20 10:15")
LONG_SINCE = days.local("2025-03-20 00:00")
"""In March everybody who joined more than a year before gets a tag."""

COLUMNS = (
    "Email address", "First name", "Last name", "Company", "Email status", "Email permission status",
    "Email update source", "Confirmed Opt-Out Date", "Confirmed Opt-Out Source", "Confirmed Opt-Out Reason",
    "Email Lists", "Tags", "Source Name", "Created At", "Updated At",
)  # fmt: skip


# -- life


def library(seed: int, scale: float) -> Life:
    """Return the life of the library's account: contacts, and on which lists they are."""
    account = Account(
        name="library-news", platform="constant-contact", department="Library",
        title="Newsletters of Milbrook Public Library", handle="library@milbrook.example",
    )  # fmt: skip
    lived = Life(account, Random(f"{seed}/library-news"), seed, scale)
    ways: lists_life.Ways = {"author": 0.1, "": 0.05}
    contacts = lists_life.members(lived, ALL, lived.times(240), lambda one, _: one.address, ways)
    account.subscriptions = [one for contact in contacts for one in _spans(lived.rng, _retagged(contact))]
    return lived


def _retagged(one: Subscription) -> Subscription:
    is_meant = one.joined_at < LONG_SINCE and one.stands(RETAGGED_AT)
    return replace(one, retagged=((RETAGGED_AT, (*one.tags, "Longtime")),)) if is_meant else one


def _spans(rng: Random, contact: Subscription) -> Iterator[Subscription]:
    """Yield a contact's span in the account and those on lists, which end with it or before."""
    yield contact
    for name, chance in LISTS.items():
        if rng.random() < chance:
            one = replace(contact, id=f"{name}: {contact.id}", list_name=name)
            at = days.awake(rng, FATES[0] + (FATES[1] - FATES[0]) * rng.random())
            if rng.random() < TAKEN_OFF and contact.stands(at):
                one = replace(one, left_at=at, left_by="")
            yield one


# -- what an export holds


def write(path: Path, account: Account, at: datetime) -> None:
    """Write all contacts with all columns, as of a moment; who opted out stays, on whatever lists they were."""
    rows = (_row(one, _lists_of(account, one, at), at) for one in standing(account, at, ALL))
    with path.open("wb") as file:
        file.writelines(tables.lines(COLUMNS, rows, quote_all=True))


def _lists_of(account: Account, contact: Subscription, at: datetime) -> list[Subscription]:
    lists = (one for one in account.subscriptions if one.list_name != ALL and one.person == contact.person)
    return [one for one in lists if one.joined_at == contact.joined_at and (one.left_by or one.stands(at))]


def _row(one: Subscription, lists: Sequence[Subscription], at: datetime) -> Sequence[str]:
    first, _, last = one.person.name.partition(" ")
    opted_out = one.left_at if not one.stands(at) else None
    return (
        one.person.address, first, last, "", "Unsubscribed" if opted_out else "Active", "" if opted_out else "Express",
        "Contact", _time(opted_out) if opted_out else "", "Contact" if opted_out else "",
        "Too many e-mails" if opted_out else "", ", ".join(_quoted(each.list_name) for each in lists),
        ", ".join(one.tags_at(at)), "Website Sign-Up Form", _time(one.joined_at), _time(_updated(one, at)),
    )  # fmt: skip


def _quoted(name: str) -> str:
    return f'"{name}"' if "," in name else name


def _updated(one: Subscription, at: datetime) -> datetime:
    moments = [one.joined_at, *(moment for moment, _ in one.retagged), *([one.left_at] if one.left_at else [])]
    return max(moment for moment in moments if moment <= at)


def _time(at: datetime) -> str:
    return at.astimezone(days.ZONE).strftime("%Y-%m-%d %H:%M:%S %z")


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Every contact once, and once for each of its lists; the opt-out is the contact's own doing, with its moment."""
    for contact in standing(account, at, ALL):
        for one in (contact, *_lists_of(account, contact, at)):
            is_on = contact.stands(at)
            yield Item(
                kind="subscriber", id=one.id, list_name=one.list_name,
                says=f"{one.person.name}, {contact.tags_at(at)}",
                audience="there" if is_on else "removed",
                changed_at=_updated(contact, at) if is_on else None,
                removed_at=None if is_on else contact.left_at,
                by="unknown" if is_on else "author",
            )  # fmt: skip


CONSTANT_CONTACT = Format(
    "constant-contact", lambda path, account, at, _: write(path, account, at), show, ANY_KIND, declared=True
)

HOUSEHOLDS: dict[str, Lives] = {"library-news": alone(library)}

PLANNED: tuple[Planned, ...] = tuple(
    evenings("library-news", CONSTANT_CONTACT, "library-contacts", "csv", "2026-02-28", "2026-03-31", "2026-05-01")
)
