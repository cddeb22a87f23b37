"""One account of a messaging service in an archive, and what its backups brought to light."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from archive import accounts
from archive.archive import Archive
from conftest import bring_in
from ingest.accession import Declaration
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft, Gap
from ingest.registry import identify
from ingest.report import findings

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
"""Real files by other hands; they are not beside every checkout."""


class MessageOffice:
    """An account, backups of it taken in one after another, and the findings."""

    def __init__(self, archive: Archive, platform: str, handle: str = "") -> None:
        self.archive = archive
        accounts.add(archive, "chat", platform=platform, department="Clerk", handle=handle)

    def bring(self, path: Path, day: str, complete: bool = False) -> dict[str, int]:
        """Take a backup in as exported on a day."""
        return bring_in(self.archive, path, "chat", Declaration(complete=complete, exported_on=date.fromisoformat(day)))

    def findings(self) -> list[tuple[str, str]]:
        """Return the kind and the cause of each finding."""
        return [(one["kind"], one["cause"]) for one in findings(self.archive)]

    def versions(self) -> list[tuple[int, str]]:
        """Return the texts of all versions by their records."""
        return self.archive.connection.execute(
            "SELECT v.record, coalesce(c.text, '') FROM version v JOIN content c ON c.id = v.id ORDER BY v.id"
        ).fetchall()


def items(*paths: Path) -> tuple[str, Sequence[Draft], Sequence[Defect]]:
    """Return the format of a backup, its drafts and its defects."""
    backup = Backup.open(list(paths))
    ingestor = identify(backup)
    found = [one for one in ingestor.read(backup) if not isinstance(one, Gap)]
    return (
        ingestor.name,
        [one for one in found if isinstance(one, Draft)],
        [one for one in found if isinstance(one, Defect)],
    )
