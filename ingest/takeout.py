"""What the exports of all of Google's products have in common: the name that Google Takeout gives to its zips."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from ingest.backup import Backup

_MADE = re.compile(r"takeout-(\d{8}T\d{6})Z", re.IGNORECASE)


def made_at(backup: Backup) -> datetime | None:
    """Return when an export was asked for, by the latest name ``takeout-20260310T140000Z-001.zip`` among its parts."""
    found = sorted(match[1] for part in backup.parts if (match := _MADE.search(part.name)))
    if not found:
        return None
    try:
        return datetime.strptime(found[-1].upper(), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
