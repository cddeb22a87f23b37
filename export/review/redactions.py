"""Redactions: which spans, fields, boxes and files of a version are blacked out, for whom, why and by whom.

The ledger and the table hold (version, field, start, stop), never the words. A redaction stands until it is
withdrawn; what was produced with it stays as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.tables import REDACTION, WITHDRAWAL
from export.review import decisions, exemptions
from export.review.decisions import ALWAYS, ReasonMissing

EVENT = "review.redacted"
STAYS = ("withhold", "redact", "not-responsive")
"""Decisions that blacking something out leaves as they are."""

WITHDRAWN = "review.withdrawn"

_STANDING = """
SELECT r.id, r.version, r.field, r.start, r.stop, r.region, r.replacement, r.exemption, coalesce(t.text, ''),
    l.actor, l.at, r.seq
FROM redaction r JOIN ledger l ON l.seq = r.seq LEFT JOIN statement t ON t.id = r.reason
WHERE r.request = ?1 AND r.seq <= ?2
  AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.redaction = r.id AND w.seq <= ?2)
ORDER BY r.version, r.field, r.start, r.id
"""


class NothingToRedact(MunimentError):
    """The words, the field or the file is not there."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, what: str, record: int) -> None:
        super().__init__(
            f"Record {record} has no {what}. `muniment review show N {record}` shows its fields and files. "
            "Nothing was changed."
        )


class UnknownRedaction(MunimentError):
    """No standing redaction of the request has this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int, redaction: int) -> None:
        super().__init__(
            f"Request {number} has no redaction {redaction} of this record, or it was withdrawn. "
            f"`muniment review show {number} RECORD` lists them. Nothing was changed."
        )


class AlreadyProduced(MunimentError):
    """A redaction went out in a production; taking it back is a decision that needs a reason."""

    exit_code = ExitCode.REFUSED

    def __init__(self, redaction: int) -> None:
        super().__init__(
            f"Redaction {redaction} stands in a production that was made. Say with --reason why the words may go out "
            "now; the next production will list the record as changed. Nothing was changed."
        )


class Mark(Struct, frozen=True):
    """Something to be blacked out. ``start`` and ``stop`` are code points of the field as it is held.

    ``region`` is a box ("1,10,20.5,30,5": page, x, y, width, height in percent), a page ("2"), or empty: then the
    whole file. ``replacement`` is the SHA-256 of an object that goes out instead of a file.
    """

    version: int
    field: str
    start: int = 0
    stop: int = 0
    region: str = ""
    replacement: str = ""


class Redaction(Struct, frozen=True):
    """One redaction that stands: its mark, exemption and reason, who made it and when (stored UTC time)."""

    id: int
    mark: Mark
    exemption: str
    reason: str
    by: str
    at: str
    seq: int


def standing(archive: Archive, number: int, upto: int = ALWAYS) -> dict[int, list[Redaction]]:
    """Return the redactions that stand in a request as of a ledger position, by version."""
    found: dict[int, list[Redaction]] = {}
    for number_, *mark, exemption, reason, by, at, seq in archive.connection.execute(_STANDING, (number, upto)):
        one = Redaction(number_, Mark(*mark), exemption, reason, by, at, seq)
        found.setdefault(one.mark.version, []).append(one)
    return found


def add(
    archive: Archive,
    number: int,
    marks: Sequence[Mark],
    exemption: str,
    reason: str,
    read: Collection[int] | None = None,
) -> int:
    """Black out marks and decide "redact" on the versions that somebody has read (None: on all of them).

    Return how many were added; those that stand already are left alone. What is withheld, or does not answer, stays
    so, and what nobody has decided on waits for a decision as before, with the words blacked out.
    """
    if not exemption or not reason:
        raise ReasonMissing("A redaction")
    exemptions.get(exemption)
    there = {one.mark for listed in standing(archive, number).values() for one in listed}
    fresh = [one for one in dict.fromkeys(marks) if one not in there]
    if not fresh:
        return 0
    decided = decisions.standing(archive, number)
    touched = sorted({one.version for one in fresh})
    to_decide = [
        one
        for one in touched
        if (read is None or one in read) and (one not in decided or decided[one].outcome not in STAYS)
    ]
    facts = {"redactions": len(fresh), "versions": len(touched), "exemption": exemption}
    with archive.act(EVENT, f"request:{number}", facts) as act:
        said = act.state(f"review:{number}", "reason", reason)
        rows = [
            (number, one.version, one.field, one.start, one.stop, one.region, one.replacement, exemption, said)
            for one in fresh
        ]
        act.add_all(REDACTION, rows)
        decisions.record_decisions(act, number, decisions.grouped(archive, to_decide), "redact")
    return len(fresh)


def withdraw(archive: Archive, number: int, ids: Sequence[int], reason: str = "", record: int = 0) -> None:
    """Take redactions back, of one record if it is given; a version that has none left is undecided again."""
    mine = decisions.versions_of(archive, number, [record])[record] if record else None
    there = {
        one.id: one
        for version, listed in standing(archive, number).items()
        for one in listed
        if mine is None or version in mine
    }
    for one in ids:
        if one not in there:
            raise UnknownRedaction(number, one)
        if not reason and _was_produced(archive, number, there[one]):
            raise AlreadyProduced(one)
    left = {one.mark.version for one in there.values() if one.id not in ids}
    bare = sorted({there[one].mark.version for one in ids} - left)
    decided = decisions.standing(archive, number)
    bare = [one for one in bare if one in decided and decided[one].outcome == "redact"]
    with archive.act(WITHDRAWN, f"request:{number}", {"redactions": len(ids)}) as act:
        said = act.state(f"review:{number}", "reason", reason) if reason else 0
        act.add_all(WITHDRAWAL, [(one, said) for one in dict.fromkeys(ids)])
        decisions.record_decisions(act, number, decisions.grouped(archive, bare), "undecided")


def _was_produced(archive: Archive, number: int, one: Redaction) -> bool:
    row = archive.connection.execute(
        "SELECT 1 FROM produced WHERE request = ? AND version = ? AND seq > ?", (number, one.mark.version, one.seq)
    ).fetchone()
    return row is not None
