"""mbox files, split while they stream: mboxo, mboxrd and mboxcl, Gmail Takeout's among them (RFC 4155).

A line that begins with ``From `` starts a message only if it reads as a From_ line (an address and a
date), follows an empty line, and is followed by a header: bodies have such lines too, and not every
program quotes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from ingest.backup import Backup, Member
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
_LENGTH = re.compile(rb"Content-Length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE)
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
            for number, raw in enumerate(split(stream), 1):
                yield from read_message(raw, f"{member.path}, message {number}")
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
        first, *rest = pieces
        yield _joined([*first.lines, *(line for piece in rest for line in (piece.start, *piece.lines))])


class _Piece(Struct):
    """Lines that follow a line which looks like a From_ line."""

    start: bytes
    lines: list[bytes]

    @property
    def size(self) -> int:
        return len(self.start) + sum(map(len, self.lines))


def _pieces(stream: BinaryIO) -> Iterator[_Piece]:
    piece = _Piece(b"", [])
    size = 0
    before = b"\n"
    pending: bytes | None = None
    for line in stream:
        if pending is not None:
            if HEADER.match(line):
                if piece.lines:
                    yield piece
                piece, size = _Piece(pending, []), 0
            else:
                piece.lines.append(pending)
            pending = None
        if line.startswith(b"From ") and not before.strip() and FROM_LINE.match(line):
            pending = line
        else:
            piece.lines.append(line)
            size += len(line)
            if size > LONGEST:
                yield piece
                piece, size = _Piece(b"", []), 0
        before = line
    if pending is not None:
        piece.lines.append(pending)
    if any(line.strip() for line in piece.lines):
        yield piece


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
    head = next((at for at, line in enumerate(piece.lines) if not line.strip()), len(piece.lines))
    said = next((found for line in piece.lines[:head] if (found := _LENGTH.match(line))), None)
    size = sum(map(len, piece.lines[head + 1 :]))
    wanted = int(said[1]) if said else 0
    return (wanted, size) if size < wanted <= MOST_JOINED else (0, 0)


def _joined(lines: list[bytes]) -> bytes:
    """Join a message's lines; the empty line that ends it belongs to the mailbox."""
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    return QUOTED.sub(rb"\1", b"".join(lines))
