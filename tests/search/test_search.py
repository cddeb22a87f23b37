from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from composition import House, house
from conftest import ACTOR, bring_in, register
from search.analysis import asked, fold, stem, tokens, words
from search.find import Finder
from search.index import CURRENT, SearchIndex
from search.language import QueryError, leaves, mapped, parse
from search.snippets import snippet, wanted

# -- the analyzer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straße ÉCOLE ﬁne Ｗｉｄｅ", ["strasse", "ecole", "fine", "wide"]),
        ("the city's pool", ["the", "city's", "pool"]),
        ("the city’s pool", ["the", "city's", "pool"]),
        ("游泳池", ["游", "泳", "池"]),
        ("Hmoob: lub pas dej", ["hmoob", "lub", "pas", "dej"]),
        ("المسبح مغلق", ["المسبح", "مغلق"]),
        ("#SnowEmergency", ["#snowemergency", "snowemergency", "snow", "emergency"]),
        ("@CityOfMilbrook", ["@cityofmilbrook", "cityofmilbrook", "city", "of", "milbrook"]),
        ("clerk@milbrook.example", ["clerk@milbrook.example", "clerk", "milbrook", "example"]),
    ],
)
def test_a_text_becomes_these_tokens(text: str, expected: list[str]) -> None:
    found = words(text)
    assert [one for one in expected if one not in found] == []


def test_a_phone_number_is_found_by_its_digits_in_any_punctuation() -> None:
    for written in ("(608) 555-0142", "608.555.0142", "608-555-0142"):
        assert "6085550142" in words(f"Call {written} now")
        assert asked(written) == ["6085550142"]
    assert "5550142" in words("Call 555-0142.")


def test_an_address_is_found_whole_by_host_and_by_word() -> None:
    found = words("see https://milbrook.example/pool-news?a=1.")
    assert {"milbrook.example/pool-news?a=1", "milbrook.example", "pool", "news"} <= set(found)


def test_stems_bring_forms_together() -> None:
    assert stem("closing") == stem("closed") == stem("closes")


