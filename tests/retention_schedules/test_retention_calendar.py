from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention_schedules.calendar import LATEST, add, cutoff, falls_short, local_day
from retention_schedules.schedule import TRIGGERS, read_period

CHICAGO = ZoneInfo("America/Chicago")
ANY_DAY = st.dates()
UNITS = st.sampled_from(["years", "months", "days"])
ZONES = st.sampled_from([ZoneInfo(name) for name in ("America/Chicago", "Asia/Kolkata", "Pacific/Apia", "UTC")])


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@given(ANY_DAY, st.integers(0, 9999), UNITS)
def test_no_day_and_no_period_is_too_much_for_the_calendar(day: date, count: int, unit: str) -> None:
    assert day <= add(day, read_period(f"{count} {unit}")) <= LATEST


@given(ANY_DAY, st.integers(0, 500), st.integers(0, 500), UNITS)
def test_a_longer_period_of_a_unit_never_ends_earlier(day: date, first: int, second: int, unit: str) -> None:
    low, high = sorted((first, second))
    assert add(day, read_period(f"{low} {unit}")) <= add(day, read_period(f"{high} {unit}"))


@given(ANY_DAY, st.integers(0, 200))
def test_years_are_twelve_months(day: date, years: int) -> None:
    assert add(day, read_period(f"{years} years")) == add(day, read_period(f"{years * 12} months"))


@given(ANY_DAY, st.sampled_from(TRIGGERS), st.tuples(st.integers(1, 12), st.integers(1, 28)))
def test_a_cutoff_is_never_before_the_creation_and_at_most_a_year_after(
    day: date, trigger: str, fiscal: tuple[int, int]
) -> None:
    start = cutoff(day, trigger, fiscal)  # type: ignore[arg-type]
    assert (start is None) == (trigger in ("EVT", "SUP", "PERM"))
    if start is not None:
        assert day <= start
        assert (start - day).days <= 366


@given(ANY_DAY, st.tuples(st.integers(1, 12), st.integers(1, 28)))
def test_all_records_of_a_fiscal_year_have_one_cutoff(day: date, fiscal: tuple[int, int]) -> None:
    start = cutoff(day, "FIS", fiscal)
    assert start is not None
    if start < LATEST:
        assert (start.month, start.day) == fiscal
        assert cutoff(start - timedelta(days=1), "FIS", fiscal) == start


@pytest.mark.parametrize(
    ("period", "short"),
    [
        ("84 months", False), ("7 years", False), ("2557 days", False), ("10 years", False),
        ("83 months", True), ("2556 days", True), ("90 days", True), ("0 days", True),
    ],
)  # fmt: skip
def test_a_period_falls_short_of_the_floor_if_it_ends_before_it_from_any_day(period: str, short: bool) -> None:
    assert falls_short(read_period(period), read_period("7 years")) is short


@pytest.mark.parametrize(
    "text", ["7", "7 yrs", "seven years", "-7 years", "7.5 years", "", "7years", "٧ years", "99999 days"]
)
def test_a_period_without_number_or_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        read_period(text)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-08T05:59:59", "2026-03-07"),  # the night in which clocks go forward: still winter time
        ("2026-03-08T06:00:00", "2026-03-08"),
        ("2026-03-09T04:59:59", "2026-03-08"),  # the night after: summer time
        ("2026-03-09T05:00:00", "2026-03-09"),
        ("2026-11-01T04:59:59", "2026-10-31"),
        ("2026-11-01T06:30:00", "2026-11-01"),  # half past one, the first and the second time
        ("2026-11-01T07:30:00", "2026-11-01"),
        ("2026-11-02T05:59:59", "2026-11-01"),
        ("2026-11-02T06:00:00", "2026-11-02"),
    ],
)
def test_midnight_is_where_it_is_on_the_citys_clock(moment: str, day: str) -> None:
    assert local_day(utc(moment), CHICAGO).isoformat() == day


def test_a_source_that_gives_the_day_only_is_taken_at_its_word() -> None:
    midnight = utc("2008-05-01T00:00:00")
    assert local_day(midnight, CHICAGO) == date(2008, 4, 30)
    assert local_day(midnight, CHICAGO, "day", "format") == date(2008, 5, 1)


def test_a_source_that_gives_the_month_only_counts_from_its_last_day() -> None:
    assert local_day(utc("2008-02-01T00:00:00"), CHICAGO, "month", "format") == date(2008, 2, 29)


def test_a_time_without_a_zone_counts_from_the_later_of_its_possible_days() -> None:
    assert local_day(utc("2026-03-01T02:00:00"), CHICAGO, "second", "unknown") == date(2026, 3, 1)
    assert local_day(utc("2026-03-01T22:00:00"), ZoneInfo("Asia/Kolkata"), "second", "unknown") == date(2026, 3, 2)


@given(
    st.datetimes(timezones=st.just(UTC)),
    ZONES,
    st.sampled_from(["millisecond", "second", "minute", "day", "month"]),
    st.sampled_from(["explicit", "format", "account", "unknown"]),
)
def test_what_is_vague_never_counts_from_an_earlier_day(
    moment: datetime, zone: ZoneInfo, precision: str, zone_source: str
) -> None:
    assert local_day(moment, zone, precision, zone_source) >= local_day(moment, zone)
