"""JSON as Meta's exports write it: ASCII, indented, every byte of a UTF-8 character an escape of its own.

``é`` becomes ``\\u00c3\\u00a9``; whoever decodes the JSON reads ``Ã©`` until the bytes are put together again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

Json = dict[str, Any]
Pieces = Iterable[bytes]

_ESCAPES = {byte: f"\\u00{byte:02x}" for byte in range(128, 256)}


def ascii_json(value: Any) -> bytes:
    """Return one value."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    return text if text.isascii() else text.decode("latin-1").translate(_ESCAPES).encode("ascii")


def listed(values: Iterable[Any]) -> Iterator[bytes]:
    """Yield a list, a value at a time."""
    yield b"["
    for number, value in enumerate(values):
        yield (b",\n  " if number else b"\n  ") + ascii_json(value).replace(b"\n", b"\n  ")
    yield b"\n]"


def keyed(key: str, values: Iterable[Any]) -> Iterator[bytes]:
    """Yield an object with one list: ``{"comments_v2": [ … ]}``."""
    yield b'{\n"' + key.encode() + b'": '
    yield from listed(values)
    yield b"\n}"
