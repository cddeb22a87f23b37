"""The second look: what goes out is approved by the Attorney, who proves who it is.

What is approved is a draft that was made, named by its checkpoint; the approval holds until anything is decided,
blacked out, collected or released on the request, its letter is written anew, or another department answers for it.
By the archive's rule a production is always looked at, or only one with something withheld, blacked out or flagged.
"""

from __future__ import annotations

from typing import Any, Literal, Protocol, get_args

from archive import clock, ledger, users
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.ledger import LedgerRow
from export.released import Approval, Reconciliation

APPROVED = "review.approved"
RULE = "review.rule"
OF_THE_REQUEST = ("request.collected", "request.columns", "review.decided", "review.redacted", "review.withdrawn",
                  "review.stands")  # fmt: skip
"""Events on a request after which what goes out of it could differ, and an approval no longer holds."""

OF_THE_DRAFT = (*OF_THE_REQUEST, "request.routed", "request.amended")
COVER_LETTERS = ("release", "partial-denial", "denial", "no-records")
"""Events, and kinds of letters, after which a draft is another one than what was looked at."""

Rule = Literal["always", "when-needed"]
RULES: tuple[Rule, ...] = get_args(Rule)
ROLE = "attorney"


class Looked(Protocol):
    """What a second look needs to know of a plan."""

    @property
    def number(self) -> int:
        """The request."""
        ...

    @property
    def position(self) -> int:
        """The place of the ledger up to which it was read."""
        ...

    @property
    def sums(self) -> Reconciliation:
        """What becomes of everything found."""
        ...


class ChangedMeanwhile(MunimentError):
    """Somebody decided something while a production was being looked at or made."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Request {number} was changed by somebody else meanwhile. Nothing was approved or produced. "
            f"Look at `muniment review queue {number}`, then run the same command again."
        )


class NotApproved(MunimentError):
    """Nobody has taken the second look that the archive's rule asks for."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, why: str) -> None:
        super().__init__(
            f"Request {number} needs the City Attorney's approval: {why}. Nothing was produced. A user with the role "
            f"“{ROLE}” looks at the draft (`muniment export {number}`) and runs "
            f"`muniment --as NAME review approve {number}`."
        )


class NotProved(MunimentError):
    """Somebody approves without having proved who it is, or without the role."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, why: str) -> None:
        super().__init__(
            f"“{name}” cannot approve: {why}. Approvals need a registered user with the role “{ROLE}” (`muniment user "
            "add NAME --role attorney`), named with --as and with the password. Nothing was approved."
        )


class DraftChanged(MunimentError):
    """What would go out is no longer what the draft shows that was looked at."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, draft: int) -> None:
        super().__init__(
            f"Request {number} was changed after the draft at ledger row {draft}: what would go out is not what was "
            f"looked at. Nothing was approved. Open a new draft (`muniment export {number}`), then approve that."
        )


def approve(archive: Archive, plan: Looked, draft: LedgerRow) -> Approval:
    """Approve a draft that was looked at, as the archive's actor; ``plan`` is what would go out now.

    Raises :class:`NotProved`; :class:`DraftChanged` if they may differ.
    """
    _check_actor(archive)
    sums = plan.sums
    facts = {
        "position": plan.position, "found": sums.found, "released": sums.released, "redacted": sums.redacted,
        "withheld": sums.withheld, "undecided": sums.undecided, "draft": draft.seq, "draft_digest": draft.digest.hex(),
    }  # fmt: skip
    with archive.act(APPROVED, f"request:{plan.number}", facts):
        if any(_voids(row, plan.number) for row in ledger.rows(archive.connection, after=draft.facts["position"])):
            raise DraftChanged(plan.number, draft.seq)
    return shown(archive, plan.number)


def _check_actor(archive: Archive) -> None:
    name = archive.actor.name
    known = {one.name: one for one in users.listed(archive) if one.disabled_at is None}
    if name not in known:
        raise NotProved(name, "this is no registered user")
    if known[name].role != ROLE:
        raise NotProved(name, f"the role of this user is “{known[name].role}”")
    if not archive.actor.proved:
        raise NotProved(name, "no password was given")


def set_rule(archive: Archive, rule: Rule) -> None:
    """Say when a second look is needed: on everything, or on what is withheld, blacked out or flagged."""
    with archive.act(RULE, "archive", {"second_look": rule}):
        pass


def rule(archive: Archive, upto: int | None = None) -> Rule:
    """Return when a second look is needed; always, until somebody says otherwise."""
    said: Any = "always"
    for row in ledger.rows(archive.connection, event=RULE, upto=upto):
        said = row.facts["second_look"]
    return "always" if said == "always" else "when-needed"


def require(archive: Archive, plan: Looked, flagged: int = 0) -> None:
    """Raise :class:`NotApproved` where a second look is needed and none holds."""
    if _holding(archive, plan.number) is not None:
        return
    why = _why(archive, plan.sums, flagged)
    if why:
        raise NotApproved(plan.number, why)


def _why(archive: Archive, sums: Reconciliation, flagged: int) -> str:
    if rule(archive) == "always":
        return "by this archive's rule every production is looked at"
    parts = [(sums.withheld, "withheld"), (sums.redacted, "blacked out in part"), (flagged, "flagged")]
    found = [f"{count:,} {'record is' if count == 1 else 'records are'} {what}" for count, what in parts if count]
    return ", ".join(found)


def is_changed(archive: Archive, number: int, since: int) -> bool:
    """Say whether anything was decided on a request after a ledger position."""
    later = ledger.rows(archive.connection, after=since)
    return any(row.subject == f"request:{number}" and row.event in OF_THE_REQUEST for row in later)


def _voids(row: LedgerRow, number: int) -> bool:
    """Say whether what goes out of a request may be something else after a ledger row."""
    if row.subject != f"request:{number}":
        return False
    return row.event in OF_THE_DRAFT or (row.event == "request.letter" and row.facts["kind"] in COVER_LETTERS)


def shown(archive: Archive, number: int, upto: int | None = None) -> Approval:
    """Return the approval that held at a ledger position, empty if there was none."""
    row = _holding(archive, number, upto)
    if row is None:
        return Approval()
    at = clock.in_words(clock.read_stored(row.at), archive.timezone)
    return Approval(by=row.actor, role="City Attorney", at=at)


def _holding(archive: Archive, number: int, upto: int | None = None) -> LedgerRow | None:
    """Return the last approval of a request if nothing was changed on it since."""
    last: LedgerRow | None = None
    for row in ledger.rows(archive.connection, upto=upto):
        if row.event == APPROVED and row.subject == f"request:{number}":
            last = row
        elif _voids(row, number):
            last = None
    return last
