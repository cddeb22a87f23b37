"""Direct messages of an X archive: conversations of two, and of groups with their events."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Author, Recipient
from ingest.backup import Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.json_items import Item, items
from ingest.platforms.x_account import XAccount
from ingest.platforms.x_tweets import expanded
from ingest.timestamps import from_iso

EVENTS = ("joinConversation", "participantsJoin", "participantsLeave", "conversationNameUpdate")


def messages(
    conversation: Mapping[str, Any], native: bytes, place: str, account: XAccount, media: Mapping[str, Member]
) -> Iterator[Draft]:
    """Yield a conversation's messages and events, oldest first, each with its own bytes."""
    thread = str(conversation.get("conversationId", ""))
    found = [one for one in items(io.BytesIO(native), after='"messages"') if isinstance(one, Item)]
    for one in reversed(found):
        where = f"{place}, message {one.number}"
        for name, body in one.value.items() if isinstance(one.value, dict) else ():
            if name == "messageCreate" and isinstance(body, dict):
                yield _message(body, one.native, thread, where, account, media)
            elif name in EVENTS and isinstance(body, dict):
                yield _event(name, body, one.native, thread, where, account)


def _message(
    body: Mapping[str, Any], native: bytes, thread: str, place: str, account: XAccount, media: Mapping[str, Member]
) -> Draft:
    native_id = str(body.get("id", ""))
    urls = [one for one in body.get("urls") or () if isinstance(one, dict)]
    text, links = expanded(str(body.get("text", "")), urls)
    return Draft(
        kind="message",
        place=place,
        native=native,
        native_id=native_id or None,
        created=from_iso(str(body.get("createdAt", ""))),
        author=_author(str(body.get("senderId", "")), account),
        text=text,
        thread=thread,
        attachments=tuple(_attachment(str(one), native_id, media) for one in body.get("mediaUrls") or ()),
        links=links,
        audience="private",
        recipients=_recipients(body, thread),
        metrics=_reactions(body),
    )


def _event(name: str, body: Mapping[str, Any], native: bytes, thread: str, place: str, account: XAccount) -> Draft:
    people = body.get("participantsSnapshot") or body.get("userIds") or ()
    details = {"event": name}
    if people:
        details["participants"] = ", ".join(str(one) for one in people)
    if body.get("name"):
        details["name"] = str(body["name"])
    created = str(body.get("createdAt", ""))
    who = str(body.get("initiatingUserId") or "")
    return Draft(
        kind="message",
        place=place,
        native=native,
        native_id=str(body.get("id") or f"{thread} {name} {created}"),
        created=from_iso(created),
        author=_author(who, account),
        thread=thread,
        audience="private",
        details=details,
    )


def _author(native_id: str, account: XAccount) -> Author:
    if native_id and native_id == account.native_id:
        return account.author()
    return Author(native_id=native_id)


def _recipients(body: Mapping[str, Any], thread: str) -> tuple[Recipient, ...]:
    """Return whom a message went to; in a group only the conversation is known."""
    to = str(body.get("recipientId") or "")
    if not to and "-" in thread:
        sender = str(body.get("senderId", ""))
        to = next((one for one in thread.split("-") if one != sender), sender)
    return (Recipient("to", address=to),) if to else ()


def _attachment(address: str, native_id: str, media: Mapping[str, Member]) -> SourceAttachment:
    name = f"{native_id}-{address.split('?')[0].rsplit('/', 1)[-1]}"
    return SourceAttachment(name, member=media.get(name))


def _reactions(body: Mapping[str, Any]) -> dict[str, int]:
    keys = (str(one.get("reactionKey", "")) for one in body.get("reactions") or () if isinstance(one, dict))
    return {f"reaction.{key}": count for key, count in sorted(Counter(keys).items())}
