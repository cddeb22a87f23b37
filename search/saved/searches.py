"""Saved searches: a query under a name, an act on the ledger, so that anybody can run the very same again."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from search.analysis import ANALYZER_VERSION
from search.find import Finder

EVENT = "search.saved"


class Saved(Struct, frozen=True):
    """One saved search: who saved it when (stored UTC time), and how many versions answered at ``seq`` then."""

    name: str
    query: str
    by: str
    at: str
    seq: int
    position: int
    versions: int
    analyzer: int


class UnknownSearch(MunimentError):
    """No search was saved under a name."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, name: str) -> None:
        super().__init__(f"No search is saved as “{name}”. `muniment search run --list` shows those that are.")


class BadName(MunimentError):
    """A name that nobody could type again."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is no name for a search. Use letters, digits, blanks, - and _, at most 60.")


def save(archive: Archive, finder: Finder, name: str, query: str) -> Saved:
    """Keep a query under a name; one saved before under it stays on the ledger. Raises the query's own errors."""
    plain = name.strip()
    if not 0 < len(plain) <= 60 or not all(one.isalnum() or one in " -_" for one in plain):
        raise BadName(name)
    position = archive.head()
    versions = finder.count(query, position)
    facts = {"position": position, "versions": versions, "analyzer": ANALYZER_VERSION}
    with archive.act(EVENT, f"search:{plain}", facts) as act:
        act.state(act.subject, "query", query)
    return named(archive, plain)


def listed(archive: Archive) -> Sequence[Saved]:
    """Return the searches as they were saved last, by name."""
    rows = archive.connection.execute(
        "SELECT substr(l.subject, 8), t.text, l.actor, l.at, l.seq, json_extract(l.body, '$.position'),"
        " json_extract(l.body, '$.versions'), json_extract(l.body, '$.analyzer')"
        " FROM ledger l JOIN statement t ON t.seq = l.seq AND t.subject = l.subject AND t.name = 'query'"
        " WHERE l.event = ? ORDER BY l.seq",
        (EVENT,),
    )
    latest = {row[0]: Saved(*row) for row in rows}
    return [latest[name] for name in sorted(latest)]


def named(archive: Archive, name: str) -> Saved:
    """Return the search of a name; raises :class:`UnknownSearch`."""
    for one in listed(archive):
        if one.name.casefold() == name.strip().casefold():
            return one
    raise UnknownSearch(name)
