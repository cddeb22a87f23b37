"""The pipeline: identify → read → normalise → match → capture → findings → close.

Run again after a kill, the same command resumes the same accession: what is held is recognised, the
rest follows, and the contents are those of a run that was never interrupted.
"""

from __future__ import annotations

import bisect
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from archive import clearing, clock
from archive.accounts import Account
from archive.archive import Archive
from archive.canonical import storable
from archive.errors import ExitCode, MunimentError
from archive.followers import Progress
from archive.records import KINDS
from archive.state import runs
from archive.tables import ACCESSION, FINDING
from archive.version_digest import stored_time
from ingest import comparison, private
from ingest.backup import Backup, BackupDigest
from ingest.beside import Assignment, batches_beside, is_worth_a_process
from ingest.held import RECIPE
from ingest.ingestor import Coverage, Defect, Ingestor
from ingest.intake import Accession, Finding, Intake
from ingest.normalise import Normaliser
from ingest.reading import BATCH, Batch, batches, garbage_seldom_collected
from ingest.series import absent
from ingest.settling import settle
from ingest.staging import Staging
from ingest.text import without_secrets


class WrongPlatform(MunimentError):
    """The backup is of another platform than the account."""

    exit_code = ExitCode.REFUSED

    def __init__(self, account: Account, ingestor: Ingestor) -> None:
        super().__init__(
            f"This backup is of the platform “{ingestor.platform}” (format {ingestor.name}), but account "
            f"{account.id} is registered for “{account.platform}”. Name the right account with --account; "
            "nothing was taken in."
        )


class Declaration(Struct, frozen=True):
    """What the person who brings a backup in says about it, and what else it was seen to be; all of it optional.

    ``complete`` is True for --complete, False for --partial, None to go by what the backup says. ``also`` names the
    formats of other platforms that have something in it.
    """

    complete: bool | None = None
    exported_on: date | None = None
    exported_by: str = ""
    kept_at: str = ""
    also: tuple[str, ...] = ()


class Report(Struct, frozen=True):
    """How an accession ended. ``already`` means that this very backup had been taken in before.

    ``facts`` are the counts as the ledger has them; ``gaps`` what the format never holds; ``compared`` says
    why no missing records were looked for, empty if they were.
    """

    accession: int
    account: str
    format: str
    exported_at: datetime
    exported_basis: str
    facts: dict[str, Any]
    gaps: tuple[str, ...]
    not_compared: str = ""
    already: bool = False

    def as_row(self) -> dict[str, Any]:
        """Return the report with the keys that scripts rely on."""
        counts = {key: value for key, value in self.facts.items() if isinstance(value, int)}
        return {
            "accession": self.accession,
            "account": self.account,
            "format": self.format,
            "exported_at": self.exported_at.isoformat(),
            "exported_basis": self.exported_basis,
            "already": self.already,
            "counts": counts,
            "kinds": self.facts["kinds"],
            "gaps": list(self.gaps),
            "not_compared": self.not_compared,
            "left_out": self.facts.get("left_out", {}),
            "left_out_sections": self.facts.get("left_out_sections", {}),
        }

    @property
    def exit_code(self) -> ExitCode:
        """1 when something could not be read or was found missing."""
        trouble = self.facts["quarantined"] + self.facts["remarks"] + self.facts["missing"]
        return ExitCode.DONE_WITH_FINDINGS if trouble else ExitCode.DONE


def take_in(
    archive: Archive,
    backup: Backup,
    account: Account,
    ingestor: Ingestor,
    declaration: Declaration,
    progress: Progress | None = None,
) -> Report:
    """Take a backup into the archive and return the closing report."""
    check_platform(account, ingestor)
    with archive.alone("ingest"):
        digest = backup.digest()
        coverage = told_by(ingestor, backup)
        earlier = _earlier(archive, account, ingestor, digest, backup.list_name)
        if earlier is not None and earlier[1] is not None:
            return _already(archive, earlier[0], json.loads(earlier[1]))
        if earlier is not None:
            accession = _accession(archive, earlier[0])
        else:
            accession = _open(archive, backup, digest, account, ingestor, coverage, declaration)
        return _run(archive, backup, accession, account, ingestor, coverage, declaration, progress)


def check_platform(account: Account, ingestor: Ingestor) -> None:
    """Raise :class:`WrongPlatform` if a backup in this format cannot be of the account."""
    if not ingestor.is_of(account.platform):
        raise WrongPlatform(account, ingestor)


