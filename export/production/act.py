"""The acts of drafting and producing: what was given under which number, frozen on the ledger."""

from __future__ import annotations

import json
import re
import unicodedata

from archive import ledger, ledger_tree
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.ledger import LedgerRow
from archive.tables import PRODUCED
from export.production.plan import Plan
from export.requests.correspondence.kept import keep_bytes, state_kept
from export.review import exemptions
from export.review.approval import ChangedMeanwhile, is_changed
from export.review.exemptions import Exemption

DRAFTED = "production.drafted"
MADE = "production.made"
CHANGES = (
    "accession.", "account.", "request.", "review.", "schedule.",
    "disposition.", "hold.",
)  # fmt: skip
"""Events after which a draft built again could differ."""

EXEMPTIONS = "exemptions.toml"

_STATES = """
SELECT v.id, r.state, r.version = v.id FROM version v JOIN record r ON r.id = v.record
WHERE v.id IN (SELECT value FROM json_each(?))
"""


class NoSuchDraft(MunimentError):
    """No draft was made that somebody could have looked at, or not the one that is named."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, checkpoint: str) -> None:
        what = f"no draft with the checkpoint {checkpoint!r}" if checkpoint else "no draft yet"
        super().__init__(
            f"Request {number} has {what}: there is nothing that was looked at. `muniment export {number}` makes a "
            "draft; its certificate and bag-info.txt print the checkpoint."
        )


class UnknownProduction(MunimentError):
    """A request has no production of this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int, production: int, known: int) -> None:
        there = f"it has {known}" if known else "it has none yet"
        super().__init__(f"Request {number} has no production {production}: {there}.")


def subject(number: int) -> str:
    """Return how the ledger names a request."""
    return f"request:{number}"


def acts(archive: Archive, number: int, event: str) -> list[LedgerRow]:
    """Return the drafts or productions of a request, in order."""
    return [row for row in ledger.rows(archive.connection, event=event) if row.subject == subject(number)]


def production(archive: Archive, number: int, which: int) -> LedgerRow:
    """Return the row of a request's production; raises :class:`UnknownProduction`."""
    known = acts(archive, number, MADE)
    if not 1 <= which <= len(known):
        raise UnknownProduction(number, which, len(known))
    return known[which - 1]


def draft(archive: Archive, number: int, checkpoint: str = "") -> LedgerRow:
    """Return the row of the last draft, or of the one with this checkpoint ("seq:digest"); raises NoSuchDraft."""
    known = acts(archive, number, DRAFTED)
    found = [one for one in known if not checkpoint or f"{one.seq}:{one.digest.hex()}" == checkpoint.strip()]
    if not found:
        raise NoSuchDraft(number, checkpoint)
    return found[-1]


def drafted(archive: Archive, number: int, position: int) -> tuple[LedgerRow, int]:
    """Return the row of a draft as of a ledger position, and which of the request's drafts it is.

    That is the last one if nothing changed since.
    """
    earlier = acts(archive, number, DRAFTED)
    if earlier:
        since = [row.event for row in ledger.rows(archive.connection, after=earlier[-1].facts["position"])]
        if not any(event.startswith(CHANGES) for event in since) and ledger_tree.KEY in earlier[-1].facts:
            return earlier[-1], len(earlier)
    with archive.act(DRAFTED, subject(number), {"position": position}) as act:
        act.facts[ledger_tree.KEY] = ledger_tree.commitment(act.connection, act.seq - 1)
        seq = act.seq
    return next(ledger.rows(archive.connection, after=seq - 1, upto=seq)), len(earlier) + 1


def made(archive: Archive, plan: Plan) -> tuple[LedgerRow, int]:
    """Freeze a plan as a production: numbers, outcomes, and the state of each record as it was shown.

    Raises :class:`ChangedMeanwhile` if anything was decided since the plan.
    """
    known = len(acts(archive, plan.number, MADE))
    states = _states(archive, plan.order.given)
    kept = keep_bytes(archive, EXEMPTIONS, exemptions.source())
    facts = {"position": plan.position, "production": known + 1, "exemptions": kept.sha256} | _counts(plan)
    with archive.act(MADE, subject(plan.number), facts) as act:
        if len(acts(archive, plan.number, MADE)) != known or is_changed(archive, plan.number, plan.position):
            raise ChangedMeanwhile(plan.number)
        rows = [(plan.number, one, plan.numbers[one], plan.lots[one].outcome, *states[one]) for one in plan.order.given]
        act.add_all(PRODUCED, rows)
        state_kept(act, kept)
        act.facts[ledger_tree.KEY] = ledger_tree.commitment(act.connection, act.seq - 1)
        seq = act.seq
    return next(ledger.rows(archive.connection, after=seq - 1, upto=seq)), known + 1


def exemptions_of(archive: Archive, row: LedgerRow) -> tuple[Exemption, ...] | None:
    """Return the exemptions that a production was made by, None of one that was made before they were kept."""
    kept = row.facts.get("exemptions")
    return exemptions.read(archive.objects.path(kept).read_bytes()) if kept else None


def is_as_it_was(plan: Plan, row: LedgerRow) -> bool:
    """Say whether a production planned again has the numbers that it was frozen with."""
    return all(row.facts.get(name, 0) == count for name, count in _counts(plan).items())


def _counts(plan: Plan) -> dict[str, int]:
    sums = plan.sums
    return {
        "found": sums.found, "released": sums.released, "redacted": sums.redacted, "withheld": sums.withheld,
        "not_responsive": sums.not_responsive, "duplicates": sums.duplicates,
        "disposed": sums.disposed,
    }  # fmt: skip


def _states(archive: Archive, versions: list[int]) -> dict[int, tuple[str, int]]:
    rows = archive.connection.execute(_STATES, (json.dumps(versions),))
    return {version: (state, current) for version, state, current in rows}


def prefix(archive_name: str, request: str) -> str:
    """Return what stands before a running number: the city's short name and the request, "MILBROOK-2026-0001"."""
    plain = unicodedata.normalize("NFKD", archive_name).encode("ascii", "ignore").decode().upper()
    words = [one for one in re.findall(r"[A-Z0-9]+", plain) if one not in _OFFICES]
    return f"{''.join(words)[:16] or 'RECORDS'}-{request}"


def bates(before: str, number: int) -> str:
    """Return a whole Bates number: "MILBROOK-2026-0001-000012"."""
    return f"{before}-{number:06}"


_OFFICES = frozenset({"CITY", "VILLAGE", "TOWN", "COUNTY", "OF", "THE"})
"""Words of a municipality's name that tell it from no other."""
