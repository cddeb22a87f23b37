"""Dates of mail (RFC 5322 section 3.3), good and bad."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

from archive.records import Timestamp

KNOWN_ZONE = re.compile(r"([+-]\d{4}|\b(UT|GMT|Z|EST|EDT|CST|CDT|MST|MDT|PST|PDT))\b", re.IGNORECASE)


def read_date(raw: str) -> Timestamp | None:
    """Return a header's date, None if it is no date; a zone that is missing or made up is UTC, unknown."""
    text = " ".join(raw.split())
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    zone = "explicit" if moment.tzinfo is not None and KNOWN_ZONE.search(text) else "unknown"
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    try:
        return Timestamp(aware.astimezone(UTC), text, "second", "explicit" if zone == "explicit" else "unknown")
    except (ValueError, OverflowError):
        return None


def last_received(headers: list[str]) -> Timestamp | None:
    """Return the time at which the last server took the message in: the end of its ``Received`` header."""
    for header in headers:
        found = read_date(header.rsplit(";", 1)[-1]) if ";" in header else None
        if found is not None:
            return found
    return None
