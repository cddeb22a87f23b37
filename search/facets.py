"""How many hits have which account, platform, kind, state, series and month: counted by the engine or by SQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from archive.archive import Archive
from search.answer import Answer
from search.documents import Document
from search.facts import month

Facet = Literal["account", "platform", "kind", "state", "series", "month"]
FACETS: tuple[Facet, ...] = ("account", "platform", "kind", "state", "series", "month")

Counts = Mapping[str, int]
"""How many versions by value, the most frequent first, months in their order. An empty value: none, not known."""

_COUNTED = """
SELECT {column}, count(*) FROM version v JOIN record r ON r.id = v.record
LEFT JOIN dated d ON d.record = r.id LEFT JOIN outcome e ON e.id = d.outcome
WHERE v.id IN (SELECT value FROM json_each(?)) GROUP BY 1
"""
_COLUMNS = {
    "account": "r.account", "platform": "r.platform", "kind": "r.kind", "state": "r.state",
    "series": "coalesce(e.series, '')", "month": "coalesce(substr(r.created_at, 1, 13), '')",
}  # fmt: skip


def facets(archive: Archive, answer: Answer, names: Sequence[Facet] = FACETS) -> dict[Facet, Counts]:
    """Return the counts of an answer's versions."""
    plain = [one for one in names if one != "series"]
    counted = answer.facets(plain)
    if counted is None:
        return {name: _in_order(name, _counted(archive, answer, name)) for name in names}
    return {
        name: _in_order(name, counted[name] if name in counted else _counted(archive, answer, name)) for name in names
    }


def _counted(archive: Archive, answer: Answer, name: Facet) -> Counter[str]:
    """Count in SQL what stands as the archive has it, and document by document what stood otherwise."""
    others = {one.id: one for one in answer.unsettled if one.id in answer.found}
    settled = json.dumps([one for one in answer.found if one not in others])
    found: Counter[str] = Counter()
    for value, count in archive.connection.execute(_COUNTED.format(column=_COLUMNS[name]), (settled,)):
        found[month(value, archive.timezone) if name == "month" else value] += count
    if others:
        found.update(_values(archive, name, others.values()))
    return found


def _values(archive: Archive, name: Facet, documents: Iterable[Document]) -> Iterable[str]:
    if name == "series":
        return _series(archive, [one.id for one in documents])
    if name == "month":
        return (month(one.facts.created_at[:13], archive.timezone) for one in documents)
    return (getattr(one.facts, name) for one in documents)


def _series(archive: Archive, versions: list[int]) -> list[str]:
    rows = archive.connection.execute(_COUNTED.format(column=_COLUMNS["series"]), (json.dumps(versions),))
    return [value for value, count in rows for _ in range(count)]


def _in_order(name: Facet, counts: Mapping[str, int]) -> dict[str, int]:
    if name == "month":
        return dict(sorted(counts.items()))
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
