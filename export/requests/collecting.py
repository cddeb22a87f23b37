"""Other ways than a search to collect for a request: by hand, lists as of a moment, and context of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from archive import clock
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.reading import no_record
from archive.subscribers import list_sent_to, members
from archive.version_digest import stored_time
from export.requests.collection import CONTEXT, Collected, add

_VERSIONS_OF = (
    "SELECT v.id FROM version v JOIN content c ON c.id = v.id WHERE v.record = ? AND v.seq <= ? ORDER BY v.id"
)
_CONTEXT = """
WITH RECURSIVE asked(id) AS (
    SELECT DISTINCT v.record FROM member m JOIN selection s ON s.id = m.selection JOIN version v ON v.id = m.version
    WHERE s.subject = ?1 AND s.purpose = 'collected'
),
up(id) AS (
    SELECT id FROM asked UNION
    SELECT p.id FROM up JOIN record c ON c.id = up.id JOIN record p
    ON p.account = c.account AND p.native_id = c.parent AND c.parent IS NOT NULL
){down}
SELECT r.id FROM record r WHERE r.id IN (SELECT id FROM {of}) AND r.seq <= ?2 ORDER BY r.id
"""
_DOWN = """,
mates(id) AS (
    SELECT id FROM up UNION
    SELECT k.id FROM mates JOIN record c ON c.id = mates.id JOIN record k
    ON k.account = c.account AND (k.parent = c.native_id OR (c.thread IS NOT NULL AND k.thread = c.thread))
)"""


class NobodyOnTheList(MunimentError):
    """An account has no such list, or nobody was on it then."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, account: str, list_name: str | None) -> None:
        named = f"list “{list_name}”" if list_name else "list"
        super().__init__(
            f"Nobody was on a {named} of {account} then, as far as its backups tell. `muniment subscribers {account} "
            "--lists` shows its lists and their backups. Nothing was collected."
        )


class NoMoment(MunimentError):
    """A message has no date, so nobody can say what its list was."""

    exit_code = ExitCode.REFUSED

    def __init__(self, record: int) -> None:
        super().__init__(
            f"Record {record} has no date, so its list cannot be told. Collect the list of a day with --list and --on. "
            "Nothing was collected."
        )


def by_hand(archive: Archive, number: int, records: Sequence[int]) -> Collected:
    """Add all versions of records to a request's collected set; raises ``UnknownRecord``."""
    position = archive.head()
    found: list[int] = []
    for one in records:
        ids = [row[0] for row in archive.connection.execute(_VERSIONS_OF, (one, position))]
        if not ids:
            raise no_record(archive.connection, one)
        found += ids
    named = ", ".join(str(one) for one in records)
    return add(archive, number, found, f"by hand: record {named}", position)


def list_on(archive: Archive, number: int, account: str, list_name: str | None, day: date) -> Collected:
    """Add the people who were, or possibly were, on an account's lists at the end of a local day."""
    moment = stored_time(clock.end_of_day(day, archive.timezone))
    named = f"“{list_name}”" if list_name else "all lists"
    return _list_at(archive, number, account, list_name, moment, f"{named} of {account} as of {day}")


def list_of_message(archive: Archive, number: int, record: int) -> Collected:
    """Add the people who were, or possibly were, on a message's list when it was sent; and the message."""
    row = archive.connection.execute(
        "SELECT account, list_name, created_at FROM record WHERE id = ?", (record,)
    ).fetchone()
    if row is None:
        raise no_record(archive.connection, record)
    account, list_name, created_at = row
    if not created_at:
        raise NoMoment(record)
    by_hand(archive, number, [record])
    list_name = list_sent_to(archive, account, list_name or "")
    named = f"“{list_name}”" if list_name else "the lists"
    sent = clock.in_words(clock.read_stored(created_at), archive.timezone)
    words = f"{named} of {account} when record {record} was sent, {sent}"
    return _list_at(archive, number, account, list_name, created_at, words)


def _list_at(archive: Archive, number: int, account: str, list_name: str | None, moment: str, words: str) -> Collected:
    position = archive.head()
    found = [one.version for one in members(archive, account, list_name) if one.on(moment) != "no"]
    if not found:
        raise NobodyOnTheList(account, list_name)
    return add(archive, number, found, words, position, as_of=moment)


def context(archive: Archive, number: int, reach: str) -> Collected:
    """Add the conversations of what is collected, to be read along with it: "all" of them, or the "ancestors"."""
    position = archive.head()
    script = _CONTEXT.format(down=_DOWN if reach == "all" else "", of="mates" if reach == "all" else "up")
    records = [row[0] for row in archive.connection.execute(script, (f"request:{number}", position))]
    found = [row[0] for one in records for row in archive.connection.execute(_VERSIONS_OF, (one, position))]
    return add(archive, number, found, f"context: {reach} of the conversations", position, purpose=CONTEXT)
