from __future__ import annotations

import re

import pytest

from archive.archive import Archive
from ingest import staging
from ingest.staging import Staging

PAIRINGS = {
    "twins": staging._TWINS,
    "edits": staging._EDITS,
    "edits told": staging._LED_UP,
    "removals": staging._REMOVALS,
    "removals told before": staging._REMOVALS_TOLD_BEFORE,
    "without files": staging._LACKING,
}


@pytest.mark.parametrize("name", PAIRINGS)
def test_the_other_side_of_a_pair_is_looked_up_and_never_searched_row_by_row(archive: Archive, name: str) -> None:
    staged = Staging(archive, "fb-city", "facebook-export")
    try:
        rows = staged._connection.execute("EXPLAIN QUERY PLAN " + PAIRINGS[name]).fetchall()
    finally:
        staged.close()
    assert any(re.match(r"SEARCH [hsl] USING", detail) for *_, detail in rows), rows
