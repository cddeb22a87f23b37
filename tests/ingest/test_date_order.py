from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.date_order import Seen, is_day_first, order_told, told_by
from ingest.written_dates import DateReader


def asked(*columns: list[str], writer: str = "") -> DateReader:
    found = [Seen() for _ in columns]
    for one, values in zip(found, columns, strict=True):
        for value in values:
            one.meet(value)
    return told_by(found, writer)


@pytest.mark.parametrize(
    ("values", "form", "why"),
    [
        (["1/2/2026", "13/4/2026"], "day-first", "“13/4/2026” can only be read with the day first"),
        (["1/2/2026", "4/13/2026"], "month-first", "can only be read with the month first"),
        (["3/1/2026", "1/2/2026", "2/3/2026"], "day-first", "in the order of time only if the day"),
        (["1/3/2026", "2/1/2026", "3/2/2026"], "month-first", "in the order of time only if the month"),
        (["1/3/2026", "3/1/2026"], "month-first", "no date tells"),
        (["1/1/2026", "2/2/2026", "2026-03-09", "18.4.2016"], "", ""),
    ],
)
def test_the_whole_column_tells_whether_day_or_month_comes_first(values: list[str], form: str, why: str) -> None:
    found = order_told(values)
    assert found.form == form and why in found.why


@pytest.mark.parametrize(
    ("values", "form", "why"),
    [
        (["1/2/2026", "4/13/2026"], "month-first", ""),
        (["1/2/2026", "13/4/2026"], "day-first", "another program has saved this file anew"),
        (["3/1/2026", "1/2/2026", "2/3/2026"], "month-first", "no date tells whether day or month comes first"),
        (["1/1/2026"], "month-first", ""),
    ],
)
def test_who_writes_the_month_first_is_believed_unless_a_date_cannot_be(values: list[str], form: str, why: str) -> None:
    found = asked(values, writer="GovDelivery")
    assert (found.form, bool(found.why)) == (form, bool(why)) and why in found.why


def test_a_file_that_mixes_both_orders_is_read_as_most_of_it_is_and_says_so() -> None:
    found = asked(["13/4/2026", "4/14/2026", "1/2/2026"], ["4/15/2026"], writer="GovDelivery")
    assert found.form == "month-first"
    assert "“13/4/2026” can only be read with the day first and “4/14/2026” only with the month" in found.why
    assert str(found.read("13/4/2026").at)[:10] == "2026-04-13"


def test_one_column_tells_for_all_columns_of_a_file() -> None:
    assert asked(["1/2/2026"], ["13/2/2026"]).form == "day-first"


DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(st.lists(DAYS, min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]), st.sampled_from(["", " 11:30 PM HST"]))
def test_what_a_file_can_tell_is_read_as_it_was_meant(days: list[date], form: str, time: str) -> None:
    written = [day.strftime(form) + time for day in days]
    read = asked(written, writer="" if form.startswith("%d") else "somebody")
    if read.form == ("day-first" if form.startswith("%d") else "month-first"):
        found = [read.read(one) for one in written]
        assert [abs((one.at.date() - day).days) <= 1 for one, day in zip(found, days, strict=True) if one.at]
        in_doubt = [day.day <= 12 and day.day != day.month for day in days]
        assert [is_day_first(one) for one in found] == [form.startswith("%d") and one for one in in_doubt]
    else:
        assert all(day.day <= 12 for day in days)
