"""What a person types, as a tree; and what is wrong with it, with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whoosh import query

from composition import House
from search.dates import Calendar
from search.documents import document
from search.language import DEEPEST, Near, QueryError, hints, is_text, leaves, mapped, parse
from search.reference import matches

MAY = Calendar(date(2026, 5, 14), (7, 1))


def stemmed(text: str) -> query.Query:
    return query.Term("stems", text)


def exact(text: str) -> query.Query:
    return query.Term("words", text)


def phrase(text: str) -> query.Query:
    return query.Phrase("words", text.split())


TREES: list[tuple[str, query.Query]] = [
    ("closing", stemmed("close")),
    ("exact:closing", exact("closing")),
    ("pool park", query.And([stemmed("pool"), stemmed("park")])),
    ("snow OR leaf street", query.And([query.Or([stemmed("snow"), stemmed("leaf")]), stemmed("street")])),
    ("a OR b AND c", query.Or([stemmed("a"), query.And([stemmed("b"), stemmed("c")])])),
    ("pool NOT park", query.And([stemmed("pool"), query.Not(stemmed("park"))])),
    ("NOT NOT pool", stemmed("pool")),
    ("NOT (a OR b)", query.Not(query.Or([stemmed("a"), stemmed("b")]))),
    ("pool — closed!", query.And([stemmed("pool"), stemmed("close")])),
    ('"Swimming Pool"', phrase("swimming pool")),
    ("“swimming pool”", phrase("swimming pool")),
    ('"closing"', exact("closing")),
    ("pool-park", phrase("pool park")),
    ("游泳池", phrase("游 泳 池")),
    ("游泳*", phrase("游 泳")),
    ("po*", query.Prefix("words", "po")),
    ("PO*", query.Prefix("words", "po")),
    ("exact:po*", query.Prefix("words", "po")),
    ("po*l", query.Wildcard("words", "po*l")),
    ("P?ol", query.Wildcard("words", "p?ol")),
    ("*pool", query.Wildcard("words", "*pool")),
    ("p**l", query.Wildcard("words", "p*l")),
    ("pool?", stemmed("pool")),
    ("é?e*", query.Wildcard("words", "e?e*")),
    ("#snow*", query.Prefix("words", "#snow")),
    ("clerk@*", query.Prefix("words", "clerk@")),
    ("*", query.Every()),
    ("pool~", query.FuzzyTerm("words", "pool", maxdist=1, prefixlength=0)),
    ("pool~1", query.FuzzyTerm("words", "pool", maxdist=1, prefixlength=0)),
    ("pool NEAR closed", Near(stemmed("pool"), stemmed("close"), 10)),
    ("pool NEAR/5 closed", Near(stemmed("pool"), stemmed("close"), 5)),
    ("pool w/5 closed", Near(stemmed("pool"), stemmed("close"), 5)),
    ('exact:pool NEAR/0 "is closed"', Near(exact("pool"), phrase("is closed"), 0)),
    ("(pool OR beach*) NEAR closed",
     Near(query.Or([stemmed("pool"), query.Prefix("words", "beach")]), stemmed("close"), 10)),
    ("NOT a NEAR b", query.Not(Near(stemmed("a"), stemmed("b"), 10))),
    ("a NEAR b NEAR/2 c", query.And([Near(stemmed("a"), stemmed("b"), 10), Near(stemmed("b"), stemmed("c"), 2)])),
    ("#SnowEmergency NEAR 555-0142", Near(phrase("snow emergency"), phrase("555 0142"), 10)),
    ("#SnowEmergency", exact("#snowemergency")),
    ("(608) 555-0142", exact("6085550142")),
    ("608 555 0142", exact("6085550142")),
    ("+1 608.555.0142", exact("6085550142")),
    ("1,200", stemmed("1200")),
    ("$1,200.50", query.Phrase("words", ["1200", "50"])),
    ("mailto:clerk@milbrook.example", exact("clerk@milbrook.example")),
    ("https://milbrook.example/pool", exact("milbrook.example/pool")),
    ("account:x-city", query.Term("account", "x-city")),
    ("Account:(x-city OR mail-clerk)",
     query.Or([query.Term("account", "x-city"), query.Term("account", "mail-clerk")])),
    ("account:(NOT x-city)", query.Not(query.Term("account", "x-city"))),
    ('department:"Public Works"', query.Term("department", "Public Works")),
    ("kind:Post", query.Term("kind", "post")),
    ("tag:#Pool", query.Term("tag", "Pool")),
    ("thread:t1", query.Term("in", "t1")),
    ("in:t1", query.Term("in", "t1")),
    ("request:2026-0003", query.Term("request", "2026-0003")),
    ('author:"Grace Quigley"', query.And([query.Term("author", "grace"), query.Term("author", "quigley")])),
    ("author:@CityOfMilbrook", query.Term("author", "cityofmilbrook")),
    ("author:clerk@milbrook.example", query.Term("author", "clerk@milbrook.example")),
    ('from:"last march" to:2026', query.And([query.Term("from", "2026-03-01"), query.Term("to", "2026-12-31")])),
    ("from:fy2026", query.Term("from", "2025-07-01")),
    ("fy:2026", query.Term("on", "2025-07-01..2026-06-30")),
    ("fy:FY26", query.Term("on", "2025-07-01..2026-06-30")),
    ("on:2026-03-01", query.Term("on", "2026-03-01..2026-03-01")),
    ("removed:may", query.Term("removed", "2026-05-01..2026-05-31")),
    ("hidden:2026-q1", query.Term("hidden", "2026-01-01..2026-03-31")),
    ("backed_up:2026-03-01..2026-03-15", query.Term("backed-up", "2026-03-01..2026-03-15")),
    ("on:(2025 OR 2026-01)",
     query.Or([query.Term("on", "2025-01-01..2025-12-31"), query.Term("on", "2026-01-01..2026-01-31")])),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_a_query_is_this_tree(text: str, tree: query.Query) -> None:
    assert parse(text, MAY) == tree


MISTAKES = [
    ("form:2026", 0, "did you mean “from:”"),
    ("pool acount:x", 5, "did you mean “account:”"),
    ("zzz:pool", 0, "known are account:"),
    ("kind:pots", 5, "did you mean “kind:post”"),
    ("state:gone", 6, "takes one of present, edited"),
    ("has:images", 4, "did you mean “has:image”"),
    ("by:citty", 3, "did you mean “by:city”"),
    ("from: 2026", 0, "right behind the colon"),
    ("pool from:", 5, "right behind the colon"),
    ('account:""', 8, "needs a value"),
    ("account:x-*", 8, "without a star"),
    ("account:(kind:post)", 9, "inside the values"),
    ("from:lately", 5, "is no date"),
    ("on:2026-02-30", 3, "no day of any calendar"),
    ("on:2026..2025", 3, "ends before it begins"),
    ('pool "closed', 5, "no partner"),
    ("(pool", 0, "never closed"),
    ("pool (", 5, "never closed"),
    ("pool)", 4, "closes nothing"),
    ("pool ()", 5, "nothing in this parenthesis"),
    ("pool AND", 5, "need something"),
    ("OR pool", 0, "need something"),
    ("pool OR AND park", 5, "need something"),
    ("pool NOT", 5, "need something"),
    ("(pool OR )", 6, "need something"),
    ("NEAR pool", 0, "need something"),
    ("pool NEAR kind:post", 10, "NEAR stands between"),
    ("pool NEAR (a AND b)", 10, "NEAR stands between"),
    ("pool NEAR NOT a", 10, "something to look for on the other side"),
    ("(a b) NEAR pool", 0, "NEAR stands between"),
    ("pool || park", 5, "Write OR"),
    ("pool -park", 5, "NOT park"),
    ("!!!", 0, "no word"),
    ("pool ☃", 5, "no word"),
    ('""', 0, "no word"),
    ("**?", 0, "no word"),
    ("po~", 0, "three letters"),
    ("pool~2", 0, "Only one letter"),
    ("pool-pa*", 0, "more than one word"),
    ("author:gra*", 7, "whole words of a name"),
    ("(" * 60 + "a" + ")" * 60, DEEPEST, "parentheses are open"),
]


@pytest.mark.parametrize(("text", "position", "hint"), MISTAKES)
def test_a_mistake_is_told_with_its_place_and_with_what_would_work(text: str, position: int, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, MAY)
    assert (caught.value.position, caught.value.text) == (position, text)
    assert hint in caught.value.reason
    _, shown, caret = str(caught.value).split("\n")
    if len(text) < 100:
        assert shown == f"  {text}"
        assert caret.index("^") == position + 2


@pytest.mark.parametrize(
    "text", ["pool\nform:x", "\u202epool form:x", "po\x00ol form:x", "游泳池 form:x", "a " * 400 + "form:x"]
)
def test_the_place_is_shown_in_one_line_under_any_text(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    lines = str(caught.value).split("\n")
    assert len(lines) == 3
    assert all(len(line) < 200 and (line.isprintable() or "游" in line) for line in lines)


def test_small_letters_are_words_and_a_hint_says_so() -> None:
    assert parse("pool or park") == query.And([stemmed("pool"), stemmed("or"), stemmed("park")])
    assert "OR in capitals" in hints("pool or park")[0]
    assert hints('pool OR "this or that"') == []


ANYTHING = st.one_of(
    st.text(max_size=60),
    st.text(alphabet='apol*?~()" :-|/0123.,#@游क\x00\u202e\ud800“”', max_size=40),
    st.lists(
        st.sampled_from(
            ["pool", "AND", "OR", "NOT", "NEAR", "NEAR/3", "(", ")", '"a b"', "po*", "p?l", "pool~", "kind:", "on:",
             "2026", "account:", "x-city", "author:", "exact:", "555-0142", "#Snow", "*", "-x", "fy:26", "游泳", "w/2"]
        ),
        max_size=20,
    ).map(" ".join),
)  # fmt: skip


@given(ANYTHING)
@example("NOT " * 5000 + "a")
@example("(" * 5000)
@example("a OR " * 5000 + "a")
@example("a " * 5000)
@example("a NEAR " * 500 + "a")
@example("-" * 5000)
@example('"' * 5000)
@example("kind:" * 3000)
def test_any_text_is_a_tree_or_a_mistake(text: str) -> None:
    try:
        tree = parse(text, MAY)
    except QueryError as mistake:
        assert 0 <= mistake.position <= len(text)
        assert mistake.reason
        return
    assert all(one.field() is not None or isinstance(one, query.Every) for one in leaves(tree))
    assert mapped(tree, lambda leaf: leaf) == tree
    assert parse(text, MAY) == tree


def test_both_sides_of_near_are_leaves_that_can_be_replaced() -> None:
    tree = parse("(pool OR po*) NEAR/3 closed NOT kind:post", MAY)
    assert [one.field() for one in leaves(tree)] == ["stems", "words", "stems", "kind"]
    replaced = mapped(tree, lambda leaf: exact("x"))
    assert replaced.subqueries[0] == Near(query.Or([exact("x"), exact("x")]), exact("x"), 3)


def test_near_is_text_with_a_value() -> None:
    one, same, other = (parse(text) for text in ("a NEAR b", "a NEAR/10 b", "b NEAR a"))
    assert is_text(one)
    assert one == same and hash(one) == hash(same)
    assert one != other
    assert "Near" in repr(one)


def test_every_example_of_text_in_the_search_page_finds_something_in_the_sample_city(milbrook: House) -> None:
    page = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    trees = {line.split("`")[1]: parse(line.split("`")[1], MAY) for line in page.splitlines() if line.startswith("| `")}
    assert len(trees) > 60
    documents = [document(version) for version in milbrook.archive.versions()]
    found = {text for text, tree in trees.items() if is_text(tree) and any(matches(tree, one) for one in documents)}
    assert {text for text, tree in trees.items() if is_text(tree)} - found == set()
