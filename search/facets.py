"""How many hits have which account, platform, kind, state, series and month: counted by the engine or by SQL."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
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
    "month": "coalesce(substr(r.created_at, 1, 13), '')",
}  # fmt: skip
_FACTS = """
SELECT {} FROM version v JOIN record r ON r.id = v.record WHERE v.id IN (SELECT value FROM json_each(?))
"""
_SERIES = """
SELECT coalesce(e.series, ''), sum(counted) FROM (
    SELECT d.outcome, count(*) counted FROM json_each(?) j JOIN version v ON v.id = j.value
    LEFT JOIN dated d ON d.record = v.record GROUP BY 1
) LEFT JOIN outcome e ON e.id = outcome GROUP BY 1
"""


def facets(archive: Archive, answer: Answer, names: Sequence[Facet] = FACETS) -> dict[Facet, Counts]:
    """Return the counts of an answer's versions."""
    counted = answer.facets([one for one in names if one != "series"]) or {}
    rest = [one for one in names if one not in counted]
    found = counted | (_counted(archive, answer, rest) if rest else {})
    return {name: _in_order(name, found[name]) for name in names}


def _counted(archive: Archive, answer: Answer, names: Sequence[Facet]) -> dict[str, Counter[str]]:
    """Count in SQL what stands as the archive has it, and document by document what stood otherwise."""
    others = {one.id: one for one in answer.unsettled if one.id in answer.found}
    settled = [one for one in answer.found if one not in others]
    found = _facts(archive, settled, [one for one in names if one != "series"])
    if "series" in names:
        found["series"] = _series(archive, list(answer.found))
    for name in found.keys() - {"series"}:
        found[name].update(_value(archive, name, one) for one in others.values())
    return found


def _facts(archive: Archive, versions: Sequence[int], names: Sequence[Facet]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {name: Counter() for name in names}
    if not names or not versions:
        return found
    script = _FACTS.format(", ".join(_COLUMNS[name] for name in names))
    columns = zip(*archive.connection.execute(script, (json.dumps(versions),)), strict=True)
    for name, column in zip(names, columns, strict=False):
        found[name].update(column)
    if "month" in found:
        hours, found["month"] = found["month"], Counter()
        for hour, count in hours.items():
            found["month"][month(hour, archive.timezone)] += count
    return found


def _series(archive: Archive, versions: Sequence[int]) -> Counter[str]:
    return Counter(dict(archive.connection.execute(_SERIES, (json.dumps(versions),)).fetchall()))


def _value(archive: Archive, name: str, document: Document) -> str:
    facts = document.facts
    return month(facts.created_at[:13], archive.timezone) if name == "month" else str(getattr(facts, name))


def _in_order(name: Facet, counts: Mapping[str, int]) -> dict[str, int]:
    if name == "month":
        return dict(sorted(counts.items()))
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
