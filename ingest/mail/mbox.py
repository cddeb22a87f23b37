"""mbox files, split while they stream: mboxo, mboxrd and mboxcl, Gmail Takeout's among them (RFC 4155).

A line that begins with ``From `` starts a message only if it reads as a From_ line (an address and a
date), follows an empty line, and is followed by a header: bodies have such lines too, and not every
program quotes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.mail import message

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
LONGEST = 1 << 30
"""Bytes of one message after which the rest is read as another; no mail server takes larger ones."""


class MboxIngestor(Ingestor):
    """Reads mailboxes in one file."""

    name = "mbox"
    platform = "email"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise a From_ line with headers under it."""
        members = backup.members()
        return Confidence.CONTENT if any(_is_mbox(one) for one in members[:200]) else Confidence.NONE

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
    lines: list[bytes] = []
    size = 0
    before = b"\n"
    pending: bytes | None = None
    for line in stream:
        if pending is not None:
            if HEADER.match(line):
                if lines:
                    yield _joined(lines)
                lines, size = [], 0
            else:
                lines.append(pending)
            pending = None
        if line.startswith(b"From ") and not before.strip() and FROM_LINE.match(line):
            pending = line
        else:
            lines.append(line)
            size += len(line)
            if size > LONGEST:
                yield _joined(lines)
                lines, size = [], 0
        before = line
    if pending is not None:
        lines.append(pending)
    if any(line.strip() for line in lines):
        yield _joined(lines)


def _joined(lines: list[bytes]) -> bytes:
    """Join a message's lines; the empty line that ends it belongs to the mailbox."""
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    return QUOTED.sub(rb"\1", b"".join(lines))
