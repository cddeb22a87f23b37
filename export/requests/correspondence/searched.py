"""What was searched for a request, as every letter says it: accounts, queries, backups, gaps, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from archive import clock
from archive.accounts import Account, listed
from archive.archive import Archive
from archive.counting import counted
from export.coverage import searched_accounts
from export.released import SearchedAccount, SearchedBackup
from export.requests import collection

_DISPOSED = """
SELECT d.disposed_on, d.kind, d.series, d.authority, count(DISTINCT d.version) FROM disposed d
WHERE d.tbl = 'content' AND d.seq <= ?
GROUP BY d.disposed_on, d.kind, d.series, d.authority ORDER BY d.disposed_on, d.series
"""
_DISPOSITIONS = {"destroy": "destroyed", "transfer": "transferred"}


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day(on: date) -> str:
    """Return a date as a letter writes it: ``March 1, 2026``."""
    return f"{MONTHS[on.month - 1]} {on.day}, {on.year}"


class Search(Struct, frozen=True):
    """One search: its query (empty for everything), the ledger position and day, how many versions answered."""

    query: str
    position: int
    on: date
    versions: int


class Searched(Struct, frozen=True):
    """All that was searched. ``position`` is the latest search's, 0 while nothing was searched.

    ``accounts`` say, for each, when the backups that were searched were made; ``never`` are pairs of the accounts and
    what their formats never hold; ``since`` says which backups came in after the search, ``left_out`` which accounts
    have none and who answers for them, ``disposed`` what was lawfully destroyed.
    """

    position: int
    searches: tuple[Search, ...]
    accounts: tuple[str, ...]
    never: tuple[tuple[str, tuple[str, ...]], ...]
    since: tuple[str, ...]
    left_out: tuple[str, ...]
    disposed: tuple[str, ...]


def searched(archive: Archive, number: int, upto: int = 1 << 62) -> Searched:
    """Return what was searched for a request as of a ledger position; before any search, what the archive holds."""
    searches = tuple(
        Search(one.query, one.position, _day(archive, one.position), one.versions)
        for one in collection.collections(archive, number)
        if one.seq <= upto
    )
    position = max((one.position for one in searches), default=0)
    everything = list(searched_accounts(archive, upto))
    then = {one.account: one for one in searched_accounts(archive, position)} if position else {}
    held = [then.get(one.account, replace(one, backups=(), gaps=())) for one in everything] if position else everything
    known = {backup.accession for one in held for backup in one.backups}
    names = _names(archive)
    return Searched(
        position=position,
        searches=searches,
        accounts=tuple(f"{names[one.account]}: {_made_on(one)}" for one in held if one.backups),
        never=_never([one for one in held if one.backups]),
        since=tuple(
            f"{names[one.account]}: {_made(backup)}"
            for one in everything
            for backup in one.backups
            if backup.accession not in known
        ),
        left_out=tuple(
            f"{names[one.account]}: no backup of it was in the archive; that department answers for it"
            for one in held
            if not one.backups
        ),
        disposed=disposed(archive, upto),
    )


def _day(archive: Archive, position: int) -> date:
    (at,) = archive.connection.execute("SELECT at FROM ledger WHERE seq = ?", (position,)).fetchone()
    return clock.local_date(clock.read_stored(at), archive.timezone)


def _names(archive: Archive) -> dict[str, str]:
    """Return how a letter calls each account: ``fb-parks (MilbrookParks on facebook, Parks department)``."""
    return {one.id: f"{one.title or one.id} ({_where(one)}, {one.department} department)" for one in listed(archive)}


def _where(one: Account) -> str:
    return f"{one.handle} on {one.platform}" if one.handle else one.platform


def _never(accounts: Sequence[SearchedAccount]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return gaps with the accounts that share them, so that a letter says them once."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for one in accounts:
        if one.gaps:
            shared.setdefault(one.gaps, []).append(one.title or one.account)
    return tuple((_listed(names), gaps) for gaps, names in shared.items())


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _made_on(one: SearchedAccount) -> str:
    return "; ".join(dict.fromkeys(_made(backup) for backup in one.backups))


def _made(backup: SearchedBackup) -> str:
    if backup.exported_on == "not known":
        return f"taken in on {day(date.fromisoformat(backup.taken_in_on))} (when it was made is not known)"
    return day(date.fromisoformat(backup.exported_on))


def disposed(archive: Archive, upto: int = 1 << 62) -> tuple[str, ...]:
    """Say what was lawfully disposed of in the archive, by day, series and authority."""
    return tuple(
        f"{counted(count, 'record version')} of the series {series}, "
        f"{_DISPOSITIONS.get(kind, kind)} on {_in_words(on)}, {authority}"
        for on, kind, series, authority, count in archive.connection.execute(_DISPOSED, (upto,))
    )


def _in_words(stored: str) -> str:
    return day(date.fromisoformat(stored[:10]))