@given(st.text())
def test_tokens_lie_in_their_text_and_folding_is_stable(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start <= token.end <= len(text)
        assert fold(token.text) == token.text


# -- the language


@pytest.mark.parametrize(
    ("query", "position", "hint"),
    [
        ("form:2026", 0, "did you mean “from:”"),
        ('pool "closed', 5, "no partner"),
        ("(pool", 0, "never closed"),
        ("pool)", 4, "closes nothing"),
        ("state:gone", 6, "takes one of present, edited"),
        ("from:lately", 5, "is no date"),
        ("pool AND", 5, "need something"),
        ("OR pool", 0, "need something"),
        ("!!!", 0, "no word"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_way_out(query: str, position: int, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    first, shown, caret = str(caught.value).split("\n")
    assert hint in first
    assert shown == f"  {query}"
    assert caret.index("^") == position + 2


@given(st.text(alphabet='pol() "*:ANDORNOT-from2026@#', max_size=30))
def test_any_query_is_understood_or_refused_with_a_message(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert "\n" in str(error)


# -- finding


QUERIES = [
    "pool", "POOL", "closing", "exact:closing", '"swimming pool"', '"pool swimming"', "pool park", "pool AND NOT park",
    "snow OR leaf", "pool OR snow OR election", "(snow OR leaf) street", "po*", "exact:po*",
    "游泳池", '"季票继续有效"', "мили*",
    "مغلق", "piscina", "Gjelten", "author:milbrook", "author:clerk@milbrook.example", "#SnowEmergency", "555-0142",
    "milbrook.example", "NOT pool", "pool NOT (snow OR NOT park)", "kind:email", "kind:post pool", "account:x-city",
    "account:mail-clerk OR kind:message", "platform:email piscina", "state:deleted", "state:edited",
    "state:present AND NOT kind:subscriber", "by:city pool", "by:public", "has:attachment", "has:image pool",
    "has:link", "from:2026-01-01 to:2026-02-15", "on:2025", "from:2025-12 pool", "kind:subscriber", "zzzz", "",
    "(kind:email OR kind:post) (pool OR snow)", "department:parks", "NOT kind:subscriber NOT kind:email",
]  # fmt: skip


@pytest.mark.parametrize("query", ["pool", '"swimming pool"', "po*", "NOT pool", "state:deleted", "author:milbrook"])
def test_most_of_these_queries_find_something(milbrook: House, query: str) -> None:
    assert milbrook.finder.count(query) > 0


def test_what_the_index_has_not_reached_is_found_all_the_same(city: Path, archive: Archive) -> None:
    register(archive)
    bring_in(archive, city / "x-2026-03-01.zip", "x-city")
    opened = house(archive)
    without_index = {query: opened.finder.find(query) for query in QUERIES}
    opened.catch_up()
    bring_in(archive, city / "x-2026-04-01.zip", "x-city")
    half = {query: house(archive).finder.find(query) for query in QUERIES}
    opened.catch_up()
    full = {query: house(archive).finder.find(query) for query in QUERIES}
    assert half == full
    assert without_index != full
    assert len(without_index["pool"]) > 10


def test_a_query_may_name_any_number_of_facts(milbrook: House) -> None:
    assert milbrook.finder.count(" ".join(["platform:x"] * 1_500)) == milbrook.finder.count("platform:x") > 0


def test_hits_come_newest_or_oldest_first_and_say_whether_they_stand(milbrook: House) -> None:
    newest = milbrook.finder.search("pool NOT kind:subscriber", sort="newest", limit=50).hits
    times = [hit.version.content.created.at for hit in newest if hit.version.content.created]
    assert times == sorted(times, reverse=True)  # type: ignore[type-var]
    oldest = milbrook.finder.search("pool NOT kind:subscriber", sort="oldest", limit=1).hits[0]
    assert oldest.version.content.created.at <= times[-1]  # type: ignore[operator, union-attr]
    edited = milbrook.finder.search("state:edited kind:post", limit=50).hits
    assert {hit.version.current for hit in edited} == {True, False}


def test_a_snippet_marks_the_words_that_were_looked_for(milbrook: House) -> None:
    for hit in milbrook.finder.search("closing 池", limit=5).hits + milbrook.finder.search("pool", limit=20).hits:
        marked = {fold(hit.snippet.text[start:end]) for start, end in hit.snippet.marks}
        assert marked
        assert all(stem(one) in ("pool", "close", "池") or "pool" in one for one in marked)
        assert len(hit.snippet.text) < 200


@given(st.text(max_size=400), st.sampled_from(["pool", "a*", '"a b"']))
def test_a_snippet_of_any_text_has_its_marks_inside(text: str, query: str) -> None:
    from archive.records import Content

    found = snippet(Content(text=text), wanted(parse(query)))
    assert all(0 <= start < end <= len(found.text) for start, end in found.marks)


def test_an_expansion_that_reaches_its_cap_says_so(milbrook: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.expansion.MOST", 3)
    results = milbrook.finder.search("p*")
    assert "the first 3 by the alphabet were looked for" in results.messages[0]


# -- the index as a follower


def test_an_index_that_disagrees_with_its_note_is_built_again(own_milbrook: House) -> None:
    index, folder = own_milbrook.index, own_milbrook.archive.folder / "index"
    expected = own_milbrook.finder.find("pool")
    noted = (folder / CURRENT).read_text()
    (folder / CURRENT).write_text(noted.replace('"count": ', '"count": 1'))
    with own_milbrook.archive.act("account.closed", "account:x-city"):
        pass
    index.catch_up()
    assert own_milbrook.finder.find("pool") == expected
    assert index.position == own_milbrook.archive.head()


@pytest.mark.parametrize("fault", ["no note", "torn note", "no folder", "other analyzer"])
def test_an_index_in_any_broken_state_loses_nothing(own_milbrook: House, fault: str) -> None:
    folder = own_milbrook.archive.folder / "index"
    expected = own_milbrook.finder.find("pool")
    note = folder / CURRENT
    if fault == "no note":
        note.unlink()
    elif fault == "torn note":
        note.write_text('{"folder": "built')
    elif fault == "other analyzer":
        note.write_text(note.read_text().replace('"analyzer": ', '"analyzer": 9'))
    else:
        for path in folder.glob("built-*"):
            path.rename(folder / "lost")
    fresh = SearchIndex(own_milbrook.archive, folder)
    finder = Finder(own_milbrook.archive, fresh)
    assert fresh.position == 0
    assert finder.find("pool") == expected
    fresh.catch_up()
    assert fresh.position == own_milbrook.archive.head()
    assert finder.find("pool") == expected


def test_an_index_killed_while_it_was_written_is_whole_after_the_next_catch_up(
    own_milbrook: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for a kill: nothing after it runs."""

    expected = own_milbrook.finder.find("pool")
    index = own_milbrook.index

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(SearchIndex, "_note", die)
        with pytest.raises(Killed):
            index.rebuild()
    fresh = SearchIndex(own_milbrook.archive, own_milbrook.archive.folder / "index")
    assert Finder(own_milbrook.archive, fresh).find("pool") == expected
    fresh.rebuild()
    assert Finder(own_milbrook.archive, fresh).find("pool") == expected
    assert len(list((own_milbrook.archive.folder / "index").glob("built-*"))) == 1


def test_every_example_in_the_search_page_runs(milbrook: House) -> None:
    page = (Path(__file__).parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
    examples = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert len(examples) > 20
    for example in examples:
        assert milbrook.finder.count(example) >= 0


def test_the_tree_of_a_query_can_be_mapped_leaf_by_leaf() -> None:
    tree = parse("a (b OR NOT c*) kind:post")
    assert len(leaves(mapped(tree, lambda leaf: parse("y z")))) == 8


def test_context_follows_replies_up_and_down(milbrook: House) -> None:
    from search.context import conversation, current

    rng = random.Random(2)
    replies = [row[0] for row in milbrook.archive.connection.execute("SELECT id FROM record WHERE parent IS NOT NULL")]
    for record in rng.sample(replies, 10):
        talk = conversation(milbrook.archive, record)
        assert record in [one.record for one in talk]
        parent = current(milbrook.archive, record).content.parent
        ids = [one.content.native_id for one in talk]
        known = milbrook.archive.connection.execute("SELECT 1 FROM record WHERE native_id = ?", (parent,)).fetchone()
        assert known is None or parent in ids


def test_a_finder_that_stays_open_sees_what_another_process_indexed(city: Path, archive: Archive) -> None:
    register(archive)
    bring_in(archive, city / "x-2026-03-01.zip", "x-city")
    opened = house(archive)
    opened.catch_up()
    before = len(opened.finder.find("pool"))
    with Archive.open(archive.folder, ACTOR) as other:
        bring_in(other, city / "clerk-2026-04-01.mbox", "mail-clerk")
        house(other).catch_up()
    assert len(opened.finder.find("pool")) > before


def test_another_process_sees_what_was_indexed(milbrook: House) -> None:
    with Archive.open(milbrook.archive.folder, ACTOR) as archive:
        assert house(archive).finder.find("pool") == milbrook.finder.find("pool")
