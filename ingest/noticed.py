"""What comparing backups brought to light, told in sentences: "3 posts absent from the backup of 1 April 2026"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from archive import clock
from archive.archive import Archive
from archive.counting import counted

OF_READING = ("reread", "counterpart")
"""Kinds of findings that tell of our reading and not of what happened at the source."""

_PLURALS = {"story": "stories", "moderation": "acts of moderation"}
_SUBSCRIBERS = {
    "missing": "no longer on the list in the backup of {by} (still on it in that of {after})",
    "removed": "{left}, as the list itself tells",
    "restored": "back on the list in the backup of {by}",
    "shown": "back on the list",
    "hidden": "known, but no longer on the list",
    "edited": "changed (a name, an address, another column)",
}
_OTHERS = {
    "missing": "absent from the backup of {by} (last seen in that of {after})",
    "removed": "taken down{whose}, as the backup of {backup} tells",
    "restored": "absent before, and back in the backup of {by}",
    "shown": "to be seen again in the backup of {backup}",
    "hidden": "hidden in the backup of {backup}",
    "edited": "edited{whose}",
}
_LEFT = {"author": "unsubscribed", "platform": "taken off the list by the platform (mail to them came back)"}
_BY = {"city": " by the account itself", "author": " by their authors", "platform": " by the platform"}

_GROUPS = f"""
SELECT r.account, f.kind, r.kind, coalesce(r.list_name, ''), f.cause,
    iif(f.by_at > a.exported_at, f.by_at, a.exported_at) AS shown_at,
    CASE f.kind WHEN 'missing' THEN f.after_at END AS seen_at, count(*)
FROM finding f JOIN record r ON r.id = f.record JOIN accession a ON a.id = f.accession
WHERE (?1 IS NULL OR f.accession = ?1) AND (?2 IS NULL OR r.account = ?2) AND f.kind NOT IN {OF_READING}
GROUP BY f.accession, r.account, f.kind, r.kind, 4, f.cause, shown_at, seen_at
ORDER BY f.accession, r.kind, f.kind, seen_at
"""

_NEW = """
SELECT r.account, coalesce(r.list_name, ''), count(*) FROM version v JOIN record r ON r.id = v.id
WHERE v.id >= ?1 AND v.accession = ?2 AND r.kind = 'subscriber' AND r.audience NOT IN ('removed', 'draft')
GROUP BY 1, 2 ORDER BY 1, 2
"""
_KNOWN_BEFORE = """
SELECT DISTINCT account, coalesce(list_name, '') FROM record WHERE kind = 'subscriber' AND id < ?
"""
_BACKUPS_AROUND = """
SELECT max(iif(b.exported_at < a.exported_at, b.exported_at, NULL)), max(b.exported_at > a.exported_at)
FROM accession a JOIN accession b ON b.account = a.account AND b.id <= a.id WHERE a.id = ?
"""


def sentences(archive: Archive, accession: int | None = None, account: str | None = None) -> Iterator[str]:
    """Yield a sentence for each sort of finding of an accession or an account (None: of all)."""
    for of, kind, record_kind, list_name, cause, shown_at, seen_at, count in archive.connection.execute(
        _GROUPS, (accession, account)
    ):
        words = (_SUBSCRIBERS if record_kind == "subscriber" else _OTHERS)[kind]
        told = words.format(
            by=_day(archive, shown_at),
            backup=_day(archive, shown_at),
            after=_day(archive, seen_at),
            whose=_BY.get(cause, ""),
            left=_LEFT.get(cause, "left"),
        )
        yield f"{_where(of, list_name)}: {counted(count, record_kind, _PLURALS.get(record_kind, ''))} {told}."


def joined(archive: Archive, accession: int) -> Iterator[str]:
    """Yield a sentence for each list that an accession shows new people on.

    A list's first backup shows none as new, nor does one that is older than all that are held.
    """
    execute = archive.connection.execute
    first = execute("SELECT coalesce(min(id), 0) FROM version WHERE accession = ?", (accession,)).fetchone()[0]
    known = set(execute(_KNOWN_BEFORE, (first,)))
    before, is_older = execute(_BACKUPS_AROUND, (accession,)).fetchone()
    if is_older and not before:
        return
    since = f" since the backup of {_day(archive, before)}" if before else ""
    for of, list_name, count in execute(_NEW, (first, accession)):
        if (of, list_name) in known:
            yield f"{_where(of, list_name)}: {counted(count, 'subscriber')} new on the list{since}."


def _where(account: str, list_name: str) -> str:
    return f"{account}, {list_name}" if list_name else account


def _day(archive: Archive, stored: str | None) -> str:
    return in_words(clock.local_date(clock.read_stored(stored), archive.timezone)) if stored else ""


def in_words(day: date) -> str:
    """Return a date as it is read aloud: 1 April 2026."""
    return f"{day.day} {day:%B %Y}"
