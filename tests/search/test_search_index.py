"""The index as it grows, changes engines, and loses what is disposed of."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from composition import House, house
from conftest import ACTOR
from desk import Desk
from search.beside import GatheringDied, all_documents
from search.duplicates import groups
from search.families import Families
from search.find import Finder
from search.index import SearchIndex
from search.lexicon import Lexicon
from search.likeness import fits, is_one_apart

WORDS = st.lists(st.text(alphabet="abcé", min_size=1, max_size=6), max_size=30)


@given(words=WORDS, word=st.text(alphabet="abcé", min_size=3, max_size=6))
def test_a_lexicon_finds_every_word_one_letter_apart(words: list[str], word: str) -> None:
    found = list(Lexicon.of(words).fuzzy(word))
    assert found == sorted({one for one in words if is_one_apart(one, word)})


@given(words=WORDS, pattern=st.text(alphabet="abc*?", min_size=1, max_size=5).filter(lambda one: one.strip("*?")))
def test_a_lexicon_finds_every_word_of_a_pattern(words: list[str], pattern: str) -> None:
    assert list(Lexicon.of(words).wildcard(pattern)) == sorted({one for one in words if fits(pattern, one)})


def test_auto_means_tantivy_from_some_size_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.SMALL", 3)
    index = SearchIndex(desk.archive, desk.archive.folder / "index")
    desk.bring(
        "2026-03-01T09:00:00",
        *({"id": str(one), "text": "pool", "at": "2026-01-01T00:00:00"} for one in range(3)),
    )
    index.catch_up()
    assert index.engine().name == "whoosh"  # type: ignore[union-attr]
    desk.bring("2026-03-02T09:00:00", {"id": "9", "text": "pool"})
    index.catch_up()
    assert index.engine().name == "tantivy"  # type: ignore[union-attr]
    assert index.engine().count() == 4  # type: ignore[union-attr]


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_record_that_changed_is_indexed_once_as_it_is_now(desk: Desk, engine: str) -> None:
    (desk.archive.folder / "muniment.toml").write_text(f'engine = "{engine}"\n', encoding="utf-8")
    opened = house(desk.archive)
    desk.bring("2026-03-01T09:00:00", {"id": "1", "text": "the pool is open"}, {"id": "2", "text": "the pool is warm"})
    opened.catch_up()
    desk.bring("2026-03-09T09:00:00", {"id": "1", "text": "the pool is closed"})
    behind = {query: opened.finder.find(query) for query in ("pool", "state:edited pool", "state:deleted", "NOT open")}
    opened.catch_up()
    assert behind == {query: opened.finder.find(query) for query in behind}
    assert opened.index.engine().count() == 3  # type: ignore[union-attr]
    assert [opened.finder.count(one) for one in ("pool", "state:edited", "state:deleted")] == [3, 2, 1]


def test_families_are_conversations_whole(milbrook: House) -> None:
    from search.context import conversation

    families = Families(milbrook.archive)
    row = milbrook.archive.connection.execute("SELECT id FROM record WHERE parent IS NOT NULL ORDER BY id DESC LIMIT 1")
    record = row.fetchone()[0]
    talk = {one.record for one in conversation(milbrook.archive, record)}
    assert talk <= families.of([record])
    assert families.of([]) == set()


def test_the_same_words_in_two_places_are_near_duplicates_and_short_ones_are_not(desk: Desk) -> None:
    said = "The swimming pool in the park is closed until Monday"
    texts = (
        said,
        f"{said} https://milbrook.example/pool #pool",
        "Pool closed",
        "Pool closed",
        "The library is open again",
    )
    desk.bring("2026-03-01T09:00:00", *({"id": str(number), "text": text} for number, text in enumerate(texts)))
    found = groups(list(desk.archive.versions()))
    assert [[one.content.native_id for one in group] for group in found] == [["0", "1"], ["2"], ["3"], ["4"]]


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_searching_goes_on_while_the_index_is_built_again(
    desk: Desk, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.archive.folder / "muniment.toml").write_text(f'engine = "{engine}"\n', encoding="utf-8")
    desk.bring("2026-03-01T09:00:00", {"id": "1", "text": "the pool is open"})
    opened = house(desk.archive)
    opened.catch_up()
    found: list[int] = []

    def slowly(*arguments: object) -> object:
        for one in all_documents(*arguments):  # type: ignore[arg-type]
            with Archive.open(desk.archive.folder, ACTOR) as other:
                assert house(other).index.position == other.head()
                found.append(house(other).finder.count("pool"))
            yield one

    monkeypatch.setattr("search.index.all_documents", slowly)
    opened.index.rebuild()
    assert found == [1]
    assert opened.finder.count("pool") == 1
    assert len(list((desk.archive.folder / "index").glob("built-*"))) == 1


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_an_extension_that_a_kill_cut_off_is_done_again_and_counts_nothing_twice(
    desk: Desk, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.archive.folder / "muniment.toml").write_text(f'engine = "{engine}"\n', encoding="utf-8")
    desk.bring("2026-03-01T09:00:00", {"id": "1", "text": "the pool is open"})
    house(desk.archive).catch_up()
    desk.bring("2026-03-02T09:00:00", {"id": "1", "text": "the pool is closed"}, {"id": "2", "text": "a pool"})

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SearchIndex, "_note", killed)
        with pytest.raises(KeyboardInterrupt):
            house(desk.archive).index.catch_up()
    again = house(desk.archive)
    assert again.finder.count("pool") == 3
    again.catch_up()
    assert again.finder.count("pool") == 3
    assert again.index.engine().count() == 3  # type: ignore[union-attr]


def test_two_processes_gather_what_one_gathers(milbrook: House, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = milbrook.archive
    expected = list(all_documents(archive, archive.head()))
    monkeypatch.setattr("search.beside.WORTH_A_PROCESS", 1)
    found = list(all_documents(archive, archive.head()))
    assert sorted(found, key=lambda one: one.id) == expected


def test_gathering_whose_second_process_is_ended_says_so(milbrook: House, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = milbrook.archive
    monkeypatch.setattr("search.beside.WORTH_A_PROCESS", 1)
    monkeypatch.setattr("search.beside.CHUNK", 5)
    found = all_documents(archive, archive.head())
    next(found)
    for process in multiprocessing.active_children():
        process.kill()
    with pytest.raises(GatheringDied):
        list(found)


QUERIES = (
    "pool",
    '"swimming pool"',
    "pool NOT closed",
    "pool OR library OR road",
    "pool open",
    "NOT pool",
    "author:milbrook",
)


def test_an_index_in_many_segments_finds_what_one_segment_finds(
    milbrook: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.whoosh.SEGMENT", 250)
    index = SearchIndex(milbrook.archive, tmp_path / "index")
    index.rebuild()
    finder = Finder(milbrook.archive, index)
    for query in QUERIES:
        assert finder.find(query) == milbrook.finder.find(query)
        assert len(finder.find(query)) > 0
