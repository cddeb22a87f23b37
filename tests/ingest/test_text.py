from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.text import html_to_text

NAMES = st.sampled_from(("p", "div", "a", "at", "attachment", "emoji", "img", "span", "b", "i", "em", "strong", "br"))
TAGS = st.builds("{}{}{}{}>".format, st.sampled_from(("<", "</")), NAMES,
                 st.sampled_from(("", ' class="u-url"', ' href="https://milbrook.example/?a=b&amp;c=&d" dir="auto"')),
                 st.sampled_from(("", " ", "/", " /")))  # fmt: skip
REFERENCES = st.sampled_from(("&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&nbsp;")) | st.integers(32, 126).map(
    "&#{};".format
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="<&\r\0"), max_size=4) | st.sampled_from(
    (" ", "\n", "\t", "a")
)


@given(st.text(st.characters(codec="utf-8", exclude_characters="<&\r\0"), max_size=60))
def test_a_text_without_markup_reads_the_same_whether_or_not_it_is_parsed(text: str) -> None:
    assert html_to_text(text) == html_to_text(f"<p>{text}</p>")


@given(st.lists(TAGS | REFERENCES | WORDS, max_size=14))
def test_simple_markup_reads_the_same_whether_or_not_it_is_parsed(pieces: list[str]) -> None:
    html = "".join(pieces)
    # A comment is no text, and is nothing that the quick way takes.
    assert html_to_text(html) == html_to_text(f"{html}<!-- -->")
