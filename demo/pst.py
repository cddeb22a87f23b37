"""The smallest Outlook store (.pst, Unicode) that holds folders, messages and files, after [MS-PST].

A store is a tree of nodes; a node is a heap in a block of at most 8,176 bytes, and nodes of its own for what does not
fit. A heap is either properties (:func:`properties`) or a table (:func:`table`). Pages of free space are left out:
readers need none.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

BLOCK = 8176
"""Bytes of data in one block at most."""

INT, BOOL, TIME, TEXT, BINARY, OBJECT = 0x0003, 0x000B, 0x0040, 0x001F, 0x0102, 0x000D
"""Types of values ([MS-OXCDATA] 2.11.1)."""

STORE, ROOT, NAMES = 0x21, 0x122, 0x61
RECIPIENTS, FILES = 0x692, 0x671
FOLDER, MESSAGE, FILE, HIERARCHY, CONTENTS, HIDDEN, VALUE = 0x02, 0x04, 0x05, 0x0D, 0x0E, 0x0F, 0x1F
"""Nodes known by their number, and sorts of nodes."""

ROW_ID = 0x67F2

Value = int | bytes | str
Properties = Mapping[tuple[int, int], Value]
"""Values by (property, type); times are 100 ns since 1601, objects are nodes."""


class Node(Struct):
    """A node's data, and the nodes inside it by number."""

    data: bytes
    inside: dict[int, Node]


def properties(values: Properties, inside: Mapping[int, Node] | None = None) -> Node:
    """Return a node of properties."""
    found = dict(inside or {})
    heap = _Heap(0xBC)
    records = b""
    for (tag, sort), value in sorted(values.items()):
        records += struct.pack("<HHI", tag, sort, _stored(sort, value, heap, found))
    heap.root = heap.add(struct.pack("<BBBBI", 0xB5, 2, 6, 0, heap.add(records)))
    return Node(heap.bytes(), found)


def _stored(sort: int, value: Value, heap: _Heap, inside: dict[int, Node]) -> int:
    """Return a value as four bytes hold it: itself, or where in the heap or in a node of its own it is."""
    if sort in (INT, BOOL):
        return int(value)
    if sort == OBJECT:
        return heap.add(struct.pack("<II", int(value), 0))
    if sort == TIME:
        return heap.add(struct.pack("<Q", int(value)))
    encoded = value.encode("utf-16-le", "surrogatepass") if isinstance(value, str) else bytes(value)
    if len(encoded) <= 512:
        return heap.add(encoded) if encoded else 0
    number = (len(inside) + 0x100) << 5 | VALUE
    inside[number] = Node(encoded, {})
    return number


