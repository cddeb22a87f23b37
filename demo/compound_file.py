"""A compound file ([MS-CFB], version 3): streams in storages in one file, as Outlook saves an item."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Union

from msgspec import Struct

Storage = Mapping[str, Union[bytes, "Storage"]]
"""Streams and storages by name."""

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


class _Entry(Struct):
    """One entry of the directory."""

    name: str
    sort: int
    payload: bytes = b""
    left: int = NONE
    right: int = NONE
    child: int = NONE


def compound_file(root: Storage) -> bytes:
    """Return a compound file of what stands in its root."""
    entries = [_Entry("Root Entry", 5)]
    entries[0].child = _listed(root, entries)
    small = bytearray()
    starts: dict[int, int] = {}
    sectors: list[bytes] = []
    chains: list[list[int]] = []
    for number, entry in enumerate(entries):
        if entry.sort == 2 and 0 < len(entry.payload) < CUTOFF:
            starts[number] = len(small) // SMALL
            small += entry.payload + b"\0" * (-len(entry.payload) % SMALL)
    large = [(number, one.payload) for number, one in enumerate(entries) if len(one.payload) >= CUTOFF]
    for number, payload in [*large, (0, bytes(small))]:
        starts[number] = len(sectors) if payload else END
        chains.append(_add(sectors, payload))
    next_small = _next_small(entries, starts)
    small_at = len(sectors) if next_small else END
    chains.append(_add(sectors, struct.pack(f"<{len(next_small)}I", *next_small), b"\xff"))
    small_sectors = len(chains[-1])
    directory = b"".join(_packed(one, starts.get(n, 0), len(small)) for n, one in enumerate(entries))
    directory_at = len(sectors)
    chains.append(_add(sectors, directory))
    fat_sectors = 1
    while fat_sectors * 128 < len(sectors) + fat_sectors:
        fat_sectors += 1
    if fat_sectors > 109:
        raise ValueError("this little writer holds some megabytes")
    fat_at = len(sectors)
    table = [FREE] * (fat_sectors * 128)
    for chain in chains:
        for here, after in zip(chain, [*chain[1:], END][: len(chain)], strict=True):
            table[here] = after
    table[fat_at : fat_at + fat_sectors] = [FAT] * fat_sectors
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0,
                       fat_sectors, directory_at, 0, CUTOFF, small_at, small_sectors, END, 0)  # fmt: skip
    listed = [fat_at + one for one in range(fat_sectors)]
    head += struct.pack("<109I", *listed, *[FREE] * (109 - fat_sectors))
    return head + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def _listed(storage: Storage, entries: list[_Entry]) -> int:
    """Write a storage's entries, as a balanced tree; return the number of its top."""
    numbers = []
    for name, value in sorted(storage.items(), key=lambda pair: (len(pair[0]), pair[0].upper())):
        numbers.append(len(entries))
        entries.append(_Entry(name, 2, value) if isinstance(value, bytes) else _Entry(name, 1))
    for number in numbers:
        value = storage[entries[number].name]
        if not isinstance(value, bytes):
            entries[number].child = _listed(value, entries)
    return _balanced(numbers, entries)


def _balanced(numbers: Sequence[int], entries: list[_Entry]) -> int:
    if not numbers:
        return NONE
    middle = len(numbers) // 2
    top = entries[numbers[middle]]
    top.left = _balanced(numbers[:middle], entries)
    top.right = _balanced(numbers[middle + 1 :], entries)
    return numbers[middle]


def _add(sectors: list[bytes], payload: bytes, fill: bytes = b"\0") -> list[int]:
    first = len(sectors)
    sectors.extend(payload[at : at + SECTOR].ljust(SECTOR, fill) for at in range(0, len(payload), SECTOR))
    return list(range(first, len(sectors)))


def _next_small(entries: Sequence[_Entry], starts: Mapping[int, int]) -> list[int]:
    table: list[int] = []
    for number, entry in enumerate(entries):
        if entry.sort == 2 and 0 < len(entry.payload) < CUTOFF:
            count = -(-len(entry.payload) // SMALL)
            table.extend([*range(starts[number] + 1, starts[number] + count), END])
    return table


def _packed(entry: _Entry, start: int, small: int) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    size = small if entry.sort == 5 else len(entry.payload)
    return struct.pack(
        "<64sHBBIII36xIQ", name, len(name), entry.sort, 1, entry.left, entry.right, entry.child,
        start if size or entry.sort == 5 else END if entry.sort == 2 else 0, size,
    )  # fmt: skip
