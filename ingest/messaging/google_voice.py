"""Google Voice, as Google Takeout exports it: texts, calls and voicemail of one number, a page each."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Coverage, Defect, Gap, Ingestor
from ingest.json_items import Reading, first_bytes
from ingest.messaging.google_voice_pages import NAME, Pages
from ingest.takeout import made_at

GAPS = (
    "what was said in calls that nobody recorded: only who, when and how long",
    "messages and calls deleted for good before the export",
    "which contact had which number at the time: names are those of the day of the export",
    "read at Google only, on purpose: greetings, bills, telephones, contacts and blocked numbers",
)
MARKS = ('class="hChatLog', 'class="haudio"')
LARGEST = 64 << 20
"""Bytes of the largest page that is read."""


class GoogleVoiceIngestor(Ingestor):
    """Reads the pages under ``Voice/Calls`` and ``Voice/Spam``, with their pictures and recordings."""

    name = "google-voice"
    platform = "google-voice"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise pages by their names and by the classes of their elements."""
        found = zip(_pages(backup), range(50), strict=False)
        known = any(any(mark in first_bytes(one, 1 << 14) for mark in MARKS) for one, _ in found)
        return Confidence.CONTENT if known else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Take the time from the name of the zip; whole it is never, without what was deleted or left."""
        return Coverage(exported_at=made_at(backup))

    def read(self, backup: Backup) -> Reading:
        """Yield messages and calls page by page."""
        yield from (Gap(what) for what in GAPS)
        pages = Pages(backup)
        for member in _pages(backup):
            yield from _read(member, pages)
        for member in tuple(pages.postponed):
            yield from _read(member, pages, is_last=True)


def _read(member: Member, pages: Pages, is_last: bool = False) -> Reading:
    if member.size > LARGEST:
        yield Defect(member.path, f"a page of {member.size:,} bytes: more than is read at once")
        return
    try:
        yield from pages.read(member, is_last)
    except OSError as error:
        yield Defect(member.path, str(error))
    except ValueError as error:
        yield Defect(member.path, f"not a page as Google Voice writes it ({error})", native=member.read())


def _pages(backup: Backup) -> Iterator[Member]:
    for member in backup.members():
        if NAME.search(member.path) and not is_residue(member.path):
            yield member
