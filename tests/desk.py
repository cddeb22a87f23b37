"""One account in the plain format, and backups of it that a test makes up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive import accounts
from archive.archive import Archive
from ingest.accession import Declaration, Report, take_in
from ingest.backup import Backup
from ingest.report import findings
from plain_format import PlainIngestor, plain


class Desk:
    """One account, and backups of it that a test makes up."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        self.account = accounts.add(archive, "plain", platform="plain", department="Clerk")

    def bring(
        self,
        made_at: str,
        *items: dict[str, Any],
        ingestor: PlainIngestor | None = None,
        list_name: str = "",
        **declared: Any,
    ) -> Report:
        path = plain(self.folder, made_at, list(items))
        return self.bring_path(path, ingestor, list_name, **declared)

    def bring_path(
        self, path: Path, ingestor: PlainIngestor | None = None, list_name: str = "", **declared: Any
    ) -> Report:
        reader = ingestor or PlainIngestor()
        backup = Backup.open([path], list_name=list_name)
        return take_in(self.archive, backup, self.account, reader, Declaration(**declared))

    def states(self) -> dict[str, str]:
        rows = self.archive.connection.execute(
            "SELECT c.text, r.state FROM record r JOIN content c ON c.id = r.version ORDER BY r.id"
        )
        return dict(rows)

    def versions(self) -> list[tuple[int, str]]:
        rows = self.archive.connection.execute(
            "SELECT v.record, c.text FROM version v JOIN content c ON c.id = v.id ORDER BY v.id"
        )
        return list(rows)

    def findings(self) -> list[tuple[str, str | None, str | None, str]]:
        return [(one["kind"], one["after_at"], one["by_at"], one["cause"]) for one in findings(self.archive)]
