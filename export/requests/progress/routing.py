"""Routing: which departments' custodians answer for the records asked for (Wis. Stat. § 19.33).

The custodian differs by department, so a request is routed by the accounts in its scope: those of the
collected set, all accounts while nothing is collected.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.archive import Archive
from archive.canonical import storable
from archive.errors import ExitCode, MunimentError
from export.requests import register
from export.requests.history import Acts

_IN_SCOPE = """
SELECT DISTINCT a.department FROM account a WHERE a.id IN (
    SELECT r.account FROM member m JOIN selection s ON s.id = m.selection JOIN version v ON v.id = m.version
    JOIN record r ON r.id = v.record WHERE s.subject = ? AND s.purpose = 'collected' AND s.seq <= ?)
ORDER BY a.department
"""


class NowhereToRoute(MunimentError):
    """No account is registered, and no department was named."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Request {number} cannot be routed by account: none is registered. Name a department with --to."
        )


def departments(archive: Archive, number: int, upto: int = 1 << 62) -> list[str]:
    """Return the departments of the accounts in a request's scope, as it was at a ledger position."""
    found = archive.connection.execute(_IN_SCOPE, (f"request:{number}", upto)).fetchall()
    if not found:
        found = archive.connection.execute("SELECT DISTINCT department FROM account ORDER BY department").fetchall()
    return [row[0] for row in found]


def route(archive: Archive, number: int, to: Sequence[str] = (), reason: str = "") -> list[str]:
    """Route a request to departments, those of the accounts in its scope if none is named; return them."""
    register.get(archive, number)
    chosen = list(dict.fromkeys(map(storable, to))) or departments(archive, number)
    if not chosen:
        raise NowhereToRoute(number)
    facts = {"departments": chosen, "by": "hand" if to else "account"}
    with archive.act("request.routed", f"request:{number}", facts) as act:
        if reason:
            act.state(act.subject, "reason", reason)
    return chosen


def routed_to(done: Acts) -> tuple[str, ...]:
    """Return the departments to which a request was routed last, none if it was not."""
    return next((tuple(one.facts["departments"]) for one in reversed(done) if one.event == "request.routed"), ())
