"""Proposing: what is due and free of anything in its way becomes batches, one for each series, with their evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.tables import MEMBER, SELECTION
from retention_schedules import adoption
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Batch
from retention_schedules.disposition.judging import HELD, REQUESTED, TAKEN_BACK, InForce, in_force, why_not
from retention_schedules.holds.standing import REQUEST, Standing, held_records

_DUE = """
SELECT e.schedule, e.series, e.record FROM expiry e JOIN record r ON r.id = e.record
WHERE e.expires_on <= ? AND e.blocked IN ('', 'unverified') ORDER BY e.record
"""
"""What has come to its date; what nobody has verified is told, and not proposed."""
_EXTENT = """
SELECT min(coalesce(r.created_at, r.captured_at)), max(coalesce(r.created_at, r.captured_at)),
    min(e.expires_on), max(e.expires_on)
FROM record r JOIN expiry e ON e.record = r.id WHERE r.id IN (SELECT value FROM json_each(?))
"""
_VOLUME = """
SELECT count(DISTINCT v.id), (SELECT count(*) FROM attachment a WHERE a.version IN (
    SELECT id FROM version WHERE id IN (SELECT value FROM json_each(?1))
    UNION SELECT id FROM version WHERE id <> record AND record IN (SELECT value FROM json_each(?1)))),
  (SELECT coalesce(sum(size), 0) FROM attachment a WHERE a.version IN (
    SELECT id FROM version WHERE id IN (SELECT value FROM json_each(?1))
    UNION SELECT id FROM version WHERE id <> record AND record IN (SELECT value FROM json_each(?1)))),
  coalesce(sum(length(CAST(coalesce(c.text, '') AS BLOB)) + length(coalesce(c.native, x''))), 0)
FROM version v JOIN content c ON c.id = v.id
WHERE v.id IN (SELECT value FROM json_each(?1))
   OR (v.id <> v.record AND v.record IN (SELECT value FROM json_each(?1)))
