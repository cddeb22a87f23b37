"""Decisions: what becomes of each collected version, who said so and why, with all that was said before.

A decision names versions; a person names records, which means all their collected versions. What nobody has
decided on is undecided; the latest decision stands.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, get_args

from msgspec import Struct

from archive.archive import Act, Archive
from archive.errors import ExitCode, MunimentError
from archive.tables import DECISION
from export.requests import collection
from export.review import exemptions

Outcome = Literal["release", "redact", "withhold", "not-responsive", "undecided"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

EVENT = "review.decided"
ALWAYS = 1 << 62
"""A ledger position after all others."""

_STANDING = """
SELECT d.version, d.outcome, d.exemption, coalesce(t.text, ''), l.actor, l.at, d.seq FROM decision d
JOIN ledger l ON l.seq = d.seq LEFT JOIN statement t ON t.id = d.reason
WHERE d.id IN (SELECT max(id) FROM decision WHERE request = ? AND seq <= ? GROUP BY version)
"""
_HISTORY = """
SELECT d.version, d.outcome, d.exemption, coalesce(t.text, ''), l.actor, l.at, d.seq FROM decision d
JOIN version v ON v.id = d.version JOIN ledger l ON l.seq = d.seq LEFT JOIN statement t ON t.id = d.reason
WHERE d.request = ? AND v.record = ? ORDER BY d.id
"""
_RECORD_OF = "SELECT id, record FROM version WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"


class NotCollected(MunimentError):
    """A record is not in the request's collected set."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int, record: int) -> None:
        super().__init__(
            f"Record {record} is not in the collected set of request {number}. Collect it first with "
            f"`muniment request collect {number} --record {record}`. Nothing was decided."
        )


class ReasonMissing(MunimentError):
    """Something is to stay in, and nobody says why."""

    exit_code = ExitCode.REFUSED

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} needs --exemption CODE and --reason TEXT: a denial gives its specific reasons "
            "(Wis. Stat. § 19.35(4)(b)). `muniment review exemptions` lists the codes. Nothing was decided."
        )


class GroundForNothing(MunimentError):
    """An exemption is given for what goes out, or does not answer."""

    def __init__(self, outcome: str, exemption: str) -> None:
        super().__init__(
            f"“{exemption}” is an exemption, and the decision is “{outcome}”. To keep the record in, say --decision "
            "withhold; else leave --exemption out. Nothing was decided."
        )


class OwnReasonNeeded(MunimentError):
    """A balance is to be written once for several records."""

    exit_code = ExitCode.REFUSED

    def __init__(self, count: int) -> None:
        super().__init__(
            f"The balancing test is made for each record by itself, and this would give one reason to {count:,}. "
            "Mark them one at a time, or give --reasons FILE.csv with a line “record,reason” for each. "
            "Nothing was decided."
        )


class NothingChosen(MunimentError):
    """No record is meant."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int) -> None:
        super().__init__(
            f"No record of request {number} is meant. Name records, or use --query or --undecided; "
            f"`muniment review queue {number}` shows what is collected. Nothing was decided."
        )


class Decision(Struct, frozen=True):
    """What was decided on one version; ``at`` is a stored UTC time, ``seq`` the ledger row that vouches for it."""

    version: int
    outcome: Outcome
    exemption: str = ""
    reason: str = ""
    by: str = ""
    at: str = ""
    seq: int = 0


def standing(archive: Archive, number: int, upto: int = ALWAYS) -> dict[int, Decision]:
    """Return the decision that stands for each version of a request, as of a ledger position."""
    rows = archive.connection.execute(_STANDING, (number, upto))
    return {row[0]: Decision(*row) for row in rows}


def history(archive: Archive, number: int, record: int) -> list[Decision]:
    """Return every decision on a record's versions in a request, in order."""
    return [Decision(*row) for row in archive.connection.execute(_HISTORY, (number, record))]


def versions_of(archive: Archive, number: int, records: Sequence[int]) -> dict[int, list[int]]:
    """Return the collected versions of records, by record; raises :class:`NotCollected`."""
    collected = by_record(archive, number)
    for one in records:
        if one not in collected:
            raise NotCollected(number, one)
    return {one: collected[one] for one in dict.fromkeys(records)}


def by_record(archive: Archive, number: int) -> dict[int, list[int]]:
    """Return all collected versions of a request, by record."""
    return grouped(archive, collection.collected_versions(archive, number))


def grouped(archive: Archive, versions: Sequence[int]) -> dict[int, list[int]]:
    """Return versions by their record."""
    found: dict[int, list[int]] = {}
    for version, record in records_of(archive, versions):
        found.setdefault(record, []).append(version)
    return found


def records_of(archive: Archive, versions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return (version, record) of versions, by version."""
    return archive.connection.execute(_RECORD_OF, (json.dumps(list(versions)),))


def mark(
    archive: Archive,
    number: int,
    records: Sequence[int],
    outcome: Outcome,
    exemption: str = "",
    reason: str = "",
    reasons: Mapping[int, str] | None = None,
) -> int:
    """Decide on all collected versions of records; return how many versions that were.

    ``reasons`` gives records a reason of their own. What is withheld needs an exemption and a reason; a balancing
    test needs one for each record (:class:`OwnReasonNeeded`).
    """
    versions = versions_of(archive, number, records)
    own = reasons or {}
    if outcome == "withhold":
        _need_ground(versions, exemption, reason, own)
    elif exemption:
        raise GroundForNothing(outcome, exemption)
    with archive.act(EVENT, f"request:{number}", {"outcome": outcome, "exemption": exemption}) as act:
        return record_decisions(act, number, versions, outcome, exemption, reason, own)


def record_decisions(
    act: Act,
    number: int,
    versions: Mapping[int, Sequence[int]],
    outcome: Outcome,
    exemption: str = "",
    reason: str = "",
    own: Mapping[int, str] | None = None,
) -> int:
    """Append decisions on versions, given by record, to an act; return how many."""
    shared = act.state(f"review:{number}", "reason", reason) if reason else 0
    rows = []
    for record, ids in versions.items():
        said = (own or {}).get(record, "")
        statement = act.state(f"review:{number}", "reason", said) if said else shared
        rows += [(number, version, outcome, exemption, statement) for version in ids]
    act.add_all(DECISION, rows)
    return len(rows)


def _need_ground(versions: Mapping[int, Sequence[int]], exemption: str, reason: str, own: Mapping[int, str]) -> None:
    if not exemption or not (reason or all(one in own for one in versions)):
        raise ReasonMissing("What is withheld")
    without = [one for one in versions if one not in own]
    if exemptions.get(exemption).balancing and len(without) > 1:
        raise OwnReasonNeeded(len(without))


def chosen(
    archive: Archive, number: int, records: Sequence[int], answering: Collection[int] | None, *, undecided: bool
) -> list[int]:
    """Return the records that a person means: those named, and of what is collected those that answer a search.

    With ``undecided`` only records with a version that nobody decided on, all of them if nothing else is said.
    Raises :class:`NotCollected`, :class:`NothingChosen`.
    """
    versions_of(archive, number, records)
    collected = by_record(archive, number)
    found = dict.fromkeys(records)
    if answering is not None or (undecided and not records):
        found |= dict.fromkeys(one for one in collected if answering is None or one in answering)
    if undecided:
        decided = standing(archive, number)
        left = {version for version, one in decided.items() if one.outcome != "undecided"}
        found = dict.fromkeys(one for one in found if not set(collected[one]) <= left)
    if not found:
        raise NothingChosen(number)
    return list(found)
