"""Subscriber lists: the people on an account's lists on any day, who joined, who left, and on what ground.

Subscribers are records like any other. Their memberships follow from their versions (a status, told
times) and from what comparing backups found (missing, restored); see ``membership``.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from archive import membership
from archive.archive import Archive
from archive.membership import ON_NO_LIST, Answer, Change, Shown
from archive.state import runs

ALWAYS = 1 << 62
"""A ledger position after all others."""

_VERSIONS = """
SELECT r.id, r.account, v.id, v.seq, a.exported_at, c.audience, coalesce(c.created_at, ''), coalesce(c.removed_at, ''),
    coalesce(c.list_name, ''), coalesce(c.author_name, ''), coalesce(c.author_handle, ''),
    coalesce(c.author_id, c.native_id, '')
FROM record r JOIN version v ON v.id = r.id OR (v.record = r.id AND v.id <> v.record)
JOIN accession a ON a.id = v.accession JOIN content c ON c.id = v.id
WHERE r.kind = 'subscriber' AND v.seq <= :upto AND {condition}
ORDER BY r.id, v.seq, v.id
"""

_FINDINGS = """
SELECT f.record, f.version, f.seq, f.kind, coalesce(f.after_at, ''), coalesce(f.by_at, ''), f.cause
FROM finding f JOIN record r ON r.id = f.record
WHERE r.kind = 'subscriber' AND f.kind IN ('missing', 'restored', 'removed', 'hidden', 'shown') AND f.seq <= :upto
  AND {condition}
ORDER BY f.record, f.id
"""

_LIST_VERSIONS = """
SELECT r.account, coalesce(c.list_name, ''), v.id FROM record r
JOIN version v ON v.id = r.id OR (v.record = r.id AND v.id <> v.record) JOIN content c ON c.id = v.id
WHERE r.kind = 'subscriber' AND (:account IS NULL OR r.account = :account) AND v.seq <= :upto ORDER BY v.id
"""

_SIGHTINGS = """
SELECT a.account, a.exported_at, s.versions FROM sighting s JOIN accession a ON a.id = s.accession
WHERE (:account IS NULL OR a.account = :account) AND s.seq <= :upto
"""

_LATE = """
SELECT a.account, a.exported_at, s.versions FROM sighting s JOIN accession a ON a.id = s.accession
WHERE (:account IS NULL OR a.account = :account) AND s.seq <= :upto AND EXISTS (
    SELECT 1 FROM accession b WHERE b.account = a.account AND b.id < a.id AND b.exported_at > a.exported_at)
ORDER BY a.exported_at
"""
"""What backups show that are older than one taken in before them."""


class Member(Struct, frozen=True):
    """One subscriber of one list, and all joins and leaves, in their order.

    ``version`` is the version that stands. ``address`` is a mail address, phone number or handle; ``native_id`` the
    platform's own id of the person, of the entry in the list where it has none. ``unclear`` are the moments before
    the first backup of somebody who is on no list in it: nothing tells whether they were before.
    """

    record: int
    version: int
    account: str
    list_name: str
    name: str
    address: str
    native_id: str
    changes: tuple[Change, ...]
    unclear: tuple[str, str] = ("", "")

    def on(self, moment: str) -> Answer:
        """Say whether this person was on the list at a moment (stored UTC time)."""
        if self.unclear[0] < moment < self.unclear[1]:
            return "possibly"
        return membership.answer(self.changes, moment)

    def standing(self, moment: str) -> Change | None:
        """Return the last change that has happened, or may have, at a moment."""
        before = [one for one in self.changes if one.answer(moment) != "no"]
        return before[-1] if before else None


class Known(Struct, frozen=True):
    """One list: its people now, everybody the archive knows of it, and its backups' moments, in order."""

    account: str
    list_name: str
    now: int
    ever: int
    backups: tuple[str, ...]


def members(
    archive: Archive, account: str | None = None, list_name: str | None = None, upto: int = ALWAYS
) -> Iterator[Member]:
    """Yield every subscriber of an account's lists (None: of all), by record, as known at a ledger position."""
    conditions, values = _conditions(account, list_name, upto)
    shown_in = backups(archive, account, upto)
    found = _findings(archive, conditions, values)
    late = _late(archive, account, upto)
    rows = archive.connection.execute(_VERSIONS.format(condition=conditions), values)
    for record, group in groupby((_Version(*row) for row in rows), key=lambda one: one.record):
        yield _member(_by_backup(group, late), found.get(record, ()), shown_in)


def persons(archive: Archive, address: str) -> list[Member]:
    """Return all memberships of whoever has this address, handle or id, on any list of any account."""
    wanted = address.strip().casefold()
    found = (
        one
        for one in members(archive)
        if wanted in (one.address.casefold(), one.native_id.casefold(), one.name.casefold())
    )
    return sorted(found, key=lambda one: (one.account, one.list_name))


def lists(archive: Archive, account: str | None = None, list_name: str | None = None) -> list[Known]:
    """Return the lists of an account, or the named one of them (None: all), by account and name."""
    shown_in = backups(archive, account)
    ever: dict[tuple[str, str], int] = defaultdict(int)
    here: dict[tuple[str, str], int] = defaultdict(int)
    for one in members(archive, account, list_name):
        key = (one.account, one.list_name)
        ever[key] += 1
        here[key] += one.on("9") == "yes"
    return [Known(*key, here[key], ever[key], tuple(shown_in[key])) for key in sorted(ever)]


