"""The fictional city of Milbrook: what happens on its accounts, its backups over three months, and the truth."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec

from demo import facebook_life, happened, life, lists_life, mail_life, schedule, shown, x_life
from demo.days import stored
from demo.every import families
from demo.life import Life
from demo.lives import Lives, alone
from demo.oracle import Oracle
from demo.schedule import Planned
from demo.truth import AccountTruth, BackupTruth, Truth
from demo.world import Account

HOUSEHOLDS: dict[str, Lives] = {
    "fb-city": alone(facebook_life.city),
    "mail": mail_life.mailboxes,
    "fb-parks": alone(facebook_life.parks),
    "x-city": alone(x_life.city),
    "news": alone(lists_life.news),
    "x-police": alone(x_life.police),
    "alerts": alone(lists_life.alerts),
}
"""Accounts whose lives are made together, the largest first; each has its own chance, so none disturbs another."""

EVERY = families.ACCOUNTS
"""Accounts on all other platforms that Muniment reads."""

ACCOUNTS = ("x-city", "x-police", "fb-city", "fb-parks", "mail-clerk", "mail-parks", "news", "alerts")
PLATFORMS = {
    "x": "X", "facebook": "Facebook", "youtube": "YouTube", "nextdoor": "Nextdoor", "instagram": "Instagram",
    "threads": "Threads", "mastodon": "Mastodon", "bluesky": "Bluesky", "linkedin": "LinkedIn", "tiktok": "TikTok",
    "reddit": "Reddit", "flickr": "Flickr",
}  # fmt: skip
"""The names of platforms on which an account is known by the city's name."""
TOLD_WITHOUT_IDS = ("facebook", "instagram", "threads", "linkedin", "tiktok", "sms", "whatsapp")
"""Platforms of which some format shows things without their ids."""
BESIDE = 4
"""The scale from which households are made by two processes, and the truth no longer lists every record."""


def generate(folder: Path, seed: int = 1, scale: float = 1, accounts: Sequence[str] = ACCOUNTS) -> Truth:
    """Write the city's backups and ``truth.json`` into a folder; the same seed gives the same bytes.

    ``scale`` is how many times as much happens; below 1 only the story of the swimming pool stays whole.
    ``accounts`` may also name accounts of :data:`EVERY`, which are on other platforms.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {one.accounts[0].name: one for some in _households(folder, seed, scale, accounts) for one in some}
    truth = Truth()
    for name in accounts:
        truth.add(parts[name])
    truth.save(folder / "truth.json")
    return truth


def _households(folder: Path, seed: int, scale: float, accounts: Sequence[str]) -> Iterator[list[Truth]]:
    others = [names for names in families.HOUSEHOLDS if set(names.split()) & set(accounts)]
    names = [*HOUSEHOLDS, *others] if set(accounts) & set(ACCOUNTS) else others
    if scale < BESIDE:
        yield from (_household(name, folder, seed, scale) for name in names)
        return
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), max_tasks_per_child=1) as beside:
        running = [beside.submit(_household_beside, name, folder, seed, scale) for name in names]
        for one in running:
            yield msgspec.msgpack.decode(one.result(), type=list[Truth])


def _household_beside(name: str, folder: Path, seed: int, scale: float) -> bytes:
    gc.disable()
    return msgspec.msgpack.encode(_household(name, folder, seed, scale))


def _household(name: str, folder: Path, seed: int, scale: float) -> list[Truth]:
    return [_account(folder, one, scale < BESIDE) for one in (HOUSEHOLDS | families.HOUSEHOLDS)[name](seed, scale)]


def _account(folder: Path, lived: Life, is_listed: bool) -> Truth:
    """Write an account's backups and return the truth about it."""
    account = lived.account
    planned = schedule.of(account.name, (*schedule.PLANNED, *families.PLANNED))
    oracle = Oracle(account)
    truth = Truth(accounts=[_registered(account)], questions=lived.questions, spots=lived.spots)
    for one in planned:
        one.format.write(folder / one.file, account, one.at, one.list_name)
        truth.backups.append(_held(account, one, is_listed))
        truth.evidence.extend(oracle.look(one))
    if planned:
        truth.happened = happened.happenings(account, planned[-1].at)
    truth.memberships = happened.memberships(account)
    if is_listed:
        truth.threads = happened.threads(account)
        truth.moments = {account.name: happened.moments(account)} if account.platform in TOLD_WITHOUT_IDS else {}
    truth.quiet_weeks = {account.name: life.quiet_weeks(account)} if account.entries else {}
    return truth


def _registered(account: Account) -> AccountTruth:
    where = PLATFORMS.get(account.platform)
    title = f"{account.title} on {where}" if where else account.title
    return AccountTruth(account.name, account.platform, account.department, title, account.handle)


def _held(account: Account, one: Planned, is_listed: bool) -> BackupTruth:
    kinds, records = shown.counted(one.format.show(account, one.at, one.list_name))
    made_at = stored(one.speaks_for)
    return BackupTruth(
        one.file, account.name, one.format.name, made_at, sum(kinds.values()), kinds, records if is_listed else {},
        list_name=one.list_name, complete=True if one.format.declared else None,
        exported_on=one.day if one.format.dated else None,
    )  # fmt: skip
