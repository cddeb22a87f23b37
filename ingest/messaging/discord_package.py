"""The package of data that Discord gives to an account: its own messages, channel by channel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Audience, Author, Recipient
from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Confidence, Draft, Gap, Ingestor, SourceAttachment
from ingest.json_items import Reading, first_bytes, guarded, read_items
from ingest.lists.reading import read_rows
from ingest.messaging.conversations import Conversation, facts, inside, text_of
from ingest.tables import Row, find_table
from ingest.timestamps import from_iso

GAPS = (
    "what others wrote: Discord gives an account its own messages only",
    "what its messages answer, reactions, edits, deleted messages",
    "files: the package holds links to them",
    "read by Discord only, on purpose: the account's settings, activity, payments, advertising, programs",
)
COLUMNS = ("ID", "Timestamp", "Contents", "Attachments")
_MESSAGES = re.compile(r"(?:^|/)messages/c?(\d{5,})/messages\.(json|csv)$", re.IGNORECASE)
_USER = re.compile(r"(?:^|/)account/user\.json$", re.IGNORECASE)
_DIRECT = ("1", "3", "DM", "GROUP_DM")


class DiscordPackageIngestor(Ingestor):
    """Reads ``messages/c…/messages.json`` and, of before 2024, ``messages.csv``."""

    name = "discord-package"
    platform = "discord"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the folders, and the names of the fields of a message."""
        for member in _files(backup):
            head = first_bytes(member)
            if ('"Contents"' in head and '"ID"' in head) or head.startswith(",".join(COLUMNS)):
                return Confidence.CONTENT
        return Confidence.NONE

    def read(self, backup: Backup) -> Reading:
        """Yield the account's messages channel by channel."""
        yield from (Gap(what) for what in GAPS)
        by_path = {member.path.casefold(): member for member in backup.members()}
        author = _account(backup)
        for member in _files(backup):
            folder = member.path.rpartition("/")[0]
            channel = facts(by_path.get(f"{folder}/channel.json".casefold()))
            yield from _channel(member, channel if isinstance(channel, dict) else {}, author)


def _files(backup: Backup) -> Iterator[Member]:
    return (one for one in backup.members() if _MESSAGES.search(one.path) and not is_residue(one.path))


def _account(backup: Backup) -> Author:
    """Return whose package it is; of the file only the names are taken."""
    for member in backup.members():
        found = facts(member) if _USER.search(member.path) else None
        if isinstance(found, dict):
            name = text_of(found.get("username"))
            return Author(text_of(found.get("global_name")) or name, name, text_of(found.get("id")), is_account=True)
    return Author(is_account=True)


def _channel(member: Member, said: Mapping[str, Any], author: Author) -> Reading:
    found = _MESSAGES.search(member.path)
    native_id = text_of(said.get("id")) or (found[1] if found else "")
    sort = text_of(said.get("type"))
    names = (inside(said, "guild").get("name"), said.get("name"))
    people = said.get("recipients")
    others = [one for one in people if text_of(one) != author.native_id] if isinstance(people, list) else []
    members = [Recipient("member", address=text_of(one)) for one in others if text_of(one)]
    conversation = Conversation(native_id, " / ".join(text_of(one) for one in names if one), sort, members)
    audience: Audience = "private" if sort in _DIRECT or not inside(said, "guild") else "followers"

    def read(item: Mapping[str, Any], native: bytes, place: str) -> Iterator[Draft]:
        yield Draft(
            kind="message",
            place=place,
            native=native,
            native_id=text_of(item["ID"]) or None,
            created=from_iso(text_of(item["Timestamp"])),
            author=author,
            text=text_of(item.get("Contents")),
            thread=conversation.native_id,
            attachments=tuple(_attachments(text_of(item.get("Attachments")))),
            audience=audience,
            recipients=conversation.members,
            details=conversation.details(),
        )

    def read_row(row: Row, place: str) -> Iterator[Draft]:
        yield from read(row.cells, row.native, place)

    if member.path.lower().endswith(".json"):
        yield from read_items(member, guarded(read))
        return
    table = find_table(member, lambda cells: tuple(cells[:4]) == COLUMNS)
    if table is not None:
        yield from read_rows(member.path, table.rows(), read_row)


def _attachments(addresses: str) -> Iterator[SourceAttachment]:
    for address in addresses.split():
        name = address.partition("?")[0].rsplit("/", 1)[-1]
        if name:
            yield SourceAttachment(name)
