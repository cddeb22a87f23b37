"""Teams' messages: from a ``chatMessage`` of Microsoft Graph to drafts."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Audience, Author, Timestamp
from ingest.ingestor import Draft, SourceAttachment
from ingest.messaging.conversations import Conversation, FilesByName, inside, objects, reactions, text_of
from ingest.messaging.teams_files import Chats, nested
from ingest.text import html_to_text
from ingest.timestamps import from_iso

EVENT_NAME = re.compile(r"#microsoft\.graph\.(\w+?)(EventMessageDetail)?$")
_IMAGE = re.compile(r"<img\b[^>]*?\bsrc=[\"']([^\"']*hostedContents/([^/\"']+)[^\"']*)[\"'][^>]*>", re.I)
_LINK = re.compile(r"<a\b[^>]*?\bhref=[\"'](https?:[^\"']+)[\"']", re.I)
_PLACED = re.compile(r"</?attachment\b[^>]*>", re.I)
_QUOTED = "messageReference"
_FORWARDED = "forwardedMessageReference"
DEEPEST = 12
"""Levels of a card that are looked into."""


class Messages:
    """Drafts messages. ``files`` finds those that lie beside the answers, by their names."""

    def __init__(self, chats: Chats, files: FilesByName) -> None:
        self._chats = chats
        self._files = files

    def read(self, value: Any, native: bytes, place: str) -> Iterator[Draft]:
        """Yield a message and the answers that stand inside it."""
        item = _lowered(value)
        if "messageType" not in item and "body" not in item:
            raise ValueError("no message of Teams")
        yield self._draft(item, native, place)
        if item.get("replies"):
            for one in nested(native, "replies" if "replies" in value else "Replies"):
                yield self._draft(_lowered(one.value), one.native, f"{place}, reply {one.number}")

    def _draft(self, item: Mapping[str, Any], native: bytes, place: str) -> Draft:
        channel = inside(item, "channelIdentity")
        chat = self._chats.of(text_of(item.get("chatId") or channel.get("channelId")))
        native_id = text_of(item["id"])
        author = self._author(inside(item, "from") or inside(inside(item, "eventDetail"), "initiator"))
        edited, deleted = _time(item, "lastEditedDateTime"), _time(item, "deletedDateTime")
        html, words = _body(item)
        attached = list(objects(item.get("attachments")))
        parent = text_of(item.get("replyToId")) or _quoted(attached)
        text = "\n".join(filter(None, (words, *(_card(one) for one in attached))))
        return Draft(
            kind="message",
            place=place,
            native=native,
            native_id=f"{chat.native_id} {native_id}".lstrip(),
            revision=edited.raw if edited else "",
            created=_time(item, "createdDateTime"),
            edited=edited,
            removed=deleted,
            removed_by="unknown" if deleted else "",
            author=author,
            title=text_of(item.get("subject")),
            text="" if item.get("messageType") == "systemEventMessage" else text,
            parent=f"{chat.native_id} {parent}".lstrip() if parent else "",
            thread=chat.native_id,
            url=text_of(item.get("webUrl")),
            attachments=tuple(self._attachments(item, attached, html)),
            links=_links(html, attached),
            mentions=_mentions(item),
            audience=_audience(item, deleted),
            recipients=chat.others(author.handle or author.native_id),
            details=_details(item, channel, chat),
            metrics=reactions((text_of(one.get("reactionType")), 1) for one in objects(item.get("reactions"))),
        )

    def _author(self, who: Mapping[str, Any]) -> Author:
        for sort in ("user", "application", "device", "conversation"):
            one = inside(who, sort)
            if one:
                native_id = text_of(one.get("id"))
                return Author(text_of(one.get("displayName")), self._chats.addresses.get(native_id, ""), native_id)
        return Author()

    def _attachments(
        self, item: Mapping[str, Any], attached: list[Mapping[str, Any]], html: str
    ) -> Iterator[SourceAttachment]:
        for one in attached:
            if one.get("contentType") == "reference":
                address = text_of(one.get("contentUrl"))
                name = text_of(one.get("name")) or address.rsplit("/", 1)[-1] or text_of(one.get("id"))
                yield SourceAttachment(name, self._files.only(name))
        held = {text_of(one.get("id")): one for one in objects(item.get("hostedContents"))}
        for number, (_, native_id) in enumerate(_IMAGE.findall(html), 1):
            name = f"{item['id']} image {number}"
            payload = _payload(held.get(native_id, {}))
            yield SourceAttachment(name, None if payload else self._files.only(native_id), payload)


def _payload(hosted: Mapping[str, Any]) -> bytes | None:
    try:
        return base64.b64decode(text_of(hosted.get("contentBytes")), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _lowered(value: Any, depth: int = 0) -> Any:
    """Return an object with names as Graph has them: PowerShell writes ``CreatedDateTime``."""
    if depth > DEEPEST:
        return value
    if isinstance(value, list):
        return [_lowered(one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    if depth == 0 and "Id" not in value:
        return value
    return {key[:1].lower() + key[1:]: _lowered(one, depth + 1) for key, one in value.items()}


def _time(item: Mapping[str, Any], key: str) -> Timestamp | None:
    raw = text_of(item.get(key))
    return from_iso(raw) if raw and not raw.startswith("0001-") else None


def _body(item: Mapping[str, Any]) -> tuple[str, str]:
    """Return a message's HTML, empty for plain text, and what a person reads of it."""
    body = inside(item, "body")
    content = text_of(body.get("content"))
    if text_of(body.get("contentType")).lower() != "html":
        return "", content
    shown = _PLACED.sub("", content)
    if "<emoji" in shown:
        shown = re.sub(r"<emoji\b[^>]*?\balt=[\"']([^\"']*)[\"'][^>]*>(</emoji>)?", r"\1", shown, flags=re.I)
    return content, html_to_text(shown) if "<" in shown or "&" in shown else shown.strip()


