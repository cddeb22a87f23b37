from __future__ import annotations

from typing import Any

import pytest

from archive import accounts
from desk import Desk
from ingest.expiring import rules

JANUARY, FEBRUARY, MARCH = (f"2026-{month:02}-01T12:00:00" for month in (1, 2, 3))
SAYS = {"platform says": "City of Milbrook was live."}
KEPT = {"id": "9", "at": "2025-12-01T10:00:00", "text": "kept"}


def cause(desk: Desk, platform: str, **item: Any) -> str:
    """Return why an item of December that a backup of February lacks is absent."""
    desk.account = accounts.add(desk.archive, f"of-{platform}", platform=platform, department="Clerk")
    one = {"id": "1", "at": "2025-12-20T10:00:00", "text": "gone", **item}
    _bring(desk, JANUARY, one, KEPT)
    _bring(desk, FEBRUARY, KEPT)
    ((_, _, _, found),) = desk.findings()
    return found


def _bring(desk: Desk, made: str, *items: dict[str, Any]) -> None:
    from plain_format import PlainIngestor

    reader = PlainIngestor()
    reader.platform = desk.account.platform
    desk.bring(made, *items, ingestor=reader)


@pytest.mark.parametrize(
    ("platform", "item", "found"),
    [
        ("instagram", {"kind": "story"}, "expired by design"),
        ("facebook", {"details": SAYS}, "expired by design"),
        ("facebook", {"details": {"platform says": "Milbrook ESTUVO EN VIVO."}}, "expired by design"),
        ("facebook", {"details": SAYS, "at": "2026-01-10T10:00:00"}, "unknown"),
        ("facebook", {"text": "City of Milbrook was live."}, "unknown"),
        ("youtube", {"details": SAYS}, "unknown"),
        ("facebook", {}, "unknown"),
    ],
)
def test_what_a_platform_takes_down_by_itself_is_nobodys_doing(
    desk: Desk, platform: str, item: dict[str, Any], found: str
) -> None:
    assert cause(desk, platform, **item) == found


def test_every_rule_names_its_source() -> None:
    assert all(rule.source and rule.days > 0 for rule in rules())
