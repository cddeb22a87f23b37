from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.timestamps import from_iso, from_twitter, from_us


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


@pytest.mark.parametrize(
    ("raw", "at", "precision", "zone"),
    [
        ("10/22/2015 03:49 PM CDT", "2015-10-22T20:49:00+00:00", "minute", "explicit"),
        ("11/07/2016 11:35 AM CST", "2016-11-07T17:35:00+00:00", "minute", "explicit"),
        ("12/31/2015 12:05 AM EST", "2015-12-31T05:05:00+00:00", "minute", "explicit"),
        ("7/4/26 12:05 pm PDT", "2026-07-04T19:05:00+00:00", "minute", "explicit"),
        ("10/22/2015 15:49:10 MST", "2015-10-22T22:49:10+00:00", "second", "explicit"),
        ("10/22/2015 03:49 PM XKT", "2015-10-22T15:49:00+00:00", "minute", "unknown"),
        ("Apr 18, 2016 01:51 pm", "2016-04-18T13:51:00+00:00", "minute", "unknown"),
        ("April 18, 2016 at 1:51 p.m. CDT", "2016-04-18T18:51:00+00:00", "minute", "explicit"),
        ("4/18/2016", "2016-04-18T12:00:00+00:00", "day", "unknown"),
    ],
)
def test_an_american_time_is_read_with_the_zone_it_names(raw: str, at: str, precision: str, zone: str) -> None:
    found = from_us(raw)
    assert found.at is not None
    assert (found.at.isoformat(), found.precision, found.zone, found.raw) == (at, precision, zone, raw)


@pytest.mark.parametrize(
    "raw", ["13/01/2026 1:00 PM CST", "02/30/2026", "1/1/2026 13:00 PM", "Foo 1, 2026", "2026-01-01"]
)
def test_what_is_no_american_time_is_kept_and_not_read(raw: str) -> None:
    assert from_us(raw).at is None
    assert from_us(raw).raw == raw


@given(st.text(max_size=40))
def test_no_text_makes_the_reader_of_times_fail(text: str) -> None:
    for read in (from_iso, from_twitter, from_us):
        found = read(text)
        assert found.raw == text
        assert found.at is None or found.at.utcoffset() is not None
