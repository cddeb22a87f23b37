"""mbox files, split while they stream: mboxo, mboxrd and mboxcl, Gmail Takeout's among them (RFC 4155).

A line that begins with ``From `` starts a message only if it reads as a From_ line (an address and a
date), follows an empty line, and is followed by a header: bodies have such lines too, and not every
program quotes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import BinaryIO

from msgspec import Struct

from ingest.backup import BLOCK, Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.mail import message
from ingest.mail.headers import ALSO_OF

FROM_LINE = re.compile(
    rb"From \S*.{0,200}?"
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )"
    rb".{0,40}\d{1,2}:\d{2}(?::\d{2})?.{0,40}\d{4}|From \S+ .{0,60}\d{4}"
)
HEADER = re.compile(rb"[!-9;-~]+[ \t]*:|>?From ")
QUOTED = re.compile(rb"(?m)^>(>*From )")
GAPS = (
    "messages that were deleted before the mailbox was exported",
    "blind-copy recipients of messages received",
)
_LENGTH = re.compile(rb"(?im)^Content-Length:[ \t]*(\d{1,12})[ \t]*\r?$")
_BLANK = re.compile(rb"(?m)^[ \t\r\v\f]*\n")
LOOK = 4096
"""Bytes around a place that are looked at: a blank line, a From_ line and a header's name are shorter."""

MOST_JOINED = 64 << 20
"""Bytes of a message up to which its own word on its length is tried."""

LONGEST = 1 << 30
"""Bytes of one message after which the rest is read as another; no mail server takes larger ones."""


class MboxIngestor(Ingestor):
    """Reads mailboxes in one file."""

    name = "mbox"
    platform = "email"
    also_of = ALSO_OF
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise a From_ line with headers under it."""
        return Confidence.CONTENT if any(map(_is_mbox, backup.likely(200, ".mbox", ".mbx"))) else Confidence.NONE

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        """Yield the messages of every mailbox in the backup, in order."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            if not _is_mbox(member):
                yield Defect(member.path, "this file is no mailbox; it was not read", quarantined=False)
                continue
            yield from _mailbox(member)


def _is_mbox(member: Member) -> bool:
    if member.path.lower().endswith(".eml"):
        return False
    try:
        head = member.read(4096).lstrip(b"\xef\xbb\xbf\r\n")
    except OSError:
        return False
    lines = head.split(b"\n", 2)
    return bool(FROM_LINE.match(lines[0])) and len(lines) > 1 and bool(HEADER.match(lines[1]))


def _mailbox(member: Member) -> Iterator[Draft | Defect]:
    number = 0
    try:
        with member.open() as stream:
            for raw in split(stream):
                number += 1
                yield from read_message(raw, f"{member.path}, message {number}")
                del raw  # it may be 150 MB, and so may the next
    except OSError as error:
        yield Defect(f"{member.path}, after message {number}", f"the mailbox cannot be read on: {error}")


def read_message(raw: bytes, place: str) -> Iterator[Draft | Defect]:
    """Yield a message's draft and the remarks on it; one that defeats the parser is a defect."""
    try:
        yield from message.draft(raw, place)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        yield Defect(place, f"this message cannot be read ({error})", native=raw)


def split(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the messages of a mailbox without their From_ lines, ``>From `` unquoted."""
    for pieces in _whole(_pieces(stream)):
        yield _joined(pieces)


class _Piece(Struct):
    """What follows a line which looks like a From_ line."""

    start: bytes
    body: BytesIO

    @property
    def size(self) -> int:
        return len(self.start) + self.body.tell()


def _pieces(stream: BinaryIO) -> Iterator[_Piece]:
    piece = _Piece(b"", BytesIO())
    window, place, block = b"", 0, b"\n"
    while block:
        block = stream.read(BLOCK)
        window, place = window[max(place - LOOK, 0) :] + block, min(place, LOOK)
        sure = max(len(window) - LOOK, place) if block else len(window)
        for start, end in _starts(window, place, sure):
            piece.body.write(window[place:start])
            if piece.start or _has_words(piece):
                yield piece
            piece, place = _Piece(window[start:end], BytesIO()), end
        piece.body.write(window[place:sure])
        place = max(place, sure)
        if piece.size > LONGEST:
            yield piece
            piece = _Piece(b"", BytesIO())
    if _has_words(piece):
        yield piece


def _has_words(piece: _Piece) -> bool:
    with piece.body.getbuffer() as found:
        return re.search(rb"\S", found) is not None


def _starts(window: bytes, place: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the From_ lines begin and end that begin at ``place`` or later, but before ``end``."""
    at = 0 if place == 0 and window.startswith(b"From ") else _next_line(window, place)
    while 0 <= at < end:
        line_end = window.find(b"\n", at) + 1
        before = window[max(at - LOOK, 0) : at].removesuffix(b"\n").rpartition(b"\n")[2]
        if line_end and not before.strip() and FROM_LINE.match(window, at) and HEADER.match(window, line_end):
            yield at, line_end
        at = _next_line(window, at + 1)


def _next_line(window: bytes, place: int) -> int:
    """Return where the next line begins, here or later, that begins like a From_ line; -1 if none does."""
    found = window.find(b"\nFrom ", max(place - 1, 0))
    return found + 1 if found >= 0 else -1


def _whole(pieces: Iterator[_Piece]) -> Iterator[list[_Piece]]:
    """Yield the pieces of one message at a time: several, if only together they have the length that its header says.

    So a message that holds other messages unquoted stays whole (mboxcl2); a length that fits nothing is passed over.
    """
    held: list[_Piece] = []
    wanted = size = 0
    for piece in pieces:
        if held:
            held.append(piece)
            size += piece.size
        else:
            wanted, size = _declared(piece)
            held = [piece]
        if size >= wanted:
            yield from [held] if size - wanted <= 2 else ([one] for one in held)
            held = []
    yield from ([one] for one in held)


def _declared(piece: _Piece) -> tuple[int, int]:
    """Return how many bytes a message's header says that its body has, and how many follow here; 0 if it says none."""
    with piece.body.getbuffer() as found:
        blank = _BLANK.search(found)
        said = _LENGTH.search(found, 0, blank.start() if blank else len(found))
        wanted = int(said[1]) if said else 0
        size = len(found) - (blank.end() if blank else len(found))
    return (wanted, size) if size < wanted <= MOST_JOINED else (0, 0)


def _joined(pieces: Sequence[_Piece]) -> bytes:
    """Take a message out of its pieces; the empty line that ends it belongs to the mailbox."""
    first, *rest = pieces
    body, first.body = first.body, BytesIO()
    for piece in rest:
        body.write(piece.start)
        body.write(piece.body.getvalue())
    with body.getbuffer() as found:
        tail = bytes(found[-LOOK:])
    last = tail[tail[:-1].rfind(b"\n") + 1 :]
    if not last.strip():
        body.truncate(body.tell() - len(last))
    raw = body.getvalue()
    return QUOTED.sub(rb"\1", raw) if b">From " in raw else raw
