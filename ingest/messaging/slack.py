"""Slack's export of a workspace: a zip with lists of people and conversations, and a file for each day of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, first_bytes, guarded, read_items, without
from ingest.messaging.conversations import text_of
from ingest.messaging.slack_messages import Messages, moment, without_tokens
from ingest.messaging.slack_workspace import DAY, SORTS, Workspace, named
from ingest.timestamps import MONTHS

GAPS = (
    "files: Slack's export holds links to them, not the files themselves",
    "private channels and direct messages, unless the export is of all conversations (a plan and an approval by Slack)",
    "earlier wordings and removed messages, unless the workspace's retention settings keep edits and deletions",
    "messages that the workspace's retention settings had deleted before the export",
    "read at Slack only: canvases, lists, huddles, calls. Not read, on purpose: the log of integrations, and people's "
    "telephone numbers and time zones",
)
KNOWN = (*SORTS, "users", "org_users", "integration_logs", "canvases", "content_flags", "huddle_transcripts", "lists")
VOLATILE = (
    "reactions", "replies", "reply_count", "reply_users", "reply_users_count", "latest_reply", "subscribed",
    "last_read", "pinned_to", "pinned_info", "user_profile", "is_starred", "is_locked",
)  # fmt: skip
_MESSAGE = re.compile(r'"ts":\s*"\d{9,10}\.\d{6}"')
_LISTED = re.compile(r'"id":\s*"[CGDUW][A-Z0-9]{8,}"')
_RANGE = re.compile(r"Slack export (\w{3}) (\d{1,2}) (\d{4}) - (\w{3}) (\d{1,2}) (\d{4})")


class SlackIngestor(Ingestor):
    """Reads exports of Slack workspaces, of public channels or of everything."""

    name = "slack"
    platform = "slack"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise a day's messages by their ids, which are times, or a list by Slack's ids."""
        days = [one for one in backup.members() if _is_day(one)]
        if any(_MESSAGE.search(first_bytes(one, 1 << 16)) for one in days[:20]):
            return Confidence.CONTENT
        lists = [member for name in (*SORTS, "users", "org_users") for member in named(backup, name)]
        found = sum(_LISTED.search(first_bytes(one)) is not None for one in lists)
        return Confidence.CONTENT if found >= 2 else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Take the days from the name that Slack gives the zip; that it is whole it never says."""
        for name in (*(part.name for part in backup.parts), *(one.path for one in backup.members()[:1])):
            if found := _RANGE.search(name):
                month, day, year, last_month, last_day, last_year = found.groups()
                return Coverage(since=_day(year, month, day), until=_day(last_year, last_month, last_day))
        return Coverage()

    def material(self, native: bytes) -> bytes:
        """Leave out reactions, and what Slack counts and remembers of a message."""
        return without(native, VOLATILE)

    def read(self, backup: Backup) -> Reading:
        """Yield the messages day by day, then the flags that moderators saw, then what was not read."""
        yield from (Gap(what) for what in GAPS)
        workspace = Workspace(backup)
        yield from workspace.defects
        if not workspace.people:
            yield Defect("users.json", "the export does not say who is who; authors stay ids", quarantined=False)
        messages = Messages(workspace, backup)
        for member in backup.members():
            if _is_day(member):
                yield from _day_of(member, messages, workspace)
        for member in named(backup, "content_flags"):
            yield from read_items(member, guarded(_flag))
        yield from _unread(backup)


def _is_day(member: Member) -> bool:
    return DAY.search(member.path) is not None and not is_residue(member.path)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), MONTHS[month], int(day))
    except (ValueError, KeyError):
        return None


def _day_of(member: Member, messages: Messages, workspace: Workspace) -> Reading:
    conversation = workspace.conversation(member)

    def read(item: Mapping[str, Any], native: bytes, place: str) -> Iterator[Draft]:
        yield from messages.read(item, native, place, conversation)

    yield from read_items(member, guarded(read))


def _flag(item: Mapping[str, Any], native: bytes, place: str) -> Iterator[Draft]:
    """Keep a flag as it stands: which fields it has Slack does not document."""
    told = {key: text_of(value) for key, value in item.items() if text_of(value)}
    at = item.get("date_create") or item.get("created") or item.get("ts")
    yield Draft(
        kind="moderation",
        place=place,
        native=without_tokens(native),
        native_id=str(item["id"]) if item.get("id") else None,
        created=moment(at) if at else None,
        audience="private",
        details=told,
    )


def _unread(backup: Backup) -> Iterator[Defect]:
    for member in backup.members():
        base = member.path.lower().rsplit("/", 1)[-1]
        if is_residue(member.path) or _is_day(member):
            continue
        if base.endswith(".json") and base.removesuffix(".json") not in KNOWN:
            yield Defect(member.path, "a file that is not known of Slack's exports; it was not read", False)
        elif base.endswith(".txt"):
            yield Defect(member.path, "a text export of one person's messages; ask Slack for JSON", False)
