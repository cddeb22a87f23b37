"""Slack's messages: from what stands in a day's file to drafts, with what an export says of edits and removals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.records import Author, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.messaging.conversations import EVENT, Conversation, inside, objects, reactions
from ingest.messaging.slack_text import mentioned, readable, words_of_attachments, words_of_blocks
from ingest.messaging.slack_workspace import Workspace
from ingest.timestamps import unreadable

EVENTS = ("channel_", "group_", "mpim_", "bot_add", "bot_remove", "pinned_item", "unpinned_item", "app_conversation_")
"""What the subtypes begin with whose words are Slack's own, in the language of the workspace."""

FACTS = ("topic", "purpose", "name", "old_name", "inviter")
"""What an event says besides."""

_TOKEN = re.compile(rb"([?&]t=)xox[a-z]-[A-Za-z0-9-]+")
_FILE_ID = re.compile(r"(?:^|[/_-])(F[A-Z0-9]{8,})(?=[/_.-])")


def moment(ts: Any) -> Timestamp:
    """Read ``1452908400.000012``: seconds and microseconds since 1970, which is also a message's id."""
    raw = str(ts or "")
    seconds, _, fraction = raw.partition(".")
    try:
        at = datetime.fromtimestamp(int(seconds), UTC) + timedelta(milliseconds=int(fraction[:3].ljust(3, "0") or 0))
    except (ValueError, OverflowError, OSError):
        return unreadable(raw)
    return Timestamp(at, raw, "millisecond", "format")


class Messages:
    """Drafts the messages of one workspace. ``files`` are those of the export by Slack's id."""

    def __init__(self, workspace: Workspace, backup: Backup) -> None:
        self._workspace = workspace
        self._files: dict[str, Member] = {}
        for member in backup.members():
            if not member.path.endswith(".json") and (found := _FILE_ID.search(member.path)):
                self._files.setdefault(found[1], member)

    def read(self, item: Mapping[str, Any], native: bytes, place: str, conversation: Conversation) -> Iterator[Draft]:
        """Yield what one item says: a message, or an edit or removal that the workspace keeps on record."""
        subtype = item.get("subtype")
        native = without_tokens(native)
        before = inside(item, "previous_message") or inside(item, "original")
        if subtype == "message_changed" and inside(item, "message"):
            now = inside(item, "message")
            if before:
                yield self._draft(before, native, place, conversation, "0")
            yield self._draft(now, native, place, conversation, str(item.get("ts") or "1"))
        elif subtype == "message_deleted":
            yield self._removal(item, before, native, place, conversation)
        else:
            yield self._draft(item, native, place, conversation)

    def _draft(
        self, item: Mapping[str, Any], native: bytes, place: str, conversation: Conversation, revision: str = ""
    ) -> Draft:
        ts = str(item["ts"])
        edited = inside(item, "edited").get("ts")
        author = self._author(item)
        is_gone = item.get("subtype") == "tombstone"
        is_event = str(item.get("subtype") or "").startswith(EVENTS)
        raw = self._words(item)
        text, links = self._readable(raw)
        root = str(item.get("thread_ts") or "")
        return Draft(
            kind="message",
            place=place,
            native=native,
            native_id=_id(conversation, ts),
            revision=revision or (str(edited) if edited else ""),
            created=moment(ts),
            edited=moment(edited) if edited else None,
            removed_by="unknown" if is_gone else "",
            author=Author() if is_gone else author,
            text="" if is_gone or is_event else text,
            parent=_id(conversation, root) if root and root != ts else "",
            thread=conversation.native_id,
            attachments=tuple(self._attachments(item)),
            links=() if is_gone or is_event else links,
            mentions=() if is_event else tuple(self._workspace.handles.get(one) or one for one in mentioned(raw)),
            audience="removed" if is_gone else "private",
            recipients=conversation.others(author.handle or author.native_id),
            details=_details(item, conversation, text if is_gone or is_event else ""),
            metrics=reactions(_given(item)),
        )

    def _removal(
        self, item: Mapping[str, Any], before: Mapping[str, Any], native: bytes, place: str, conversation: Conversation
    ) -> Draft:
        ts = str(item.get("deleted_ts") or before.get("ts") or "")
        if not ts:
            raise ValueError("it does not say which message was removed")
        author = self._author(before)
        text, links = self._readable(self._words(before))
        return Draft(
            kind="message",
            place=place,
            native=native,
            native_id=_id(conversation, ts),
            revision=str(item.get("ts") or "9"),
            created=moment(ts),
            removed=moment(item["ts"]) if item.get("ts") else None,
            removed_by="unknown",
            author=author,
            text=text,
            thread=conversation.native_id,
            attachments=tuple(self._attachments(before)),
            links=links,
            audience="removed",
            recipients=conversation.others(author.handle or author.native_id),
            details=conversation.details(),
        )

    def _words(self, item: Mapping[str, Any]) -> str:
        said = str(item.get("text") or "")
        more = words_of_attachments(item)
        return "\n".join(filter(None, (said or words_of_blocks(item), more if more != said else "")))

    def _readable(self, raw: str) -> tuple[str, tuple[str, ...]]:
        people, names = self._workspace.handles, self._workspace.names
        return readable(raw, lambda one: people.get(one, ""), lambda one: names.get(one, ""))

    def _author(self, item: Mapping[str, Any]) -> Author:
        native_id = str(item.get("user") or "")
        known = self._workspace.people.get(native_id)
        if known is not None:
            return known
        if native_id and not item.get("bot_id"):
            profile = inside(item, "user_profile")
            name = str(profile.get("real_name") or profile.get("display_name") or "")
            return Author(name, str(profile.get("name") or ""), native_id)
        name = str(item.get("username") or inside(item, "bot_profile").get("name") or "")
        return Author(name, native_id=str(item.get("bot_id") or native_id))

    def _attachments(self, item: Mapping[str, Any]) -> Iterator[SourceAttachment]:
        old = [item["file"]] if isinstance(item.get("file"), dict) and item.get("subtype") != "file_comment" else []
        for one in [*objects(item.get("files")), *old]:
            native_id = str(one.get("id") or "")
            name = str(one.get("name") or one.get("title") or native_id)
            if name:
                title = str(one.get("title") or "")
                yield SourceAttachment(name, self._files.get(native_id), alt=title if title != name else "")


def _id(conversation: Conversation, ts: str) -> str:
    """Return a message's id: its time tells it from others of its conversation only."""
    return f"{conversation.native_id} {ts}".lstrip()


def _details(item: Mapping[str, Any], conversation: Conversation, slack_says: str) -> dict[str, str]:
    found = conversation.details()
    if item.get("subtype"):
        found["subtype"] = str(item["subtype"])
    if slack_says:
        found[EVENT] = slack_says
    for key in FACTS:
        if slack_says and isinstance(item.get(key), str) and item[key]:
            found[key] = item[key]
    return found


def _given(item: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the reactions; Slack names fewer people than it counts."""
    for one in objects(item.get("reactions")):
        people = one.get("users")
        counted = len(people) if isinstance(people, list) else 0
        stated = one.get("count")
        yield str(one.get("name") or ""), max(counted, stated if isinstance(stated, int) else 0)


def without_tokens(native: bytes) -> bytes:
    """Strike out the tokens in the addresses of files: whoever has them can fetch the files."""
    return _TOKEN.sub(rb"\1struck-out", native) if b"xox" in native else native
