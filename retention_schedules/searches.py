"""Searches in rules: which records answer them. A record answers if one of its versions does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.archive import Archive
from archive.errors import MunimentError
from archive.followers import Finder
from retention_schedules.check import Fault
from retention_schedules.schedule import Schedule

_LATER = "SELECT id, record FROM version WHERE id <> record"


def answers(archive: Archive, queries: Sequence[str], finder: Finder | None) -> dict[str, set[int]]:
    """Return for each search the records that answer it now; raises what the finder raises on a bad one."""
    if not queries:
        return {}
    if finder is None:
        raise ValueError(f"rules ask the search “{queries[0]}”, and nobody gave a finder")
    later: dict[int, int] = dict(archive.connection.execute(_LATER))
    return {query: {later.get(one, one) for one in finder.find(query)} for query in queries}


def failing(finder: Finder, schedule: Schedule) -> Iterator[Fault]:
    """Yield the searches in a schedule's rules that cannot be understood."""
    for rule in schedule.rules:
        if rule.query:
            try:
                finder.find(rule.query)
            except MunimentError as error:
                yield Fault(f"rule {rule.number}, query", str(error).partition("\n")[0])
