"""Messages as Apple Mail keeps them (.emlx): how many bytes it has, the message, and what Mail knows about it."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath
from xml.parsers.expat import ExpatError

import msgspec

from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.mail import mbox, message
from ingest.mail.headers import ALSO_OF

LARGEST = 1 << 30
"""Bytes of the largest file that is read as one message."""

LONGEST_LINE = 64
LARGEST_TRAILER = 1 << 20
"""Bytes of what Mail notes about a message."""

_LENGTH = re.compile(rb"[ \t]*(\d{1,12})[ \t]*\r?\n")
FLAGS = {1 << 1: "deleted", 1 << 4: "flagged", 1 << 6: "draft"}
"""Bits of ``flags`` that say what a person did with a message."""

PARTIAL = "Apple Mail had not loaded all of this message, and the rest is not beside it"


class EmlxIngestor(Ingestor):
    """Reads a mailbox folder of Apple Mail, or single files out of one."""

    name = "emlx"
    platform = "email"
    also_of = ALSO_OF
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the length and the headers after it."""
        return Confidence.CONTENT if any(map(_is_message, backup.likely(1000, ".emlx"))) else Confidence.NONE

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        """Yield the messages in the order of their names, files that Mail keeps beside them attached."""
        yield from (Gap(what) for what in mbox.GAPS)
        beside = _beside(backup)
        for member in backup.members():
            if not member.path.lower().endswith(".emlx"):
                if not _is_known(member):
                    yield Defect(member.path, "this file is no message of Apple Mail; it was not read", False)
                continue
            yield from _file(member, beside.get(_number(member), []))


def _is_message(member: Member) -> bool:
    try:
        head = member.read(4096)
    except OSError:
        return False
    length = _LENGTH.match(head)
    return length is not None and message.looks_like_message(head[length.end() :])


def _number(member: Member) -> str:
    return PurePosixPath(member.path).name.split(".")[0]


def _is_known(member: Member) -> bool:
    """Say whether a file is one that Mail keeps beside its messages."""
    parts = PurePosixPath(member.path).parts
    return "Attachments" in parts or parts[-1] in ("Info.plist", "table_of_contents")


def _beside(backup: Backup) -> dict[str, list[Member]]:
    """Return the files under ``Attachments/<number of the message>/``, by that number."""
    found: dict[str, list[Member]] = {}
    for member in backup.members():
        parts = PurePosixPath(member.path).parts
        if "Attachments" in parts[:-2]:
            found.setdefault(parts[parts.index("Attachments") + 1], []).append(member)
    return found


def _file(member: Member, beside: list[Member]) -> Iterator[Draft | Defect]:
    try:
        with member.open() as stream:
            first = stream.readline(LONGEST_LINE)
            length = _LENGTH.fullmatch(first)
            raw = stream.read(min(int(length[1]), LARGEST) if length else LARGEST)
            trailer = stream.read(LARGEST_TRAILER) if length else b""
    except OSError as error:
        yield Defect(member.path, f"the file cannot be read: {error}")
        return
    if length is None:
        yield Defect(
            member.path, "this file does not begin with the length of a message; its bytes were kept", True, first + raw
        )
        return
    missing = int(length[1]) - len(raw)
    if missing > 0:
        yield Defect(member.path, f"the message is cut off: {missing:,} bytes are missing", quarantined=False)
    known = _known(trailer)
    for one in mbox.read_message(raw, member.path):
        if isinstance(one, Draft):
            one = _with(one, known, _folder(member), beside)
            if ".partial." in member.path.lower() and not all(map(_is_here, one.attachments)):
                yield Defect(member.path, PARTIAL, quarantined=False)
        yield one


def _is_here(one: SourceAttachment) -> bool:
    return bool(one.member or one.payload)


def _known(trailer: bytes) -> dict[str, object]:
    try:
        found = plistlib.loads(trailer.strip(), fmt=plistlib.FMT_XML) if trailer.strip() else {}
    except (
        plistlib.InvalidFileException,
        ExpatError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
    ):
        return {}
    return found if isinstance(found, dict) else {}


def _folder(member: Member) -> str:
    """Return the mailbox that a message is in: the folders that end in ``.mbox``."""
    parts = PurePosixPath(member.path).parts[:-1]
    return "/".join(part.removesuffix(".mbox") for part in parts if part.endswith(".mbox"))


def _with(draft: Draft, known: dict[str, object], folder: str, beside: list[Member]) -> Draft:
    details = dict(draft.details)
    received = known.get("date-received")
    if isinstance(received, int):
        details["Received"] = datetime.fromtimestamp(received % (1 << 35), UTC).isoformat()
    flags = known.get("flags")
    marks = [name for bit, name in FLAGS.items() if isinstance(flags, int) and flags & bit]
    if marks:
        details["Marked in Apple Mail"] = ", ".join(marks)
    held = {one.name for one in draft.attachments if _is_here(one)}
    files = [SourceAttachment(PurePosixPath(one.path).name, one) for one in beside]
    attachments = [one for one in draft.attachments if _is_here(one) or all(one.name != each.name for each in files)]
    return msgspec.structs.replace(
        draft,
        tags=(*draft.tags, *([folder] if folder else [])),
        audience="draft" if "draft" in marks else draft.audience,
        details=details,
        attachments=(*attachments, *(one for one in files if one.name not in held)),
    )
