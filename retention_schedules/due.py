"""What has reached its expiry date by a day, by series, and what stops each group from going."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from msgspec import Struct

from archive.archive import Archive
from archive.stops import Stop, Stopper, all_stops
from retention_schedules import adoption
from retention_schedules.adoption import Adoption
from retention_schedules.basis import basis
from retention_schedules.outcomes import THREAD, UNSCHEDULED
from retention_schedules.schedule import Series
from retention_schedules.stopping import bars, stopped_by
from retention_schedules.superseded import earlier_versions

Key = tuple[str, str]
"""Schedule and series."""

CHUNK = 30_000

_GROUPS = """
SELECT schedule, series, sum(records), min(expires_on), max(expires_on), total(records * (blocked = ?2))
FROM expiry_count WHERE expires_on <= ?1 GROUP BY schedule, series ORDER BY schedule, series
"""
_HELD = "SELECT record, schedule, series FROM expiry WHERE expires_on <= ? AND record IN ({})"
_READY = """
SELECT record FROM expiry WHERE schedule = ? AND series = ? AND expires_on <= ? AND blocked = '' ORDER BY record
"""
_STALE = "the schedules have changed since this date was derived; run this again"


class DueGroup(Struct, frozen=True):
    """Records of one series whose date has come; ``stopped_by`` says why they are kept all the same.

    ``disposition`` is what the series asks for: destroy, transfer or retain; empty without a series. ``ready``
    is how many of them nothing keeps but the steps that the law asks for: these can be proposed. With
    ``versions`` it is earlier versions of records that are counted, which newer ones replaced.
    """

    schedule: str
    series: str
    title: str
    records: int
    earliest_on: str
    latest_on: str
    stopped_by: tuple[str, ...]
    disposition: str = ""
    ready: int = 0
    versions: bool = False


def due(archive: Archive, on: date, stoppers: Iterable[Stopper] = ()) -> list[DueGroup]:
    """Return the groups that are due on a day, and the records that no rule covers.

    It reads the dates as they stand: :meth:`retention_schedules.expiry.Expiry.catch_up` comes first.
    """
    known = {(one.schedule.name, each.key): (one, each) for one, each in _series(archive)}
    stops = all_stops(stoppers, on)
    held = _held(archive, on, stops)
    of_all = [stop.reason for stop in stops if stop.of_all]
    found = [
        _group(known.get(row[:2]), on, row, held.get(row[:2], _NO_STOPS), of_all)
        for row in archive.connection.execute(_GROUPS, (on.isoformat(), THREAD))
    ]
    return [*found, *_replaced(archive, on, known), *_unscheduled(archive)]


def ready(archive: Archive, on: date, schedule: str, series: str, stoppers: Iterable[Stopper] = ()) -> list[int]:
    """Return the records of one series that can be proposed on a day: due, and nothing keeps them."""
    for one, each in _series(archive):
        if (one.schedule.name, each.key) == (schedule, series) and not bars(one, each, on):
            stops = all_stops(stoppers, on)
            rows = archive.connection.execute(_READY, (schedule, series, on.isoformat()))
            return [row[0] for row in rows if not any(stop.keeps(row[0]) for stop in stops)]
    return []


def _series(archive: Archive) -> Iterator[tuple[Adoption, Series]]:
    for one in adoption.adoptions(archive):
        for each in one.schedule.series:
            yield one, each


# -- what rooms besides the schedules keep


class _Stopped(Struct, frozen=True):
    """How many records of a group each reason keeps, and all of those records."""

    reasons: Counter[str]
    records: set[int]


_NO_STOPS = _Stopped(Counter(), set())


def _held(archive: Archive, on: date, stops: Sequence[Stop]) -> dict[Key, _Stopped]:
    found: dict[Key, _Stopped] = defaultdict(lambda: _Stopped(Counter(), set()))
    for stop in stops:
        waiting = iter(stop.records)
        while chunk := list(islice(waiting, CHUNK)):
            marks = ", ".join("?" * len(chunk))
            for record, *key in archive.connection.execute(_HELD.format(marks), (on.isoformat(), *chunk)):
                group = found[key[0], key[1]]
                group.reasons[stop.reason] += 1
                group.records.add(record)
    return found


# -- groups


def _group(
    found: tuple[Adoption, Series] | None, on: date, row: tuple[str, str, int, str, str, float], held: _Stopped,
    of_all: Sequence[str],
) -> DueGroup:  # fmt: skip
    name, key, count, earliest, latest, tied = row
    if found is None:
        return DueGroup(name, key, key, count, earliest, latest, (_STALE,))
    of, series = found
    reasons = Counter(held.reasons)
    if tied:
        reasons["their conversation is kept together, and something keeps a part of it"] = int(tied)
    kept = tuple(f"{reason} ({number:,} of {count:,})" for reason, number in reasons.items())
    stops = (*stopped_by(of, series, on), *of_all, *kept)
    ready = 0 if of_all or bars(of, series, on) else max(count - int(tied) - len(held.records), 0)
    return DueGroup(name, key, series.title, count, earliest, latest, stops, series.disposition, ready)


def _replaced(archive: Archive, on: date, known: dict[Key, tuple[Adoption, Series]]) -> Iterator[DueGroup]:
    days: dict[Key, list[date]] = defaultdict(list)
    if any(series.trigger == "SUP" for _, series in known.values()):
        for one in earlier_versions(archive, basis(archive)):
            if one.expires_on <= on:
                days[one.schedule, one.series].append(one.expires_on)
    for key, dates in sorted(days.items()):
        of, series = known[key]
        title = f"{series.title}: versions that newer ones replaced"
        yield DueGroup(
            *key, title, len(dates), min(dates).isoformat(), max(dates).isoformat(),
            tuple(stopped_by(of, series, on)), series.disposition, versions=True,
        )  # fmt: skip


def _unscheduled(archive: Archive) -> Iterator[DueGroup]:
    count = archive.connection.execute(
        "SELECT total(records) FROM expiry_count WHERE blocked = ? AND schedule IS NULL", (UNSCHEDULED,)
    ).fetchone()[0]
    if count:
        reason = ("no adopted schedule has a rule for them; they are kept",)
        yield DueGroup("", UNSCHEDULED, "Records without a series", int(count), "", "", reason)
