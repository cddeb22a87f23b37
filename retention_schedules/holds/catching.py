"""Holds as a follower: what a hold or a request's search answers, now and when more arrives.

What is caught goes onto the ledger (``hold.caught``): a record that was held stays so, whatever becomes of the
facts that a query asks for. The finder answers for what the search index has not reached, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from archive.archive import Archive
from archive.errors import MunimentError
from archive.followers import Finder, Progress
from archive.stops import Stop
from archive.tables import MEMBER, SELECTION
from archive.version_digest import stored_time
from retention_schedules.holds import register
from retention_schedules.holds.standing import Requests, Standing, held_records, members, nothing_requested
from retention_schedules.holds.terms import Terms

PATIENCE = 60.0
ROUNDS = 5
"""How often to begin again when others write meanwhile."""

_SCOPE = """
SELECT v.id FROM version v JOIN record r ON r.id = v.record JOIN content c ON c.id = v.id
WHERE (:accounts = '[]' OR r.account IN (SELECT value FROM json_each(:accounts)))
  AND (coalesce(r.created_at, '') = '' OR c.created_precision IN ('month', 'unknown')
       OR r.created_at BETWEEN :since AND :until)
  AND (:versions IS NULL OR v.id IN (SELECT value FROM json_each(:versions)))
"""
_MEDIA = """ AND EXISTS (
    SELECT 1 FROM attachment a WHERE a.version = v.id AND a.media_type NOT LIKE 'text/%'
    AND NOT EXISTS (SELECT 1 FROM extracted e WHERE e.sha256 = a.sha256 AND e.text <> ''))
"""
"""Pictures, sound, video and other files out of which no words could be read."""


_VAGUE = timedelta(days=1)
"""A source that names no time zone, or the day only, may be wrong by a day; a hold takes the wider span."""


def _midnight(day: date, zone: ZoneInfo) -> str:
    return stored_time(datetime.combine(day, time(), zone).astimezone(UTC))


class Holds:
    """The holds of one archive, and the requests that the law protects."""

    name = "holds"

    def __init__(self, archive: Archive, finder: Finder, requests: Requests = nothing_requested) -> None:
        self.archive = archive
        self.finder = finder
        self.requests = requests

    @property
    def position(self) -> int:
        """The ledger position up to which everything has been looked at."""
        row = self.archive.connection.execute("SELECT position FROM follower WHERE name = ?", (self.name,)).fetchone()
        return row[0] if row else 0

    def standing(self) -> list[Standing]:
        """Return what stands in the way today: holds in force, and requests that the law protects."""
        return [*register.in_force(self.archive), *self.requests()]

    def stops(self, on: date) -> list[Stop]:
        """Return every hold and request that keeps records, with the records; for whoever asks what may not go."""
        return [
            Stop(one.kind, one.why, held_records(self.archive.connection, [one]), one.of_all)
            for one in self.standing()
            if one.until is None or one.until >= on
        ]

    def held_records(self) -> set[int]:
        """Return the records that any hold or request protects today."""
        return held_records(self.archive.connection, self.standing())

    def catch_up(self, progress: Progress | None = None) -> None:
        """Ask every hold and request again; what is new goes onto the ledger."""
        if self.position >= self.archive.head():
            return
        self.rebuild(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Ask everything again; what was caught before stays caught."""
        with self.archive.alone(self.name, PATIENCE):
            for _ in range(ROUNDS):
                if self._asked_undisturbed():
                    return

    def _asked_undisturbed(self) -> bool:
        """Ask everything at the ledger's head; True if nobody else wrote meanwhile, so that it holds for now."""
        head = self.archive.head()
        for one in self.standing():
            found = self._found(one) - members(self.archive.connection, one.subject)
            if found:
                seq = self._catch(one, found)
                if seq != head + 1:
                    return False
                head = seq
        with self.archive.state_transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO follower VALUES (?, ?, '')", (self.name, head))
        return True

    def _catch(self, one: Standing, found: Iterable[int]) -> int:
        with self.archive.act("hold.caught", one.subject) as act:
            selection = act.add(SELECTION, (one.subject, "caught", act.seq - 1))
            versions = sorted(found)
            act.add_all(MEMBER, [(selection, version) for version in versions])
            act.facts |= {"selection": selection, "versions": len(versions)}
            return act.seq

    def _found(self, one: Standing) -> set[int]:
        if one.kind == "hold":
            terms = register.read_terms(self.archive, one.subject)
            return self.find(terms) if terms.follows else set()
        found: set[int] = set()
        for query in one.queries:
            try:
                found.update(self.finder.find(query))
            except MunimentError:  # words that an older Muniment kept for people, no query
                continue
        return found

    # -- what terms cover

    def find(self, terms: Terms) -> set[int]:
        """Return the versions that a hold's terms cover; raises the finder's errors."""
        found = set(self.finder.find(terms.words)) if terms.words else None
        held = self._scope(terms, found)
        return held | self.without_words(terms) if terms.media else held

    def without_words(self, terms: Terms) -> set[int]:
        """Return the versions in a hold's accounts and days that have files whose words cannot be searched."""
        return self._scope(terms, None, _MEDIA)

    def _scope(self, terms: Terms, versions: set[int] | None, further: str = "") -> set[int]:
        zone = self.archive.timezone
        asked = {
            "accounts": json.dumps(list(terms.accounts)),
            "since": _midnight(terms.since - _VAGUE, zone) if terms.since else "",
            "until": _midnight(terms.until + timedelta(days=1) + _VAGUE, zone) if terms.until else "9999",
            "versions": None if versions is None else json.dumps(sorted(versions)),
        }
        return {row[0] for row in self.archive.connection.execute(_SCOPE + further, asked)}