"""


class NothingToPropose(MunimentError):
    """No record can be proposed for disposition."""

    exit_code = ExitCode.REFUSED

    def __init__(self, reasons: Sequence[str]) -> None:
        told = "\n".join(f"  {one}" for one in reasons)
        super().__init__("There is nothing to propose." + (f"\n{told}" if told else " Nothing is due today."))


class LeftOut(Struct, frozen=True):
    """Records of a due series that were not proposed, and why."""

    series: str
    records: int
    why: str


class Proposed(Struct, frozen=True):
    """What was proposed, and what was left out."""

    batches: tuple[Batch, ...]
    left_out: tuple[LeftOut, ...]


def propose(archive: Archive, standing: Sequence[Standing], series: str | None = None) -> Proposed:
    """Propose everything that may go today, of one series or of all; raises :class:`NothingToPropose`.

    The dates are read as they stand: followers have caught up before.
    """
    today = archive.now_local().date()
    authority = in_force(archive, today)
    barred = _barred(archive, standing)
    made, left = [], []
    for (name, key), due in _due(archive, today, series).items():
        if (name, key) not in authority:
            left.append(LeftOut(key, len(due), _why(archive, name, key, today)))
            continue
        for why, records in barred.items():
            if count := len(records & due):
                left.append(LeftOut(key, count, why))
                due -= records
        if any(one.of_all for one in standing):
            named = ", ".join(one.name for one in standing if one.of_all)
            left.append(LeftOut(key, len(due), _NOT_SEARCHED.format(named)))
        elif due:
            made.append(_propose(archive, authority[name, key], sorted(due), left))
    if not made:
        raise NothingToPropose([f"{one.series}: {one.records:,} kept, {one.why}" for one in left])
    return Proposed(tuple(made), tuple(left))


_NOT_SEARCHED = (
    "nobody can say what the request {0} asks for before something was searched or collected for it "
    "(Wis. Stat. § 19.35(5))"
)


def _due(archive: Archive, today: date, wanted: str | None) -> dict[tuple[str, str], set[int]]:
    found: dict[tuple[str, str], set[int]] = {}
    for name, key, record in archive.connection.execute(_DUE, (today.isoformat(),)):
        if wanted in (None, key):
            found.setdefault((name, key), set()).add(record)
    return found


def _barred(archive: Archive, standing: Sequence[Standing]) -> dict[str, set[int]]:
    """Return the records that may not be proposed, by reason."""
    pending: set[int] = set()
    for one in batches.listed(archive):
        if one.stage not in ("finished", "withdrawn", "executed"):
            pending.update(batches.records(archive, one))
    connection = archive.connection
    return {
        "under a hold": held_records(connection, (one for one in standing if one.kind != REQUEST)),
        "asked for by a records request": held_records(connection, (one for one in standing if one.kind == REQUEST)),
        "proposed already": pending,
    }


def _why(archive: Archive, name: str, key: str, today: date) -> str:
    for one in adoption.adoptions(archive):
        for series in one.schedule.series:
            if (one.schedule.name, series.key) == (name, key):
                return why_not(one, series, today)
    return "its schedule is not adopted any more"


def _propose(archive: Archive, by: InForce, records: list[int], left: Sequence[LeftOut]) -> Batch:
    listed = json.dumps(records)
    first, last, earliest, latest = archive.connection.execute(_EXTENT, (listed,)).fetchone()
    versions, files, file_bytes, text_bytes = archive.connection.execute(_VOLUME, (listed,)).fetchone()
    series, schedule = by.series, by.schedule
    facts: dict[str, Any] = {
        "schedule": schedule.name, "schedule_title": schedule.title, "authority": schedule.authority,
        "schedule_citation": schedule.citation, "schedule_object": by.digest, "adopted_seq": by.adopted_seq,
        "schedule_approved_on": schedule.approved_on.isoformat(),
        "schedule_expires_on": schedule.expires_on.isoformat() if schedule.expires_on else "",
        "series": series.key, "series_title": series.title, "code": series.code, "period": str(series.period or ""),
        "trigger": series.trigger, "citation": series.citation, "kind": series.disposition, "notice": series.notice,
        "records": len(records), "versions": versions, "files": files, "bytes": file_bytes + text_bytes,
        "written_from": first[:10], "written_to": last[:10], "due_from": earliest, "due_to": latest,
        "kinds": _distinct(archive, "kind", listed), "platforms": _distinct(archive, "platform", listed),
        "kept_for_holds": sum(one.records for one in left if one.series == series.key and HELD in one.why),
        "kept_for_requests": sum(one.records for one in left if one.series == series.key and REQUESTED in one.why),
    }  # fmt: skip
    with archive.act(batches.PROPOSED, "disposition", facts) as act:
        known = act.connection.execute("SELECT count(*) FROM ledger WHERE event = ?", (batches.PROPOSED,)).fetchone()[0]
        act.subject = subject = batches.subject(known + 1)
        position = act.seq - 1
        selection = act.add(SELECTION, (subject, "proposed", position))
        act.add_all(MEMBER, [(selection, one) for one in records])
        act.facts |= {"position": position, "selection": selection}
    return batches.get(archive, known + 1)


def _distinct(archive: Archive, column: str, listed: str) -> list[str]:
    rows = archive.connection.execute(
        f"SELECT DISTINCT {column} FROM record WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1", (listed,)
    )
    return [row[0] for row in rows]


def withdraw(archive: Archive, number: int, reason: str) -> Batch:
    """Take a proposal back; its records may be proposed again.

    Of a batch that was executed in part the rest drops out, so that it can be finished.
    """
    batch = batches.require(
        archive, number, "proposed", "noticed", "approved", "executing", then="What has gone cannot be brought back."
    )
    if batch.stage == "executing":
        return _drop_the_rest(archive, batch, reason)
    with archive.act(batches.WITHDRAWN, batch.subject) as act:
        act.state(act.subject, "reason", reason)
    return batches.get(archive, number)


def _drop_the_rest(archive: Archive, batch: Batch, reason: str) -> Batch:
    with archive.alone("disposition"):
        left = batches.records(archive, batch)
        facts = {"disposed": 0, "versions": 0, "dropped": {TAKEN_BACK: len(left)}}
        with archive.act(batches.EXECUTED, batch.subject, facts) as act:
            act.state(act.subject, "reason", reason)
            selection = act.add(SELECTION, (batch.subject, f"dropped: {TAKEN_BACK}", act.seq - 1))
            act.add_all(MEMBER, [(selection, one) for one in left])
    return batches.get(archive, batch.number)
