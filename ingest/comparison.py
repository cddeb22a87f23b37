"""What a complete backup says by what is not in it: records missing since the backups before, or back again.

Only a backup that is declared or known complete for a kind answers for that kind, only for records
that its own format has shown before, and only if it is the account's latest. What is found is worded
as seen: absent from this backup, present in an earlier one, with the window between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from msgspec import Struct

from archive import subscribers
from archive.archive import Archive
from ingest.expiring import cause
from ingest.ingestor import Coverage
from ingest.intake import Accession, Finding

_MISSING = """
SELECT r.id, r.version, r.kind, a.exported_at FROM record r JOIN accession a ON a.id = r.seen_in
WHERE r.account = ? AND instr(' ' || r.formats || ' ', ' ' || ? || ' ') AND r.kind IN ({kinds}) AND r.seen_in <> ?
  AND NOT r.missing AND r.audience <> 'removed' AND coalesce(r.created_at, '') BETWEEN ? AND ?
  AND (r.kind <> 'subscriber' OR ? IS NULL OR coalesce(r.list_name, '') IN (SELECT value FROM json_each(?)))
ORDER BY r.id
"""

_RESTORED = """
SELECT r.id, r.version, (SELECT max(f.by_at) FROM finding f WHERE f.record = r.id AND f.kind = 'missing')
FROM record r WHERE r.account = ? AND r.missing AND r.seen_in = ? ORDER BY r.id
"""

_SHOWN_LAST = """
SELECT r.id, r.version, r.kind, coalesce(r.list_name, ''), coalesce(r.created_at, '') FROM record r
WHERE r.account = ? AND r.seen_in = ? AND instr(' ' || r.formats || ' ', ' ' || ? || ' ')
  AND NOT r.missing AND r.audience <> 'removed' ORDER BY r.id
"""

_LATER = """
SELECT exported_at, declared, complete, coalesce(since, ''), coalesce(until, ''), json_extract(closing, '$.quarantined')
FROM accession_state WHERE account = ? AND format = ? AND exported_at > ? AND closing IS NOT NULL
ORDER BY exported_at, id
"""


def is_latest(archive: Archive, accession: Accession) -> bool:
    """Say whether no other backup of the account in this format speaks for a later moment."""
    later = archive.connection.execute(
        "SELECT 1 FROM accession WHERE account = ? AND format = ? AND id <> ? AND exported_at > ? LIMIT 1",
        (accession.account, accession.format, accession.id, accession.exported_at),
    ).fetchone()
    return later is None


def missing(archive: Archive, accession: Accession, kinds: Sequence[str], coverage: Coverage) -> Iterator[Finding]:
    """Yield a finding for each record that this backup should hold and does not.

    Of subscribers only those on the lists that are in it, where it holds some of the account's lists.
    """
    since = coverage.since.isoformat() if coverage.since else ""
    until = f"{coverage.until.isoformat()}T99" if coverage.until else "9999"
    lists = None if coverage.lists is None else json.dumps(sorted(coverage.lists))
    rows = archive.connection.execute(
        _MISSING.format(kinds=", ".join("?" * len(kinds))),
        (accession.account, accession.format, *kinds, accession.id, since, until, lists, lists),
    )
    for record, version, kind, seen_at in rows:
        why = cause(archive, record, kind, accession.exported_at)
        yield Finding(record, version, "missing", seen_at, accession.exported_at, why)


def restored(archive: Archive, accession: Accession) -> Iterator[Finding]:
    """Yield a finding for each record that was missing and is in this backup again."""
    rows = archive.connection.execute(_RESTORED, (accession.account, accession.id))
    for record, version, absent_at in rows:
        yield Finding(record, version, "restored", absent_at, accession.exported_at, "unknown")


def gone_since(archive: Archive, accession: Accession) -> Iterator[Finding]:
    """Yield a finding for each record that this older backup shows last and a later one, held already, should hold.

    A later backup answers for a list of subscribers if it shows anybody of it.
    """
    later = [_Later(*row) for row in archive.connection.execute(
        _LATER, (accession.account, accession.format, accession.exported_at)
    ) if row[1] != "partial"]  # fmt: skip
    lists = subscribers.backups(archive, accession.account) if later else {}
    rows = archive.connection.execute(_SHOWN_LAST, (accession.account, accession.id, accession.format)) if later else ()
    for record, version, kind, list_name, created_at in rows:
        shown_in = lists.get((accession.account, list_name), ())
        for one in later:
            if one.answers(kind, created_at) and (kind != "subscriber" or one.exported_at in shown_in):
                why = cause(archive, record, kind, one.exported_at)
                yield Finding(record, version, "missing", accession.exported_at, one.exported_at, why)
                break


class _Later(Struct, frozen=True):
    """A backup that is held and was made later, and what it answers for."""

    exported_at: str
    declared: str | None
    complete: str
    since: str
    until: str
    quarantined: int

    def answers(self, kind: str, created_at: str) -> bool:
        """Say whether it should hold a record of this kind and time."""
        if self.declared != "complete" and (self.quarantined or kind not in self.complete.split(",")):
            return False
        return self.since <= created_at <= (f"{self.until}T99" if self.until else "9999")
