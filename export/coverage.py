"""What was searched: every account, its backups, and what their formats never hold."""

from __future__ import annotations

import json
from collections.abc import Iterator

from archive import clock
from archive.archive import Archive
from export.released import SearchedAccount, SearchedBackup

_BACKUPS = """
SELECT id, exported_at, exported_basis, format, declared, complete, backup_sha256, opened_at, closing
FROM accession_state s WHERE account = ? AND seq <= ? AND EXISTS (
    SELECT 1 FROM ledger c WHERE c.event = 'accession.closed' AND c.subject = 'accession:' || s.id AND c.seq <= ?)
ORDER BY id
"""


def searched_accounts(archive: Archive, upto: int = 1 << 62) -> Iterator[SearchedAccount]:
    """Yield every account registered at a ledger position, those without any backup too."""
    for account, title, platform, department in archive.connection.execute(
        "SELECT id, title, platform, department FROM account WHERE seq <= ? ORDER BY seq", (upto,)
    ).fetchall():
        gaps: dict[str, None] = {}
        backups = tuple(_backups(archive, account, upto, gaps))
        yield SearchedAccount(
            account=account,
            title=title,
            platform=platform,
            department=department,
            backups=backups,
            gaps=tuple(gaps),
        )


def _backups(archive: Archive, account: str, upto: int, gaps: dict[str, None]) -> Iterator[SearchedBackup]:
    def day(stored: str) -> str:
        return clock.local_date(clock.read_stored(stored), archive.timezone).isoformat()

    for number, exported_at, basis, name, declared, complete, sha256, opened_at, closing in archive.connection.execute(
        _BACKUPS, (account, upto, upto)
    ):
        facts = json.loads(closing)
        gaps.update(dict.fromkeys(facts["gaps"]))
        yield SearchedBackup(
            accession=number,
            taken_in_on=day(opened_at),
            exported_on="not known" if basis == "taken in" else day(exported_at),
            format=name,
            complete=declared == "complete" or (declared is None and bool(complete)),
            items=facts["items"],
            quarantined=facts["quarantined"],
            sha256=sha256,
        )
