"""Channels of Discord as DiscordChatExporter, a program that many servers use, writes them in JSON."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from ingest import other_forms
from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, guarded, read_items, without
from ingest.messaging.conversations import MOST_LOOKED_AT, FilesByName, text_of
from ingest.messaging.discord_messages import MARK, Channel, draft, is_export, stated_total
from ingest.timestamps import from_iso

GAPS = (
    "deleted messages and earlier wordings: an export shows a channel as it is on its day",
    "who is on the server without ever writing, and who could read a channel",
    "who moderated what: Discord's audit log is not in an export",
    "channels and threads that nobody exported: each is a file of its own",
)
VOLATILE = ("reactions", "isPinned", "embeds", "stickers", "author")


class DiscordIngestor(Ingestor):
    """Reads JSON files of DiscordChatExporter, with the files that it fetched or without."""

    name = "discord"
    platform = "discord"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise what a file says before its messages."""
        found = itertools.islice(_files(backup), MOST_LOOKED_AT)
        return Confidence.CONTENT if any(map(is_export, found)) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Take the latest time at which a channel was exported."""
        stated = (text_of(Channel(one).facts.get("exportedAt")) for one in _files(backup) if is_export(one))
        times: list[datetime] = [made.at for made in map(from_iso, stated) if made.at is not None]
        return Coverage(exported_at=max(times, default=None))

    def material(self, native: bytes) -> bytes:
        """Leave out reactions, pins and previews, and how authors look today."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield the messages file by file."""
        yield from (Gap(what) for what in GAPS)
        files = FilesByName(backup)
        for member in _files(backup):
            if is_export(member):
                yield from _channel(member, files)
        yield from other_forms.named(backup, self.platform)


def _channel(member: Member, files: FilesByName) -> Reading:
    channel = Channel(member)
    if not channel.conversation.native_id:
        yield Defect(member.path, "the file does not say which channel it is of", quarantined=False)
    count = 0

    def read(item: Mapping[str, Any], native: bytes, place: str) -> Iterator[Draft]:
        yield from draft(item, native, place, channel, files, member)

    for one in read_items(member, guarded(read), after=MARK):
        count += isinstance(one, Draft) or (isinstance(one, Defect) and one.quarantined)
        yield one
    total = stated_total(member)
    if total is not None and total != count:
        reason = f"the file says that it holds {total:,} messages; {count:,} were found"
        yield Defect(member.path, reason, quarantined=False)


def _files(backup: Backup) -> Iterator[Member]:
    for member in backup.members():
        if member.path.lower().endswith(".json") and not is_residue(member.path):
            yield member
