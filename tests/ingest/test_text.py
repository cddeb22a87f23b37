from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.text import html_to_text


@given(st.text(st.characters(codec="utf-8", exclude_characters="<&\r\0"), max_size=60))
def test_a_text_without_markup_reads_the_same_whether_or_not_it_is_parsed(text: str) -> None:
    assert html_to_text(text) == html_to_text(f"<p>{text}</p>")
