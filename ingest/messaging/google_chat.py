"""Google Chat, as Google Takeout exports it: one account's spaces and direct messages, everybody's messages in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, first_bytes, guarded, read_items, without
from ingest.messaging.conversations import facts, inside, text_of
from ingest.messaging.google_chat_messages import Group, Messages
from ingest.takeout import made_at

GAPS = (
    "the words of deleted messages; who deleted a message, where Google does not say that its author did",
    "spaces that the account has left, and messages from before history was kept",
    "files of Google Drive: a message holds a link",
    "read at Google only, on purpose: who is blocked, settings, which messages were read",
)
VOLATILE = ("reactions",)
_GROUP = re.compile(r"(?:^|/)Groups/[^/]+/messages\.json$", re.IGNORECASE)
_USER = re.compile(r"(?:^|/)Users/[^/]+/user_info\.json$", re.IGNORECASE)
_KEYS = ('"creator"', '"topic_id"', '"message_state"', '"created_date"')


class GoogleChatIngestor(Ingestor):
    """Reads ``Google Chat/Groups/…/messages.json`` with what lies beside."""

    name = "google-chat"
    platform = "google-chat"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the folders, and the names of the fields of a message."""
        for member in _groups(backup):
            head = first_bytes(member, 1 << 14)
            if '"messages"' in head and any(key in head for key in _KEYS):
                return Confidence.CONTENT
        return Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Take the time from the name of the zip; whole it is never, without what was deleted or left."""
        return Coverage(exported_at=made_at(backup))

    def material(self, native: bytes) -> bytes:
        """Leave out reactions."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield the messages conversation by conversation."""
        yield from (Gap(what) for what in GAPS)
        own = [inside(found, "user") for one in _users(backup) if isinstance(found := facts(one), dict)]
        if len(own) != 1:
            reason = "the export does not say whose it is; nobody is marked as the city"
            yield Defect("Users", reason, quarantined=False)
        messages = Messages(text_of(own[0].get("email")) if len(own) == 1 else "", backup)
        for member in _groups(backup):
            group = Group(member, backup)
            if not group.is_told:
                reason = "who is in this conversation, and what it is called, cannot be read"
                yield Defect(f"{group.folder}/group_info.json", reason, quarantined=False)

            def read(item: Mapping[str, Any], native: bytes, place: str, group: Group = group) -> Iterator[Draft]:
                yield from messages.read(item, native, place, group)

            yield from read_items(member, guarded(read), after='"messages"')


def _groups(backup: Backup) -> Iterator[Member]:
    return (one for one in backup.members() if _GROUP.search(one.path) and not is_residue(one.path))


def _users(backup: Backup) -> Iterator[Member]:
    return (one for one in backup.members() if _USER.search(one.path) and not is_residue(one.path))
