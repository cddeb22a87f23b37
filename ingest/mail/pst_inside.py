"""Parts of a store that pypff has no way into, or no fast one: it is shown them as if they stood by themselves.

These are items attached to items, and whatever belongs to an item of a class that libpff does not know (Teams). And
libpff looks through all items before each, so that a large store would take hours: it is shown a few at a time. Where
a part lies is found through the trees of pages and blocks ([MS-PST] 2.2.2.7 and 2.2.2.8). Then libpff is
shown the same file with one more page at its end, which lists that part as an item: it does the reading.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

PAGE = 512
UNICODE = (21, 23)
"""Versions of stores with 64-bit places and pages of 512 bytes: Outlook's since 2003, and Purview's."""

STORE, NAMES, ROOT, SHOWN = 0x21, 0x61, 0x122, 0x200004
DEEPEST = 16
"""Levels of a tree that are followed."""

AT_A_TIME = 12
"""Items that are shown at a time: with the three nodes that every store has they fill one page."""

MESSAGE = 0x04
"""What the last five bits of a message's number are."""

Placed = tuple[int, int]
"""The numbers of a node's data and of its list of nodes; 0 for none."""


class CannotLookInside(OSError):
    """What belongs to an item cannot be found in this sort of store."""


class NotThere(CannotLookInside):
    """The store has no such part."""


