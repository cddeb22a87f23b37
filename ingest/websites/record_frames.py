"""Where a WARC's records begin and end (ISO 28500, ARC too), and how reading goes on behind one that is broken."""

from __future__ import annotations

import io
import re
from collections.abc import Collection

from ingest.backup import BLOCK
from ingest.websites.gzip_members import Stream

LONGEST_HEADER = 1 << 20
OVERLAP = 16
"""Bytes that hold the first line of a WARC's record, so that it is found where a long line was read in pieces."""

_LINE = 8 << 10
_FREE = 64 << 20
"""Bytes that may be read again in any file."""

_START = re.compile(rb"(WARC/[01]\.\d{1,2}[ \t]*\r?\n)\Z|^[A-Za-z][\w+.-]*:\S.* \S+ \d{14} \S+ \d+\s*\Z")
"""A record's first line. WARC's may have anything before it: the line feed before it may be what is damaged."""

_ANOTHER = re.compile(rb"WARC/[01]\.\d{1,2}[ \t]*\r?\n")

_SORT = re.compile(rb"^warc-type[ \t]*:[ \t]*([\w-]+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class Unsound(Exception):
    """What stands here is no whole record; says why."""


class Allowance:
    """How far back a reader may go, so that a file of false starts takes no more than some times as long as another.

    ``behind`` is what has been read of stretches that are done, in bytes.
    """

    def __init__(self) -> None:
        self.behind = 0
        self._spent = 0

    def permits(self, here: int, cost: int) -> bool:
        """Say whether ``cost`` bytes may be read again, standing at ``here``; if so they are counted."""
        if self._spent + cost > _FREE + 2 * (self.behind + here):
            return False
        self._spent += cost
        return True


class Block:
    """One record's bytes and no more, header and all, as warcio wants to read them."""

    def __init__(self, stream: Stream, line: bytes, end: int | None) -> None:
        """Read the header of which ``line`` is the first line; ``end`` is where the file ends, where that is known.

        Raises :class:`Unsound` if the header tells no length, or one that reaches over the end.
        """
        self._stream = stream
        self._is_arc = not line.startswith(b"WARC/") and bool(_START.match(line))
        head = line if self._is_arc else _head(stream, line)
        self._head = io.BytesIO(head)
        told = re.search(rb"(\d+)\s*\Z", head) if self._is_arc else _LENGTH.search(head)
        if told is None:
            raise Unsound("it has no header that says how long it is")
        self._length = self._left = int(told[1])
        if end is not None and (missing := stream.tell() + self._length - end) > 0:
            raise Unsound(f"it ends {missing:,} bytes before its header says")
        self._is_packed = end is None
        self._holds_another = False
        self._seam = b""
        self._is_header = True
        self._lines = 0

    @property
    def format(self) -> str:
        """What warcio calls the format."""
        return "arc" if self._is_arc else "warc"

    def is_one_of(self, sorts: Collection[str]) -> bool:
        """Say whether the record's header gives it one of these types."""
        told = None if self._is_arc else _SORT.search(self._head.getvalue())
        return told is not None and told[1].decode("ascii", "replace").lower() in sorts

    def read(self, length: int | None = None) -> bytes:
        """Return the next bytes."""
        wanted = self._left if length is None or length < 0 else min(length, self._left)
        found = self._counted(self._stream.read(wanted))
        self._look(self._seam + found[:OVERLAP])
        self._look(found)
        self._seam = found[-OVERLAP:]
        return found

    def readline(self, length: int = LONGEST_HEADER) -> bytes:
        """Return the next line, or its first ``length`` bytes; in headers no line goes on without end."""
        if found := self._head.readline():
            return found
        found = self._counted(self._stream.readline(min(length, self._left, LONGEST_HEADER)))
        self._look(found)
        if self._is_header:
            self._lines += len(found)
            if self._lines >= LONGEST_HEADER:
                raise ValueError(f"its header has more than {LONGEST_HEADER:,} bytes")
        return found

    def _look(self, found: bytes) -> None:
        self._holds_another = self._holds_another or _ANOTHER.search(found) is not None

    def _counted(self, found: bytes) -> bytes:
        self._left -= len(found)
        return found

    def tell(self) -> int:
        """Return how many bytes behind the header were read."""
        return self._length - self._left

    def end_of_headers(self) -> None:
        """Say that what follows is content."""
        self._is_header = False

    def drain(self) -> None:
        """Read to the end; raises :class:`Unsound` if the file ends first."""
        while self._left:
            if not self.read(BLOCK):
                raise Unsound(f"it ends {self._left:,} bytes before its header says")

    def following(self, is_vouched_for: bool) -> bytes:
        """Return the first line behind that is not blank, empty at the end; raises :class:`Unsound`.

        A block that neither a digest nor its gzip member vouches for must be parted from what follows, and no other
        record may begin in it: else its length is damaged.
        """
        blank = 0
        while (line := self._stream.readline(_LINE)) and not line.strip():
            blank += 1
        if is_vouched_for or (not line and self._is_packed):
            return line
        begins_next = begins(line) is not None and not self._is_arc
        if line and not begins_next and blank < (1 if self._is_arc else 2):
            raise Unsound("what follows it is no record: its length is not what its header says")
        if self._holds_another:
            raise Unsound("another record begins in it: its length is not what its header says")
        return line


def _head(stream: Stream, line: bytes) -> bytes:
    lines = [line]
    left = LONGEST_HEADER
    while left > 0 and (line := stream.readline(_LINE)):
        lines.append(line)
        if not line.strip():
            break
        left -= len(line)
    head = b"".join(lines)
    if _ANOTHER.search(head, 1):
        raise Unsound("another record begins in its header")
    return head


def first_line(stream: Stream) -> bytes:
    """Return the next line that is not blank, empty at the end."""
    while (line := stream.readline(_LINE)) and not line.strip():
        continue
    return line


def next_start(stream: Stream | io.BytesIO) -> bytes:
    """Read on to a line that begins a record and return that line, empty at the end."""
    rest = b""
    while piece := stream.readline(_LINE):
        line = rest + piece
        found = _START.search(line)
        if found and (found[1] or not rest):
            return line[found.start() :]
        rest = b"" if line.endswith(b"\n") else line[-OVERLAP:]
    return b""


def begins(line: bytes) -> int | None:
    """Return at which byte of a line a record begins."""
    found = _START.search(line)
    return found.start() if found else None
