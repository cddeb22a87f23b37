from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.localised_dates import Dates, looks_like_date, offset_between, stated_offset


def shown(*texts: str) -> list[str]:
    found = [Dates(texts).local(text) for text in texts]
    return [one.at.isoformat() if one is not None else "" for one in found]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Dec 28, 2020 7:20 am", "2020-12-28T07:20:00"),
        ("Mar 08, 2026 12:15 pm", "2026-03-08T12:15:00"),
        ("Mar 08, 2026 12:15 a.m.", "2026-03-08T00:15:00"),
        ("Monday, January 2, 2023 at 3:04:05\u202fPM UTC", "2023-01-02T15:04:05"),
        ("23 may. 2021 00:01", "2021-05-23T00:01:00"),
        ("ago 07, 2026 8:17 da tarde/noite", "2026-08-07T20:17:00"),
        ("jan 05, 2026 12:30 da manhã", "2026-01-05T00:30:00"),
        ("Terça-feira, 11 de agosto de 2026 às 22:03 UTC", "2026-08-11T22:03:00"),
        ("Tháng 11 24, 2023 7:24:32chiều", "2023-11-24T19:24:32"),
        ("23. toukokuuta 2021 klo 7.24", "2021-05-23T07:24:00"),
        ("23 mai 2021, 00 h 01", "2021-05-23T00:01:00"),
        ("2021年5月23日 00:01", "2021-05-23T00:01:00"),
        ("11月 24, 2023 下午7:24", "2023-11-24T19:24:00"),
        ("2023년 1월 2일 오후 3:04", "2023-01-02T15:04:00"),
        ("٢٣ مايو ٢٠٢١ ٣:٠٤ م", "2021-05-23T15:04:00"),
        ("23 พ.ค. 2564 12:01", "2021-05-23T12:01:00"),
        ("\u200e5/23/21, 12:01 AM", "2021-05-23T00:01:00"),
        ("23.05.2021 00:01", "2021-05-23T00:01:00"),
    ],
)
def test_a_date_is_read_as_its_language_writes_it(text: str, moment: str) -> None:
    assert shown(text) == [moment]


def test_figures_are_read_by_what_other_dates_show_and_not_at_all_if_none_shows() -> None:
    assert shown("05/06/2021 12:01", "23/06/2021 12:01") == ["2021-06-05T12:01:00", "2021-06-23T12:01:00"]
    assert shown("05/06/2021 12:01", "06/23/2021 12:01") == ["2021-05-06T12:01:00", "2021-06-23T12:01:00"]
    assert shown("05/06/2021 12:01", "07/07/2021 12:01") == ["", "2021-07-07T12:01:00"]
    assert "none tells" in Dates(["05/06/2021 12:01"]).remarks[0]
    assert "day comes first" in Dates(["23/06/2021 12:01"]).remarks[0]


def test_a_month_that_two_languages_mean_otherwise_is_known_by_the_others() -> None:
    polish, croatian = "lip 3, 2023 11:04", "lip 3, 2023 11:04"
    assert shown(polish, "wrz 3, 2023 11:04")[0] == "2023-07-03T11:04:00"
    assert shown(croatian, "kol 3, 2023 11:04")[0] == "2023-06-03T11:04:00"
    assert shown(polish) == [""]


def test_the_offset_is_told_by_two_clocks_or_by_a_text() -> None:
    made = datetime(2026, 8, 12, 5, 3, tzinfo=UTC)
    assert offset_between("Terça-feira, 11 de agosto de 2026 às 22:03 UTC", made) == timedelta(hours=-7)
    assert offset_between("no date", made) is None
    assert stated_offset("Generated on May 23, 2021 (UTC-05:00)") == timedelta(hours=-5)
    assert stated_offset("UTC+5:30") == timedelta(hours=5, minutes=30)
    assert stated_offset("10:00 UTC") is None


def test_a_moment_keeps_its_text_its_precision_and_how_the_zone_was_known() -> None:
    text = "Dec 28, 2020 7:20 am"
    known = Dates([text], timedelta(hours=-6)).read(text)
    assert known.at == datetime(2020, 12, 28, 13, 20, tzinfo=UTC)
    assert (known.raw, known.precision, known.zone) == (text, "minute", "account")
    unknown = Dates([text]).read(text)
    assert (unknown.at, unknown.zone) == (datetime(2020, 12, 28, 7, 20, tzinfo=UTC), "unknown")
    assert Dates([text]).read("31 Feb 2020 7:20").at is None


@given(st.text(max_size=120))
def test_no_text_makes_it_fail(text: str) -> None:
    looks_like_date(text)
    stated_offset(text)
    Dates(["Dec 28, 2020 7:20 am"], timedelta(hours=-6)).read(text)


def test_thousands_of_texts_that_only_look_like_dates_hide_none_that_is_one() -> None:
    words = ("".join(chr(97 + number // 26**place % 26) for place in range(3)) for number in range(1500))
    lookalikes = [f"zq{word}xw 12, 2026 10:30" for word in words]
    dates = Dates(["23 mai 2021, 00 h 01", *lookalikes])
    assert dates.local("23 mai 2021, 00 h 01") is not None
    assert {dates.local(text) for text in lookalikes[:50]} == {None}
