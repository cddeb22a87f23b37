"""Days: which count, when the marker falls, until when records stay."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.requests import working_days
from export.requests.law import law
from export.requests.preservation import preserved
from export.requests.working_days import BOTH, OFFICES, add, between, holidays, is_working

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_state_offices_keep_nine_days_a_year() -> None:
    assert holidays(2026) == {
        date(2026, 1, 1): "New Year's Day",
        date(2026, 1, 19): "Martin Luther King Jr. Day",
        date(2026, 5, 25): "Memorial Day",
        date(2026, 7, 4): "Independence Day",
        date(2026, 9, 7): "Labor Day",
        date(2026, 11, 26): "Thanksgiving Day",
        date(2026, 12, 24): "Christmas Eve",
        date(2026, 12, 25): "Christmas Day",
        date(2026, 12, 31): "New Year's Eve",
    }


def test_a_holiday_on_a_sunday_is_kept_on_the_monday_and_one_on_a_saturday_is_not_moved() -> None:
    assert date(2021, 7, 5) in holidays(2021)  # the 4th was a Sunday
    assert date(2026, 7, 4) in holidays(2026)  # a Saturday
    assert is_working(date(2026, 7, 3)) and is_working(date(2026, 7, 6))


def test_legal_holidays_count_where_a_period_must_not_end_early() -> None:
    veterans = date(2026, 11, 11)
    assert is_working(veterans, OFFICES) and not is_working(veterans, BOTH)
    assert not is_working(date(2026, 11, 3), BOTH) and is_working(date(2027, 11, 2), BOTH)  # general elections
    assert not is_working(date(2026, 8, 11), BOTH)  # partisan primary


def test_the_day_itself_does_not_count() -> None:
    assert add(date(2026, 4, 2), 1) == date(2026, 4, 3)
    assert add(date(2026, 4, 3), 1) == date(2026, 4, 6)
    assert add(date(2026, 11, 20), 10) == date(2026, 12, 7)  # over Thanksgiving


@given(DAYS, st.integers(0, 200), st.sampled_from([OFFICES, BOTH]))
def test_adding_and_counting_agree(day: date, count: int, kinds: working_days.Kinds) -> None:
    after = add(day, count, kinds)
    assert between(day, after, kinds) == count
    assert count == 0 or is_working(after, kinds)


@given(DAYS, st.booleans())
def test_the_longer_reading_never_ends_before_the_shorter(day: date, incarcerated: bool) -> None:
    long = preserved("denied", day, day, incarcerated=incarcerated)
    short = preserved("denied", day, day, incarcerated=incarcerated, count="calendar days")
    assert long.until is not None and short.until is not None
    assert long.until > short.until == day + timedelta(days=90 if incarcerated else 60)


def test_records_stay_while_a_request_is_open_and_go_free_once_it_is_granted() -> None:
    day = date(2026, 4, 2)
    assert not preserved("in review", None, date(2036, 4, 2)).free
    assert preserved("released", day, day).free
    assert preserved("released", day, day, mandamus=True).until is None


def test_the_last_of_the_days_after_a_denial_still_protects() -> None:
    denied = preserved("denied", date(2026, 4, 2), date(2026, 4, 2))
    assert denied.until == date(2026, 6, 29)  # twelve weeks, and two days for Memorial Day and Juneteenth
    assert not preserved("denied", date(2026, 4, 2), date(2026, 6, 29)).free
    assert preserved("denied", date(2026, 4, 2), date(2026, 6, 30)).free


@pytest.mark.parametrize("status", ["released in part", "withdrawn", "closed"])
def test_whatever_is_not_a_grant_counts_as_a_denial(status: str) -> None:
    found = preserved(status, date(2026, 4, 2), date(2026, 4, 3))  # type: ignore[arg-type]
    assert not found.free and "60 working days" in found.why


def test_every_rule_has_its_source_and_what_is_not_verified_says_so() -> None:
    here = law()
    for name in (here.marker.citation, here.preservation.citation, here.fees.prepayment, here.fees.waiver):
        assert name in here.citations
    assert all(one.cite.startswith(("Wis. Stat. §", "Milwaukee", "Wisconsin")) for one in here.citations.values())
    assert here.cite("subject_wait").endswith("(not verified)")
