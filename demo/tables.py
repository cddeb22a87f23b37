"""CSV files, written row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

BLOCK = 1 << 16
"""Characters handed on at a time."""


def lines(columns: Sequence[str], rows: Iterable[Sequence[str]], quote_all: bool = False) -> Iterator[bytes]:
    """Yield a table in UTF-8, the heading first; lines end as on Unix."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(row)
        if text.tell() > BLOCK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()
