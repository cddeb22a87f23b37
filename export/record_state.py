"""What happened to a record, in a sentence with its window, worded as what was seen."""

from __future__ import annotations

from archive import clock
from archive.archive import Archive
from archive.records import Version

_LATEST = """
SELECT kind, after_at, by_at, cause FROM finding
WHERE record = ? AND seq <= ? AND kind NOT IN ('reread', 'counterpart') ORDER BY id DESC LIMIT 1
"""
_BY = {"city": " by the account itself", "author": " by its author", "platform": " by the platform"}


class StateNotes:
    """Sentences about the records of one archive as of a ledger position, with dates in its time zone."""

    def __init__(self, archive: Archive, upto: int = 1 << 62) -> None:
        self._archive = archive
        self._upto = upto

    def of(self, version: Version) -> str:
        """Return the sentence about a version's record, empty when it simply stands."""
        if version.state == "present":
            return ""
        row = self._archive.connection.execute(_LATEST, (version.record, self._upto)).fetchone()
        if row is None:
            return ""
        return self._of_subscriber(*row) if version.kind == "subscriber" else self.sentence(*row)

    def _of_subscriber(self, kind: str, after_at: str | None, by_at: str | None, cause: str) -> str:
        """Return a finding about somebody on a list as a sentence."""
        after, by = self._day(after_at), self._day(by_at)
        if kind == "removed":
            left = {"author": "Unsubscribed", "platform": "Taken off the list by the platform"}.get(cause, "Left")
            return f"{left} between {after} and {by}." if after and after != by else f"{left} on {by}."
        return {
            "missing": f"No longer on the list in the backup of {by}; still on it in that of {after}.",
            "hidden": f"Known, but no longer on the list, in the backup of {by}.",
            "restored": f"On the list again in the backup of {by}.",
            "shown": f"On the list again in the backup of {by}.",
        }.get(kind, "")

    def sentence(self, kind: str, after_at: str | None, by_at: str | None, cause: str) -> str:
        """Return a finding as a sentence."""
        after, by = self._day(after_at), self._day(by_at)
        window = f"between {after} and {by}" if after and after != by else f"by {by}" if not after else f"on {by}"
        whose = _BY.get(cause, "")
        if kind == "missing":
            expired = " Items of this kind expire by design." if cause == "expired by design" else ""
            return f"Absent from the backup of {by}; last seen in the backup of {after}.{expired}"
        return {
            "removed": f"Removed{whose} {window}.",
            "hidden": f"Hidden{whose} {window}.",
            "shown": f"Shown again {window}.",
            "restored": f"Absent for a time, and present again in the backup of {by}.",
            "edited": f"Edited{whose} {window}.",
        }.get(kind, "")

    def _day(self, stored: str | None) -> str:
        if not stored:
            return ""
        return clock.local_date(clock.read_stored(stored), self._archive.timezone).isoformat()
