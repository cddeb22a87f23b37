from __future__ import annotations

import gc
import io
import tracemalloc
from pathlib import Path

from ingest.backup import Backup
from ingest.json_items import Item, items
from ingest.utf16 import as_utf8

WINDOW = 1 << 16


def test_a_long_array_is_split_in_the_memory_of_some_windows() -> None:
    one = b'{"words": "' + b"snow " * 40 + b'"}'
    stream = io.BytesIO(b"[" + b", ".join([one] * 20_000) + b"]")
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        count = sum(1 for _ in items(stream, WINDOW))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.enable()
    assert count == 20_000
    assert peak < 12 * WINDOW


def test_a_long_file_of_utf_16_is_read_as_it_streams(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    with path.open("w", encoding="utf-16") as file:
        file.write("[")
        for number in range(40_000):
            file.write(f'{"," if number else ""}{{"n": {number}, "text": "Elm Street 🏊 {"closed " * 40}"}}')
        file.write("]")
    (member,) = Backup.open([path]).members()
    tracemalloc.start()
    with as_utf8(member).open() as stream:
        found = [item.value["n"] for item in items(stream) if isinstance(item, Item)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == list(range(40_000))
    assert member.size > 24 << 20
    assert peak < 12 << 20
