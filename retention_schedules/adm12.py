"""The self-check by Adm 12.05: a line for every clause, with what this archive can point to right now.

It says what there is, not that the law is met: that is the City Attorney's to say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from archive import clock, evidence, users
from archive.archive import Archive
from archive.counting import counted
from retention_schedules import adoption
from retention_schedules.law import Clause, law
from retention_schedules.outcomes import UNSCHEDULED


class Shown(Struct, frozen=True):
    """One clause: its evidence in words, and whether all of it is there."""

    clause: str
    title: str
    citation: str
    shown: bool
    evidence: tuple[str, ...]


Found = tuple[bool, str]
"""Whether one piece of evidence is there, and what it is, or what is missing and how it is mended."""


def check(archive: Archive) -> list[Shown]:
    """Return every clause with its evidence, of caught-up dates."""
    return [_shown(archive, one) for one in law().adm12.clause]


def _shown(archive: Archive, clause: Clause) -> Shown:
    found = [EVIDENCE[name](archive) for name in clause.evidence]
    citation = law().adm12.citation
    return Shown(clause.key, clause.title, citation, all(one for one, _ in found), tuple(what for _, what in found))


def _count(archive: Archive, query: str) -> int:
    found: int = archive.connection.execute(f"SELECT count(*) FROM {query}").fetchone()[0]
    return found


def _on(archive: Archive, at: str) -> date:
    return clock.local_date(clock.read_stored(at), archive.timezone)


def _recent(archive: Archive, event: str, within: int, what: str, mend: str) -> Found:
    row = evidence.last(archive, event, deep=event == evidence.VERIFIED)
    if row is None:
        return False, f"{what}: never; run `{mend}`"
    day = _on(archive, row.at)
    age = (archive.now_local().date() - day).days
    said = f"{what} on {day} (ledger row {row.seq})"
    return (True, said) if age <= within else (False, f"{said}, {age} days ago; run `{mend}`")


def _verified(archive: Archive) -> Found:
    what = "every byte was last found sound"
    return _recent(archive, evidence.VERIFIED, law().adm12.verified_within_days, what, "muniment verify --deep")


def _backed_up(archive: Archive) -> Found:
    what = "the archive was last copied and the copy verified"
    return _recent(archive, evidence.BACKED_UP, law().adm12.backed_up_within_days, what, "muniment backup DIR")


def _records(archive: Archive) -> Found:
    records, versions = _count(archive, "record"), _count(archive, "version")
    return True, f"{counted(records, 'record')} in {counted(versions, 'version')} can be read"


def _index(archive: Archive) -> Found:
    there = (archive.folder / "index" / "current.json").exists()
    return True, "they are indexed for search" if there else "they are searched without an index"


def _accessions(archive: Archive) -> Found:
    still = _count(archive, "accession_state WHERE closed_at IS NULL")
    count = _count(archive, "accession_state")
    said = f"{counted(count, 'backup')} taken in, each with a count that adds up"
    return (True, said) if not still else (False, f"{said}; {still} are not finished: run the same `ingest` again")


def _ledger(archive: Archive) -> Found:
    return True, f"every act is on the ledger, hash chained: {counted(archive.head(), 'row')}"


def _defects(archive: Archive) -> Found:
    return (
        True,
        f"{counted(_count(archive, 'defect'), 'defect')} named; originals are kept beside what was read of them",
    )


def _produced(archive: Archive) -> Found:
    made = _count(archive, "ledger WHERE event = 'production.made'")
    so_far = f"{counted(made, 'production')} made so far" if made else "no production was made so far"
    return True, f"packages carry records as pages, PDF, CSV and JSON Lines, each with digests that prove it; {so_far}"


def _procedures(_: Archive) -> Found:
    return True, "what the program does is described with it (docs/); the city's own procedures are kept outside of it"


def _redactions(archive: Archive) -> Found:
    return (
        True,
        f"{counted(_count(archive, 'redaction'), 'passage')} blacked out; what is masked is in no form of a release",
    )


def _threads(archive: Archive) -> Found:
    answers = _count(archive, "record WHERE parent IS NOT NULL OR thread IS NOT NULL")
    return True, f"{counted(answers, 'record')} with a place in a conversation, which is kept"


def _attachments(archive: Archive) -> Found:
    return True, f"{counted(_count(archive, 'attachment'), 'attachment')} kept with the records"


def _roles(archive: Archive) -> Found:
    active = [one for one in users.listed(archive) if one.disabled_at is None]
    roles = sorted({one.role for one in active})
    if not active:
        return False, "nobody is registered; run `muniment user add NAME --role ROLE`"
    by_role = ", ".join(f"{_number(active, one)} {one}" for one in roles)
    return True, f"{counted(len(active), 'user')} with a password: {by_role}"


def _number(active: list[users.User], role: str) -> int:
    return sum(one.role == role for one in active)


def _schedules(archive: Archive) -> Found:
    today = archive.now_local().date()
    adopted = adoption.adoptions(archive)
    holding = [one for one in adopted if one.second and one.schedule.in_force(today)]
    if not holding:
        return False, f"no schedule in force ({len(adopted)} adopted); see `muniment schedule list`"
    said = [
        f"“{one.schedule.title}”, adopted on {one.on} by {one.by} and {one.second}"
        + (f", ends on {one.schedule.expires_on}" if one.schedule.expires_on else "")
        for one in holding
    ]
    unchecked = sum(not series.verified for one in holding for series in one.schedule.series)
    return True, "in force: " + "; ".join(said) + (f"; {unchecked} series nobody has checked" if unchecked else "")


def _unscheduled(archive: Archive) -> Found:
    count = _count(archive, f"expiry WHERE blocked = '{UNSCHEDULED}'")
    return True, f"{counted(count, 'record')} in no series, and kept"


EVIDENCE: dict[str, Callable[[Archive], Found]] = {
    "verified": _verified, "backed_up": _backed_up, "records": _records, "index": _index,
    "accessions": _accessions, "ledger": _ledger, "defects": _defects, "produced": _produced,
    "redactions": _redactions, "procedures": _procedures, "threads": _threads,
    "attachments": _attachments, "roles": _roles,
    "schedules": _schedules, "unscheduled": _unscheduled,
}  # fmt: skip
"""What ``law.toml`` calls for, by its name there."""
