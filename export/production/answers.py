"""What a production tells the requester's desk: grounds for letters, outcomes for challenges, counts for the log."""

from __future__ import annotations

from collections.abc import Callable

from archive import clock, ledger
from archive.archive import Archive
from archive.ledger import LedgerRow
from export.production import act
from export.production.plan import Plan, ground_of
from export.released import Ground, Reconciliation
from export.requests import letters
from export.requests.correspondence import sent
from export.requests.history import RequestAct, acts
from export.requests.letters import LetterNeeds
from export.requests.reports.log import Counts
from export.review.approval import COVER_LETTERS, is_changed


def grounds(archive: Archive, number: int) -> tuple[Ground, ...]:
    """Return the grounds on which something of a request stays in, each with its reason, once."""
    return grounds_in(Plan(archive, number))


def grounds_in(plan: Plan) -> tuple[Ground, ...]:
    """Return the grounds on which something of a plan stays in, each with its reason, once."""
    found: dict[tuple[str, str], Ground] = {}
    for version in plan.order.given:
        lot = plan.lots[version]
        said = [(one.exemption, one.reason) for one in lot.redactions]
        if lot.outcome == "withheld" and lot.decision is not None:
            said = [(lot.decision.exemption, lot.decision.reason)]
        for exemption, reason in said:
            found.setdefault((exemption, reason), ground_of(exemption, reason, plan.exemptions))
    return tuple(sorted(found.values(), key=lambda one: one.code))


def kind_of_letter(sums: Reconciliation) -> str:
    """Return which letter fits what goes out."""
    if not sums.going_out:
        return "denial" if sums.withheld else "no-records"
    return "partial-denial" if sums.withheld or sums.redacted else "release"


def cover_letter(archive: Archive, plan: Plan, row: LedgerRow) -> str:
    """Return the letter of a package: the one that was written before its act, else one composed as of its day."""
    if row.event == act.MADE and (written := _written(archive, plan.number, row.seq)):
        return _text(archive, written[-1])
    day = clock.local_date(clock.read_stored(row.at), archive.timezone)
    try:
        return letters.compose(archive, plan.number, kind_of_letter(plan.sums), grounds_in(plan), on=day).text
    except LetterNeeds:
        return ""


def _written(archive: Archive, number: int, before: int) -> list[RequestAct]:
    """Return the acts of writing the letters that go out with packages, in order."""
    done = (one for one in acts(archive, number) if one.seq < before and one.event == "request.letter")
    return [one for one in done if one.facts["kind"] in COVER_LETTERS]


def _text(archive: Archive, letter: RequestAct) -> str:
    return archive.objects.path(letter.facts["text"]).read_text(encoding="utf-8")


def written_letter(archive: Archive, plan: Plan) -> str:
    """Return the letter that a person wrote for the next production, empty if it has to be composed.

    One that was written before the last production or decision, or is of another kind than what goes out, is none.
    """
    last = max((one.seq for one in act.acts(archive, plan.number, act.MADE) if one.seq < plan.upto), default=0)
    for letter in reversed(_written(archive, plan.number, plan.upto)):
        fits = letter.facts["kind"] == kind_of_letter(plan.sums)
        if fits and letter.seq > last and not is_changed(archive, plan.number, letter.seq):
            return _text(archive, letter)
    return ""


def write_letter(archive: Archive, plan: Plan) -> None:
    """Write and keep the letter of a production that is about to be made, unless a person wrote it."""
    if written_letter(archive, plan):
        return
    sent.send(archive, letters.compose(archive, plan.number, kind_of_letter(plan.sums), grounds_in(plan)))


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


def counts(archive: Archive) -> dict[int, Counts]:
    """Return how many records the latest production of each request released and withheld."""
    found: dict[int, Counts] = {}
    for row in ledger.rows(archive.connection, event=act.MADE):
        facts = row.facts
        released = facts["released"] + facts["redacted"]
        found[int(row.subject.removeprefix("request:"))] = Counts(released, facts["withheld"])
    return found
