"""Dates that can be read in two ways, and were: what a backup tells of the dates of records that are held.

The same list may tell in one month that its dates begin with the day, and have no day above 12 in the next. What a
record is called by does not hang on that, and one reading of the same text stands: nobody reads a date with the day
first without evidence, so that reading is the better one, whichever backup brought it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.canonical import storable
from archive.records import Timestamp
from archive.version_digest import stored_time
from ingest.held import RECIPE
from ingest.ingestor import Defect, Ingestor
from ingest.normalise import Prepared
from ingest.written_dates import two_ways

_DATES = "SELECT created_at, created_raw, edited_at, edited_raw, removed_at, removed_raw FROM content WHERE id = ?"

_ANOTHER_READER = """
SELECT 1 FROM accession a WHERE a.account = ? AND a.format = ? AND a.id <> ? AND (a.format_version <> ?
    OR ? <> coalesce((SELECT text FROM statement WHERE subject = 'accession:' || a.id AND name = ?), '')) LIMIT 1
"""


class DatesHeld:
    """Compares the dates of one accession's items with those of the records that are held.

    ``anew`` says that another version of the reader, or another recipe, has read a backup of the account before.
    ``kept`` counts the records whose dates are read better than this backup would.
    """

    def __init__(self, connection: sqlite3.Connection, accession: int, account: str, ingestor: Ingestor) -> None:
        self._connection = connection
        self._name = ingestor.name
        reader = (ingestor.version, storable(ingestor.recipe), RECIPE)
        found = connection.execute(_ANOTHER_READER, (account, ingestor.name, accession, *reader))
        self.anew = found.fetchone() is not None
        self.kept = 0

    def read_otherwise(self, version: int, one: Prepared) -> list[Timestamp]:
        """Return the dates of an item that a held version writes the same and reads otherwise.

        Only those that can be read in two ways are compared; all, if another reader has been here before.
        """
        dates = (one.content.created, one.content.edited, one.content.removed)
        if not self.anew and not any(moment is not None and two_ways(moment.raw) for moment in dates):
            return []
        row = self._connection.execute(_DATES, (version,)).fetchone() or (None,) * 6
        return [
            moment
            for moment, at, raw in zip(dates, row[::2], row[1::2], strict=True)
            if moment is not None and raw == storable(moment.raw) and at != _stored(moment)
        ]

    def remarks(self) -> Iterator[Defect]:
        """Yield what is to be said of the dates that are kept as they were."""
        if self.kept:
            reason = (
                "an earlier backup showed that the day comes first in these dates, and this one does not: for "
                f"{self.kept:,} of what is held the earlier reading stands; what is new was read with the month first, "
                "and will be read anew out of the next backup that shows it"
            )
            yield Defect(self._name, reason, quarantined=False)


def _stored(moment: Timestamp) -> str | None:
    return stored_time(moment.at) if moment.at is not None else None
