"""What a backup of each format shows of an account at a moment: the side of the truth that can be seen.

Written from the formats' own rules alone; no reader of Muniment has a part in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from demo import facebook_export, lists, mailboxes, mailchimp, x_archive
from demo.world import Account, Entry, Subscription


class Item(Struct, frozen=True, kw_only=True):
    """One thing as a backup shows it.

    ``says`` is what a change of makes an edit; ``edits`` are the moments of earlier changes that the format
    tells, each with an item of its own in it (``rows`` in all); ``changed_at`` is when it says that this last
    changed, ``removed_at`` when it was removed, both ``by`` whom. ``removed_by`` is who removed it, where the
    format tells that and no moment. ``has_time`` False: neither id nor time ties it to what else the account's
    backups show, unless they have shown it before.
    """

    kind: str
    id: str
    says: str
    audience: Literal["there", "hidden", "removed"] = "there"
    edits: tuple[datetime, ...] = ()
    changed_at: datetime | None = None
    removed_at: datetime | None = None
    removed_by: str = ""
    by: str = "city"
    list_name: str = ""
    rows: int = 1
    has_time: bool = True


ALBUM = ("album", "album, photo 1")
"""The album of the profile's picture and the picture, which an export of a Page has beside its posts."""

Show = Callable[[Account, datetime, str], Iterator[Item]]
"""Yields what a backup of an account (and list) made at a moment shows."""


def by_x_archive(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own posts with every edit, those deleted in the last two weeks, messages, followers, the profile."""
    for one in account.entries:
        if one.author is None and one.at <= at:
            gone = one.absence(at)
            if gone is None or at - gone.since <= x_archive.KEPT_AFTER_DELETION:
                yield _tweet(one, at, gone.since if gone else None)
    yield from messages(account, at)
    yield from (_member(one, one.id) for one in account.subscriptions if one.stands(at))
    yield profile(account, at)


def _tweet(one: Entry, at: datetime, removed_at: datetime | None) -> Item:
    wordings = [wording for wording in one.wordings if wording.at <= at]
    return Item(
        kind="post", id=one.id, says=wordings[-1].text, audience="removed" if removed_at else "there",
        edits=tuple(wording.at for wording in wordings[1:]), removed_at=removed_at, rows=len(wordings),
    )  # fmt: skip


def by_facebook_export(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The Page's own posts and comments, its trash, messages, the names of followers, the profile."""
    for one in account.standing(at):
        if one.author is None:
            edits = facebook_export.told_wordings(one, at)[1:]
            yield _facebook(one, at, edits=tuple(each.at for each in edits))
    for one in facebook_export.in_trash(account, at):
        gone = one.absence(at)
        yield _facebook(one, at, audience="removed", removed_at=gone.since if gone else None, has_time=False)
    yield from (Item(kind="post", id=one, says=one) for one in ALBUM)
    yield from messages(account, at)
    names: Counter[str] = Counter()
    for member in account.subscriptions:
        if member.stands(at):
            names[member.person.name] += 1
            yield _member(member, f"{member.person.name}#{names[member.person.name]}")
    yield profile(account, at, "profile")


def by_facebook_graph(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Everybody's posts and comments, hidden ones with their flag; what is deleted is gone."""
    for one in account.standing(at):
        gone = one.absence(at)
        yield _facebook(one, at, audience="hidden" if gone else "there")
    yield profile(account, at)


def _facebook(one: Entry, at: datetime, **facts: Any) -> Item:
    return Item(kind=one.kind, id=one.id, says=one.wording(at).text, **facts)


def by_mailchimp_audience(account: Account, at: datetime, list_name: str) -> Iterator[Item]:
    """Who is on a list, and who has left it, when and by whom; but nobody whom the city took off."""
    for one in lists.standing(account, at, list_name):
        says = f"{one.person.name}, {one.joined_at}"
        if one.stands(at):
            yield Item(
                kind="subscriber", id=one.id, says=says, list_name=one.list_name, changed_at=one.joined_at, by="unknown"
            )
        else:
            yield Item(
                kind="subscriber", id=one.id, says=says, list_name=one.list_name, audience="removed",
                removed_at=one.left_at, by=one.left_by,
            )  # fmt: skip


def by_mailchimp_account(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """All lists, and all issues."""
    for name in lists.lists(account):
        yield from by_mailchimp_audience(account, at, name)
    for one in account.newsletters:
        if one.at <= at:
            yield Item(kind="email", id=mailchimp.campaign_id(one), says=one.text, list_name=one.list_name)


def by_govdelivery(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """All contacts; who has left all topics stays as one without any."""
    for one in lists.standing(account, at):
        audience: Literal["there", "hidden"] = "there" if one.stands(at) else "hidden"
        yield Item(kind="subscriber", id=one.id, says=one.person.address, audience=audience)


def by_mbox(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Every letter that is in the mailbox."""
    for one in mailboxes.held(account, at):
        yield Item(kind="email", id=one.id, says=one.text, list_name=one.list_id)


def messages(account: Account, at: datetime) -> Iterator[Item]:
    """Yield the private messages that were written by a moment."""
    for talk in account.conversations:
        for line in talk.lines:
            if line.at <= at:
                yield Item(kind="message", id=line.id, says=line.text)


def _member(one: Subscription, native_id: str) -> Item:
    return Item(kind="subscriber", id=native_id, says=one.person.name, list_name=one.list_name)


def profile(account: Account, at: datetime, native_id: str = "") -> Item:
    """Return the account itself, by its biography."""
    return Item(kind="profile", id=native_id or account.native_id, says=_biography(account, at))


def _biography(account: Account, at: datetime) -> str:
    return next((one.text for one in reversed(account.biography) if one.at <= at), "")


def counted(items: Iterator[Item]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Return the numbers of items and the ids of records by kind."""
    kinds: Counter[str] = Counter()
    records: dict[str, list[str]] = {}
    for one in items:
        kinds[one.kind] += one.rows
        records.setdefault(one.kind, []).append(one.id)
    return dict(sorted(kinds.items())), {kind: sorted(records[kind]) for kind in sorted(records)}
