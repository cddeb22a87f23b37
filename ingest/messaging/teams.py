"""Microsoft Teams: messages as Microsoft Graph exports them (``chatMessage``), and transcripts of meetings."""

from __future__ import annotations

import itertools
import re

from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Gap, Ingestor
from ingest.json_items import Reading, first_bytes, guarded, without
from ingest.messaging import teams_transcripts
from ingest.messaging.conversations import MOST_LOOKED_AT, FilesByName
from ingest.messaging.teams_files import Chats, each, holds_messages, members
from ingest.messaging.teams_messages import Messages

GAPS = (
    "earlier wordings: Graph gives the last one and when it was edited, unless the messages kept by a retention policy "
    "were asked for (getAllRetainedMessages)",
    "messages that were deleted more than about three weeks before, unless a retention policy or a hold keeps them",
    "who deleted a message",
    "files: they are in SharePoint and OneDrive; a message holds a link",
    "recordings and transcripts of meetings, unless they were downloaded and lie beside",
)
VOLATILE = ("reactions", "messageHistory", "lastModifiedDateTime", "etag", "replies", "replies@odata.context")
_NEXT = re.compile(r'"@odata\.nextLink"')


class TeamsIngestor(Ingestor):
    """Reads answers of Microsoft Graph with messages of Teams, and transcripts of meetings (WebVTT, Word)."""

    name = "teams"
    platform = "teams"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise messages by the names of their fields, and transcripts of meetings where there is nothing else."""
        found = itertools.islice(members(backup), MOST_LOOKED_AT)
        is_known = any(map(holds_messages, found)) or teams_transcripts.is_nothing_else(backup)
        return Confidence.CONTENT if is_known else Confidence.NONE

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
        yield from teams_transcripts.read(backup)
