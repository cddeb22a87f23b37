"""Finishing: what a disposition leaves behind is cleared away, and only then the certificate is issued.

Every step can be done again, so a kill costs time only. The certificate is the last step and an act of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from archive import clearing
from archive.archive import Archive
from archive.followers import Follower, Progress
from retention_schedules import papers
from retention_schedules.disposition import approving
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Batch
from retention_schedules.disposition.certificate import certificate
from retention_schedules.papers import Kept, Printer


class Finished(Struct, frozen=True):
    """A finished disposition: its batch, the certificate's objects, and how many objects were unlinked."""

    batch: Batch
    certificate: Kept
    unlinked: int


def finish(
    archive: Archive,
    number: int,
    followers: Sequence[Follower],
    progress: Progress | None = None,
    printer: Printer | None = None,
) -> Finished:
    """Clear away what is left of executed records and issue the certificate.

    Raises :class:`archive.clearing.ReadersRemain` while somebody keeps reading old pages; call it again then.
    """
    approving.proved_role(archive, approving.EXECUTORS, "finish a disposition")
    batch = batches.require(archive, number, "executed", "finished", then="A disposition is executed first.")
    if finished := batch.last(batches.FINISHED):
        return Finished(batch, papers.kept(finished.facts), finished.facts["unlinked"])
    with archive.alone("disposition"):
        cleared = archive.head()
        for follower in followers:
            follower.rebuild(progress)
        with archive.alone("ingest", clearing.INGEST_PATIENCE):
            unlinked = clearing.unlink_unneeded(archive)
        clearing.compact(archive.path)
        kept = _certify(archive, batches.get(archive, number), cleared, unlinked, printer)
    return Finished(batches.get(archive, number), kept, unlinked)


def _certify(archive: Archive, batch: Batch, cleared: int, unlinked: int, printer: Printer | None) -> Kept:
    kept = papers.keep(archive, certificate(archive, batch, archive.now_local()), printer)
    facts = {"cleared": cleared, "records": batch.done, "unlinked": unlinked}
    with archive.act(batches.FINISHED, batch.subject, facts) as act:
        papers.state_kept(act, kept)
    return kept
