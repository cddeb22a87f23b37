"""Repositories of the AT Protocol: DAG-CBOR, content identifiers, the search tree (MST), and the CAR file around them.

By https://ipld.io/specs (DAG-CBOR, CARv1) and https://atproto.com/specs/repository.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import takewhile
from typing import Any

from msgspec import Struct

DAG_CBOR, RAW = 0x71, 0x55
UNSIGNED, BYTES, TEXT, LIST, MAP, TAG = 0x00, 0x40, 0x60, 0x80, 0xA0, 0xC0


class Link(Struct, frozen=True):
    """A content identifier (CID, version 1): what a block or a file is called."""

    cid: bytes

    def __str__(self) -> str:
        return f"b{b32encode(self.cid).decode().lower().rstrip('=')}"


def link_to(content: bytes, codec: int = DAG_CBOR) -> Link:
    """Return the identifier of bytes: the SHA-256 of them."""
    return Link(bytes((1, codec, 0x12, 0x20)) + sha256(content).digest())


def dag_cbor(value: Any) -> bytes:
    """Return a value of texts, bytes, whole numbers from 0 on, booleans, None, links, lists and maps."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(UNSIGNED, value)
    if isinstance(value, str):
        return _head(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return _head(BYTES, len(value)) + value
    if isinstance(value, Link):
        return _head(TAG, 42) + dag_cbor(b"\0" + value.cid)
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=lambda one: (len(one[0].encode()), one[0].encode()))
        return _head(MAP, len(pairs)) + b"".join(dag_cbor(key) + dag_cbor(one) for key, one in pairs)
    return _head(LIST, len(value)) + b"".join(map(dag_cbor, value))


def _head(sort: int, size: int) -> bytes:
    if size < 24:
        return bytes((sort | size,))
    width = next(width for width in (1, 2, 4, 8) if size < 1 << 8 * width)
    return bytes((sort | 24 + width.bit_length() - 1,)) + size.to_bytes(width, "big")


def car(did: str, revision: str, records: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return a repository of records by their keys; its signature is 64 bytes that nobody made."""
    blocks: dict[Link, bytes] = {}
    entries = [(key, _put(blocks, record)) for key, record in sorted(records.items())]
    layer = max((_layer(key) for key, _ in entries), default=0)
    top = _node(blocks, entries, layer)
    commit = {"did": did, "version": 3, "data": top, "rev": revision, "prev": None, "sig": bytes(range(64))}
    root = _put(blocks, commit)
    order = [root, *(one for one in blocks if one != root)]
    sections = [dag_cbor({"version": 1, "roots": [root]}), *(one.cid + blocks[one] for one in order)]
    return b"".join(_varint(len(one)) + one for one in sections)


def _put(blocks: dict[Link, bytes], value: Any) -> Link:
    content = dag_cbor(value)
    link = link_to(content)
    blocks[link] = content
    return link


def _layer(key: str) -> int:
    """Return how high in the tree a key stands: pairs of zero bits that its digest begins with."""
    digest = int.from_bytes(sha256(key.encode()).digest(), "big")
    return (256 - digest.bit_length()) // 2


def _node(blocks: dict[Link, bytes], entries: Sequence[tuple[str, Link]], layer: int) -> Link:
    """Write the node of a layer over some entries, and those below it; return its identifier."""
    groups: list[list[tuple[str, Link]]] = [[]]
    here: list[tuple[str, Link]] = []
    for key, link in entries:
        if _layer(key) == layer:
            here.append((key, link))
            groups.append([])
        else:
            groups[-1].append((key, link))
    below = [_node(blocks, group, layer - 1) if group else None for group in groups]
    found, before = [], b""
    for (key, link), right in zip(here, below[1:], strict=True):
        own = key.encode()
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, own, strict=False)))
        found.append({"p": shared, "k": own[shared:], "v": link, "t": right})
        before = own
    return _put(blocks, {"l": below[0], "e": found})


def _varint(number: int) -> bytes:
    return bytes(_sevens(number))


def _sevens(number: int) -> Iterator[int]:
    while number > 0x7F:
        yield number & 0x7F | 0x80
        number >>= 7
    yield number
