"""What is new in a production, and what became something else since the production before."""

from __future__ import annotations

from collections.abc import Iterator

from archive.archive import Archive
from archive.ledger import LedgerRow
from export.production import act
from export.production.plan import Plan
from export.released import Changed
from export.requests import register

_BEFORE = "SELECT version, outcome FROM produced WHERE request = ? AND seq = ?"


def _last(archive: Archive, plan: Plan, row: LedgerRow) -> dict[int, str]:
    """Return the outcomes of the production before, by version; empty if there is none."""
    earlier = [one for one in act.acts(archive, plan.number, act.MADE) if one.seq < row.seq]
    return dict(archive.connection.execute(_BEFORE, (plan.number, earlier[-1].seq)).fetchall()) if earlier else {}


def new_numbers(archive: Archive, plan: Plan, row: LedgerRow) -> tuple[int, ...]:
    """Return the numbers that no earlier production had; empty in a first production."""
    before = _last(archive, plan, row)
    if not before:
        return ()
    seen = {
        version
        for (version,) in archive.connection.execute(
            "SELECT version FROM produced WHERE request = ? AND seq < ?", (plan.number, row.seq)
        )
    }
    return tuple(sorted(plan.numbers[one] for one in plan.order.given if one not in seen))


def changed(archive: Archive, plan: Plan, row: LedgerRow) -> Iterator[Changed]:
    """Yield what has another outcome than in the production before, what is no longer given among it."""
    before = _last(archive, plan, row)
    prefix = act.prefix(archive.name, register.get(archive, plan.number).shown)
    given = set(plan.order.given)
    for version in sorted(before, key=lambda one: plan.numbers.get(one, 0)):
        lot = plan.lots.get(version)
        now = lot.outcome if lot is not None and version in given else "not given"
        if now != before[version]:
            yield Changed(bates=act.bates(prefix, plan.numbers[version]), before=before[version], now=now)
