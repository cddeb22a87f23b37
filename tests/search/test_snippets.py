"""Why a hit is a hit: the stretch that is shown, and what is marked in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Author, Content
from search.language import QueryError, parse
from search.snippets import WIDTH, Snippet, snippet, wanted


def shown(query: str, content: Content) -> Snippet:
    return snippet(content, wanted(parse(query)))


def marked(query: str, text: str) -> list[str]:
    found = shown(query, Content(text=text))
    return [found.text[start:end] for start, end in found.marks]


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("pool", ["Pools", "pool"]),
        ("exact:pool", ["pool"]),
        ('"swimming pool"', ["swimming", "pool"]),
        ('"the pool"', []),
        ("sw*", ["swimming"]),
        ("s*g", ["swimming"]),
        ("pole~", []),
        ("pol~", ["pool"]),
        ("pools~", ["Pools", "pool"]),
        ("closed NEAR/1 swimming", ["swimming", "closed"]),
        ("pools NEAR/0 our", ["our", "Pools"]),
        ("closed NEAR/0 swimming", []),
        ("pool NOT closed", ["Pools", "pool"]),
        ("author:grace pool", ["Pools", "pool"]),
        ("kind:post closed", ["closed"]),
        ("#SnowDay", ["#SnowDay"]),
        ("snow", ["Snow"]),
        ("555-0142", ["(608) 555-0142"]),
        ("游泳", ["游泳"]),
        ("*", []),
    ],
)
def test_what_was_looked_for_is_marked_where_it_stands(query: str, marks: list[str]) -> None:
    text = "Grace says: our Pools, the swimming pool closed. #SnowDay (608) 555-0142 游泳池 "
    assert marked(query, text) == marks


def test_the_stretch_with_most_of_the_words_is_shown() -> None:
    text = "The pool. " + "Nothing here. " * 40 + "The pool near the library is closed. " + "Nothing. " * 40
    found = shown("pool library closed", Content(text=text))
    assert [found.text[start:end] for start, end in found.marks] == ["pool", "library", "closed"]
    assert found.text.startswith("… ") and found.text.endswith(" …")
    assert len(found.text) <= WIDTH + 10


def test_the_text_with_most_of_the_words_is_shown() -> None:
    content = Content(title="Pool news", text="The pool is closed", author=Author(name="Pool"))
    assert shown("pool closed", content).text == "The pool is closed"
    assert shown("pool", content).text == "Pool news"
    assert shown("zebra", content).text == "The pool is closed"


@pytest.mark.parametrize("joined", ["e\u0301", "👩\u200d👩\u200d👧", "👍🏽", "नी"])
def test_no_cut_goes_through_a_letter_or_an_emoji(joined: str) -> None:
    for before in range(WIDTH - 40, WIDTH - 10):
        found = shown("pool", Content(text="pool" + "." * before + joined * 30)).text.removesuffix(" …")
        rest = found.removeprefix("pool" + "." * before)
        assert rest == joined * (len(rest) // len(joined))


@given(
    st.text(max_size=400),
    st.text(alphabet="pol ab", max_size=300),
    st.sampled_from(["pool", "a*", '"a b"', "a NEAR b", "pol~", "?o*", "a OR NOT b", "游"]),
)
def test_a_snippet_of_any_text_has_its_marks_inside_and_apart(title: str, text: str, query: str) -> None:
    found = shown(query, Content(title=title, text=text))
    places = [place for mark in found.marks for place in mark]
    assert places == sorted(set(places))
    assert not places or (places[0] >= 0 and places[-1] <= len(found.text))


@given(st.text(max_size=80), st.text(alphabet='apol*?~()" NEAR', max_size=20))
def test_any_query_marks_any_text_without_a_fault(text: str, query: str) -> None:
    try:
        sought = wanted(parse(query))
    except QueryError:
        return
    assert len(snippet(Content(text=text), sought).text) <= WIDTH + 30
