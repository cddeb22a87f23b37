"""Counts as people read them."""

from __future__ import annotations

import pytest

from archive.counting import counted


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 people"), (1, "1 person"), (2, "2 people"), (1_200, "1,200 people")]
)
def test_what_is_counted_is_named_as_one_or_several(count: int, told: str) -> None:
    assert counted(count, "person", "people") == told
