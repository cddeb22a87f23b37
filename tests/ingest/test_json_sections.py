from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ingest.json_sections import Path, sections
from ingest.json_window import Broken, Item

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner))
OBJECTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=4)


def lists_in(value: dict[str, Any], above: Path = ()) -> list[tuple[Path, list[Any]]]:
    found: list[tuple[Path, list[Any]]] = []
    for key, one in value.items():
        if isinstance(one, list):
            found.append(((*above, key), one))
        elif isinstance(one, dict):
            found += lists_in(one, (*above, key))
    return found


@given(OBJECTS, st.sampled_from([None, 1]), st.integers(8, 64))
def test_every_list_comes_with_its_keys_and_items_however_small_the_window(
    value: dict[str, Any], indent: int | None, window: int
) -> None:
    stream = io.BytesIO(json.dumps(value, indent=indent, ensure_ascii=False).encode())
    found = [
        (path, [one.value for one in items if isinstance(one, Item)]) for path, items in sections(stream, (), window)
    ]
    assert found == lists_in(value)


def test_an_object_that_is_wanted_whole_is_one_item_with_its_own_bytes() -> None:
    stream = io.BytesIO(b'{"a": {"Profile": {"name":  "x", "l": [1]}, "b": [2]}}')
    found = [
        (path, [one.native for one in items if isinstance(one, Item)]) for path, items in sections(stream, ["profile"])
    ]
    assert found == [(("a", "Profile"), [b'{"name":  "x", "l": [1]}']), (("a", "b"), [b"2"])]


@given(OBJECTS, st.data())
def test_what_is_cut_off_says_so_after_what_is_whole(value: dict[str, Any], data: st.DataObject) -> None:
    whole = json.dumps(value).encode()
    cut = data.draw(st.integers(0, len(whole) - 1))
    found = [(path, list(items)) for path, items in sections(io.BytesIO(whole[:cut]))]
    assert any(isinstance(one, Broken) for one in found[-1][1])