def _quoted(attached: list[Mapping[str, Any]]) -> str:
    """Return the id of the message that this one quotes, which is how an answer in a chat is kept."""
    return next((text_of(one.get("id")) for one in attached if one.get("contentType") == _QUOTED), "")


def _card(one: Mapping[str, Any]) -> str:
    """Return what a card or a forwarded message says."""
    sort = text_of(one.get("contentType"))
    content = one.get("content")
    try:
        value = json.loads(content) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return ""
    if sort == _FORWARDED and isinstance(value, dict):
        return html_to_text(text_of(value.get("originalMessageContent")))
    return "\n".join(_leaves(value, 0)) if ".card." in sort else ""


def _leaves(value: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one, depth + 1)
    elif isinstance(value, dict):
        for key in ("title", "subtitle", "text"):
            if isinstance(value.get(key), str):
                yield html_to_text(value[key])
        for one in value.values():
            if isinstance(one, dict | list):
                yield from _leaves(one, depth + 1)


def _links(html: str, attached: list[Mapping[str, Any]]) -> tuple[str, ...]:
    shared = (text_of(one.get("contentUrl")) for one in attached if one.get("contentType") == "reference")
    found = (one.replace("&amp;", "&") for one in _LINK.findall(html))
    return tuple(dict.fromkeys(one for one in (*found, *shared) if one))


def _mentions(item: Mapping[str, Any]) -> tuple[str, ...]:
    named = (text_of(one.get("mentionText")) for one in objects(item.get("mentions")))
    return tuple(dict.fromkeys(one for one in named if one))


def _audience(item: Mapping[str, Any], deleted: Timestamp | None) -> Audience:
    """Return who sees it: what a rule against data loss has blocked is hidden."""
    if deleted is not None:
        return "removed"
    blocked = "blockAccess" in text_of(inside(item, "policyViolation").get("dlpAction")).split(",")
    return "hidden" if blocked else "private"


def _details(item: Mapping[str, Any], channel: Mapping[str, Any], chat: Conversation) -> dict[str, str]:
    found = chat.details()
    if channel.get("teamId"):
        found["team"] = text_of(channel["teamId"])
    if text_of(item.get("importance")) not in ("", "normal"):
        found["importance"] = text_of(item["importance"])
    for key in ("dlpAction", "userAction", "justificationText"):
        if value := text_of(inside(item, "policyViolation").get(key)):
            found[key] = value
    event = inside(item, "eventDetail")
    if event:
        found |= _event(event)
    return found


def _event(event: Mapping[str, Any]) -> dict[str, str]:
    """Return what happened in a conversation: who was added or left, what it is called now, how long a call was."""
    named = EVENT_NAME.search(text_of(event.get("@odata.type")))
    found = {"event": named[1] if named else "event"}
    people = [text_of(one.get("displayName") or one.get("id")) for one in objects(event.get("members"))]
    if any(people):
        found["members"] = ", ".join(filter(None, people))
    for key, value in event.items():
        if not key.startswith("@") and text_of(value) and key != "visibleHistoryStartDateTime":
            found[key] = text_of(value)
    return found
