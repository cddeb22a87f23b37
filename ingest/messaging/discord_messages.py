"""Discord's messages as DiscordChatExporter writes them: a file is a channel, or a part of one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Audience, Author
from ingest.backup import Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.json_items import first_bytes
from ingest.messaging.conversations import EVENT, Conversation, FilesByName, inside, objects, reactions, text_of
from ingest.timestamps import from_iso

HEAD = 1 << 18
"""Bytes in which a file says which channel it is of."""

ORDINARY = (
    "Default",
    "Reply",
    "ThreadStarterMessage",
    "ChatInputCommand",
    "ContextMenuCommand",
    "0",
    "19",
    "20",
    "21",
    "23",
)
"""Sorts of messages whose words are their author's; the words of others that have a name are the exporter's."""

MARK = '"messages":'
_TOTAL = re.compile(rb'"messageCount"\s*:\s*(\d+)')


class Channel:
    """What a file says of itself before its messages: server, channel, when it was made, of which days."""

    def __init__(self, member: Member) -> None:
        head = first_bytes(member, HEAD)
        try:
            found = json.loads(head[: head.index(MARK)].rstrip().rstrip(",") + "}")
        except (ValueError, RecursionError):
            found = {}
        self.facts: Mapping[str, Any] = found if isinstance(found, dict) else {}
        guild, channel = inside(self.facts, "guild"), inside(self.facts, "channel")
        self.is_server = text_of(guild.get("id")) not in ("", "0")
        names = (guild.get("name") if self.is_server else "", channel.get("category"), channel.get("name"))
        name = " / ".join(text_of(one) for one in names if one)
        self.conversation = Conversation(text_of(channel.get("id")), name, text_of(channel.get("type")))

    @property
    def audience(self) -> Audience:
        """Who reads it: the members of a server, or those in a direct message."""
        return "followers" if self.is_server else "private"


def is_export(member: Member) -> bool:
    """Say whether a file begins as DiscordChatExporter writes it."""
    if '"guild"' not in first_bytes(member):
        return False
    head = first_bytes(member, HEAD)
    return all(f'"{key}"' in head for key in ("guild", "channel", "dateRange", "messages"))


def stated_total(member: Member) -> int | None:
    """Return how many messages a file says that it holds, at its end."""
    tail = b""
    try:
        with member.open() as stream:
            while block := stream.read(1 << 20):
                tail = (tail + block)[-4096:]
    except OSError:
        return None
    found = _TOTAL.findall(tail)
    return int(found[-1]) if found else None


def draft(
    item: Mapping[str, Any], native: bytes, place: str, channel: Channel, files: FilesByName, member: Member
) -> Iterator[Draft]:
    """Yield one message."""
    edited = text_of(item.get("timestampEdited"))
    sort = text_of(item.get("type"))
    is_event = sort not in ORDINARY and not sort.isdigit()
    who = inside(item, "author")
    said = text_of(item.get("content"))
    more = _words_of_embeds(item) if who.get("isBot") else ""
    words = "\n".join(filter(None, (said, more)))
    yield Draft(
        kind="message",
        place=place,
        native=native,
        native_id=text_of(item["id"]),
        revision=edited,
        created=from_iso(text_of(item["timestamp"])),
        edited=from_iso(edited) if edited else None,
        author=_author(who),
        text="" if is_event else words,
        parent=text_of(inside(item, "reference").get("messageId")),
        thread=channel.conversation.native_id,
        attachments=tuple(_attachments(item, files, member)),
        mentions=tuple(dict.fromkeys(text_of(one.get("name")) for one in objects(item.get("mentions")))),
        audience=channel.audience,
        details=_details(item, channel, sort, words if is_event else ""),
        metrics=reactions(
            (text_of(inside(one, "emoji").get("name")), one["count"])
            for one in objects(item.get("reactions"))
            if isinstance(one.get("count"), int)
        ),
    )


def _author(who: Mapping[str, Any]) -> Author:
    name, number = text_of(who.get("name")), text_of(who.get("discriminator"))
    handle = f"{name}#{number}" if number.strip("0") else name
    return Author(text_of(who.get("nickname")) or name, handle, text_of(who.get("id")))


def _attachments(item: Mapping[str, Any], files: FilesByName, member: Member) -> Iterator[SourceAttachment]:
    for one in objects(item.get("attachments")):
        address = text_of(one.get("url"))
        local = "" if address.startswith("http") else address
        name = text_of(one.get("fileName")) or address.replace("\\", "/").rsplit("/", 1)[-1].partition("?")[0]
        if name:
            yield SourceAttachment(name, files.find(local, member) if local else None)


def _details(item: Mapping[str, Any], channel: Channel, sort: str, exporter_says: str) -> dict[str, str]:
    found = channel.conversation.details()
    if exporter_says or sort not in ORDINARY:
        found["event"] = sort
    if exporter_says:
        found[EVENT] = exporter_says
    if ended := text_of(item.get("callEndedTimestamp")):
        found["call ended"] = ended
    stickers = ", ".join(text_of(one.get("name")) for one in objects(item.get("stickers")))
    if stickers:
        found["stickers"] = stickers
    if command := text_of(inside(item, "interaction").get("name")):
        found["command"] = f"/{command}"
    return found


def _words_of_embeds(item: Mapping[str, Any]) -> str:
    """Return what a bot says in its boxes; those of people are previews that Discord makes of links."""
    lines: list[str] = []
    for one in objects(item.get("embeds")):
        lines += [text_of(one[key]) for key in ("title", "description") if one.get(key)]
        lines += [
            f"{text_of(field.get('name'))}: {text_of(field.get('value'))}" for field in objects(one.get("fields"))
        ]
    return "\n".join(lines)
