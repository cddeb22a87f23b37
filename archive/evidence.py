"""That the archive was verified, and copied: rows of the ledger, so that a self-check can point to them.

They stand on the ledger and not in desk.db, since they are evidence: chained, with their actor, and carried
along by every copy of the archive. An archive that is found damaged is left as it is: only what was found
sound is written down.
"""

from __future__ import annotations

from pathlib import Path

from archive import ledger
from archive.archive import Archive
from archive.ledger import Checkpoint, LedgerRow

VERIFIED = "archive.verified"
BACKED_UP = "archive.backed_up"


def note_verified(archive: Archive, *, deep: bool) -> None:
    """Write that the archive was found sound at its present head."""
    with archive.act("archive.verified", "archive", {"deep": deep, "checkpoint": str(archive.checkpoint())}):
        pass


def note_backed_up(archive: Archive, folder: Path, checkpoint: Checkpoint, objects: int) -> None:
    """Write that a verified copy was made, and where; ``checkpoint`` is what the copy stands at."""
    facts = {"checkpoint": str(checkpoint), "objects": objects}
    with archive.act("archive.backed_up", "archive", facts) as act:
        act.state("archive", "copy", str(folder.absolute()))


def last(archive: Archive, event: str, *, deep: bool = False) -> LedgerRow | None:
    """Return the last row of one event; with ``deep`` the last one whose facts say so."""
    found = None
    for row in ledger.rows(archive.connection, event=event):
        if not deep or row.facts.get("deep"):
            found = row
    return found
