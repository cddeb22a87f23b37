from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.written_dates import DateReader, two_ways


@pytest.mark.parametrize(
    ("raw", "moment", "precision", "zone"),
    [
        ("2026-03-01", "2026-03-01T12:00:00", "day", "unknown"),
        ("2026-03-01 09:30", "2026-03-01T15:30:00", "minute", "account"),
        ("2026-03-01T09:30:00.123456789Z", "2026-03-01T09:30:00.123456", "millisecond", "explicit"),
        ("3/1/2026 9:30 PM", "2026-03-02T03:30:00", "minute", "account"),
        ("3/1/26 9:30:05\u202fPM CST", "2026-03-02T03:30:05", "second", "explicit"),
        ("18.04.2016 13:51", "2016-04-18T18:51:00", "minute", "account"),
        ("Apr 18, 2016 1:51 pm", "2016-04-18T18:51:00", "minute", "account"),
        ("Mon, 18 Apr 2016 13:51:00 +0000", "2016-04-18T13:51:00", "second", "explicit"),
        ("Sunday, March 1, 2026 at 9:30 AM", "2026-03-01T15:30:00", "minute", "account"),
        ("2026-03-01 09:30:00 (UTC-06:00)", "2026-03-01T15:30:00", "second", "explicit"),
        ("1700000000", "2023-11-14T22:13:20", "second", "format"),
        ("1700000000123", "2023-11-14T22:13:20.123000", "millisecond", "format"),
    ],
)
def test_dates_are_read_in_any_usual_form(raw: str, moment: str, precision: str, zone: str) -> None:
    found = DateReader("month-first", ZoneInfo("America/Chicago")).read(raw)
    assert (found.at, found.raw) == (datetime.fromisoformat(moment).replace(tzinfo=UTC), raw)
    assert (found.precision, found.zone) == (precision, zone)


@pytest.mark.parametrize(
    ("raw", "moment", "precision", "zone"),
    [
        ("10/22/2015 03:49 PM CDT", "2015-10-22T20:49:00", "minute", "explicit"),
        ("11/07/2016 11:35 AM CST", "2016-11-07T17:35:00", "minute", "explicit"),
        ("12/31/2015 12:05 AM EST", "2015-12-31T05:05:00", "minute", "explicit"),
        ("7/4/26 12:05 pm PDT", "2026-07-04T19:05:00", "minute", "explicit"),
        ("10/22/2015 15:49:10 MST", "2015-10-22T22:49:10", "second", "explicit"),
        ("10/22/2015 03:49 PM XKT", "2015-10-22T15:49:00", "minute", "unknown"),
        ("7/13/25, 8:15 AM", "2025-07-13T08:15:00", "minute", "unknown"),
        ("Apr 18, 2016 01:51 pm", "2016-04-18T13:51:00", "minute", "unknown"),
        ("April 18, 2016 at 1:51 p.m. CDT", "2016-04-18T18:51:00", "minute", "explicit"),
        ("13 Jul 2025", "2025-07-13T12:00:00", "day", "unknown"),
        ("4/18/2016", "2016-04-18T12:00:00", "day", "unknown"),
    ],
)
def test_without_a_zone_of_the_file_a_time_has_the_zone_that_it_names(
    raw: str, moment: str, precision: str, zone: str
) -> None:
    found = DateReader("month-first").read(raw)
    assert (found.at, found.raw) == (datetime.fromisoformat(moment).replace(tzinfo=UTC), raw)
    assert (found.precision, found.zone) == (precision, zone)


@pytest.mark.parametrize("raw", ["13/13/2026 1:00 PM CST", "02/30/2026", "1/1/2026 13:00 PM", "Foo 1, 2026"])
def test_what_is_no_date_is_kept_and_not_read(raw: str) -> None:
    for reader in (DateReader("month-first", mends=True), DateReader("day-first")):
        found = reader.read(raw)
        assert (found.at, found.raw) == (None, raw)


def test_a_date_that_cannot_be_in_the_order_is_read_in_the_other_unless_a_person_declared_it() -> None:
    assert str(DateReader("month-first", mends=True).read("13/05/2026").at)[:10] == "2026-05-13"
    assert str(DateReader("day-first", mends=True).read("05/13/2026").at)[:10] == "2026-05-13"
    assert DateReader("month-first").read("13/05/2026").at is None


@given(st.text())
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    assert DateReader("", mends=True).read(text).raw == text
    two_ways(text)
