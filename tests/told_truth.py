"""The findings of an archive in the words of the truth about the fictional city."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from archive.archive import Archive
from demo.truth import Evidence, Truth
from ingest.report import findings


def told(archive: Archive, truth: Truth) -> Counter[Evidence]:
    """Return the findings of an archive in the words of the truth."""
    names = Names(archive, truth)
    rows = [one for one in findings(archive) if one["kind"] != "counterpart"]
    return Counter(
        Evidence(
            one["account"], one["kind"], names.kinds[one["record"]], names.of(one["record"], one["after_at"]),
            one["after_at"], one["by_at"], one["cause"],
        )
        for one in rows
    )  # fmt: skip


class Names:
    """What the truth calls the records of an archive, those that no format gives an id too."""

    def __init__(self, archive: Archive, truth: Truth) -> None:
        rows = archive.connection.execute(
            "SELECT id, account, kind, native_id, created_at, coalesce(nullif(author_name, ''), author_handle)"
            " FROM record ORDER BY id"
        ).fetchall()
        self.kinds = {row[0]: row[2] for row in rows}
        self._written = {
            (account, kind, at): native_id
            for account, kinds in truth.moments.items()
            for kind, ids in kinds.items()
            for native_id, at in ids.items()
        }
        self._in_minute = {
            (account, kind, at[:16]): native_id for (account, kind, at), native_id in self._written.items()
        }
        self._removed = {one.at: one.id for one in truth.happened if one.what == "removed"}
        self._rows = {row[0]: row for row in rows}
        self._namesakes: dict[int, str] = {}
        seen: Counter[tuple[str, str]] = Counter()
        for record, account, kind, native_id, joined_at, name in rows:
            if kind == "subscriber" and native_id is None:
                seen[account, name] += 1
                which = f" since {joined_at}" if joined_at else f"#{seen[account, name]}"
                self._namesakes[record] = f"{name}{which}"

    def of(self, record: int, moment: str | None) -> str:
        """Return a record's id in the truth; what has no time of its own is known by that of its removal."""
        _, account, kind, native_id, created_at, _ = self._rows[record]
        by_time = self._written.get((account, kind, created_at)) or self._by_minute(account, kind, created_at or "")
        by_time = by_time or self._removed.get(moment or "")
        return str(self._namesakes.get(record) or (native_id if kind == "profile" else by_time) or native_id)

    def _by_minute(self, account: str, kind: str, at: str) -> str | None:
        """Return what was written in a minute that is told without its seconds, maybe by a clock an hour off."""
        if not at.endswith(":00.000Z"):
            return None
        moment = datetime.fromisoformat(at)
        minutes = (f"{moment + timedelta(hours=hours):%Y-%m-%dT%H:%M}" for hours in (0, 1, -1))
        return next(filter(None, (self._in_minute.get((account, kind, minute)) for minute in minutes)), None)
