"""Adopting a schedule: its bytes become an object, and the ledger says so; the latest of a name counts."""

from __future__ import annotations

import hashlib
import io
from importlib.resources import files
from pathlib import Path

from archive import ledger
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from retention_schedules.reader import LARGEST, read, read_name
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


class AlteredSchedule(MunimentError):
    """The bytes of an adopted schedule are gone, or are not those that were adopted."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, seq: int, sha256: str) -> None:
        super().__init__(
            f"The schedule adopted by ledger row {seq} is missing or was changed (object {sha256[:12]}…). "
            "No expiry date was changed. Restore the object from a backup of the archive."
        )


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


def adopt(archive: Archive, name: str) -> Schedule:
    """Check a schedule and put it on the ledger."""
    toml = source(name)
    schedule = read(toml, name)
    if schedule.example:
        raise ExampleOnly(schedule.name)
    sha256, size, _ = archive.objects.add(lambda: io.BytesIO(toml))
    archive.objects.sync()
    facts = {
        "schedule": schedule.name,
        "object": sha256,
        "size": size,
        "approved_on": schedule.approved_on.isoformat(),
        "expires_on": schedule.expires_on.isoformat() if schedule.expires_on else "",
    }
    with archive.act("schedule.adopted", f"schedule:{schedule.name}", facts):
        pass
    return schedule


def adopted(archive: Archive) -> list[Schedule]:
    """Return the schedules in use: of each name the one adopted last, as it was adopted."""
    latest = {read_name(toml): (seq, toml) for seq, toml in _as_adopted(archive)}
    return [read(toml, f"The schedule adopted by ledger row {seq}") for seq, toml in latest.values()]


def _as_adopted(archive: Archive) -> list[tuple[int, bytes]]:
    for row in ledger.rows(archive.connection, event="schedule.adopted"):
        if not archive.objects.is_whole(row.facts["object"]):
            raise AlteredSchedule(row.seq, row.facts["object"])
    return archive.adopted_schedules()


def fingerprint(archive: Archive) -> str:
    """Return what changes whenever expiry dates may change for all records."""
    hashed = hashlib.sha256(repr((archive.timezone.key, archive.fiscal_year_start)).encode())
    for row in ledger.rows(archive.connection, event="schedule.adopted"):
        hashed.update(bytes.fromhex(row.facts["object"]))
    return hashed.hexdigest()
