"""Who may decide about schedules: a registered user who gave the password, in this run, and is no auditor."""

from __future__ import annotations

from archive import users
from archive.archive import Actor, Archive
from archive.errors import ExitCode, MunimentError
from archive.users import User

READS_ONLY = "auditor"


class NotProved(MunimentError):
    """Somebody decides about schedules without having proved who it is, or without a role that may."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str, what: str, why: str) -> None:
        super().__init__(
            f"“{name}” cannot {what}: {why}. It needs a registered user (`muniment user add NAME --role ROLE`) who "
            "gives the password (asked for, or MUNIMENT_PASSWORD). Nothing was done."
        )


def require(archive: Archive, actor: Actor, what: str) -> User:
    """Return the user behind an actor who has proved it; raises :class:`NotProved`."""
    known = {one.name: one for one in users.listed(archive) if one.disabled_at is None}
    if actor.name not in known:
        raise NotProved(actor.name, what, "this is no active registered user")
    if known[actor.name].role == READS_ONLY:
        raise NotProved(actor.name, what, "an auditor reads everything and changes nothing")
    if not actor.proved:
        raise NotProved(actor.name, what, "no password was given")
    return known[actor.name]
