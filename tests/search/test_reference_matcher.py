"""The matcher that every engine is measured by, against code that is plainer still."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import query

from archive.records import Content
from search.analysis import BREAK, stem, words
from search.documents import Document
from search.language import Near, parse
from search.likeness import fits, is_one_apart
from search.reference import matches, spans

WORD = st.text(alphabet="abc", min_size=1, max_size=4)
TEXT = st.lists(st.one_of(st.sampled_from(["a", "b", "c", "ab", BREAK]), WORD), max_size=14)


def told(*texts: str) -> Document:
    found = [word for text in texts for word in (*words(text), BREAK)]
    return Document(1, found, [stem(word) for word in found if word != BREAK], [])


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("pool", True), ("closing", True), ("exact:closing", False), ('"pool is closed"', True),
        ('"pool closed"', False), ('"closed today"', False), ("po*", True), ("clo*d", True), ("?ool", True),
        ("p?l", False), ("*ool", True), ("poll~", True), ("poool~", True), ("polo~", False), ("opol~", False),
        ("pool NEAR today", False), ("pool NEAR closed", True), ("closed NEAR/1 pool", True),
        ("closed NEAR/0 pool", False), ('"the pool" NEAR/1 closed', True), ("pool NEAR pool", False),
        ("(beach OR pool*) NEAR closed", True), ("call NEAR 555-0142", True), ("today NEAR/2 555-0142", False),
        ("today NEAR/4 555-0142", True), ("NOT beach", True), ("beach OR pool", True), ("beach pool", False),
        ("#SnowDay NEAR call", True), ("5550142", True), ("snowday", True), ("*", True),
    ],
)  # fmt: skip
def test_a_document_answers_or_not(asked: str, is_found: bool) -> None:
    document = told("The pool is closed", "Today #SnowDay: call 555-0142")
    assert matches(parse(asked), document) == is_found


def plain_distance(one: str, other: str) -> int:
    @cache
    def of(left: int, right: int) -> int:
        if not left or not right:
            return left + right
        change = of(left - 1, right - 1) + (one[left - 1] != other[right - 1])
        return min(of(left - 1, right) + 1, of(left, right - 1) + 1, change)

    return of(len(one), len(other))


@given(WORD, WORD)
def test_one_apart_is_levenshteins_distance(one: str, other: str) -> None:
    assert is_one_apart(one, other) == (plain_distance(one, other) <= 1)


@given(st.text(alphabet="ab*?.[\n", max_size=8), st.text(alphabet="ab.[\n", max_size=10))
def test_patterns_fit_as_a_regular_expression_does(pattern: str, word: str) -> None:
    line = "".join({"*": ".*", "?": "."}.get(one) or re.escape(one) for one in pattern)
    assert fits(pattern, word) == bool(re.fullmatch(line, word, re.DOTALL))


def test_a_pattern_of_many_stars_is_answered_at_once() -> None:
    assert not fits("*a" * 40 + "b", "a" * 5000)


def plainly_near(text: list[str], left: list[str], right: list[str], distance: int) -> bool:
    def places(wanted: list[str]) -> list[set[int]]:
        found = [set(range(at, at + len(wanted))) for at in range(len(text))]
        return [place for place in found if [text[at] for at in sorted(place) if at < len(text)] == wanted]

    for one in places(left):
        for other in places(right):
            low, high = min(max(one), max(other)) + 1, max(min(one), min(other))
            if not one & other and high - low <= distance and BREAK not in text[low:high]:
                return True
    return False


@given(TEXT, st.lists(WORD, min_size=1, max_size=2), st.lists(WORD, min_size=1, max_size=2), st.integers(0, 5))
def test_near_is_what_counting_the_words_between_says(
    text: list[str], left: list[str], right: list[str], distance: int
) -> None:
    node = Near(query.Phrase("words", left), query.Phrase("words", right), distance)
    expected = plainly_near(text, left, right, distance)
    assert matches(node, Document(1, text, [], [])) == expected
    assert matches(Near(node.right, node.left, distance), Document(1, text, [], [])) == expected
    assert all(text[start:end] in (left, right) for start, end in spans(node, text))


@given(TEXT, st.lists(WORD, min_size=1, max_size=3))
def test_a_phrase_stands_where_joined_words_say(text: list[str], wanted: list[str]) -> None:
    joined = f" {' '.join(text)} "
    assert matches(query.Phrase("words", wanted), Document(1, text, [], [])) == (f" {' '.join(wanted)} " in joined)


@given(TEXT, WORD)
def test_nothing_answers_with_the_break_between_texts(text: list[str], word: str) -> None:
    for node in (query.Wildcard("words", "?"), query.FuzzyTerm("words", word, maxdist=1), query.Prefix("words", word)):
        assert all(BREAK not in text[start:end] for start, end in spans(node, text))


def test_a_whole_content_has_fields_apart() -> None:
    content = Content(title="The pool", text="is closed")
    assert not matches(parse('"pool is"'), told(content.title, content.text))
    assert not matches(parse("pool NEAR closed"), told(content.title, content.text))
