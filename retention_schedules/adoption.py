"""Adopting a schedule: two people, their evidence, and its bytes on the ledger; the latest of a name counts."""

from __future__ import annotations

import io
from datetime import date
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from archive import clock, ledger
from archive.archive import Actor, Archive
from archive.errors import ExitCode, MunimentError
from archive.followers import Finder
from archive.ledger import LedgerRow
from retention_schedules import proof, searches
from retention_schedules.evidence import Evidence, keep, state_papers
from retention_schedules.reader import LARGEST, BadSchedule, read, read_name
from retention_schedules.schedule import Schedule


class NoSchedule(MunimentError):
    """There is no such file, and no schedule of this name is shipped."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no schedule file {name}. Shipped with Muniment: {', '.join(shipped())}.")


class ExampleOnly(MunimentError):
    """The schedule is an example from elsewhere."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is an example of another jurisdiction's rules and cannot be adopted here.")


class TwoPeopleNeeded(MunimentError):
    """One person alone, or two who only keep the machine, would adopt a schedule."""

    exit_code = ExitCode.REFUSED

    def __init__(self, why: str) -> None:
        super().__init__(
            f"A schedule is adopted by two people: {why}. Name them with --by and --second; each gives the password, "
            "and one of them is a clerk, an attorney or a manager. Nothing was adopted."
        )


class AlteredSchedule(MunimentError):
    """The bytes of an adopted schedule are gone, or are not those that were adopted."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, seq: int, sha256: str) -> None:
        super().__init__(
            f"The schedule adopted by ledger row {seq} is missing or was changed (object {sha256[:12]}…). "
            "No expiry date was changed. Restore the object from a backup of the archive."
        )


class Adoption(Struct, frozen=True):
    """A schedule as it was adopted: by which ledger row, on what local date, by whom.

    ``second`` is empty for what an earlier Muniment let one person adopt: that gives dates and authorises nothing.
    """

    schedule: Schedule
    seq: int
    on: date
    by: str
    second: str
    sha256: str


def shipped() -> list[str]:
    """Return the names of the schedules that come with Muniment."""
    folder = files(__package__) / "schedules"
    return sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))


def source(name: str) -> bytes:
    """Return the TOML of a file, or of a shipped schedule by its name."""
    path = Path(name)
    if path.is_file():
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    if name in shipped():
        return (files(__package__) / "schedules" / f"{name}.toml").read_bytes()
    raise NoSchedule(name)


def adoptable(name: str) -> tuple[bytes, Schedule]:
    """Return a schedule's bytes and what they say; raises NoSchedule, BadSchedule or :class:`ExampleOnly`."""
    toml = source(name)
    schedule = read(toml, name)
    if schedule.example:
        raise ExampleOnly(schedule.name)
    return toml, schedule


def adopt(archive: Archive, name: str, second: Actor, evidence: Evidence, finder: Finder | None = None) -> Schedule:
    """Check a schedule and put it on the ledger, as the archive's actor and a second person.

    A schedule whose rules ask searches needs the finder: one that fails would leave every record without a date.
    Raises ``proof.NotProved``, :class:`TwoPeopleNeeded`, ``evidence.EvidenceMissing``, and what :func:`adoptable` does.
    """
    toml, schedule = adoptable(name)
    if any(rule.query for rule in schedule.rules):
        _check_searches(name, schedule, finder)
    _check_people(archive, archive.actor, second)
    kept = keep(archive, schedule, evidence)
    sha256, size, _ = archive.objects.add(lambda: io.BytesIO(toml))
    archive.objects.sync()
    facts = {
        "schedule": schedule.name,
        "object": sha256,
        "size": size,
        "approved_on": schedule.approved_on.isoformat(),
        "expires_on": schedule.expires_on.isoformat() if schedule.expires_on else "",
        "second": second.name,
        "second_via": second.via,
        "papers": {one.key: one.sha256 for one in kept},
    }
    with archive.act("schedule.adopted", subject(schedule.name), facts) as act:
        state_papers(act, kept, evidence)
    return schedule


def _check_searches(name: str, schedule: Schedule, finder: Finder | None) -> None:
    if finder is None:
        raise ValueError(f"{name} asks searches, and nobody gave a finder")
    if faults := list(searches.failing(finder, schedule)):
        raise BadSchedule(name, faults)


def _check_people(archive: Archive, by: Actor, second: Actor) -> None:
    if by.name.casefold() == second.name.casefold():
        raise TwoPeopleNeeded(f"“{by.name}” cannot be both of them")
    roles = {proof.require(archive, one, "adopt a schedule").role for one in (by, second)}
    if roles == {"it"}:
        raise TwoPeopleNeeded(f"“{by.name}” and “{second.name}” both have the role “it”")


def subject(name: str) -> str:
    """Return how the ledger names a schedule."""
    return f"schedule:{name}"


def adoptions(archive: Archive) -> list[Adoption]:
    """Return the schedules in use: of each name the one adopted last, as it was adopted."""
    latest: dict[str, Adoption] = {}
    for row in ledger.rows(archive.connection, event="schedule.adopted"):
        toml = _bytes(archive, row)
        name = read_name(toml)
        latest[name] = _adoption(archive, row, toml)
    return list(latest.values())


def adopted(archive: Archive) -> list[Schedule]:
    """Return the same as schedules alone."""
    return [one.schedule for one in adoptions(archive)]


def _bytes(archive: Archive, row: LedgerRow) -> bytes:
    if not archive.objects.is_whole(row.facts["object"]):
        raise AlteredSchedule(row.seq, row.facts["object"])
    return archive.objects.path(row.facts["object"]).read_bytes()


def _adoption(archive: Archive, row: LedgerRow, toml: bytes) -> Adoption:
    on = clock.local_date(clock.read_stored(row.at), archive.timezone)
    schedule = read(toml, f"The schedule adopted by ledger row {row.seq}")
    return Adoption(schedule, row.seq, on, row.actor, row.facts.get("second", ""), row.facts["object"])
