from __future__ import annotations

import gc
import io
import tracemalloc

from ingest.json_items import items

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