def told_by(ingestor: Ingestor, backup: Backup) -> Coverage:
    """Return what a backup says about itself; a reader that fails at it says nothing, and reading will tell.

    What lacks a part is complete in nothing.
    """
    try:
        told = ingestor.coverage(backup)
    except MunimentError:
        raise
    except Exception:
        return Coverage()
    return msgspec.structs.replace(told, complete=frozenset()) if absent(backup.parts) else told


def _earlier(
    archive: Archive, account: Account, ingestor: Ingestor, digest: BackupDigest, list_name: str
) -> tuple[int, str | None] | None:
    """Return the accession of this very backup, read the same way and of the same list, and its closing facts."""
    told = "coalesce((SELECT text FROM statement WHERE subject = 'accession:' || accession_state.id AND name = ?), '')"
    found: tuple[int, str | None] | None = archive.connection.execute(
        "SELECT id, closing FROM accession_state WHERE account = ? AND format = ? AND format_version = ?"
        f" AND backup_sha256 = ? AND ? = {told} AND ? = {told} ORDER BY id DESC LIMIT 1",
        (
            account.id, ingestor.name, ingestor.version, digest.sha256,
            list_name, "list_name", storable(ingestor.recipe), RECIPE,
        ),
    ).fetchone()  # fmt: skip
    return found


def _accession(archive: Archive, number: int) -> Accession:
    return Accession(
        *archive.connection.execute(
            "SELECT id, account, format, exported_at, exported_basis FROM accession WHERE id = ?", (number,)
        ).fetchone()
    )


def _already(archive: Archive, number: int, facts: dict[str, Any]) -> Report:
    gone = {"disposed": _disposed_since(archive, number)}
    return _report(_accession(archive, number), facts | gone, already=True)


def _disposed_since(archive: Archive, number: int) -> int:
    """Return how many of the records that an accession showed have been disposed of."""
    sighted = archive.connection.execute("SELECT versions FROM sighting WHERE accession = ?", (number,))
    spans = sorted(run for (versions,) in sighted for run in runs(versions))
    gone = archive.connection.execute(
        "SELECT d.row_id, v.record FROM disposed d JOIN version v ON v.id = d.row_id WHERE d.tbl = 'content'"
    )
    found = set()
    for version, record in gone:
        at = bisect.bisect(spans, (version, 1 << 62)) - 1
        if at >= 0 and spans[at][0] <= version <= spans[at][1]:
            found.add(record)
    return len(found)


def _report(accession: Accession, facts: dict[str, Any], already: bool = False) -> Report:
    return Report(
        accession.id,
        accession.account,
        accession.format,
        clock.read_stored(accession.exported_at),
        accession.exported_basis,
        facts,
        tuple(facts["gaps"]),
        facts["not_compared"],
        already,
    )


# -- opening


def _open(
    archive: Archive,
    backup: Backup,
    digest: BackupDigest,
    account: Account,
    ingestor: Ingestor,
    coverage: Coverage,
    declaration: Declaration,
) -> Accession:
    exported_at, basis = _exported_at(archive, coverage, declaration)
    declared = {True: "complete", False: "partial", None: None}[declaration.complete]
    row = (
        account.id,
        ingestor.name,
        ingestor.version,
        stored_time(exported_at),
        basis,
        declared,
        ",".join(sorted(coverage.complete)),
        coverage.since.isoformat() if coverage.since else None,
        coverage.until.isoformat() if coverage.until else None,
        digest.sha256,
        digest.size,
    )
    with archive.act("accession.opened", "accession") as act:
        number = act.add(ACCESSION, row)
        act.subject = subject = f"accession:{number}"
        for part in digest.parts:
            act.state(subject, "part", f"{part.sha256}  {without_secrets(part.name)}")
        told = {
            "exported_by": declaration.exported_by,
            "kept_at": declaration.kept_at,
            "list_name": backup.list_name,
            RECIPE: ingestor.recipe,
        }
        for name, text in told.items():
            if text:
                act.state(subject, name, text)
    return _accession(archive, number)


def _exported_at(archive: Archive, coverage: Coverage, declaration: Declaration) -> tuple[datetime, str]:
    if declaration.exported_on is not None:
        return clock.end_of_day(declaration.exported_on, archive.timezone), "declared"
    if coverage.exported_at is not None:
        return coverage.exported_at, "backup"
    return clock.now(), "taken in"


# -- reading


