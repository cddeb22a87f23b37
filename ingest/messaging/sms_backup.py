"""SMS Backup & Restore, an app for Android: text messages, picture messages and calls of a telephone, as XML."""

from __future__ import annotations

import re

from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, first_bytes
from ingest.messaging.conversations import MOST_LOOKED_AT
from ingest.messaging.sms_messages import draft
from ingest.messaging.sms_xml import Unread, elements
from ingest.timestamps import from_unix_ms

GAPS = (
    "messages that were deleted on the telephone before the backup, and edits and reactions of RCS chats",
    "conversations that whoever made the backup left out in the app's settings: the file does not say so",
    "the telephone's own number, and names of people who are not among its contacts",
    "what was said in calls: only who, when and how long",
)
_ROOT = re.compile(r"<(smses|calls)\b([^>]*)>")
_COUNT = re.compile(r"\bcount=[\"'](\d+)")
_VOLATILE = re.compile(rb"\s(?:read|seen|locked|readable_date|contact_name|sub_id|_id)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_MADE = re.compile(r"\bbackup_date=[\"'](\d+)")


class SmsBackupIngestor(Ingestor):
    """Reads the app's XML files of messages and of calls, whole or incremental, in one or many files."""

    name = "sms-backup"
    platform = "sms"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the root element."""
        found = [one for one in backup.members() if one.path.lower().endswith(".xml")]
        return Confidence.CONTENT if any(map(_root, found[:MOST_LOOKED_AT])) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Take the latest time of backup; a file calls itself full, and may leave conversations out all the same."""
        made = [found[1] for one in backup.members() if (root := _root(one)) and (found := _MADE.search(root[2]))]
        times = [moment.at for moment in map(from_unix_ms, made) if moment.at is not None]
        return Coverage(exported_at=max(times, default=None))

    def material(self, native: bytes) -> bytes:
        """Leave out what the telephone changes by itself, and its owner's names for people."""
        return _VOLATILE.sub(b"", native)

    def read(self, backup: Backup) -> Reading:
        """Yield the messages and calls file by file."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            root = _root(member)
            if root:
                yield from _read(member, root)
            elif member.size and not is_residue(member.path) and not member.path.lower().endswith((".xsl", ".css")):
                yield Defect(member.path, "no file of messages or calls; it was not read", quarantined=False)


def _root(member: Member) -> re.Match[str] | None:
    """Return the root element of a file of the app; files of other names are not looked into."""
    if is_residue(member.path) or not member.path.lower().endswith(".xml"):
        return None
    return _ROOT.search(first_bytes(member, 8192))


def _read(member: Member, root: re.Match[str]) -> Reading:
    number = 0
    with member.open() as stream:
        for one in elements(stream):
            number = one.number
            if isinstance(one, Unread):
                place = f"{member.path}, item {one.number} at byte {one.offset}"
                yield Defect(place, one.reason, quarantined=bool(one.native), native=one.native)
                continue
            yield from draft(one, f"{member.path}, {one.name} {one.number}")
    stated = _COUNT.search(root[2])
    if stated and int(stated[1]) != number:
        reason = f"the file says that it holds {int(stated[1]):,} items; {number:,} were found"
        yield Defect(member.path, reason, quarantined=False)
