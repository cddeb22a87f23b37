from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.timestamps import from_iso, from_twitter


@pytest.mark.parametrize(
    ("raw", "at", "precision", "zone"),
    [
        ("2026-03-01T09:30:00.123Z", "2026-03-01T09:30:00.123000+00:00", "millisecond", "explicit"),
        ("2021-11-14T00:00:01.606945622+00:00", "2021-11-14T00:00:01.606945+00:00", "millisecond", "explicit"),
        ("2012-06-02 17:05:09 +0000", "2012-06-02T17:05:09+00:00", "second", "explicit"),
        ("2016-02-10 08:30:29 UTC", "2016-02-10T08:30:29+00:00", "second", "explicit"),
        ("2025-07-13 08:15", "2025-07-13T08:15:00+00:00", "minute", "format"),
        ("2025-07-13", "2025-07-13T12:00:00+00:00", "day", "format"),
    ],
)
def test_a_sources_time_is_read_with_its_precision_and_zone(raw: str, at: str, precision: str, zone: str) -> None:
    found = from_iso(raw)
    assert found.at is not None
    assert (found.at.isoformat(), found.precision, found.zone, found.raw) == (at, precision, zone, raw)


def test_x_writes_its_times_in_two_ways() -> None:
    found = from_twitter("Thu Nov 14 03:37:58 +0000 2019")
    assert found.at is not None
    assert found.at.isoformat() == "2019-11-14T03:37:58+00:00"
    assert from_twitter("2019-11-14T03:37:58Z").at == found.at


@given(st.text(max_size=40))
def test_no_text_makes_the_reader_of_times_fail(text: str) -> None:
    for read in (from_iso, from_twitter):
        found = read(text)
        assert found.raw == text
        assert found.at is None or found.at.utcoffset() is not None
