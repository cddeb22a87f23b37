"""A search as of an earlier moment finds what the same search found then."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.archive import Archive
from composition import house
from conftest import ACTOR, bring_in_as_told, register
from demo.city import generate
from demo.truth import load

QUERIES = (
    "pool", "NOT pool", "closing OR snow", '"swimming pool"', "po*", "poll~", "pool NEAR closed", "state:deleted",
    "state:edited pool", "state:hidden", "removed:2026", "hidden:2025..2026", "state:present NOT kind:subscriber",
    "kind:subscriber", "by:city", "has:image", "has:image state:edited", "list:followers", "account:x-city",
    "author:milbrook", "*",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_search_as_of_every_backup_finds_what_it_found_then(tmp_path: Path, engine: str) -> None:
    generate(tmp_path / "city", scale=0.1)
    then: dict[tuple[int, str], list[int]] = {}
    with Archive.create(tmp_path / "archive", ACTOR, name="City of Milbrook") as archive:
        (tmp_path / "archive" / "muniment.toml").write_text(f'engine = "{engine}"\n', encoding="utf-8")
        register(archive)
        opened = house(archive)
        for number, one in enumerate(load(tmp_path / "city").backups):
            bring_in_as_told(archive, tmp_path / "city", one)
            opened.texts.catch_up()
            if number % 3:
                opened.index.catch_up()
            seq = archive.head()
            then |= {(seq, text): opened.finder.find(text) for text in QUERIES}
        opened.catch_up()
        for (seq, text), found in then.items():
            assert (seq, text, opened.finder.find(text, seq)) == (seq, text, found)
            assert opened.finder.count(text, seq) == len(found)
    assert any(found for (_, text), found in then.items() if text == "state:deleted")
