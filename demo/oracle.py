"""What the backups of an account can show of what happened, by the rules of docs/design.md, section 5.

The oracle looks at backups in the order in which they are taken in, as a patient person would: it compares
each with what all before it have shown. It knows nothing of what really happened, and uses none of the
code that it is there to test.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from demo.days import stored
from demo.schedule import Planned
from demo.shown import Item
from demo.truth import Evidence, Seen
from demo.world import Account

_Key = tuple[str, str, str]
"""Kind, list and id."""


_LOOSE = "loose"
"""Stands for the list of what nothing ties to the rest."""


class _Known(Struct):
    """What is known of one thing: what it said last, which backup showed it last, which formats ever have."""

    says: str
    audience: Literal["there", "hidden", "removed"]
    seen_at: datetime
    formats: set[str]
    edits: set[datetime]
    missing_by: datetime | None = None


class Oracle:
    """Looks at the backups of one account, one after the other."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._known: dict[_Key, _Known] = {}
        self._written = {one.id: one.at for one in account.entries}

    def look(self, backup: Planned) -> Iterator[Evidence]:
        """Yield what a backup shows that those before it did not."""
        now = backup.speaks_for
        seen: set[_Key] = set()
        for item in backup.format.show(self._account, backup.at, backup.list_name):
            key = (item.kind, item.list_name, item.id)
            if not item.has_time and key not in self._known:
                key = (item.kind, _LOOSE, item.id)
            seen.add(key)
            yield from self._meet(key, item, now, backup.format.name)
        for key, known in self._known.items():
            if key not in seen and self._should_be_there(key, known, backup) and self._is_covered(key, backup):
                known.missing_by = now
                yield self._evidence("missing", key, known.seen_at, now)

    def _meet(self, key: _Key, item: Item, now: datetime, format: str) -> Iterator[Evidence]:
        known = self._known.get(key)
        if known is None:
            yield from (self._evidence("edited", key, at, at, item.by) for at in item.edits)
            yield from (
                self._removed(key, item, now, None, item.removed_by or item.by) if item.audience == "removed" else ()
            )
            self._known[key] = _Known(item.says, item.audience, now, {format}, set(item.edits))
            return
        if known.missing_by is not None:
            yield self._evidence("restored", key, known.missing_by, now)
            known.missing_by = None
        yield from self._changed(key, known, item, now)
        known.edits.update(item.edits)
        known.formats.add(format)
        known.says, known.audience, known.seen_at = item.says, item.audience, now

    def _changed(self, key: _Key, known: _Known, item: Item, now: datetime) -> Iterator[Evidence]:
        if item.audience != known.audience:
            if item.audience == "removed":
                yield from self._removed(key, item, now, known.seen_at, item.removed_by or item.by)
            else:
                seen: Seen = "hidden" if item.audience == "hidden" else "shown"
                yield self._evidence(seen, key, known.seen_at, now)
            return
        told = [at for at in item.edits if at not in known.edits]
        yield from (self._evidence("edited", key, at, at, item.by) for at in told)
        if item.says != known.says and not told:
            at = item.changed_at
            yield self._evidence("edited", key, at or known.seen_at, at or now, item.by if at else "unknown")
            known.edits.update({at} if at else ())

    def _removed(self, key: _Key, item: Item, now: datetime, after: datetime | None, cause: str) -> Iterator[Evidence]:
        """Of what is met as removed already, nothing tells after when; but the backup itself tells by whom."""
        if item.removed_at is not None:
            yield self._evidence("removed", key, item.removed_at, item.removed_at, item.by)
        else:
            yield self._evidence("removed", key, after, now, cause)

    @staticmethod
    def _should_be_there(key: _Key, known: _Known, backup: Planned) -> bool:
        """A thing is missing only where a complete backup of a format that has shown it does not hold it."""
        of_list = not backup.list_name or key[1] == backup.list_name
        answers = key[0] in backup.format.complete and backup.format.name in known.formats and of_list
        return answers and known.missing_by is None and known.audience != "removed"

    def _is_covered(self, key: _Key, backup: Planned) -> bool:
        """Nothing is missing that is older than what a backup reaches back to."""
        written = self._written.get(key[2])
        return written is None or backup.format.reaches_back_to(written, backup.at)

    def _evidence(
        self, seen: Seen, key: _Key, after: datetime | None, by: datetime, cause: str = "unknown"
    ) -> Evidence:
        begin = stored(after) if after is not None else None
        return Evidence(self._account.name, seen, key[0], key[2], begin, stored(by), cause)
