"""What the desk asks of productions: what became of a version, why something stays in, and how many went out."""

from __future__ import annotations

from collections.abc import Callable

from archive import ledger
from archive.archive import Archive
from export.production import act
from export.production.plan import Plan, ground_of
from export.released import Ground
from export.requests.reports.log import Counts


def outcome_of(archive: Archive, number: int) -> Callable[[int], str]:
    """Return what tells a collected version's outcome in the latest production.

    Before a production, and for what it does not hold, a version is "collected": nothing of it went out yet.
    """
    productions = act.acts(archive, number, act.MADE)
    if not productions:
        return lambda version: "collected"
    upto = productions[-1].seq
    rows = archive.connection.execute(
        "SELECT version, outcome FROM produced WHERE request = ? AND seq = ?", (number, upto)
    )
    given: dict[int, str] = dict(rows.fetchall())
    plan = Plan(archive, number, upto)
    twins = {one.version: one.of for one in plan.order.twins}

    def outcome(version: int) -> str:
        lot = plan.lots.get(version)
        if lot is not None and lot.outcome == "not responsive":
            return "not responsive"
        return given.get(twins.get(version, version), "collected")

    return outcome


def grounds(archive: Archive, number: int) -> tuple[Ground, ...]:
    """Return the grounds on which something of a request stays in, each with its reason, once."""
    plan = Plan(archive, number)
    found: dict[tuple[str, str], Ground] = {}
    for version in plan.order.given:
        lot = plan.lots[version]
        said = [(one.exemption, one.reason) for one in lot.redactions]
        if lot.outcome == "withheld" and lot.decision is not None:
            said = [(lot.decision.exemption, lot.decision.reason)]
        for exemption, reason in said:
            found.setdefault((exemption, reason), ground_of(exemption, reason))
    return tuple(sorted(found.values(), key=lambda one: one.code))


def counts(archive: Archive) -> dict[int, Counts]:
    """Return how many records the latest production of each request released and withheld."""
    found: dict[int, Counts] = {}
    for row in ledger.rows(archive.connection, event=act.MADE):
        facts = row.facts
        released = facts["released"] + facts["redacted"]
        found[int(row.subject.removeprefix("request:"))] = Counts(released, facts["withheld"])
    return found
