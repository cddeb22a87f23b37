"""Approving: two people, a clerk and an attorney, each of whom proves who it is.

The legal custodian answers for the record, the Attorney for the law; so both look, and neither alone is enough,
whoever proposed it. One person counts once, by whatever spelling of the name, and only while registered.
"""

from __future__ import annotations

from archive import users
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.roles import Role
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Approval, Batch, NotNow

APPROVERS: tuple[Role, ...] = ("clerk", "attorney")
EXECUTORS: tuple[Role, ...] = ("clerk", "it", "attorney")


class CannotApprove(MunimentError):
    """Somebody approves, or destroys, without having proved who it is, or without the role."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, what: str, why: str, roles: tuple[Role, ...]) -> None:
        named = ", ".join(f"“{one}”" for one in roles)
        super().__init__(
            f"“{name}” cannot {what}: {why}. That needs a registered user with one of the roles {named}, named with "
            "--as, who gives the password. Nothing was changed."
        )


class ApprovedAlready(MunimentError):
    """One person approves twice."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, number: int) -> None:
        super().__init__(
            f"“{name}” has approved disposition {number} already, and one person counts once. Somebody else has to "
            "approve it too."
        )


class ApprovalMissing(MunimentError):
    """A disposition lacks an approval."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int, missing: tuple[Role, ...]) -> None:
        named = " and ".join(f"“{one}”" for one in missing)
        super().__init__(
            f"Disposition {number} is not approved: it lacks a user with the role {named}. Two people approve, each "
            f"with a password: `muniment --as NAME disposition approve {number}`. Nothing was destroyed."
        )


def approve(archive: Archive, number: int) -> Batch:
    """Approve a batch as the archive's actor; raises :class:`CannotApprove`, :class:`ApprovedAlready`."""
    batch = batches.require(archive, number, "proposed", "noticed", "approved", then="It can no longer be approved.")
    role = proved_role(archive, APPROVERS, "approve a disposition")
    if batch.needs_notice and batch.last(batches.NOTICE) is None:
        raise NotNow(number, "the Society has not been given notice", f"Run `muniment disposition notice {number}`.")
    name = archive.actor.name
    if any(one.name.casefold() == name.casefold() for one in valid(archive, batch)):
        raise ApprovedAlready(name, number)
    facts = {"role": role, "proved": True, "kind": batch.kind, "proposal": batch.proposed.digest.hex()}
    with archive.act(batches.APPROVED, batch.subject, facts):
        pass
    return batches.get(archive, number)


def proved_role(archive: Archive, roles: tuple[Role, ...], what: str) -> Role:
    """Return the actor's role; raises :class:`CannotApprove` unless it is one of these and the actor is proved."""
    name = archive.actor.name
    found = next((one for one in users.listed(archive) if one.name == name and one.disabled_at is None), None)
    if found is None:
        raise CannotApprove(name, what, "this is no registered user", roles)
    if found.role not in roles:
        raise CannotApprove(name, what, f"the role of this user is “{found.role}”", roles)
    if not archive.actor.proved:
        raise CannotApprove(name, what, "no password was given", roles)
    return found.role


def valid(archive: Archive, batch: Batch) -> tuple[Approval, ...]:
    """Return the approvals that count now: one a person, of people who still are what they were then."""
    registered = {
        row[0]: (row[1], row[2])
        for row in archive.connection.execute("SELECT name, role, seq FROM user WHERE disabled_at IS NULL")
    }
    found: dict[str, Approval] = {}
    for one in batch.approvals:
        role, since = registered.get(one.name, ("", 0))
        if role == one.role and since < one.seq:
            found.setdefault(one.name.casefold(), one)
    return tuple(found.values())


def require(archive: Archive, batch: Batch) -> tuple[Approval, ...]:
    """Return the approvals of a batch; raises :class:`ApprovalMissing` unless each role has one, by two people."""
    approvals = valid(archive, batch)
    missing = tuple(role for role in APPROVERS if not any(one.role == role for one in approvals))
    if missing:
        raise ApprovalMissing(batch.number, missing)
    return approvals
