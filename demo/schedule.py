"""When which backups of the city are made, by whom they are written, and what to say when taking them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from demo import days, facebook_export, facebook_graph, govdelivery, lists_life, mailboxes, mailchimp, shown, x_archive
from demo.shown import Show
from demo.world import Account

Write = Callable[[Path, Account, datetime, str], None]
"""Writes the backup of an account (and list) as it is at a moment."""


class Format(Struct, frozen=True):
    """A backup format: who writes it, and what it shows of an account.

    ``complete`` lists the kinds of which a backup holds everything, by what it says of itself or by what
    whoever takes it in declares (``declared``). ``dated`` formats tell no moment of their own: the day is declared.
    ``reaches`` is how many days before its own a backup goes back at most, 0 for all.
    """

    name: str
    write: Write
    show: Show
    complete: frozenset[str]
    declared: bool = False
    dated: bool = True
    reaches: int = 0

    def reaches_back_to(self, written: datetime, at: datetime) -> bool:
        """Say whether a backup made at a moment goes back to the local day on which something was written."""
        made_on, day = (one.astimezone(days.ZONE).date() for one in (at, written))
        return not self.reaches or (made_on - day).days <= self.reaches


class Planned(Struct, frozen=True):
    """One backup to be made. ``at`` is the moment it is made, ``day`` the local day it is declared to be of."""

    file: str
    account: str
    format: Format
    at: datetime
    day: str
    list_name: str = ""

    @property
    def speaks_for(self) -> datetime:
        """The moment it speaks for: its own where the format tells it, else the end of the day."""
        return days.end_of_day(self.day) if self.format.dated else self.at


ANY_KIND = frozenset({"post", "comment", "article", "page", "message", "subscriber", "profile", "email", "event"})

X = Format(
    "x-archive", lambda path, account, at, _: x_archive.write(path, account, at), shown.by_x_archive,
    frozenset({"post", "message", "subscriber", "profile"}), dated=False,
)  # fmt: skip
FACEBOOK_EXPORT = Format(
    "facebook-export", lambda path, account, at, _: facebook_export.write(path, account, at), shown.by_facebook_export,
    ANY_KIND, declared=True,
)  # fmt: skip
FACEBOOK_GRAPH = Format(
    "facebook-graph", lambda path, account, at, _: facebook_graph.write(path, account, at, 100),
    shown.by_facebook_graph, frozenset({"post", "comment"}),
)  # fmt: skip
MBOX = Format(
    "mbox", lambda path, account, at, _: mailboxes.write(path, account, at), shown.by_mbox, ANY_KIND, declared=True
)

AUDIENCE = Format(
    "mailchimp-audience", lambda path, account, at, name: mailchimp.write_audience(path, account, name, at),
    shown.by_mailchimp_audience, frozenset({"subscriber"}),
)  # fmt: skip
MAILCHIMP = Format(
    "mailchimp-account", lambda path, account, at, _: mailchimp.write_account(path, account, at),
    shown.by_mailchimp_account, frozenset(),
)  # fmt: skip
GOVDELIVERY = Format(
    "govdelivery", lambda path, account, at, _: govdelivery.write(path, account, at), shown.by_govdelivery,
    frozenset({"subscriber"}),
)  # fmt: skip

EVENING = "22:00"
"""When backups are made that speak for their day."""


def evenings(account: str, format: Format, stem: str, ending: str, *dates: str) -> list[Planned]:
    """Plan an account's backups on the evenings of some days."""
    return [Planned(f"{stem}-{day}.{ending}", account, format, days.local(f"{day} {EVENING}"), day) for day in dates]


def _mornings(account: str, stem: str, *dates: str) -> list[Planned]:
    return [Planned(f"{stem}-{day}.zip", account, X, days.local(f"{day} 09:30"), day) for day in dates]


def _facebook(account: str, *dates: str) -> list[Planned]:
    """An export and, the same evening, a dump of the Graph API, which is taken in after it."""
    return [
        *evenings(account, FACEBOOK_EXPORT, account, "zip", *dates),
        *evenings(account, FACEBOOK_GRAPH, f"{account}-graph", "zip", *dates),
    ]


def _news(*dates: str) -> list[Planned]:
    """The whole account twice, and each list every time, which is taken in after it."""
    lists = (("news-weekly", lists_life.WEEKLY), ("news-pool", lists_life.POOL))
    return [
        *evenings("news", MAILCHIMP, "news-account", "zip", *dates[-2:]),
        *(
            replace(one, list_name=name)
            for stem, name in lists
            for one in evenings("news", AUDIENCE, stem, "zip", *dates)
        ),
    ]


PLANNED: tuple[Planned, ...] = (
    *_mornings("x-city", "x", "2026-03-01", "2026-04-01", "2026-05-01"),
    *_mornings("x-police", "x-police", "2026-02-15", "2026-04-01"),
    *_facebook("fb-city", "2026-02-15", "2026-03-15", "2026-04-01", "2026-05-01"),
    *_facebook("fb-parks", "2026-03-01", "2026-04-01", "2026-05-01"),
    *evenings("mail-clerk", MBOX, "clerk", "mbox", "2026-03-01", "2026-04-01", "2026-05-01"),
    *evenings("mail-parks", MBOX, "parks", "mbox", "2026-03-01", "2026-04-01"),
    *_news("2026-02-15", "2026-03-15", "2026-04-01", "2026-05-01"),
    *evenings("alerts", GOVDELIVERY, "alerts", "csv", "2026-02-20", "2026-04-01", "2026-05-01"),
)


def of(account: str, planned: Sequence[Planned] = PLANNED) -> list[Planned]:
    """Return an account's backups in the order in which they are made and taken in."""
    return sorted((one for one in planned if one.account == account), key=lambda one: one.at)
