"""Conversations of a Facebook export (Messenger): one folder a conversation, newest messages first.

Messages have no ids. Two in one conversation at one millisecond that say different things are two, and one that
comes twice, in two parts or in the inbox and the archive, is one: so conversation and time serve as the id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from archive.matching import PLATFORM_SAYS
from archive.records import Author, Recipient
from ingest.backup import Backup, Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.json_items import Reading, first_bytes, guarded, read_items
from ingest.platforms.facebook_drafts import Drafting, with_text
from ingest.platforms.facebook_text import repaired, repaired_item
from ingest.platforms.meta_files import Layout
from ingest.timestamps import from_unix_ms

FILES = ("photos", "videos", "audio_files", "files", "gifs")
ORDINARY = ("", "Generic", "Share")
MARKS = ('"participants"', '"messages"')
"""What a conversation's file begins with, whatever its name."""

MOST_LOOSE_FILES = 100
"""JSON files outside any known folder beyond which none is looked at for a conversation."""

HEAD = 1 << 16
"""Bytes at the beginning and end of a file in which the facts about its conversation stand."""


class Conversation:
    """What one file says of its conversation: who takes part, its title, its place among the others."""

    def __init__(self, member: Member) -> None:
        self.participants = participants(first_bytes(member, HEAD))
        tail = _tail(member)
        self.title = str(repaired(_value(tail, "title", last=True) or ""))
        path = str(_value(tail, "thread_path", last=True) or "")
        self.thread = (path.rsplit("/", 1)[-1] or _own_name(member)).casefold()
        self.recipients = {name: self._others(name) for name in ("", *self.participants)}

    def _others(self, sender: str) -> tuple[Recipient, ...]:
        return tuple(Recipient("member", name) for name in self.participants if name != sender)


def participants(head: str) -> tuple[str, ...]:
    """Return who takes part, by the beginning of a file."""
    found = _value(head, "participants", last=False)
    names = (one.get("name") if isinstance(one, dict) else None for one in (found if isinstance(found, list) else ()))
    return tuple(str(repaired(name)) for name in names if name)


def is_conversation(head: str) -> bool:
    """Say whether a file that begins like this is a conversation."""
    return head.lstrip().startswith("{") and all(mark in head for mark in MARKS) and '"timestamp_ms"' in head


def loose_conversations(backup: Backup, layout: Layout) -> Iterator[Member]:
    """Yield conversations that somebody took out of their export: single files of any name."""
    loose = [
        one
        for one in backup.members()
        if one.path.lower().endswith(".json") and not layout.sort_of(one) and not layout.elsewhere.search(one.path)
    ]
    for member in loose if len(loose) <= MOST_LOOSE_FILES else ():
        if is_conversation(first_bytes(member)):
            yield member


def _tail(member: Member) -> str:
    """Return the end of a file; empty if it cannot be read so far, which reading its messages will tell."""
    try:
        with member.open() as stream:
            tail = b""
            while block := stream.read(1 << 20):
                tail = (tail + block)[-HEAD:]
            return tail.decode("utf-8", "replace")
    except OSError:
        return ""


def _value(text: str, key: str, last: bool) -> Any:
    """Return the first or last value under a key in a piece of JSON, None if there is none."""
    mark = f'"{key}":'
    start = text.rfind(mark) if last else text.find(mark)
    if start < 0:
        return None
    try:
        return json.JSONDecoder().raw_decode(text[start + len(mark) :].lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _own_name(member: Member) -> str:
    *folders, name = member.path.split("/")
    return folders[-1] if folders else name.removesuffix(".json")


def messages(member: Member, drafting: Drafting) -> Reading:
    """Yield the messages of one file."""
    conversation = Conversation(member)

    def read(value: Any, native: bytes, place: str) -> Iterator[Draft]:
        yield _message(repaired_item(value, native), native, place, conversation, drafting)

    yield from read_items(member, guarded(read), after='"messages"')


def _message(
    item: Mapping[str, Any], native: bytes, place: str, conversation: Conversation, drafting: Drafting
) -> Draft:
    sender = str(item.get("sender_name") or "")
    share = item.get("share")
    shared: Mapping[str, Any] = share if isinstance(share, dict) else {}
    base = Draft(
        kind="message",
        place=place,
        native=native,
        native_id=f"{conversation.thread} {item['timestamp_ms']}",
        created=from_unix_ms(item["timestamp_ms"]),
        author=drafting.by(sender) if sender else Author(),
        thread=conversation.thread,
        attachments=tuple(_attachments(item, drafting)),
        links=(str(shared["link"]),) if shared.get("link") else (),
        audience="removed" if item.get("is_unsent") is True else "private",
        recipients=conversation.recipients.get(sender, conversation.recipients[""]),
        details=_details(item, conversation),
        metrics=_reactions(item),
    )
    return with_text(base, str(item.get("content") or shared.get("share_text") or ""))


def _attachments(item: Mapping[str, Any], drafting: Drafting) -> Iterator[SourceAttachment]:
    named = [one for key in FILES for one in item.get(key) or () if isinstance(one, dict)]
    if isinstance(item.get("sticker"), dict):
        named.append(item["sticker"])
    for one in named:
        if one.get("uri"):
            yield drafting.media.attachment(str(one["uri"]))


def _details(item: Mapping[str, Any], conversation: Conversation) -> dict[str, str]:
    found = {PLATFORM_SAYS: conversation.title} if conversation.title else {}
    if str(item.get("type") or "") not in ORDINARY:
        found["type"] = str(item["type"])
    if item.get("call_duration") is not None:
        found["call seconds"] = str(item["call_duration"])
    return found


def _reactions(item: Mapping[str, Any]) -> dict[str, int]:
    given = item.get("reactions")
    if not given:
        return {}
    signs = Counter(str(one.get("reaction", "")) for one in given if isinstance(one, dict))
    return {f"reaction.{sign}": count for sign, count in sorted(signs.items())}
