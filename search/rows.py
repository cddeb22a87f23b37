"""Versions as rows with the keys that scripts rely on (docs/json.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archive import clock
from archive.archive import Archive
from archive.records import Timestamp, Version
from archive.version_digest import stored_time


def version_row(archive: Archive, version: Version) -> dict[str, Any]:
    """Return one version under the keys of a record."""
    content = version.content
    series, expires_on = _expiry(archive, version.record)
    return {
        "record": version.record,
        "version": version.id,
        "account": version.account,
        "platform": version.platform,
        "kind": version.kind,
        "state": version.state,
        "current": version.current,
        "created_at": _at(content.created),
        "edited_at": _at(content.edited),
        "author": content.author.name,
        "handle": content.author.handle,
        "by_account": content.author.is_account,
        "title": content.title,
        "text": content.text,
        "url": content.url,
        "parent": content.parent,
        "thread": content.thread,
        "audience": content.audience,
        "attachments": [
            {"name": one.name, "media_type": one.media_type, "size": one.size, "sha256": one.sha256, "alt": one.alt}
            for one in content.attachments
        ],
        "tags": list(content.tags),
        "list_name": content.list_name,
        "captured_at": stored_time(version.captured_at),
        "accession": version.accession,
        "digest": version.digest.hex(),
        "series": series,
        "expires_on": expires_on,
    }


def _at(moment: Timestamp | None) -> str | None:
    return stored_time(moment.at) if moment is not None and moment.at is not None else None


def _expiry(archive: Archive, record: int) -> tuple[str | None, str | None]:
    row = archive.connection.execute("SELECT series, expires_on FROM expiry WHERE record = ?", (record,)).fetchone()
    return (row[0], row[1]) if row else (None, None)


def shown_time(archive: Archive, moment: Timestamp | None) -> str:
    """Return a timestamp as people here read it, as exactly as it is known."""
    if moment is None or moment.at is None:
        return moment.raw if moment is not None and moment.raw else "date not known"
    return local(archive, moment.at)[:10] if moment.precision == "day" else local(archive, moment.at)


def local(archive: Archive, moment: datetime) -> str:
    """Return a moment in the archive's time zone."""
    return clock.in_words(moment, archive.timezone)
