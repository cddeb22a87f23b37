"""Collected sets: which versions answer a request.

A collected set is a stored selection of versions at a ledger position. It is never run again in silence.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.followers import Finder
from archive.tables import MEMBER, SELECTION
from export.requests.register import get

PURPOSE = "collected"


class NothingCollected(MunimentError):
    """A request has no collected set yet."""

    exit_code = ExitCode.REFUSED

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Request {number} has nothing collected yet. "
            f"Collect with `muniment request collect {number} --query …` first."
        )


class Collected(Struct, frozen=True):
    """One collection: its query, the ledger position searched, how many versions, how many of them new."""

    selection: int
    query: str
    position: int
    versions: int
    added: int


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
