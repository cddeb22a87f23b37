"""The evidence of an adoption: the papers it rests on, and who checked each series against which source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from archive.archive import Act, Archive
from archive.errors import ExitCode, MunimentError
from retention_schedules.law import law
from retention_schedules.schedule import Schedule

CHECKED = "checked:"
OTHER = "other"


class EvidenceMissing(MunimentError):
    """An adoption lacks papers, or the word of whoever checked a series."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, missing: Sequence[str]) -> None:
        listed = "\n".join(f"  {one}" for one in missing)
        super().__init__(f"“{name}” cannot be adopted without its evidence. Nothing was adopted. Missing:\n{listed}")


class Evidence(Struct, frozen=True):
    """``files`` by the key of the paper in ``law.toml``; ``others`` is whatever else is to be kept.

    ``checked`` says for each series, by its key, who checked it against which source, in that person's words.
    """

    files: Mapping[str, Path] = {}
    checked: Mapping[str, str] = {}
    others: tuple[Path, ...] = ()


class Paper(Struct, frozen=True):
    """A file of evidence in the object store."""

    key: str
    name: str
    sha256: str


def missing(schedule: Schedule, evidence: Evidence) -> list[str]:
    """Return what an adoption of this schedule still lacks, in words."""
    lacking = [
        f"{one.title} (--{one.key} FILE): {one.why} {one.citation}"
        for one in law().paper
        if not (one.key in evidence.files and evidence.files[one.key].is_file())
    ]
    lacking += [
        f"who checked the series “{one.title}” against which source (--checked '{one.key}=WHO, SOURCE')"
        for one in schedule.series
        if one.verified and not evidence.checked.get(one.key, "").strip()
    ]
    lacking += [f"{path}: there is no such file" for path in evidence.others if not path.is_file()]
    keys = {one.key for one in schedule.series}
    return lacking + [f"a series “{key}”, which --checked names" for key in evidence.checked if key not in keys]


def keep(archive: Archive, schedule: Schedule, evidence: Evidence) -> list[Paper]:
    """Store the files as objects; raises :class:`EvidenceMissing`."""
    if lacking := missing(schedule, evidence):
        raise EvidenceMissing(schedule.name, lacking)
    named = [*evidence.files.items(), *((f"{OTHER}-{n}", path) for n, path in enumerate(evidence.others, 1))]
    return [Paper(key, path.name, _stored(archive, path)) for key, path in named]


def _stored(archive: Archive, path: Path) -> str:
    return archive.objects.add(lambda: path.open("rb"))[0]


def state_papers(act: Act, kept: Sequence[Paper], evidence: Evidence) -> None:
    """State which objects an adoption brought, by what names, and who checked what."""
    for one in kept:
        act.state(act.subject, "object", one.sha256)
        act.state(act.subject, f"paper:{one.key}", one.name)
    for key, words in evidence.checked.items():
        act.state(act.subject, f"{CHECKED}{key}", words.strip())


def checked(archive: Archive, subject: str, seq: int) -> dict[str, str]:
    """Return who checked which series when a schedule was adopted by a ledger row."""
    rows = archive.connection.execute(
        "SELECT substr(name, ?), text FROM statement WHERE subject = ? AND seq = ? AND name LIKE ? ORDER BY id",
        (len(CHECKED) + 1, subject, seq, f"{CHECKED}%"),
    )
    return dict(rows)
