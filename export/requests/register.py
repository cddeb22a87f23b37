"""The register of records requests: who asked for what, and when."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError


class UnknownRequest(MunimentError):
    """No request has this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no request {number}. `muniment request list` shows them.")


class Request(Struct, frozen=True):
    """One request. ``requester`` may be empty: nobody has to give a name (Wis. Stat. § 19.35(1)(i))."""

    id: int
    year: int
    number: int
    received_on: str
    requester: str
    description: str
    opened_at: str

    @property
    def shown(self) -> str:
        """The number as letters and bundles show it: ``2026-0001``."""
        return f"{self.year}-{self.number:04}"


def open_request(archive: Archive, received_on: date, description: str, requester: str = "") -> Request:
    """Open a request and give it the next number of its year."""
    with archive.act("request.opened", "request") as act:
        known = act.connection.execute(
            "SELECT coalesce(max(id), 0), coalesce(max(CASE WHEN year = ? THEN number END), 0) FROM request",
            (received_on.year,),
        ).fetchone()
        number = known[0] + 1
        act.subject = f"request:{number}"
        act.facts |= {
            "year": received_on.year,
            "number": known[1] + 1,
            "received_on": received_on.isoformat(),
        }
        act.state(act.subject, "description", description)
        if requester:
            act.state(act.subject, "requester", requester)
    return get(archive, number)


_COLUMNS = "id, year, number, received_on, requester, description, opened_at"


def listed(archive: Archive) -> list[Request]:
    """Return all requests in the order they were opened."""
    rows = archive.connection.execute(f"SELECT {_COLUMNS} FROM request ORDER BY id")
    return [Request(*row) for row in rows]


def get(archive: Archive, number: int) -> Request:
    """Return one request; raises :class:`UnknownRequest`."""
    row = archive.connection.execute(f"SELECT {_COLUMNS} FROM request WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise UnknownRequest(number)
    return Request(*row)
