from __future__ import annotations

import shutil
from pathlib import Path

from archive import accounts
from archive.archive import Archive
from ingest.backup import Backup
from ingest.inbox import run
from ingest.registry import identify, others
from ingest.report import accession
from test_cli import Shell

DATA = Path(__file__).parents[1] / "data"
MAIL = (
    b"From a@b.example Mon Mar  2 10:00:00 2026\nFrom: a@b.example\nSubject: Pool\n"
    b"Date: Mon, 2 Mar 2026 10:00:00 +0000\n\nWords.\n"
)


def both(folder: Path) -> Path:
    """Return a folder with an archive of X and a mailbox."""
    shutil.copytree(DATA / "x" / "g5", folder / "x")
    (folder / "inbox.mbox").write_bytes(MAIL)
    return folder


def told(archive: Archive, number: int) -> list[str]:
    return [one["text"] for one in accession(archive, number)["defects"] if "for this format too" in one["text"]]


def test_what_a_backup_holds_of_another_platform_is_told(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "archive")
    shell("init", str(shell.folder), "--name", "City of Milbrook")
    shell("account", "add", "x-city", "--platform", "x", "--department", "Clerk")
    path = both(tmp_path / "both")
    [row] = shell.rows("ingest", str(path), "--account", "x-city", expect=1)
    shown = shell("accession", "show", str(row["accession"]))
    assert "mbox: there is something in this backup for this format too, which was not read" in shown


def test_an_inbox_tells_it_too(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "x-city", platform="x", department="Clerk")
    (tmp_path / "inbox" / "x-city").mkdir(parents=True)
    both(tmp_path / "inbox" / "x-city" / "both")
    (outcome,) = run(archive, tmp_path / "inbox", settled=0)
    assert outcome.report is not None
    assert len(told(archive, outcome.report.accession)) == 1


def test_a_backup_of_one_platform_looks_like_no_other() -> None:
    for folder in ("x/g5", "facebook/page_2025", "instagram/layout_2026", "youtube_takeout/en", "telegram/account"):
        backup = Backup.open([DATA / folder])
        reader = identify(backup)
        assert others(backup, reader, reader.platform) == ()
