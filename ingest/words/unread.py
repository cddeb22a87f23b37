"""Files whose words a search cannot find, wholly or in part, and why."""

from __future__ import annotations

from typing import Any

from archive.archive import Archive

_FILES = """
SELECT r.account, r.id AS record, a.name AS file, a.media_type, a.sha256, e.fault AS why, length(e.text) AS characters,
  min(a.id)
FROM extracted e JOIN attachment a ON a.sha256 = e.sha256 JOIN version v ON v.id = a.version
JOIN record r ON r.id = v.record
WHERE e.fault <> '' AND a.media_type NOT LIKE 'video/%' AND a.media_type NOT LIKE 'audio/%'
GROUP BY r.id, a.sha256 ORDER BY r.id, min(a.id)
"""
"""Speech in films is nothing that a person would expect to be found: their captions are read."""

KEYS = ("account", "record", "file", "media_type", "sha256", "why", "characters")


def unread(archive: Archive) -> list[dict[str, Any]]:
    """Return a row with stable keys for each file of a record that could not be read, or not wholly."""
    return [dict(zip(KEYS, row[:-1], strict=True)) for row in archive.connection.execute(_FILES)]
