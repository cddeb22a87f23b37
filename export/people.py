"""Subscribers as they go out: released columns only, with their joins and leaves and how those are known."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from archive import clock
from archive.archive import Archive
from archive.membership import Change
from archive.records import Version
from archive.subscribers import Member, members
from export.columns import Column, columns
from export.released import BASIC_COLUMNS, TAGS_COLUMN, ReleasedRecord
from export.requests.collection import lists_as_of

_ACCOUNTS = """
SELECT DISTINCT r.account FROM member m JOIN selection s ON s.id = m.selection JOIN version v ON v.id = m.version
JOIN record r ON r.id = v.record WHERE s.subject = ? AND v.kind = 'subscriber'
"""


class People:
    """The subscribers in one request's collected set. ``columns`` are all columns of their lists, decided."""

    def __init__(self, archive: Archive, number: int, upto: int = 1 << 62) -> None:
        self._archive = archive
        self.columns: tuple[Column, ...] = tuple(columns(archive, number, upto))
        self._released = {one.name for one in self.columns if one.released}
        accounts = archive.connection.execute(_ACCOUNTS, (f"request:{number}",)).fetchall()
        self._as_of = lists_as_of(archive, number, upto)
        self._members: dict[int, Member] = {
            one.record: one for (account,) in accounts for one in members(archive, account, upto=upto)
        }

    def holds_back(self, version: Version) -> bool:
        """Say whether something of a subscriber stays in, so that the platform's own bytes must stay in too."""
        content = version.content
        filled = {*content.details, *BASIC_COLUMNS} | ({TAGS_COLUMN} if content.tags else set())
        return not filled <= self._released

    def released(self, one: ReleasedRecord) -> ReleasedRecord:
        """Return a subscriber with nothing in it but the released columns."""
        out = self._released
        member = self._members.get(one.record)
        made = member.changes if member is not None else ()
        is_hidden = any(each.field == "local_time" for each in one.redactions)
        joined = one.local_time if is_hidden else "; ".join(self._told(change) for change in made if change.on)
        left = "; ".join(self._told(change) for change in made if not change.on)
        times = {} if "joined" in out else {"created_at": "", "created_raw": "", "local_time": ""}
        return replace(
            one,
            author=one.author if "name" in out else "",
            handle=one.handle if "address" in out else "",
            **({} if "id" in out else {"author_id": "", "native_id": "", "url": ""}),
            **times,
            state_note=one.state_note if "left" in out else "",
            details={key: value for key, value in one.details.items() if key in out},
            tags=one.tags if TAGS_COLUMN in out else (),
            as_of="; ".join(self._on_lists(member, one.version)) if member is not None else "",
            joined=joined if "joined" in out else "",
            left=left if "left" in out else "",
        )

    def _on_lists(self, member: Member, version: int) -> Iterator[str]:
        """Yield on which of the lists asked for as of a moment somebody was, and whether that is sure."""
        for words, moment, versions in self._as_of:
            if version in versions:
                yield f"{words}: {member.on(moment)}"

    def _told(self, change: Change) -> str:
        """Return when somebody joined or left, and how that is known."""
        zone = self._archive.timezone
        by = clock.read_stored(change.by)
        if change.told:
            return f"{clock.in_words(by, zone)} (the list tells)"
        day = clock.local_date(by, zone)
        if not change.after:
            return f"before {day} (in the first backup)"
        return f"between {clock.local_date(clock.read_stored(change.after), zone)} and {day} (backups compared)"
