"""Placing a hold: the records first, in one act, then the notice with what the archive cannot hold still."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from archive import accounts, disposal
from archive.archive import Archive
from archive.counting import counted
from archive.reading import no_record
from retention_schedules import papers
from retention_schedules.holds import register
from retention_schedules.holds.catching import Holds
from retention_schedules.holds.reach import Place, Reach, reach
from retention_schedules.holds.register import Hold
from retention_schedules.holds.terms import Terms
from retention_schedules.papers import Block, Facts, Heading, Lines, Paper, Printer, Said


class Placed(Struct, frozen=True):
    """A hold as it was placed, and what it reaches."""

    hold: Hold
    reach: Reach


def place(
    holds: Holds,
    name: str,
    terms: Terms,
    reason: str,
    custodians: Sequence[str] = (),
    printer: Printer | None = None,
) -> Placed:
    """Put a hold in force and write its notice; raises the finder's errors for a query that cannot be understood."""
    archive = holds.archive
    register.check(archive, name, terms, reason)
    for one in terms.accounts:
        accounts.get(archive, one)
    if terms.query:
        holds.finder.find(terms.query)
    versions = _covered(holds, terms)
    hold = register.open_hold(archive, name, terms, reason, custodians, versions)
    far = reached(holds, terms, set(versions))
    kept = papers.keep(archive, notice(archive, hold, terms, reason, far), printer)
    with archive.act("hold.notice", hold.subject) as act:
        papers.state_kept(act, kept)
    return Placed(register.get(archive, name), far)


def reached(holds: Holds, terms: Terms, versions: set[int]) -> Reach:
    """Return what a hold reaches now."""
    return reach(holds.archive, terms, versions, holds.without_words(terms) if terms.follows else ())


def _covered(holds: Holds, terms: Terms) -> list[int]:
    connection = holds.archive.connection
    for record in terms.records:
        if connection.execute("SELECT 1 FROM record WHERE id = ?", (record,)).fetchone() is None:
            raise no_record(connection, record)
    named = disposal.versions_of(connection, terms.records)
    return sorted({*named, *(holds.find(terms) if terms.follows else ())})


def notice(archive: Archive, hold: Hold, terms: Terms, reason: str, far: Reach) -> Paper:
    """Return the letter that tells people what they must not destroy."""
    blocks: list[Block] = [
        Facts(
            (
                ("Hold", f"{hold.name} (number {hold.number})"),
                ("In force since", hold.placed_on.isoformat()),
                ("To", ", ".join(hold.custodians) or "all custodians of the accounts below"),
            )
        ),
        Said(
            "The records described below must be kept. Do not delete, change, move or overwrite them, on any device or "
            "service, whatever a retention schedule says, until this hold is released in writing. If you are not sure "
            "whether something is covered, keep it and ask."
        ),
        Heading("Why"),
        Said(reason),
        Heading("What must be kept"),
        Facts(tuple(_described(terms))),
        Said(f"{counted(hold.records, 'record')} held now. What arrives later and answers is held by itself."),
        Heading("Make a fresh backup of these accounts now"),
        _listed([_backup(one) for one in far.places if one.needs_backup], "None: every account was backed up today."),
        Heading("What the archive cannot hold still"),
        _listed(far.outside, "Nothing outside the archive is known."),
        Said("Text messages, personal accounts, paper and shared drives are known to you alone: keep those too."),
    ]
    if far.without_words:
        count = len(far.without_words)
        blocks += [
            Heading("What words cannot find"),
            Said(
                f"{count:,} more records of these accounts and days have pictures, video or files whose words cannot "
                "be searched. They are not held by this notice's words; somebody has to look at them: "
                + ", ".join(str(one) for one in far.without_words[:50])
                + (" …" if count > 50 else "")
            ),
        ]
    blocks += [
        Heading("Please confirm"),
        Said("I have read this notice, I will keep what it asks for, and I have turned off what would delete it."),
        Lines(("Name, signature, date: ____________________________",), box=True),
    ]
    return Paper(f"Notice to preserve records: {hold.name}", archive.name, tuple(blocks))


def _described(terms: Terms) -> list[tuple[str, str]]:
    rows = [
        ("Words", terms.query), ("Also known as", ", ".join(terms.aliases)), ("Accounts", ", ".join(terms.accounts)),
        ("Written from", terms.since.isoformat() if terms.since else ""),
        ("Written until", terms.until.isoformat() if terms.until else ""),
        ("Records", ", ".join(str(one) for one in terms.records)),
        ("Files without words", "held too" if terms.media else ""),
    ]  # fmt: skip
    return [row for row in rows if row[1]]


def _backup(one: Place) -> str:
    last = f"last backup of {one.backed_up_on}" if one.backed_up_on else "no backup yet"
    return f"{one.account} ({one.platform}, {one.department}): {last}"


def _listed(entries: Sequence[str], none: str) -> Block:
    return Lines(tuple(entries)) if entries else Said(none)
