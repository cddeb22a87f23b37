"""Parts of a store's items that pypff has no way into: it is shown them as if they stood by themselves.

These are items attached to items, and whatever belongs to an item of a class that libpff does not know (Teams). Where
such a part lies is found through the trees of pages and blocks ([MS-PST] 2.2.2.7 and 2.2.2.8). Then libpff is
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

    def _read(self, place: int, size: int) -> bytes:
        self._stream.seek(place)
        return self._stream.read(size)

    @contextmanager
    def item(self, path: Sequence[int]) -> Iterator[Any]:
        """Give libpff's item for a part: the number of the item in the folder, then those of parts inside parts.

        Raises :class:`CannotLookInside`.
        """
        import pypff

        overlay = _Overlay(self._stream, *self._with_page(self._find(path)))
        opened = pypff.file()
        try:
            opened.open_file_object(overlay)
            root = opened.get_root_item()
            found = [root.get_sub_item(number) for number in range(root.number_of_sub_items)]
            yield next(one for one in found if one.identifier == SHOWN)
        except StopIteration:
            raise CannotLookInside("it is none that can be read") from None
        finally:
            opened.close()

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

    # -- one more page

    def _with_page(self, item: Placed) -> tuple[bytes, int, bytes]:
        """Return the header and the page that list the item, and where the page goes."""
        listed = [(SHOWN, *item)]
        for known in (STORE, NAMES, ROOT):
            try:
                listed.append((known, *self._node(known)))
            except NotThere:
                continue
        place = -(-self._stream.seek(0, io.SEEK_END) // PAGE) * PAGE
        entries = [struct.pack("<QQQII", *one, ROOT if one[0] == ROOT else 0, 0) for one in sorted(listed)]
        body = b"".join(entries).ljust(488, b"\0") + struct.pack("<BBBBI", len(entries), 15, 32, 0, 0)
        page = body + struct.pack("<BBHIQ", 0x81, 0x81, _signature(place, SHOWN), _crc(body), SHOWN)
        head = bytearray(self._head)
        struct.pack_into("<QQ", head, 216, SHOWN, place)
        struct.pack_into("<I", head, 4, _crc(bytes(head[8 : 8 + 471])))
        struct.pack_into("<I", head, 524, _crc(bytes(head[8 : 8 + 516])))
        return bytes(head), place, page


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
