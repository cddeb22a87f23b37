"""Searching at the command line: as people type it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from composition import House
from test_cli import Shell


@pytest.fixture
def city_shell(own_milbrook: House) -> Shell:
    return Shell(own_milbrook.archive.folder)


def test_a_query_may_be_the_name_of_a_subcommand(city_shell: Shell) -> None:
    assert "found" in city_shell("search", "run")
    assert "found" in city_shell("search", "--limit", "3", "hits")
    assert "QUERY" in city_shell("search", "--help")


def test_a_record_is_shown_once_with_its_other_versions_under_it(city_shell: Shell) -> None:
    told = city_shell("search", "state:edited kind:post", "--limit", "100")
    headings = [line for line in told.splitlines() if line[:7].strip().isdigit()]
    numbers = [line.split()[0] for line in headings]
    assert len(numbers) == len(set(numbers)) > 0
    assert "also " in told and "an earlier version" in told
    assert "versions of" in told.splitlines()[-1]


def test_facets_and_a_timeline_add_up_to_what_is_found(city_shell: Shell) -> None:
    count = int(city_shell("search", "pool", "--count"))
    rows = city_shell.rows("search", "pool", "--limit", "1", "--facets", "--timeline")
    told = {row["facet"]: row["counts"] for row in rows if "facet" in row}
    assert set(told) == {"account", "platform", "kind", "state", "series", "month"}
    assert all(sum(counts.values()) == count for counts in told.values())  # type: ignore[attr-defined]
    assert "█" in city_shell("search", "pool", "--timeline")


def test_a_search_as_of_an_earlier_day_says_as_of_when(city_shell: Shell) -> None:
    assert "as of @10 (" in city_shell("search", "pool", "--as-of", "@10")
    assert city_shell("search", "pool", "--count", "--as-of", "2020-01-01") == "0\n"
    assert "whose rows go from @1" in city_shell("search", "pool", "--as-of", "@999999", expect=2)


def test_a_word_that_nobody_wrote_brings_one_that_somebody_did(city_shell: Shell) -> None:
    assert "Did you mean “swimming”?" in city_shell("search", "exact:swiming")


def test_a_saved_search_runs_again_and_tells_what_changed(city_shell: Shell, own_milbrook: House) -> None:
    assert "Saved as “deleted pool posts”" in city_shell("search", "save", "deleted pool posts", "pool state:deleted")
    listed = city_shell.rows("search", "run", "--list")
    assert [(row["name"], row["query"]) for row in listed] == [("deleted pool posts", "pool state:deleted")]
    rows = city_shell.rows("search", "run", "Deleted pool posts", "--limit", "1000")
    assert len({row["version"] for row in rows}) <= int(str(listed[0]["versions"]))
    assert "Nothing changed" in city_shell("search", "diff", "deleted pool posts")
    changes = city_shell.rows("search", "diff", "deleted pool posts", "--from", "@5")
    assert len([row for row in changes if row["change"] == "added"]) == listed[0]["versions"]
    assert "No search is saved as" in city_shell("search", "run", "another", expect=4)
    assert "is no name for a search" in city_shell("search", "save", "x/y", "pool", expect=2)
    assert "did you mean" in city_shell("search", "save", "wrong", "form:2026", expect=2)


def test_the_hit_report_counts_records_families_and_what_one_term_alone_hits(
    city_shell: Shell, own_milbrook: House, tmp_path: Path
) -> None:
    terms = tmp_path / "terms.txt"
    terms.write_text("# what the letter of 3 March asks for\npool\n\n=snow OR leaf\n", encoding="utf-8")
    target = tmp_path / "hits.csv"
    rows = city_shell.rows("search", "hits", "park", "--file", str(terms), "--csv", str(target))
    by_term = {row["term"]: row for row in rows}
    assert list(by_term) == ["park", "pool", "=snow OR leaf", "all terms together"]

    def records(query: str) -> set[int]:
        return {one.record for one in own_milbrook.archive.version(own_milbrook.finder.find(query))}

    pool, others = records("pool"), records("park OR snow OR leaf")
    assert by_term["pool"]["hits"] == len(pool)
    assert by_term["pool"]["unique"] == len(pool - others)
    assert by_term["all terms together"]["hits"] == len(pool | others)
    assert int(str(by_term["pool"]["with_family"])) > len(pool)
    written = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert written[0][0] == "Term" and written[3][0] == "'=snow OR leaf"
    assert "Name terms" in city_shell("search", "hits", "--within", "pool", expect=2)


def test_near_duplicates_are_put_together_when_asked(city_shell: Shell) -> None:
    alone = city_shell("search", "pool closed", "--limit", "1000", "--sort", "newest")
    together = city_shell("search", "pool closed", "--limit", "1000", "--sort", "newest", "--together")
    assert together.count("also ") > alone.count("also ")
    assert together.splitlines()[-1] == alone.splitlines()[-1]


def test_the_engine_is_chosen_by_a_command_and_stays(city_shell: Shell, own_milbrook: House) -> None:
    before = city_shell("search", "pool", "--count")
    assert "with tantivy" in city_shell("reindex", "--engine", "tantivy")
    assert city_shell("search", "pool", "--count") == before
    assert 'engine = "tantivy"' in (own_milbrook.archive.folder / "muniment.toml").read_text(encoding="utf-8")
    assert "with whoosh" in city_shell("reindex", "--engine", "auto")
    assert city_shell("search", "pool", "--count") == before
