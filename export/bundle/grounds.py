"""How often each exemption was applied, for the pages that sum up."""

from __future__ import annotations

from msgspec import Struct

from export.released import Ground, Production


class GroundSum(Struct):
    """An exemption: how many spans were blacked out under it, in how many records, and how many stay in whole."""

    citation: str
    title: str
    spans: int = 0
    redacted: int = 0
    withheld: int = 0


def summary(production: Production) -> list[GroundSum]:
    """Return the sums of a production, by citation."""
    sums: dict[tuple[str, str], GroundSum] = {}

    def of(ground: Ground) -> GroundSum:
        key = (ground.citation or ground.code, ground.title)
        return sums.setdefault(key, GroundSum(*key))

    for record in production.records():
        for redaction in record.redactions:
            of(redaction.ground).spans += 1
        for key in {(one.ground.citation or one.ground.code, one.ground.title) for one in record.redactions}:
            sums[key].redacted += 1
    for kept in production.withheld():
        of(kept.ground).withheld += 1
    return [sums[key] for key in sorted(sums)]
