"""Dates as people type them, on a city's calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.dates import Calendar, period
from search.mistakes import Unusable

MAY = Calendar(date(2026, 5, 14))
JULY = Calendar(date(2026, 5, 14), (7, 1))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"), ("2026-03", "2026-03-01", "2026-03-31"),
        ("2024-2", "2024-02-01", "2024-02-29"), ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-03-01", "2026-03-01", "2026-03-01"), ("3/1/2026", "2026-03-01", "2026-03-01"),
        ("3/1/26", "2026-03-01", "2026-03-01"), ("3/2026", "2026-03-01", "2026-03-31"),
        ("march 2026", "2026-03-01", "2026-03-31"), ("Mar. 2026", "2026-03-01", "2026-03-31"),
        ("sept 2025", "2025-09-01", "2025-09-30"), ("2026 march", "2026-03-01", "2026-03-31"),
        ("march-2026", "2026-03-01", "2026-03-31"), ("March 3, 2026", "2026-03-03", "2026-03-03"),
        ("3rd march 2026", "2026-03-03", "2026-03-03"), ("march 3", "2026-03-03", "2026-03-03"),
        ("june 3", "2025-06-03", "2025-06-03"), ("march", "2026-03-01", "2026-03-31"),
        ("may", "2026-05-01", "2026-05-31"), ("june", "2025-06-01", "2025-06-30"),
        ("last march", "2026-03-01", "2026-03-31"), ("last may", "2025-05-01", "2025-05-31"),
        ("last-june", "2025-06-01", "2025-06-30"), ("this june", "2026-06-01", "2026-06-30"),
        ("today", "2026-05-14", "2026-05-14"), ("YESTERDAY", "2026-05-13", "2026-05-13"),
        ("this week", "2026-05-10", "2026-05-16"), ("last week", "2026-05-03", "2026-05-09"),
        ("this month", "2026-05-01", "2026-05-31"), ("last month", "2026-04-01", "2026-04-30"),
        ("this quarter", "2026-04-01", "2026-06-30"), ("last quarter", "2026-01-01", "2026-03-31"),
        ("this year", "2026-01-01", "2026-12-31"), ("last year", "2025-01-01", "2025-12-31"),
        ("last 30 days", "2026-04-15", "2026-05-14"), ("past 2 weeks", "2026-05-01", "2026-05-14"),
        ("last 3 months", "2026-02-15", "2026-05-14"), ("last 1 year", "2025-05-15", "2026-05-14"),
        ("2 weeks ago", "2026-04-30", "2026-04-30"),
        ("2026-q1", "2026-01-01", "2026-03-31"), ("Q4 2025", "2025-10-01", "2025-12-31"),
        ("fy2025", "2025-01-01", "2025-12-31"), ("fy25", "2025-01-01", "2025-12-31"),
        ("2026-03-01..2026-03-15", "2026-03-01", "2026-03-15"), ("2025-12..march 2026", "2025-12-01", "2026-03-31"),
    ],
)  # fmt: skip
def test_a_date_in_words_is_these_days(typed: str, first: str, last: str) -> None:
    assert period(typed, MAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("fy2025", "2024-07-01", "2025-06-30"),
        ("this fiscal year", "2025-07-01", "2026-06-30"),
        ("last fiscal year", "2024-07-01", "2025-06-30"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_ends(typed: str, first: str, last: str) -> None:
    assert period(typed, JULY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "typed",
    ["", "lately", "2026-02-30", "2026-13", "13/1/2026", "0001", "9999", "february 30", "last 9999 years", "..",
     "2026..2025", "2026..", "12", "last", "fy", "2026-q5", "next march", "march march", "2026-03-01T10:00"],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_examples_that_are(typed: str) -> None:
    with pytest.raises(Unusable) as caught:
        period(typed, MAY)
    assert str(caught.value).endswith((".", '".'))


@given(st.text(max_size=20), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_any_text_is_a_period_in_order_or_refused(typed: str, today: date) -> None:
    try:
        first, last = period(typed, Calendar(today))
    except Unusable:
        return
    assert first <= last


CALENDARS = st.builds(
    Calendar, st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.tuples(st.integers(1, 12), st.integers(1, 31))
)


@given(CALENDARS, st.integers(1990, 2100))
def test_fiscal_years_follow_one_another_without_a_gap(calendar: Calendar, name: int) -> None:
    first, last = calendar.fiscal_year(name)
    assert last + timedelta(days=1) == calendar.fiscal_year(name + 1)[0]
    assert calendar.fiscal_year_of(first) == calendar.fiscal_year_of(last) == name


@given(CALENDARS, st.sampled_from(["week", "month", "quarter", "year", "fiscal year"]))
def test_this_and_last_lie_side_by_side_and_today_is_in_this(calendar: Calendar, unit: str) -> None:
    first, last = period(f"this {unit}", calendar)
    assert first <= calendar.today <= last
    assert period(f"last {unit}", calendar)[1] + timedelta(days=1) == first


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_way_to_write_a_day_is_that_day(day: date) -> None:
    written = [day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day:%B} {day.day} {day.year}",
               f"{day.day} {day:%b} {day.year}"]  # fmt: skip
    assert {period(one, MAY) for one in written} == {(day, day)}