def table(rows: Sequence[tuple[int, Properties]]) -> Node:
    """Return a node that is a table: (number of the row, its values); a few rows, texts short."""
    first = [(ROW_ID, INT), (ROW_ID + 1, INT)]
    columns = first + sorted({key for _, row in rows for key in row} - set(first))
    end = 4 * len(columns)
    width = end + (len(columns) + 7) // 8
    heap, inside, matrix, index = _Heap(0x7C), dict[int, Node](), b"", b""
    for position, (number, row) in enumerate(rows):
        full = {(ROW_ID, INT): number, (ROW_ID + 1, INT): 0, **row}
        cells = bytearray(width)
        for bit, key in enumerate(columns):
            if key in full:
                cells[end + bit // 8] |= 0x80 >> bit % 8
                struct.pack_into("<I", cells, 4 * bit, _stored(key[1], full[key], heap, inside))
        matrix += cells
        index += struct.pack("<II", number, position)
    info = struct.pack("<BBHHHH", 0x7C, len(columns), end, end, end, width)
    info += struct.pack("<II", heap.add(struct.pack("<BBBBI", 0xB5, 4, 4, 0, heap.add(index) if index else 0)), 0)
    info = info[:-4] + struct.pack("<II", _matrix(bytes(matrix), heap, inside), 0)
    for key in sorted(columns):
        bit = columns.index(key)
        info += struct.pack("<HHHBB", key[1], key[0], 4 * bit, 4, bit)
    heap.root = heap.add(info)
    return Node(heap.bytes(), inside)


def _matrix(matrix: bytes, heap: _Heap, inside: dict[int, Node]) -> int:
    if len(matrix) <= 3000:
        return heap.add(matrix) if matrix else 0
    if len(matrix) > BLOCK:
        raise ValueError("a table of this little writer holds one block of rows")
    number = (len(inside) + 0x100) << 5 | VALUE
    inside[number] = Node(matrix, {})
    return number


class _Heap:
    """A heap on a node, in one block ([MS-PST] 2.3.1)."""

    def __init__(self, signature: int) -> None:
        self.root = 0
        self._signature = signature
        self._items: list[bytes] = []

    def add(self, item: bytes) -> int:
        self._items.append(item)
        return len(self._items) << 5

    def bytes(self) -> bytes:
        starts = [12]
        for item in self._items:
            starts.append(starts[-1] + len(item))
        pad = starts[-1] % 2
        head = struct.pack("<HBBII", starts[-1] + pad, 0xEC, self._signature, self.root, 0)
        page_map = struct.pack(f"<HH{len(starts)}H", len(self._items), 0, *starts)
        made = head + b"".join(self._items) + b"\0" * pad + page_map
        if len(made) > BLOCK:
            raise ValueError("a heap of this little writer holds one block")
        return made


class _File:
    """Blocks and pages, one after another."""

    def __init__(self) -> None:
        self.data = bytearray(0x4600)
        self._blocks: list[tuple[int, int, int]] = []
        self._next = 4
        self._page = 0x1000

    def block(self, data: bytes, internal: bool = False) -> int:
        number = self._next | 2 * internal
        self._next += 4
        place = len(self.data)
        trailer = struct.pack("<HHIQ", len(data), _signature(place, number), _crc(data), number)
        room = -(-(len(data) + 16) // 64) * 64
        self.data += data.ljust(room - 16, b"\0") + trailer
        self._blocks.append((number, place, len(data)))
        return number

    def stream(self, data: bytes) -> int:
        if len(data) <= BLOCK:
            return self.block(data)
        parts = [self.block(data[at : at + BLOCK]) for at in range(0, len(data), BLOCK)]
        fan = (BLOCK - 8) // 8
        if len(parts) <= fan:
            return self.block(struct.pack(f"<BBHI{len(parts)}Q", 1, 1, len(parts), len(data), *parts), True)
        lists = []
        for at in range(0, len(parts), fan):
            some = parts[at : at + fan]
            size = min(len(data) - at * BLOCK, len(some) * BLOCK)
            lists.append(self.block(struct.pack(f"<BBHI{len(some)}Q", 1, 1, len(some), size, *some), True))
        return self.block(struct.pack(f"<BBHI{len(lists)}Q", 1, 2, len(lists), len(data), *lists), True)

    def node(self, node: Node) -> tuple[int, int]:
        """Write a node and those inside it; return the numbers of its data and of its list of nodes."""
        rows = [(number, *self.node(one)) for number, one in sorted(node.inside.items())]
        listed = b"".join(struct.pack("<QQQ", *row) for row in rows)
        inside = self.block(struct.pack("<BBHI", 2, 0, len(rows), 0) + listed, True) if rows else 0
        return self.stream(node.data), inside

    def tree(self, sort: int, entries: Sequence[bytes]) -> tuple[int, int]:
        """Write a B-tree of pages; return the number and place of its root."""
        level, size = 0, len(entries[0])
        while True:
            fan = 488 // size
            parts = [entries[at : at + fan] for at in range(0, len(entries), fan)]
            pages = [(part[0][:8], *self._write_page(sort, level, size, part)) for part in parts]
            if len(pages) == 1:
                return pages[0][1], pages[0][2]
            entries = [key + struct.pack("<QQ", number, place) for key, number, place in pages]
            level, size = level + 1, 24

    def _write_page(self, sort: int, level: int, size: int, entries: Sequence[bytes]) -> tuple[int, int]:
        self.data += b"\0" * (-len(self.data) % 512)
        place, number = len(self.data), self._page
        self._page += 4
        body = b"".join(entries).ljust(488, b"\0") + struct.pack("<BBBBI", len(entries), 488 // size, size, level, 0)
        self.data += body + struct.pack("<BBHIQ", sort, sort, _signature(place, number), _crc(body), number)
        return number, place

    def blocks(self) -> Iterator[bytes]:
        for number, place, size in sorted(self._blocks):
            yield struct.pack("<QQHHI", number, place, size, 2, 0)


def _crc(data: bytes) -> int:
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _signature(place: int, number: int) -> int:
    mixed = (place ^ number) & 0xFFFFFFFF
    return (mixed >> 16) ^ (mixed & 0xFFFF)


def store(nodes: Mapping[int, tuple[int, Node]]) -> bytes:
    """Return a store of nodes by number, each with the number of the node that it hangs under."""
    made = _File()
    listed = [
        struct.pack("<QQQII", number, *made.node(node), parent, 0) for number, (parent, node) in sorted(nodes.items())
    ]
    blocks_at, nodes_at = made.tree(0x80, list(made.blocks())), made.tree(0x81, listed)
    root = struct.pack("<IQQQQ", 0, len(made.data), 0x4400, 0, 0)
    root += struct.pack("<QQQQBBH", *nodes_at, *blocks_at, 2, 0, 0)
    fixed = struct.pack("<2sHHBBII", b"SM", 23, 19, 1, 1, 0, 0) + struct.pack("<QQI", 0, 0x10000, 1)
    fixed += struct.pack("<32I", *[0x400] * 32) + bytes(8) + root + bytes(4) + b"\xff" * 256
    fixed += struct.pack("<BBHQ", 0x80, 0, 0, 0x10000)
    head = b"!BDN" + struct.pack("<I", _crc(fixed[:471])) + fixed
    made.data[: len(head)] = head
    struct.pack_into("<I", made.data, len(head), _crc(bytes(head[8:524])))
    return bytes(made.data)
