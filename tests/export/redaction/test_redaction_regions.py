from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.redaction.regions import WHOLE, BadRegion, Region, parse


@st.composite
def regions(draw: st.DrawFn) -> Region:
    x, y = draw(st.integers(0, WHOLE - 1)), draw(st.integers(0, WHOLE - 1))
    width, height = draw(st.integers(1, WHOLE - x)), draw(st.integers(1, WHOLE - y))
    return Region(draw(st.integers(1, 999_999)), x, y, width, height)


def test_what_a_person_types_is_read_in_percent() -> None:
    assert parse("1,10,20.5,30,5") == Region(1, 1000, 2050, 3000, 500)
    assert parse(" 2 , 10% , 20.5 %,30,5 ") == Region(2, 1000, 2050, 3000, 500)


def test_a_box_over_the_edge_ends_at_the_edge() -> None:
    assert parse("1,90,95,20,100") == Region(1, 9000, 9500, 1000, 500)


def test_numbers_finer_than_hundredths_never_make_the_box_smaller() -> None:
    assert parse("1,10.009,0,0.001,1") == Region(1, 1000, 0, 1, 100)


@pytest.mark.parametrize(
    "text",
    ["", "1,2,3,4", "0,1,1,1,1", "1,100,0,1,1", "1,0,100,1,1", "1,0,0,0,1", "1,-1,0,5,5", "1,nan,0,1,1", "1,1e1,0,1,1",
     "x,1,1,1,1", "1,1,1,1,1,1", "1;1;1;1;1", "١,1,1,1,1", "1,1001,0,1,1", "9" * 5000],
)  # fmt: skip
def test_what_is_no_box_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(BadRegion, match="PAGE,X,Y,WIDTH,HEIGHT"):
        parse(text)


def test_a_box_outside_the_page_cannot_be_made() -> None:
    for values in ((0, 0, 0, 1, 1), (1, -1, 0, 5, 5), (1, 9_999, 0, 2, 1), (1, 0, 0, 0, 1), (1, 0, 10_000, 1, 1)):
        with pytest.raises(BadRegion):
            Region(*values)


@given(regions())
def test_a_box_is_written_in_one_way_and_read_again(region: Region) -> None:
    assert parse(str(region)) == region


@given(regions(), st.integers(1, 20_000), st.integers(1, 20_000))
def test_a_box_in_pixels_covers_all_of_it_and_stays_in_the_picture(region: Region, width: int, height: int) -> None:
    left, top, right, bottom = region.pixels(width, height)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert left * WHOLE <= region.x * width
    assert right * WHOLE >= (region.x + region.width) * width
    assert bottom * WHOLE >= (region.y + region.height) * height


@given(st.text())
def test_any_text_is_a_box_or_refused(text: str) -> None:
    try:
        assert isinstance(parse(text), Region)
    except BadRegion as error:
        assert "is not a box" in str(error)