def _run(
    archive: Archive,
    backup: Backup,
    accession: Accession,
    account: Account,
    ingestor: Ingestor,
    coverage: Coverage,
    declaration: Declaration,
    progress: Progress | None,
) -> Report:
    is_first = _is_first(archive, accession)
    normaliser = Normaliser(archive.key, account.id, account.handle, archive.objects.add, seals=is_first)
    staging = Staging(archive, account.id, ingestor.name)
    try:
        intake = Intake(archive, accession, ingestor, normaliser, staging, is_first)
        intake.take([], [_not_read(name) for name in declaration.also])
        with garbage_seldom_collected():
            gaps = _read(intake, _batches(archive, backup, account, ingestor, normaliser), progress)
            settle(intake)
            intake.tell_dates_kept()
        if intake.unwanted:
            clearing.unlink_unneeded(archive, intake.unwanted)
        not_compared = _compare(archive, intake, ingestor, coverage, declaration)
        return _close(archive, intake, gaps, not_compared, private.left_out(backup, ingestor))
    finally:
        staging.close()


def _not_read(name: str) -> Defect:
    reason = "there is something in this backup for this format too, which was not read; take it in for its own account"
    return Defect(name, reason, quarantined=False)


def _is_first(archive: Archive, accession: Accession) -> bool:
    """Say whether nothing of the account is held yet, so that whatever is read will become a version."""
    earlier = archive.connection.execute(
        "SELECT 1 FROM accession WHERE account = ? AND id <> ? LIMIT 1", (accession.account, accession.id)
    )
    return earlier.fetchone() is None


def _read(intake: Intake, batches: Iterator[Batch], progress: Progress | None) -> list[str]:
    """Take in the backup batch by batch; return the gaps that the format declares."""
    gaps: list[str] = []
    for batch in batches:
        intake.take(batch.prepared, batch.defects)
        gaps.extend(batch.gaps)
        del batch
        if progress:
            progress(intake.tally.items, 0)
    return gaps


def _batches(
    archive: Archive, backup: Backup, account: Account, ingestor: Ingestor, here: Normaliser
) -> Iterator[Batch]:
    """Read here, or beside where the backup is large."""
    if not is_worth_a_process(backup):
        return batches(backup, ingestor, here)
    paths = tuple(str(path) for path in backup.parts)
    folder = str(archive.objects.folder)
    assignment = Assignment(paths, backup.list_name, account.id, account.handle, archive.key, folder, here.seals)
    return batches_beside(backup, ingestor, assignment, here)


# -- comparing and closing


def _compare(archive: Archive, intake: Intake, ingestor: Ingestor, coverage: Coverage, declaration: Declaration) -> str:
    """Look for missing and restored records; return why not, empty if it was done."""
    accession = intake.accession
    if not comparison.is_latest(archive, accession):
        intake.tally.missing = _find(archive, accession, "missing", comparison.gone_since(archive, accession))
        return "a later backup of this account is held already; what that one lacks is told"
    kinds = _covered(archive, intake, coverage, declaration)
    if not kinds:
        return (
            "the backup is partial" if declaration.complete is False else "the backup does not say that it is complete"
        )
    if intake.tally.quarantined and declaration.complete is not True:
        return "some items could not be read; say --complete to compare all the same"
    intake.tally.restored = _find(archive, accession, "restored", comparison.restored(archive, accession))
    found = comparison.missing(archive, accession, kinds, coverage)
    intake.tally.missing = _find(archive, accession, "missing", found)
    return ""


def _covered(archive: Archive, intake: Intake, coverage: Coverage, declaration: Declaration) -> list[str]:
    """The kinds of which this backup holds everything."""
    if declaration.complete is False:
        return []
    if declaration.complete is True:
        return list(KINDS)
    return sorted(coverage.complete)


def _find(archive: Archive, accession: Accession, kind: str, findings: Iterator[Finding]) -> int:
    """Append findings of one kind in batches; return how many the accession has, those before a kill too."""
    while rows := [_row(accession, one) for one in islice(findings, BATCH)]:
        with archive.act("accession.compared", accession.subject) as act:
            act.add_all(FINDING, rows)
    total: int = archive.connection.execute(
        "SELECT count(*) FROM finding WHERE accession = ? AND kind = ?", (accession.id, kind)
    ).fetchone()[0]
    return total


def _row(accession: Accession, one: Finding) -> Sequence[Any]:
    return (accession.id, one.record, one.version, one.kind, one.after_at, one.by_at, one.cause)


def _close(
    archive: Archive, intake: Intake, gaps: Sequence[str], not_compared: str, left_out: private.LeftOut
) -> Report:
    intake.tally.check()
    facts = intake.tally.facts() | {"gaps": list(gaps), "not_compared": not_compared} | left_out.facts()
    with archive.act("accession.closed", intake.accession.subject, facts):
        pass
    return _report(intake.accession, facts)
