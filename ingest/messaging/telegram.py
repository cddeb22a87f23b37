"""Telegram, as Telegram Desktop exports it in JSON: one chat, or all chats of an account."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ingest import other_forms
from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Draft, Gap, Ingestor
from ingest.json_items import Broken, Item, Reading, broken, first_bytes, guarded, lists, read_value, without
from ingest.messaging.conversations import MOST_LOOKED_AT, FilesByName
from ingest.messaging.telegram_messages import SORTS, Chat, Messages

GAPS = (
    "deleted messages and earlier wordings: an export shows a chat as it is on its day",
    "who is in a group or subscribed to a channel: only who wrote, joined or left while it was recorded",
    "secret chats: they are on one telephone only",
    "in the export of a single chat: whose export it is, so nobody is marked as the city",
    "not read, on purpose: drafts, profile pictures",
)
MARK = '"messages":'
VOLATILE = ("reactions", "poll", "from", "photo", "file", "thumbnail", "width", "height")
HEAD = 1 << 17
"""Bytes by which a file is known."""

MOST_BRACES = 20
"""Braces before a chat's messages that are tried as the one it begins with."""

_ONE_CHAT = re.compile(rf'"type"\s*:\s*"(?:{"|".join(SORTS)})"')
_LIKELY = re.compile(rf'{_ONE_CHAT.pattern}|"about"|"personal_information"')


class TelegramIngestor(Ingestor):
    """Reads ``result.json``, with the folders of files beside it or without."""

    name = "telegram"
    platform = "telegram"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise a chat by what stands before its messages, an account by what stands before its chats."""
        found = [one for one in backup.members() if one.path.lower().endswith(".json")]
        return Confidence.CONTENT if any(map(_is_export, found[:MOST_LOOKED_AT])) else Confidence.NONE

    def material(self, native: bytes) -> bytes:
        """Leave out reactions, votes, what people are called today, and where files are kept."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield the messages chat by chat."""
        yield from (Gap(what) for what in GAPS)
        files = FilesByName(backup)
        for member in backup.members():
            if _is_export(member):
                yield from _export(member, Messages(_own(member), files, member))
        yield from other_forms.named(backup, self.platform)


def _is_export(member: Member) -> bool:
    if not member.path.lower().endswith(".json") or is_residue(member.path):
        return False
    if not _LIKELY.search(first_bytes(member)):
        return False
    head = first_bytes(member, HEAD)
    if MARK in head and _ONE_CHAT.search(head[: head.index(MARK)]):
        return True
    return '"personal_information"' in head and '"user_id"' in head and '"about"' in head


def _own(member: Member) -> str:
    """Return the id of the account whose export it is; nothing else of its information is taken."""
    head = first_bytes(member, HEAD)
    found = re.search(r'"personal_information"\s*:\s*\{[^{}]*?"user_id"\s*:\s*(\d+)', head)
    return f"user{found[1]}" if found else ""


def _export(member: Member, messages: Messages) -> Reading:
    is_left = False
    with member.open() as stream:
        for number, (before, inner) in enumerate(lists(stream, MARK), 1):
            is_left = is_left or '"left_chats"' in before
            yield from _chat(member, messages, Chat(_facts(before), is_left), f"{member.path}, chat {number}", inner)


def _chat(member: Member, messages: Messages, chat: Chat, place: str, inner: Iterator[Item | Broken]) -> Reading:
    def read(item: Mapping[str, Any], native: bytes, where: str) -> Iterator[Draft]:
        yield from messages.read(item, native, where, chat)

    for one in inner:
        where = f"{place}, item {one.number}"
        if isinstance(one, Broken):
            yield broken(member, one)
        elif isinstance(one.value, dict) and isinstance(one.value.get("messages"), list):
            # Behind a broken message at the end of a chat, reading goes on at the next object: the next chat.
            nested = lists(io.BytesIO(one.native), MARK)
            for _, found in nested:
                yield from _chat(member, messages, Chat(one.value, chat.is_left), where, found)
        else:
            yield from read_value(guarded(read), one.value, one.native, where)


def _facts(before: str) -> Mapping[str, Any]:
    """Return what stands between the brace of a chat and its messages; a name may hold braces too."""
    at = len(before)
    for _ in range(MOST_BRACES):
        at = before.rfind("{", 0, at)
        if at < 0:
            break
        try:
            value = json.loads(before[at:].rstrip().rstrip(",") + "}")
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return {}
