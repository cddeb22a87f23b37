"""Records requests and their collected sets: who asked for what, and which versions answer it.

A collected set is a stored selection of versions at a ledger position. It is never run again in silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.followers import Finder
from archive.tables import MEMBER, SELECTION

PURPOSE = "collected"


class UnknownRequest(MunimentError):
    """No request has this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no request {number}. `muniment request list` shows them.")


class NothingCollected(MunimentError):
    """A request has no collected set yet."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Request {number} has nothing collected yet. "
            f"Collect with `muniment request collect {number} --query …` first."
        )


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


class Collected(Struct, frozen=True):
    """One collection: its query, the ledger position searched, how many versions, how many of them new."""

    selection: int
    query: str
    position: int
    versions: int
    added: int


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


def collect(archive: Archive, finder: Finder, number: int, query: str) -> Collected:
    """Add the versions that answer a query, as of now, to a request's collected set."""
    get(archive, number)
    position = archive.head()
    found = list(finder.find(query, position))
    held = set(collected_versions(archive, number))
    fresh = [one for one in found if one not in held]
    subject = f"request:{number}"
    with archive.act("request.collected", subject) as act:
        selection = act.add(SELECTION, (subject, PURPOSE, position))
        act.state(f"selection:{selection}", "query", query)
        act.add_all(MEMBER, [(selection, version) for version in fresh])
        act.facts |= {"selection": selection, "position": position, "found": len(found), "added": len(fresh)}
    return Collected(selection, query, position, len(found), len(fresh))


def collections(archive: Archive, number: int) -> list[Collected]:
    """Return what was collected for a request, in order."""
    rows = archive.connection.execute(
        "SELECT s.id, (SELECT text FROM statement t WHERE t.subject = 'selection:' || s.id AND t.name = 'query'),"
        " s.position, json_extract(l.body, '$.found'), json_extract(l.body, '$.added')"
        " FROM selection s JOIN ledger l ON l.seq = s.seq WHERE s.subject = ? AND s.purpose = ? ORDER BY s.id",
        (f"request:{number}", PURPOSE),
    )
    return [Collected(*row) for row in rows]


def collected_versions(archive: Archive, number: int) -> Sequence[int]:
    """Return the versions of a request's collected set, in the order in which they were taken in."""
    rows = archive.connection.execute(
        "SELECT DISTINCT m.version FROM member m JOIN selection s ON s.id = m.selection"
        " WHERE s.subject = ? AND s.purpose = ? ORDER BY m.version",
        (f"request:{number}", PURPOSE),
    )
    return [row[0] for row in rows]
