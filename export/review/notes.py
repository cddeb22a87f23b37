"""What reviewers say to each other and leave for the record: it never goes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from export.review.decisions import versions_of

_NOTES = """
SELECT t.text, l.actor, l.at FROM statement t JOIN ledger l ON l.seq = t.seq
WHERE t.subject = ? AND t.name = 'note' ORDER BY t.id
"""


class NothingSaid(MunimentError):
    """A note without words, or words let stand without a reason."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} Nothing was kept.")


class NoTrace(MunimentError):
    """A record has nothing that could be let stand."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int, record: int) -> None:
        super().__init__(
            f"Record {record} has nothing in it that stays in elsewhere. `muniment review traces {number}` lists what "
            "does. Nothing was changed."
        )


class Note(Struct, frozen=True):
    """An internal note, who wrote it and when (stored UTC time)."""

    text: str
    by: str
    at: str


def add(archive: Archive, number: int, record: int, text: str) -> None:
    """Leave a note on a record of a request."""
    versions_of(archive, number, [record])
    if not text.strip():
        raise NothingSaid("A note needs words.")
    with archive.act("review.noted", f"request:{number}", {"record": record}) as act:
        act.state(f"review:{number}:record:{record}", "note", text)


def of(archive: Archive, number: int, record: int) -> list[Note]:
    """Return the notes on a record, in order."""
    rows = archive.connection.execute(_NOTES, (f"review:{number}:record:{record}",))
    return [Note(*row) for row in rows]


def let_stand(archive: Archive, number: int, pairs: Sequence[tuple[int, int]], reason: str) -> None:
    """Say that words which stay in one record may go out in another: (record, record it has words of) pairs."""
    if not reason:
        raise NothingSaid("Say with --reason why these words may go out.")
    with archive.act("review.stands", f"request:{number}", {"pairs": len(pairs)}) as act:
        act.state(f"review:{number}", "stands", json.dumps({"pairs": pairs, "reason": reason}, ensure_ascii=False))


def dismiss(archive: Archive, number: int, keys: Iterable[str]) -> None:
    """Dismiss suggestions by their keys ("version field start stop")."""
    listed = list(keys)
    with archive.act("review.dismissed", f"request:{number}", {"suggestions": len(listed)}) as act:
        act.state(f"review:{number}", "dismissed", json.dumps(listed))


def dismissed(archive: Archive, number: int) -> set[str]:
    """Return the keys of all dismissed suggestions of a request."""
    rows = archive.connection.execute(
        "SELECT text FROM statement WHERE subject = ? AND name = 'dismissed'", (f"review:{number}",)
    )
    return {key for (text,) in rows for key in json.loads(text)}
