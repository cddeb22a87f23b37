"""Single messages: one .eml file, a folder or a zip of them."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.mail import mbox, message
from ingest.mail.headers import ALSO_OF

LARGEST = 1 << 30
"""Bytes of the largest file that is read as one message."""


class EmlIngestor(Ingestor):
    """Reads files that hold one message each."""

    name = "eml"
    platform = "email"
    also_of = ALSO_OF
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise headers at the first byte of a file that is named .eml; by content alone if all are."""
        members = list(backup.likely(200, ".eml"))
        if any(one.path.lower().endswith(".eml") and _is_message(one) for one in members):
            return Confidence.CONTENT
        return Confidence.CONTENT if members and all(_is_message(one) for one in members) else Confidence.NONE

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        """Yield the messages in the order of their names; what is no message is named."""
        yield from (Gap(what) for what in mbox.GAPS)
        for member in backup.members():
            yield from _file(member)


def _is_message(member: Member) -> bool:
    try:
        head = member.read(4096)
    except OSError:
        return False
    is_mailbox = mbox.FROM_LINE.match(head) and not member.path.lower().endswith(".eml")
    return not is_mailbox and message.looks_like_message(head)


def _file(member: Member) -> Iterator[Draft | Defect]:
    try:
        raw = member.read(LARGEST)
    except OSError as error:
        yield Defect(member.path, f"the file cannot be read: {error}")
        return
    if not raw or raw.isspace():
        yield Defect(member.path, "the file is empty", quarantined=False)
    elif not message.looks_like_message(raw[:65536]):
        yield Defect(member.path, "this file is no mail message; its bytes were kept", native=raw)
    else:
        yield from mbox.read_message(raw, member.path)
