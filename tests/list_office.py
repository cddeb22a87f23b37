"""One account of subscriber lists, and the files of them that a clerk brings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from archive import accounts
from archive.archive import Archive
from ingest.accession import Declaration, Report, take_in
from ingest.backup import Backup
from ingest.registry import identify
from search import subscribers as people


class ListOffice:
    """An account of one platform in an archive, and a folder for its files."""

    def __init__(self, archive: Archive, folder: Path, platform: str) -> None:
        folder.mkdir()
        self.archive = archive
        self.folder = folder
        self.account = accounts.add(archive, "lists", platform=platform, department="Clerk")

    def path(self, ending: str) -> Path:
        """Return the path of the next file to bring."""
        return self.folder / f"{len(list(self.folder.iterdir()))}{ending}"

    def take(self, path: Path, day: str, list_name: str = "") -> Report:
        """Take a file in as exported on a day (local date)."""
        backup = Backup.open([path], list_name=list_name)
        declaration = Declaration(exported_on=date.fromisoformat(day))
        return take_in(self.archive, backup, self.account, identify(backup), declaration)

    def on_list(self, day: str, list_name: str) -> dict[str, str]:
        """Return by address who was on a list at the end of a day: yes or possibly."""
        answered = people.on(self.archive, "lists", list_name, date.fromisoformat(day))
        return {row["address"]: row["on"] for row in answered.rows}
