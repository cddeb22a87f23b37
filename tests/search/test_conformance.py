"""Every engine against the reference matcher: the same ids, counts, facets and order by date."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.archive import Archive
from composition import House, house
from conftest import ACTOR
from search.facets import FACETS
from searched import counts, made_queries, newest, oldest, plainly_once

ENGINES = ("whoosh", "tantivy")

LEAVES = [
    "pool", "snow", "park", "city", "the", "exact:closing", "closing", '"the pool"', '"at City Hall"', "clos*", "po*",
    '"swimming pool"', "piscina", "游泳", "مغلق", "author:milbrook", "author:clerk@milbrook.example", "#SnowEmergency",
    "555-0142", "milbrook.example", "zzzz", "p?ol", "*ool", "sw*ing", "poll~", "closng~", "(pool NEAR closed)",
    "(snow NEAR/3 street)", '("city hall" NEAR/20 pool)', "kind:post", "kind:email", "kind:subscriber", "state:present",
    "state:deleted", "state:edited", "state:hidden", "by:city", "by:public", "has:image", "has:link", "has:attachment",
    "account:x-city", "account:MAIL-clerk", "platform:email", "department:parks", "list:followers", "from:2026-01-15",
    "to:2026-02-10", "on:2026-02-03", "fy:2025", "on:2026-q1", "tag:pool", "tag:#SnowEmergency", "removed:2026",
    "hidden:2026", "audience:hidden", "backed-up:2026-11", "kind:(post OR comment)", "request:1",
]  # fmt: skip

QUERIES = [*LEAVES, "*", "NOT pool", "NOT kind:subscriber", *made_queries(LEAVES, 200, seed=20260301)]


@pytest.fixture(scope="session", params=ENGINES)
def searched(request: pytest.FixtureRequest, _full: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The city's archive, indexed by each engine."""
    folder = tmp_path_factory.mktemp(request.param) / "archive"
    shutil.copytree(_full, folder)
    (folder / "muniment.toml").write_text(f'engine = "{request.param}"\n', encoding="utf-8")
    with Archive.open(folder, ACTOR) as opened:
        made = house(opened)
        made.catch_up()
        engine = made.index.engine()
        assert engine is not None and engine.name == request.param
        yield made


@pytest.mark.parametrize("text", QUERIES)
def test_every_engine_finds_what_the_reference_matcher_finds(searched: House, text: str) -> None:
    found = plainly_once(searched, text)
    answer = searched.finder.answer(text)
    assert sorted(answer.found) == [one.id for one in found]
    assert answer.first(1, "relevance").total == len(found)


@pytest.mark.parametrize("text", QUERIES[::9])
def test_facets_and_the_order_by_date_are_the_same_on_every_engine(searched: House, text: str) -> None:
    found = plainly_once(searched, text)
    told = searched.finder.facets(text)
    assert {name: dict(told[name]) for name in FACETS} == {name: counts(searched, found, name) for name in FACETS}
    for limit in (3, 40, len(found) + 5):
        answer = searched.finder.answer(text)
        assert [one for one, _ in answer.first(limit, "newest").hits] == newest(found)[:limit]
        assert [one for one, _ in answer.first(limit, "oldest").hits] == oldest(found)[:limit]


COMBINED = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} AND {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=5,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=COMBINED)
def test_any_combination_finds_what_the_reference_matcher_finds(searched: House, text: str) -> None:
    found = plainly_once(searched, text)
    assert sorted(searched.finder.find(text)) == [one.id for one in found]
    assert searched.finder.count(text) == len(found)
