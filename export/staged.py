"""JSON Lines that a production keeps beside it while its package is written: a struct a line.

Decoders are made once, where modules are imported: bundle writers run in threads, and msgspec crashes when two of
them make the first decoder of a class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

Line = TypeVar("Line", bound=Struct)


def read(path: Path, decode: Callable[[bytes], Line]) -> Iterator[Line]:
    """Yield the lines of a file, one at a time."""
    with path.open("rb") as lines:
        for line in lines:
            yield decode(line)