class Inside:
    """Finds the items that are attached to items of one store."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._head = self._read(0, 564)
        self._is_known = self._head[:4] == b"!BDN" and int.from_bytes(self._head[10:12], "little") in UNICODE

    @property
    def is_known(self) -> bool:
        """Say whether the store is of the usual form, so that its parts can be found."""
        return self._is_known

    def _read(self, place: int, size: int) -> bytes:
        self._stream.seek(place)
        return self._stream.read(size)

    @contextmanager
    def item(self, path: Sequence[int]) -> Iterator[Any]:
        """Give libpff's item for a part: the number of the item in the folder, then those of parts inside parts.

        Raises :class:`CannotLookInside`.
        """
        with self.shown([self._find(path)]) as (found,):
            if found is None:
                raise CannotLookInside("it is none that can be read")
            yield found

    @contextmanager
    def shown(self, placed: Sequence[Placed]) -> Iterator[list[Any]]:
        """Give libpff's items for at most ``AT_A_TIME`` nodes, None for one that is no item."""
        import pypff

        overlay = _Overlay(self._stream, *self._with_page(placed))
        opened = pypff.file()
        try:
            opened.open_file_object(overlay)
            root = opened.get_root_item()
            found = {}
            for number in range(root.number_of_sub_items):
                try:
                    one = root.get_sub_item(number)
                    found[one.identifier] = one
                except (OSError, MemoryError):
                    continue
            yield [found.get(SHOWN + 0x20 * at) for at in range(len(placed))]
        finally:
            opened.close()

    def without_messages(self) -> tuple[BinaryIO, dict[int, list[tuple[int, Placed]]]]:
        """Return the store as a file that lists no messages, and the (number, place) of those in each folder.

        Raises :class:`CannotLookInside`.
        """
        messages: dict[int, list[tuple[int, Placed]]] = {}
        others: list[bytes] = []
        for entry in self._leaves(int.from_bytes(self._head[224:232], "little"), DEEPEST):
            number, data, inside, parent = struct.unpack_from("<QQQI", entry)
            if number & 0x1F == MESSAGE:
                messages.setdefault(parent, []).append((number, (data, inside)))
            else:
                others.append(entry)
        return _Overlay(self._stream, *self._with_tree(others)), messages  # type: ignore[return-value]

    def _leaves(self, place: int, levels: int) -> Iterator[bytes]:
        page = self._read(place, PAGE)
        if len(page) < PAGE or not levels:
            raise CannotLookInside("the tree of its items is damaged")
        count, _, width, level = page[488:492]
        for at in range(min(count, 488 // max(width, 1))):
            entry = page[at * width : (at + 1) * width]
            if level and width >= 24:
                yield from self._leaves(int.from_bytes(entry[16:24], "little"), levels - 1)
            elif width >= 32:
                yield entry[:32]

    def _find(self, path: Sequence[int]) -> Placed:
        if not self._is_known:
            raise CannotLookInside("the store is older than Outlook 2003 or in an unusual form")
        found = self._node(path[0])
        for number in path[1:]:
            found = self._within(found[1], number, DEEPEST)
        return found

    # -- trees

    def _node(self, number: int) -> Placed:
        _, data, inside, _ = struct.unpack("<QQQQ", self._in_tree(216, number, 32))
        return data, inside

    def _block(self, number: int) -> bytes:
        _, place, size, _ = struct.unpack("<QQHH4x", self._in_tree(232, number & ~1, 24))
        return self._read(place, size)

    def _in_tree(self, root: int, number: int, size: int) -> bytes:
        """Return the entry of a number in one of the two trees; ``root`` is where the header tells its first page."""
        place = int.from_bytes(self._head[root + 8 : root + 16], "little")
        for _ in range(DEEPEST):
            page = self._read(place, PAGE)
            if len(page) < PAGE:
                break
            count, _, width, level = page[488:492]
            entries = [page[at * width : (at + 1) * width] for at in range(min(count, 488 // max(width, 1)))]
            if level == 0:
                found = [one for one in entries if len(one) >= size and _number(one) & ~1 == number & ~1]
                if found and size <= width:
                    return found[0][:size]
                break
            below = [one for one in entries if _number(one) & ~1 <= number]
            if not below or width < 24:
                break
            place = int.from_bytes(below[-1][16:24], "little")
        raise NotThere(f"the store’s tree has no entry {number:#x}")

    def _within(self, block: int, number: int, levels: int) -> Placed:
        """Return a node inside a node, by the block that lists them."""
        data = self._block(block) if block and levels else b""
        sort, level, count = struct.unpack_from("<BBH", data) if len(data) >= 8 else (0, 0, 0)
        if sort == 2 and level == 0:
            for entry in _entries(data, count, 24):
                if _number(entry) & 0xFFFFFFFF == number:
                    return int.from_bytes(entry[8:16], "little"), int.from_bytes(entry[16:24], "little")
        elif sort == 2:
            below = [one for one in _entries(data, count, 16) if _number(one) & 0xFFFFFFFF <= number]
            if below:
                return self._within(int.from_bytes(below[-1][8:16], "little"), number, levels - 1)
        raise NotThere(f"the store’s tree has no entry {number:#x}")

    # -- more pages

    def _with_page(self, placed: Sequence[Placed]) -> tuple[bytes, int, bytes]:
        """Return a header, where pages go, and the page that lists some items and what every store has."""
        listed = [(SHOWN + 0x20 * at, *one) for at, one in enumerate(placed)]
        for known in (STORE, NAMES, ROOT):
            try:
                listed.append((known, *self._node(known)))
            except NotThere:
                continue
        return self._with_tree(
            [struct.pack("<QQQII", *one, ROOT if one[0] == ROOT else 0, 0) for one in sorted(listed)]
        )

    def _with_tree(self, entries: Sequence[bytes]) -> tuple[bytes, int, bytes]:
        """Return a header, where pages go, and the pages of a tree of entries."""
        place = -(-self._stream.seek(0, io.SEEK_END) // PAGE) * PAGE
        pages, level, size = b"", 0, 32
        while True:
            fan = 488 // size
            above = []
            for at in range(0, max(len(entries), 1), fan):
                some, here = entries[at : at + fan], place + len(pages)
                pages += _page(here, level, size, some)
                above.append((some[0][:8] if some else bytes(8)) + struct.pack("<QQ", here, here))
            if len(above) == 1:
                return self._pointing_at(place + len(pages)), place, pages
            entries, level, size = above, level + 1, 24

    def _pointing_at(self, end: int) -> bytes:
        """Return a header that says where the file ends, and that its last page is the root of its items."""
        head = bytearray(self._head)
        struct.pack_into("<Q", head, 184, end)
        struct.pack_into("<QQ", head, 216, end - PAGE, end - PAGE)
        struct.pack_into("<I", head, 4, _crc(bytes(head[8 : 8 + 471])))
        struct.pack_into("<I", head, 524, _crc(bytes(head[8 : 8 + 516])))
        return bytes(head)


def _page(place: int, level: int, size: int, entries: Sequence[bytes]) -> bytes:
    body = b"".join(entries).ljust(488, b"\0") + struct.pack("<BBBBI", len(entries), 488 // size, size, level, 0)
    return body + struct.pack("<BBHIQ", 0x81, 0x81, _signature(place, place), _crc(body), place)


def _entries(data: bytes, count: int, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(8, min(8 + count * size, len(data) - size + 1), size)]


def _number(entry: bytes) -> int:
    return int.from_bytes(entry[:8], "little")


def _crc(data: bytes) -> int:
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def _signature(place: int, number: int) -> int:
    mixed = (place ^ number) & 0xFFFFFFFF
    return (mixed >> 16) ^ (mixed & 0xFFFF)


class _Overlay(io.RawIOBase):
    """A file with another header, and a page after its end."""

    def __init__(self, stream: BinaryIO, head: bytes, place: int, page: bytes) -> None:
        self._stream = stream
        self._head = head
        self._place = place
        self._page = page
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._place + len(self._page)}[whence]
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._place + len(self._page)
        size = max(0, min(size if size >= 0 else end, end - self._at))
        start, self._at = self._at, self._at + size
        if start < len(self._head):
            some = self._head[start : start + size]
        elif start >= self._place:
            return self._page[start - self._place : start - self._place + size]
        else:
            self._stream.seek(start)
            some = self._stream.read(min(size, self._place - start))
            some = some.ljust(min(size, self._place - start), b"\0")
        if len(some) < size:
            self._at = start + len(some)
            return some + self.read(size - len(some))
        return some
