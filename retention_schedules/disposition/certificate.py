"""The certificate of destruction: what went, by what authority, who approved it, and where copies remain."""

from __future__ import annotations

import json
from datetime import datetime

from archive import clock, ledger
from archive.archive import Archive
from archive.ledger import LedgerRow
from archive.state import runs_text
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Approval, Batch
from retention_schedules.disposition.judging import REASON_MEANING
from retention_schedules.disposition.society.noticing import authority, described
from retention_schedules.papers import Block, Facts, Heading, Lines, Paper, Said

LONGEST_LIST = 4_000
"""Characters of a list of record numbers that are printed."""

_ACCESSIONS = """
SELECT DISTINCT a.id, a.account FROM member m JOIN selection s ON s.id = m.selection
JOIN version f ON f.id = m.version
JOIN version v ON v.id = f.record OR (v.record = f.record AND v.id <> v.record) JOIN accession a ON a.id = v.accession
WHERE s.subject = ? AND s.purpose = 'gone' ORDER BY a.id
"""
_PRODUCTIONS = """
SELECT p.request, count(DISTINCT v.record) FROM produced p JOIN version v ON v.id = p.version
WHERE v.record IN (SELECT m.version FROM member m JOIN selection s ON s.id = m.selection
                   WHERE s.subject = ? AND s.purpose = 'gone')
GROUP BY p.request ORDER BY p.request
"""


def certificate(archive: Archive, batch: Batch, at: datetime) -> Paper:
    """Return the certificate of an executed batch whose traces have been cleared at a moment."""
    gone, dropped = _gone(archive, batch), batches.dropped(archive, batch)
    checkpoint = ledger.head(archive.connection)
    done = "destroyed" if batch.kind == "destroy" else "transferred, and the archive's own copy destroyed"
    blocks: list[Block] = [
        Said(
            f"{archive.name} certifies that the public records described below were {done}. Their text, their native "
            "bytes, attached files that no other record shares, and every entry for them in the search index were "
            f"removed from the archive by {at.strftime('%Y-%m-%d %H:%M')}."
        ),
        Facts(
            (
                ("Disposition", str(batch.number)),
                ("Records", f"{batch.done:,}"),
                ("Numbers", _listed(batch, gone)),
                ("Versions", f"{sum(row.facts['versions'] for row in batch.rows if row.event == batches.EXECUTED):,}"),
                *((name if name != "Volume" else "Volume as proposed", value) for name, value in described(batch)),
            )
        ),
        Heading("Authority"),
        Facts(authority(batch)),
        Heading("Steps"),
        Facts(tuple(_steps(archive, batch, at))),
        Heading("Approved by"),
        Facts(tuple((f"{one.name}, {one.role}", _identified(archive, one)) for one in _approvals(batch))),
        Heading("Proof"),
        Facts(
            (
                ("Ledger position", str(checkpoint)),
                (
                    "What stays",
                    "a stub of each record (dates, series, authority and keyed hashes, no content), so that the "
                    "ledger still verifies and a backup read again does not bring the record back",
                ),
            )
        ),
    ]
    if dropped:
        kept = [
            (f"{len(those):,} {REASON_MEANING[why]}", f"records {runs_text(those)}") for why, those in dropped.items()
        ]
        blocks += [Heading("Proposed, and kept"), Facts(tuple(kept))]
    blocks += [Heading("Copies that remain elsewhere"), Lines(tuple(_elsewhere(archive, batch)))]
    blocks.append(Said("Legal custodian, signature, date: ____________________________"))
    title = "Certificate of destruction" if batch.kind == "destroy" else "Certificate of transfer and destruction"
    return Paper(title, archive.name, tuple(blocks))


def _listed(batch: Batch, records: list[int]) -> str:
    """Return the numbers of records; of very many the first, and where all of them stand."""
    text = runs_text(records)
    if len(text) <= LONGEST_LIST:
        return text
    first = text[:LONGEST_LIST].rpartition(",")[0]
    return f"{first} … (all of them stand in the archive as members of the selections of {batch.subject})"


def _gone(archive: Archive, batch: Batch) -> list[int]:
    rows = archive.connection.execute(
        "SELECT m.version FROM member m JOIN selection s ON s.id = m.selection"
        " WHERE s.subject = ? AND s.purpose = 'gone'",
        (batch.subject,),
    )
    return [row[0] for row in rows]


def _steps(archive: Archive, batch: Batch, at: datetime) -> list[tuple[str, str]]:
    named = {
        batches.PROPOSED: "Proposed", batches.NOTICE: "Notice given to the State Historical Society",
        batches.ANSWERED: "The Society's answer", batches.TRANSFERRED: "Package made",
        batches.RECEIVED: "Package received", batches.APPROVED: "Approved", batches.EXECUTED: "Executed",
    }  # fmt: skip
    rows = [(named[row.event], _when(archive, row)) for row in batch.rows if row.event in named]
    if not batch.needs_notice:
        rows.insert(1, ("Notice to the State Historical Society", "waived for this series (code W)"))
    return [*dict.fromkeys(rows), ("Cleared", at.strftime("%Y-%m-%d %H:%M"))]


def _when(archive: Archive, row: LedgerRow) -> str:
    at = clock.in_words(clock.read_stored(row.at), archive.timezone)
    told = [f"ledger row {row.seq}, by {row.actor}"]
    if row.event == batches.NOTICE:
        unverified = ", to an address that was not verified" if row.facts.get("address_unverified") else ""
        told.insert(0, f"posted on {row.facts['on']}{unverified}")
    if row.event == batches.ANSWERED:
        told.insert(0, f"{row.facts['answer']}, of {row.facts['on']}")
    if row.event == batches.EXECUTED:
        told.insert(0, f"{row.facts['disposed']:,} records")
    return f"{at} ({'; '.join(told)})"


def _approvals(batch: Batch) -> tuple[Approval, ...]:
    return tuple({one.name.casefold(): one for one in reversed(batch.approvals)}.values())[::-1]


def _identified(archive: Archive, one: Approval) -> str:
    at = clock.in_words(clock.read_stored(one.at), archive.timezone)
    return f"{at}, identified by password ({one.via}); ledger row {one.seq}"


def _elsewhere(archive: Archive, batch: Batch) -> list[str]:
    """Name the copies that a disposition does not reach."""
    accessions = archive.connection.execute(_ACCESSIONS, (batch.subject,)).fetchall()
    accounts = json.dumps(sorted({account for _, account in accessions}))
    found = []
    for platform, account, handle in archive.connection.execute(
        "SELECT platform, id, handle FROM account WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", (accounts,)
    ):
        found.append(f"The platform itself: {platform}, account {account}{f' ({handle})' if handle else ''}")
    for number, account in accessions:
        kept = archive.connection.execute(
            "SELECT text FROM statement WHERE subject = ? AND name = 'kept_at'", (f"accession:{number}",)
        ).fetchone()
        where = f"kept at {kept[0]}" if kept else "kept at a place not recorded"
        found.append(f"The original backup of accession {number} ({account}), {where}")
    for request, count in archive.connection.execute(_PRODUCTIONS, (batch.subject,)):
        found.append(
            f"Packages made for request {request} (productions/), with {count:,} of these records; the request's file"
        )
    if batch.last(batches.TRANSFERRED):
        found.append("The package that the State Historical Society received")
    found.append("Copies made with `muniment backup` before this day: restored, they lose these records again")
    found.append("Copies of the disk made by others: snapshots, mirrors, removed drives")
    return found
