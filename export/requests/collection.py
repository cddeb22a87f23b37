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
CONTEXT = "context"
"""What answers by itself, and what is only read along with it."""


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
    seq: int = 0


def collect(archive: Archive, finder: Finder, number: int, query: str) -> Collected:
    """Add the versions that answer a query, as of now, to a request's collected set."""
    get(archive, number)
    position = archive.head()
    return add(archive, number, finder.find(query, position), query, position, searched=True)


def add(
    archive: Archive,
    number: int,
    found: Sequence[int],
    words: str,
    position: int,
    *,
    purpose: str = PURPOSE,
    as_of: str = "",
    searched: bool = False,
) -> Collected:
    """Append versions, found by a query or in other words, to a request's collected set; none is repeated.

    ``searched`` says that ``words`` are a query, which what arrives later is asked too. ``as_of`` (a stored UTC time)
    marks people of a list as of that moment; they are kept with each moment asked.
    """
    get(archive, number)
    held = set(collected_versions(archive, number))
    fresh = [one for one in dict.fromkeys(found) if as_of or one not in held]
    subject = f"request:{number}"
    with archive.act("request.collected", subject) as act:
        selection = act.add(SELECTION, (subject, purpose, position))
        act.state(f"selection:{selection}", "query", words)
        if as_of:
            act.state(f"selection:{selection}", "as_of", as_of)
        act.add_all(MEMBER, [(selection, version) for version in fresh])
        added = len(set(fresh) - held)
        act.facts |= {"selection": selection, "position": position, "found": len(found), "added": added}
        act.facts["searched"] = searched
        seq = act.seq
    return Collected(selection, words, position, len(found), added, seq)


def collections(archive: Archive, number: int, upto: int = 1 << 62) -> list[Collected]:
    """Return what was collected for a request as of a ledger position, in order."""
    rows = archive.connection.execute(
        "SELECT s.id, (SELECT text FROM statement t WHERE t.subject = 'selection:' || s.id AND t.name = 'query'),"
        " s.position, json_extract(l.body, '$.found'), json_extract(l.body, '$.added'), s.seq"
        " FROM selection s JOIN ledger l ON l.seq = s.seq WHERE s.subject = ? AND s.purpose IN (?, ?) AND s.seq <= ?"
        " ORDER BY s.id",
        (f"request:{number}", PURPOSE, CONTEXT, upto),
    )
    return [Collected(*row) for row in rows]


def collected_versions(archive: Archive, number: int, upto: int = 1 << 62) -> Sequence[int]:
    """Return the versions of a request's collected set as of a ledger position, in the order of taking in.

    What was lawfully disposed of since is not among them.
    """
    rows = archive.connection.execute(
        "SELECT DISTINCT m.version FROM member m JOIN selection s ON s.id = m.selection"
        " JOIN content c ON c.id = m.version"
        " WHERE s.subject = ? AND s.purpose IN (?, ?) AND s.seq <= ? ORDER BY m.version",
        (f"request:{number}", PURPOSE, CONTEXT, upto),
    )
    return [row[0] for row in rows]


def disposed(archive: Archive, number: int, upto: int = 1 << 62) -> int:
    """Return how many versions of a request's collected set were lawfully disposed of since."""
    row = archive.connection.execute(
        "SELECT count(DISTINCT m.version) FROM member m JOIN selection s ON s.id = m.selection"
        " JOIN disposed d ON d.tbl = 'content' AND d.row_id = m.version"
        " WHERE s.subject = ? AND s.purpose IN (?, ?) AND s.seq <= ?",
        (f"request:{number}", PURPOSE, CONTEXT, upto),
    ).fetchone()
    return int(row[0])


def lists_as_of(archive: Archive, number: int, upto: int = 1 << 62) -> list[tuple[str, str, frozenset[int]]]:
    """Return (words, moment, versions) of every list that was collected as of a moment, in order."""
    rows = archive.connection.execute(
        "SELECT s.id, q.text, t.text FROM selection s"
        " JOIN statement t ON t.subject = 'selection:' || s.id AND t.name = 'as_of'"
        " JOIN statement q ON q.subject = t.subject AND q.name = 'query'"
        " WHERE s.subject = ? AND s.seq <= ? ORDER BY s.id",
        (f"request:{number}", upto),
    ).fetchall()
    members = "SELECT version FROM member WHERE selection = ?"
    return [
        (words, moment, frozenset(one for (one,) in archive.connection.execute(members, (selection,))))
        for selection, words, moment in rows
    ]


def context_versions(archive: Archive, number: int, upto: int = 1 << 62) -> frozenset[int]:
    """Return the versions that were only collected as context of the conversations of others."""
    rows = archive.connection.execute(
        "SELECT m.version FROM member m JOIN selection s ON s.id = m.selection"
        " WHERE s.subject = ?1 AND s.seq <= ?2 GROUP BY m.version HAVING max(s.purpose <> ?3) = 0",
        (f"request:{number}", upto, CONTEXT),
    )
    return frozenset(row[0] for row in rows)
