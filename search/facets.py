"""How many hits have which account, platform, kind, state, series and month: counted by the engine or by SQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from archive.archive import Archive
from search.answer import Answer
from search.documents import Document
from search.facts import month

Facet = Literal["account", "platform", "kind", "state", "series", "month"]
FACETS: tuple[Facet, ...] = ("account", "platform", "kind", "state", "series", "month")

Counts = Mapping[str, int]
"""How many versions by value, the most frequent first, months in their order. An empty value: none, not known."""

_COLUMNS = {
    "account": "r.account", "platform": "r.platform", "kind": "r.kind", "state": "r.state",
    "series": "coalesce(e.series, '')", "month": "coalesce(substr(r.created_at, 1, 13), '')",
}  # fmt: skip
_FACTS = "SELECT {} FROM version v JOIN record r ON r.id = v.record"
_DATED = " LEFT JOIN dated d ON d.record = r.id LEFT JOIN outcome e ON e.id = d.outcome"
_OF = " WHERE v.id IN (SELECT value FROM json_each(?))"


def facets(archive: Archive, answer: Answer, names: Sequence[Facet] = FACETS) -> dict[Facet, Counts]:
    """Return the counts of an answer's versions."""
    counted = answer.facets([one for one in names if one != "series"]) or {}
    rest = [one for one in names if one not in counted]
    found = counted | (_counted(archive, answer, rest) if rest else {})
    return {name: _in_order(name, found[name]) for name in names}


def _counted(archive: Archive, answer: Answer, names: Sequence[Facet]) -> dict[str, Counter[str]]:
    """Count in SQL what stands as the archive has it, and document by document what stood otherwise."""
    others = {one.id: one for one in answer.unsettled if one.id in answer.found}
    values = _values(archive, [one for one in answer.found if one not in others], names)
    found: dict[str, Counter[str]] = {name: Counter(values[name]) for name in names}
    if "month" in found:
        found["month"] = _months(archive, found["month"])
    for name in names:
        found[name].update(_value_of_each(archive, name, others.values()))
    return found


def _values(archive: Archive, versions: Sequence[int], names: Sequence[Facet]) -> dict[Facet, Sequence[str]]:
    """Return the values of versions, months to the hour."""
    script = _FACTS.format(", ".join(_COLUMNS[name] for name in names))
    script += (_DATED if "series" in names else "") + _OF
    columns = list(zip(*archive.connection.execute(script, (json.dumps(versions),)), strict=True))
    return dict(zip(names, columns or [()] * len(names), strict=True))


def _months(archive: Archive, hours: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for hour, count in hours.items():
        found[month(hour, archive.timezone)] += count
    return found


def _value_of_each(archive: Archive, name: Facet, documents: Collection[Document]) -> Iterable[str]:
    if name == "series":
        return _values(archive, [one.id for one in documents], ["series"])["series"]
    if name == "month":
        return (month(one.facts.created_at[:13], archive.timezone) for one in documents)
    return (getattr(one.facts, name) for one in documents)


def _in_order(name: Facet, counts: Mapping[str, int]) -> dict[str, int]:
    if name == "month":
        return dict(sorted(counts.items()))
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
