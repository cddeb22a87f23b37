"""The register of holds: placing, releasing, acknowledging. Terms and names are statements, the ledger has numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from archive import clock, ledger, users
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.ledger import LedgerRow
from archive.roles import Role
from archive.tables import MEMBER, SELECTION
from retention_schedules import papers
from retention_schedules.holds.standing import HOLD, Standing
from retention_schedules.holds.terms import Terms
from retention_schedules.papers import Kept

READERS: tuple[Role, ...] = ("clerk", "attorney", "auditor")
"""Roles that may read a hold's terms."""

RELEASERS: tuple[Role, ...] = ("clerk", "attorney")

LONGEST_NAME = 80

EVENTS = ("hold.placed", "hold.notice", "hold.acknowledged", "hold.released")


class UnknownHold(MunimentError):
    """No hold has this name."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no hold “{name}”. `muniment hold list` shows them.")


class HoldTaken(MunimentError):
    """A hold of this name exists, in force or released: its name is not used twice."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a hold “{name}” already. Choose another name; nothing was changed.")


class BadHold(MunimentError):
    """A hold was described in a way that cannot be kept."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} Nothing was changed.")


class HoldReleased(MunimentError):
    """A hold that was released is asked to change."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str) -> None:
        super().__init__(f"The hold “{name}” was released. Place a new one if records must be kept again.")


class TermsClosed(MunimentError):
    """Somebody without the role, or without having proved who it is, asks for a hold's terms, or ends one."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, roles: Sequence[Role], what: str) -> None:
        named = " or ".join(f"“{one}”" for one in roles)
        super().__init__(
            f"“{name}” cannot {what}: that needs a registered user with the role {named}, named with --as, who gives "
            "the password (MUNIMENT_PASSWORD). Nothing was changed."
        )


class Hold(Struct, frozen=True):
    """One hold: its number, name, and what happened to it. ``released_on`` is None while it is in force."""

    number: int
    name: str
    placed_on: date
    placed_by: str
    records: int
    custodians: tuple[str, ...] = ()
    acknowledged: tuple[tuple[str, date], ...] = ()
    released_on: date | None = None
    notice: Kept | None = None

    @property
    def subject(self) -> str:
        """How the ledger names it."""
        return f"hold:{self.number}"

    @property
    def waiting(self) -> tuple[str, ...]:
        """The custodians who have not acknowledged the notice."""
        known = {by.casefold() for by, _ in self.acknowledged}
        return tuple(one for one in self.custodians if one.casefold() not in known)


def open_hold(
    archive: Archive, name: str, terms: Terms, reason: str, custodians: Sequence[str], versions: Sequence[int]
) -> Hold:
    """Put a hold in force over these versions; raises :class:`HoldTaken`, :class:`BadHold`."""
    check(archive, name, terms, reason)
    with archive.act("hold.placed", HOLD) as act:
        known = act.connection.execute("SELECT count(*) FROM ledger WHERE event = 'hold.placed'").fetchone()[0]
        act.subject = subject = f"{HOLD}:{known + 1}"
        act.state(subject, "name", name)
        act.state(subject, "reason", reason)
        act.state(subject, "terms", msgspec.json.encode(terms).decode())
        for one in custodians:
            act.state(subject, "custodian", one)
        selection = act.add(SELECTION, (subject, "held", act.seq - 1))
        act.add_all(MEMBER, [(selection, one) for one in versions])
        act.facts |= {"selection": selection, "versions": len(versions)}
    return get(archive, name)


def check(archive: Archive, name: str, terms: Terms, reason: str) -> None:
    """Refuse a hold that cannot be kept."""
    if not name.strip() or len(name) > LONGEST_NAME:
        raise BadHold(f"A hold's name has 1 to {LONGEST_NAME} characters.")
    if not reason.strip():
        raise BadHold("Say why with --reason: it stands in the notice.")
    if not (terms.follows or terms.records):
        raise BadHold("Say what is held: --query, --alias, --account, --from, --to or --record.")
    if terms.since and terms.until and terms.until < terms.since:
        raise BadHold("--to lies before --from.")
    if any(one.name.casefold() == name.casefold() for one in listed(archive)):
        raise HoldTaken(name)


def release(archive: Archive, name: str, reason: str) -> Hold:
    """End a hold; its records may go again, by disposition only."""
    held = get(archive, name)
    _require(archive, RELEASERS, "release a hold")
    if held.released_on is not None:
        raise HoldReleased(held.name)
    if not reason.strip():
        raise BadHold("Say why with --reason.")
    with archive.act("hold.released", held.subject) as act:
        act.state(held.subject, "released", reason)
    return get(archive, name)


def acknowledge(archive: Archive, name: str, by: str) -> Hold:
    """Note that a person has read the notice and will keep what it asks for."""
    held = get(archive, name)
    if held.released_on is not None:
        raise HoldReleased(held.name)
    with archive.act("hold.acknowledged", held.subject) as act:
        act.state(held.subject, "acknowledged by", by)
    return get(archive, name)


def listed(archive: Archive) -> list[Hold]:
    """Return all holds in the order they were placed, without their terms."""
    found = [row for event in EVENTS for row in ledger.rows(archive.connection, event=event)]
    rows = sorted(found, key=lambda row: row.seq)
    placed = [row for row in rows if row.event == "hold.placed"]
    return [_hold(archive, row, [one for one in rows if one.subject == row.subject]) for row in placed]


def get(archive: Archive, name: str) -> Hold:
    """Return a hold by its name or number; raises :class:`UnknownHold`."""
    for one in listed(archive):
        if one.name.casefold() == name.casefold() or str(one.number) == name:
            return one
    raise UnknownHold(name)


def terms(archive: Archive, hold: Hold) -> tuple[Terms, str]:
    """Return a hold's terms and reason to somebody who may read them; raises :class:`TermsClosed`."""
    _require(archive, READERS, "read the terms of a hold")
    return read_terms(archive, hold.subject), _texts(archive, hold.subject, "reason")[0]


