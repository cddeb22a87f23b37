"""The moments of the ledger: from a date or ``@SEQ`` that a person types to a ledger position."""

from __future__ import annotations

import re

from archive import clock
from archive.archive import Archive
from archive.errors import MunimentError
from archive.version_digest import stored_time


class NoSuchPosition(MunimentError):
    """The ledger has no such row."""

    def __init__(self, text: str, head: int) -> None:
        super().__init__(
            f"“{text}” is no position of this ledger, whose rows go from @1 to @{head}. Write one of them, or a date."
        )


def position(archive: Archive, text: str | None) -> int | None:
    """Return the position at the end of a local day, or of ``@SEQ``; None for no text. Raises clock's errors too."""
    if text is None:
        return None
    if text.startswith("@"):
        head = archive.head()
        if not re.fullmatch(r"@\d{1,18}", text) or not 1 <= int(text[1:]) <= head:
            raise NoSuchPosition(text, head)
        return int(text[1:])
    moment = stored_time(clock.end_of_day(clock.read_date(text), archive.timezone))
    row = archive.connection.execute("SELECT coalesce(max(seq), 0) FROM ledger WHERE at <= ?", (moment,)).fetchone()
    return int(row[0])


def told(archive: Archive, seq: int) -> str:
    """Return a position as people read it: ``@1234 (2026-03-01 09:30)``."""
    row = archive.connection.execute("SELECT at FROM ledger WHERE seq = ?", (seq,)).fetchone()
    when = f" ({clock.in_words(clock.read_stored(row[0]), archive.timezone)})" if row else ""
    return f"@{seq}{when}"
