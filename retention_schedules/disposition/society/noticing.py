"""Notice to the State Historical Society: a letter for the post, the days that must pass, and the answer."""

from __future__ import annotations

from datetime import date

from archive.archive import Archive
from archive.counting import counted
from archive.errors import MunimentError
from retention_schedules import papers
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Answer, Batch, NotNow
from retention_schedules.disposition.society.addressee import society
from retention_schedules.papers import Block, Facts, Heading, Kept, Lines, Paper, Printer, Said

UNVERIFIED = "(address unverified: look it up before this letter is posted)"


class BadNoticeDay(MunimentError):
    """A day on which a letter was posted, or came, cannot be."""

    def __init__(self, day: date, why: str) -> None:
        super().__init__(f"{day} cannot be the day: {why}. Give the day on which it happened; nothing was changed.")


def give_notice(
    archive: Archive,
    number: int,
    contact: str,
    posted_on: date | None = None,
    printer: Printer | None = None,
    address: str = "",
) -> tuple[Batch, Kept]:
    """Write the letter for a batch and count its days from the day on which it is posted (today if none is given).

    ``address`` is where the Society is found, as whoever posts the letter looked it up, a line each; without it the
    letter bears the known one, and says so if nobody has checked that.
    """
    batch = batches.require(
        archive, number, "proposed", "noticed", "approved", then="Notice is given before anything goes."
    )
    day = posted_on or archive.now_local().date()
    _check_day(archive, batch, day)
    kept = papers.keep(archive, letter(archive, batch, contact, day, address), printer)
    facts = {"on": day.isoformat(), "days": society().days, "address_unverified": is_unverified(address)}
    with archive.act(batches.NOTICE, batch.subject, facts) as act:
        papers.state_kept(act, kept)
        act.state(act.subject, "contact", contact)
        if address:
            act.state(act.subject, "address", address)
    return batches.get(archive, number), kept


def record_answer(archive: Archive, number: int, answer: Answer, on: date | None = None, note: str = "") -> Batch:
    """Record what the Society answered; "none" once its days have passed without an answer."""
    batch = batches.require(
        archive, number, "noticed", "approved", then="An answer follows a notice: `muniment disposition notice`."
    )
    day = on or archive.now_local().date()
    _check_day(archive, batch, day)
    if answer == "none" and batch.free_on is not None and archive.now_local().date() < batch.free_on:
        raise NotNow(number, f"the Society has until {batch.free_on} to answer", "Wait for that day.")
    with archive.act(batches.ANSWERED, batch.subject, {"answer": answer, "on": day.isoformat()}) as act:
        if note:
            act.state(act.subject, "note", note)
    return batches.get(archive, number)


def _check_day(archive: Archive, batch: Batch, day: date) -> None:
    if day > archive.now_local().date():
        raise BadNoticeDay(day, "it has not come yet")
    if day < batch.proposed_on:
        raise BadNoticeDay(day, f"the records were proposed on {batch.proposed_on}")


def is_unverified(address: str) -> bool:
    """Say whether a letter bears an address that nobody has checked: none was given, and the known one is not."""
    return not address and not society().checked


def letter(archive: Archive, batch: Batch, contact: str, on: date, address: str = "") -> Paper:
    """Return the letter to the Society about one batch."""
    to = society()
    lines = [one.strip() for one in address.splitlines() if one.strip()] or list(to.address)
    unverified = [UNVERIFIED] if is_unverified(address) else []
    blocks: list[Block] = [
        Said("\n".join((to.name, to.attention, *lines, *unverified))),
        Facts((("Date", on.isoformat()), ("Our reference", f"Disposition {batch.number}"))),
        Said(
            f"Under {to.citation} we give notice that {archive.name} intends to {_intends(batch)} the records "
            f"described below, not before {to.days} days have passed. Please tell us in writing whether the Society "
            "wishes to have them, or waives notice."
        ),
        Heading("The records"),
        Facts(described(batch)),
        Heading("Authority"),
        Facts(authority(batch)),
        Heading("Contact"),
        Said(contact),
        Heading("Your answer"),
        Lines(
            (
                "The Society does not wish to have these records.",
                "The Society wishes to have these records.",
                "The Society waives notice for these records.",
            ),
            box=True,
        ),
        Said("Name, signature, date: ____________________________"),
    ]
    return Paper("Notice of the disposition of public records", archive.name, tuple(blocks))


def _intends(batch: Batch) -> str:
    return "destroy" if batch.kind == "destroy" else "transfer to the Society, and then destroy its own copy of,"


def described(batch: Batch) -> tuple[tuple[str, str], ...]:
    """Return the series, years and volume of a batch, for papers."""
    facts = batch.facts
    return (
        ("Series", facts["series_title"]), ("Series number", facts["code"] or "none"),
        ("Years", _years(facts["written_from"], facts["written_to"])),
        ("Volume", f"{counted(facts['records'], 'record')} in {counted(facts['versions'], 'version')}, "
                   f"{counted(facts['files'], 'file')}, about {_size(facts['bytes'])}"),
        ("Form", f"electronic: {', '.join(facts['kinds'])} of {', '.join(facts['platforms'])}"),
        ("Due since", f"{facts['due_from']} to {facts['due_to']}"),
    )  # fmt: skip


def authority(batch: Batch) -> tuple[tuple[str, str], ...]:
    """Return by what a batch goes, for papers."""
    facts = batch.facts
    ends = facts["schedule_expires_on"]
    return (
        ("Schedule", f"{facts['schedule_title']} ({facts['authority']}; {facts['schedule_citation']})"),
        ("In force", f"from {facts['schedule_approved_on']}" + (f" to {ends}" if ends else "")),
        ("Adopted", f"ledger row {facts['adopted_seq']}, SHA-256 {facts['schedule_object']}"),
        ("Series citation", facts["citation"]),
        ("Retention", f"{facts['period']}, trigger {facts['trigger']}"),
    )


def _years(first: str, last: str) -> str:
    return first[:4] if first[:4] == last[:4] else f"{first[:4]} to {last[:4]}"


def _size(count: int) -> str:
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
