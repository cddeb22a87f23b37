"""What a production tells the requester's desk: grounds for letters, outcomes for challenges, counts for the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archive import clock, ledger
from archive.archive import Archive
from archive.ledger import LedgerRow
from export.production import act
from export.production.plan import Plan, ground_of
from export.released import Ground, Reconciliation
from export.requests import collection, letters
from export.requests.correspondence import sent
from export.requests.history import acts
from export.requests.letters import LetterNeeds
from export.requests.reports.log import Counts

COVER_LETTERS = ("release", "partial-denial", "denial", "no-records")
"""Kinds of letters that go out with a package."""


def grounds(plan: Plan) -> list[Ground]:
    """Return each ground, with its reason, on which something of a plan stays in; none twice."""
    found: dict[Ground, None] = {}
    for version in plan.order.given:
        lot = plan.lots[version]
        if lot.outcome == "withheld" and lot.decision is not None:
            found[ground_of(lot.decision.exemption, lot.decision.reason)] = None
        elif lot.outcome == "redacted":
            found |= dict.fromkeys(ground_of(one.exemption, one.reason) for one in lot.redactions)
    return sorted(found, key=lambda one: (one.code, one.reason))


def grounds_of(archive: Archive, number: int) -> list[Ground]:
    """Return the grounds on which something of a request stays in now; none while nothing is collected."""
    return grounds(Plan(archive, number)) if collection.collections(archive, number) else []


def kind_of_letter(sums: Reconciliation) -> str:
    """Return which letter fits what goes out."""
    if not sums.going_out:
        return "denial" if sums.withheld else "no-records"
    return "partial-denial" if sums.withheld or sums.redacted else "release"


def cover_letter(archive: Archive, plan: Plan, row: LedgerRow) -> str:
    """Return the letter of a package: the one that was written before its act, else one composed as of its day."""
    written = [
        one
        for one, made in zip(sent.sent(acts(archive, plan.number)), _letter_acts(archive, plan.number), strict=True)
        if one.kind in COVER_LETTERS and made < row.seq
    ]
    if row.event == act.MADE and written:
        return archive.objects.path(written[-1].text_sha256).read_text(encoding="utf-8")
    day = clock.local_date(clock.read_stored(row.at), archive.timezone)
    try:
        return letters.compose(archive, plan.number, kind_of_letter(plan.sums), grounds(plan), on=day).text
    except LetterNeeds:
        return ""


def _letter_acts(archive: Archive, number: int) -> Iterator[int]:
    return (one.seq for one in acts(archive, number) if one.event == "request.letter")


def write_letter(archive: Archive, plan: Plan) -> None:
    """Write and keep the letter of a production that is about to be made, unless one was written since the last."""
    last = max((one.seq for one in act.acts(archive, plan.number, act.MADE)), default=0)
    done = acts(archive, plan.number)
    if any(one.event == "request.letter" and one.facts["kind"] in COVER_LETTERS and one.seq > last for one in done):
        return
    sent.send(archive, letters.compose(archive, plan.number, kind_of_letter(plan.sums), grounds(plan)))


def outcome_of(archive: Archive, number: int) -> Callable[[int], str]:
    """Return what says of a collected version what became of it in the last production that gave it."""
    rows = archive.connection.execute(
        "SELECT version, outcome FROM produced WHERE request = ? ORDER BY id", (number,)
    ).fetchall()
    produced: dict[int, str] = dict(rows)
    made = act.acts(archive, number, act.MADE)
    plan = Plan(archive, number, made[-1].seq) if made else None
    twins = {one.version: produced.get(one.of, "collected") for one in plan.order.twins} if plan else {}

    def said(version: int) -> str:
        if version in produced:
            return produced[version]
        if version in twins:
            return twins[version]
        lot = plan.lots.get(version) if plan else None
        return "not responsive" if lot is not None and lot.outcome == "not responsive" else "collected"

    return said


def counts(archive: Archive) -> dict[int, Counts]:
    """Return how many records each request's last production released and withheld, by request."""
    found: dict[int, Counts] = {}
    for row in ledger.rows(archive.connection, event=act.MADE):
        facts = row.facts
        number = int(row.subject.removeprefix("request:"))
        found[number] = Counts(facts["released"] + facts["redacted"], facts["withheld"])
    return found
