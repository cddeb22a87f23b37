"""Google Takeout: how its zips are named, which tells when they were made."""

from __future__ import annotations

from datetime import UTC

from demo import days
from demo.schedule import Format, Planned


def planned(account: str, format: Format, local: str) -> Planned:
    """Plan a Takeout of an account at a local time such as 2026-03-01 09:00."""
    at = days.local(local)
    return Planned(f"takeout-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-001.zip", account, format, at, local[:10])