def list_sent_to(archive: Archive, account: str, named: str) -> str | None:
    """Return the list of an account that a message says it went to; None if it is none of those that are held.

    Mail that came through a list names the list in words of its own (List-Id), which no backup of the list has.
    """
    return named if named and (account, named) in backups(archive, account) else None


def _conditions(account: str | None, list_name: str | None, upto: int) -> tuple[str, dict[str, object]]:
    conditions = ["1"]
    if account is not None:
        conditions.append("r.account = :account")
    if list_name is not None:
        conditions.append("coalesce(r.list_name, '') = :list")
    return " AND ".join(conditions), {"account": account, "list": list_name, "upto": upto}


# -- one member


class _Version(Struct, frozen=True):
    """One version of a subscriber, as its row has it; times are stored UTC times, empty if not known."""

    record: int
    account: str
    version: int
    seq: int
    exported_at: str
    audience: str
    created_at: str
    removed_at: str
    list_name: str
    name: str
    address: str
    native_id: str


class _Finding(Struct, frozen=True):
    """What comparing backups found of a subscriber."""

    record: int
    version: int
    seq: int
    kind: str
    after: str
    by: str
    cause: str


Backups = dict[tuple[str, str], list[str]]
"""By (account, list): the moments of the backups that show it, in order."""

Placed = tuple[tuple[str, int, int], Shown]
"""What is shown, and its place in time: a backup's versions stand before what comparing it showed."""


Late = Sequence[tuple[str, str, Sequence[tuple[int, int]]]]
"""(account, moment, runs of version ids) of what was taken in late, the oldest backup first."""


def _late(archive: Archive, account: str | None, upto: int) -> Late:
    rows = archive.connection.execute(_LATE, {"account": account, "upto": upto})
    return [(of, exported_at, sorted(runs(versions))) for of, exported_at, versions in rows]


def _by_backup(versions: Iterable[_Version], late: Late) -> list[_Version]:
    """Return versions in the order of the backups that showed them first, whichever was taken in first."""
    if not late:
        return list(versions)
    return sorted((_first_shown(one, late) for one in versions), key=lambda one: one.exported_at)


def _first_shown(one: _Version, late: Late) -> _Version:
    for account, exported_at, spans in late:
        place = bisect.bisect(spans, (one.version, ALWAYS)) - 1
        is_shown = place >= 0 and spans[place][0] <= one.version <= spans[place][1]
        if account == one.account and exported_at < one.exported_at and is_shown:
            return replace(one, exported_at=exported_at)
    return one


def _findings(archive: Archive, condition: str, values: Mapping[str, object]) -> dict[int, list[_Finding]]:
    found: dict[int, list[_Finding]] = defaultdict(list)
    for row in archive.connection.execute(_FINDINGS.format(condition=condition), values):
        found[row[0]].append(_Finding(*row))
    return found


def _member(versions: Sequence[_Version], found: Sequence[_Finding], backups: Backups) -> Member:
    last = versions[-1]
    placed = [*_of_versions(versions, found, backups), *_of_comparisons(found)]
    shown = [one for _, one in sorted(placed, key=lambda pair: pair[0])]
    made = tuple(membership.changes(shown, versions[0].created_at))
    unclear = ("", "") if made[:1] and made[0].by <= shown[0].by else (shown[0].after, shown[0].by)
    return Member(
        last.record, last.version, last.account, last.list_name, last.name, last.address, last.native_id, made, unclear
    )


def _of_versions(versions: Sequence[_Version], found: Sequence[_Finding], backups: Backups) -> Iterator[Placed]:
    explained = {one.version: one for one in found if one.kind not in ("missing", "restored")}
    before = _before(backups.get((versions[0].account, versions[0].list_name), ()), versions[0].exported_at)
    for one in versions:
        on = one.audience not in ON_NO_LIST
        why = explained.get(one.version)
        ended_by = why.cause if why is not None and why.cause in ("city", "author", "platform") else ""
        told_at = one.created_at if on else one.removed_at
        yield (one.exported_at, 0, one.seq), Shown(on, why.after if why else before, one.exported_at, told_at, ended_by)
        before = one.exported_at


def _before(backups: Sequence[str], exported_at: str) -> str:
    """Return the moment of the last backup of a list before one, empty if there is none."""
    place = bisect.bisect_left(backups, exported_at)
    return backups[place - 1] if place else ""


def _of_comparisons(found: Iterable[_Finding]) -> Iterator[Placed]:
    for one in found:
        if one.kind in ("missing", "restored"):
            yield (one.by, 1, one.seq), Shown(one.kind == "restored", one.after, one.by)


# -- which backups show which list


def backups(archive: Archive, account: str | None = None, upto: int = ALWAYS) -> Backups:
    """Return the backups that show each list; one that shows none of a list's people says nothing of it."""
    asked = {"account": account, "upto": upto}
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for of, list_name, version in archive.connection.execute(_LIST_VERSIONS, asked):
        ids[of, list_name].append(version)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for of, exported_at, versions in archive.connection.execute(_SIGHTINGS, asked):
        for key in [one for one in ids if one[0] == of]:
            if exported_at not in found[key] and _any_within(ids[key], versions):
                found[key].add(exported_at)
    return {key: sorted(moments) for key, moments in found.items()}


def _any_within(ids: Sequence[int], versions: str) -> bool:
    """Say whether any of some sorted ids lies in the runs of a sighting."""
    for first, last in runs(versions):
        place = bisect.bisect_left(ids, first)
        if place < len(ids) and ids[place] <= last:
            return True
    return False
