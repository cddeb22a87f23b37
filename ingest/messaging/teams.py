"""Microsoft Teams: messages of chats and channels as Microsoft Graph exports them (``chatMessage``)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import BinaryIO

from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, first_bytes, guarded, without
from ingest.messaging.conversations import MOST_LOOKED_AT, FilesByName
from ingest.messaging.teams_files import Chats, each, holds_messages, members
from ingest.messaging.teams_messages import Messages
from ingest.text import decoded, html_to_text

GAPS = (
    "earlier wordings: Graph gives the last one and when it was edited, unless the messages kept by a retention policy "
    "were asked for (getAllRetainedMessages)",
    "messages that were deleted more than about three weeks before, unless a retention policy or a hold keeps them",
    "who deleted a message",
    "files: they are in SharePoint and OneDrive; a message holds a link",
    "recordings and transcripts of meetings",
)
VOLATILE = ("reactions", "messageHistory", "lastModifiedDateTime", "etag", "replies", "replies@odata.context")
LONGEST_PIECE = 1 << 20
"""Bytes of a transcript that become one record."""

_BLOCK = re.compile(rb"<(?:div|p|tr|li|table|section|article|h[1-6])\b", re.IGNORECASE)
_NEXT = re.compile(r'"@odata\.nextLink"')


class TeamsIngestor(Ingestor):
    """Reads answers of Microsoft Graph with messages of Teams."""

    name = "teams"
    platform = "teams"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise messages by the names of their fields."""
        found = itertools.islice(members(backup), MOST_LOOKED_AT)
        return Confidence.CONTENT if any(map(holds_messages, found)) else Confidence.NONE

    def material(self, native: bytes) -> bytes:
        """Leave out reactions, marks that move with them, and answers, which are records of their own."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield the messages file by file."""
        yield from (Gap(what) for what in GAPS)
        messages = Messages(Chats(backup), FilesByName(backup))
        found = [member for member in members(backup) if holds_messages(member)]
        for member in found:
            yield from each(member, guarded(messages.read))
        to_come = [one.path for one in found if _NEXT.search(first_bytes(one, 1 << 16))]
        if found and len(to_come) == len(found):
            reason = "every answer names a further page, so the last one is not here; fetch on from its nextLink"
            yield Defect(to_come[-1], reason, quarantined=False)
        for member in backup.members():
            if member.path.lower().endswith((".html", ".htm")) and not is_residue(member.path):
                yield from _transcript(member)


def _transcript(member: Member) -> Reading:
    """Yield a page of Purview's: how its messages are told apart is not known well enough to part them.

    A long one is cut, so that neither memory nor a single record grows with it.
    """
    name = member.path.rsplit("/", 1)[-1].rpartition(".")[0]
    reason = "a transcript: taken in as one record, or several where it is long, without authors and times"
    yield Defect(member.path, reason, quarantined=False)
    try:
        with member.open() as stream:
            for number, native in enumerate(_cut(stream), 1):
                yield Draft(
                    kind="message",
                    place=member.path if number == 1 else f"{member.path}, part {number}",
                    native=native,
                    title=name if number == 1 else f"{name} (part {number})",
                    text=html_to_text(decoded(native)),
                    thread=name,
                    audience="private",
                )
    except OSError as error:
        yield Defect(member.path, str(error))


def _cut(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a page in pieces of at most ``LONGEST_PIECE`` bytes, each but the first beginning with an element."""
    rest = b""
    while more := stream.read(LONGEST_PIECE - len(rest)):
        rest += more
        if len(rest) == LONGEST_PIECE:
            starts = [found.start() for found in _BLOCK.finditer(rest, LONGEST_PIECE // 2)]
            at = starts[-1] if starts else LONGEST_PIECE - 4
            while rest[at] & 0xC0 == 0x80 and at > LONGEST_PIECE // 2:  # inside of a character
                at -= 1
            yield rest[:at]
            rest = rest[at:]
    if rest:
        yield rest