def read_terms(archive: Archive, subject: str) -> Terms:
    """Return a hold's terms to the program itself."""
    return msgspec.json.decode(_texts(archive, subject, "terms")[-1], type=Terms)


def in_force(archive: Archive) -> list[Standing]:
    """Return the holds in force, as what stands in the way; without their terms."""
    return [
        Standing("hold", one.subject, one.name, f"The hold “{one.name}” is in force since {one.placed_on}.")
        for one in listed(archive)
        if one.released_on is None
    ]


def _require(archive: Archive, roles: Sequence[Role], what: str) -> None:
    """Only who proved to be a user of one of these roles: a typed name would close nothing."""
    actor = archive.actor
    role = next((one.role for one in users.listed(archive) if one.name == actor.name and not one.disabled_at), None)
    if role not in roles or not actor.proved:
        raise TermsClosed(actor.name, roles, what)


def _hold(archive: Archive, placed: LedgerRow, rows: Sequence[LedgerRow]) -> Hold:
    subject = placed.subject
    by_event = {row.event: row for row in rows}
    noticed = by_event.get("hold.notice")
    texts = _texts(archive, subject, "acknowledged by")
    signed = [row for row in rows if row.event == "hold.acknowledged"]
    return Hold(
        number=int(subject.partition(":")[2]),
        name=_texts(archive, subject, "name")[0],
        placed_on=_day(archive, placed),
        placed_by=placed.actor,
        records=_records(archive, subject),
        custodians=tuple(_texts(archive, subject, "custodian")),
        acknowledged=tuple((text, _day(archive, row)) for text, row in zip(texts, signed, strict=True)),
        released_on=_day(archive, by_event["hold.released"]) if "hold.released" in by_event else None,
        notice=papers.kept(noticed.facts) if noticed else None,
    )


def _records(archive: Archive, subject: str) -> int:
    count: int = archive.connection.execute(
        "SELECT count(DISTINCT v.record) FROM selection s JOIN member m ON m.selection = s.id"
        " JOIN version v ON v.id = m.version WHERE s.subject = ?",
        (subject,),
    ).fetchone()[0]
    return count


def _texts(archive: Archive, subject: str, name: str) -> list[str]:
    rows = archive.connection.execute(
        "SELECT text FROM statement WHERE subject = ? AND name = ? ORDER BY id", (subject, name)
    )
    return [row[0] for row in rows]


def _day(archive: Archive, row: LedgerRow) -> date:
    return clock.local_date(clock.read_stored(row.at), archive.timezone)
