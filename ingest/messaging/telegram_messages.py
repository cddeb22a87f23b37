"""Telegram's messages: from what Telegram Desktop writes into ``result.json`` to drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Audience, Author, Recipient, Timestamp
from ingest.backup import Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.messaging.conversations import CONVERSATION, SORT, FilesByName, inside, objects, reactions, text_of, texts
from ingest.text import clean
from ingest.timestamps import from_iso, from_unix

AUDIENCES: Mapping[str, Audience] = {
    "public_channel": "public",
    "public_supergroup": "public",
    "private_channel": "followers",
}
"""Who reads which sort of chat; all others are private."""

SORTS = (
    "personal_chat", "bot_chat", "saved_messages", "replies", "verification_codes", "private_group",
    "private_supergroup", "public_supergroup", "private_channel", "public_channel",
)  # fmt: skip
FILES = ("photo", "file", "contact_vcard")
NAMED = ("forwarded_from", "saved_from", "via_bot", "sticker_emoji", "performer", "title")
EVENT_FACTS = (
    "title", "inviter", "duration_seconds", "discard_reason", "message_id", "period", "amount", "currency", "emoticon",
    "new_title", "reason_domain", "score", "game_title",
)  # fmt: skip
_ABSENT = re.compile(r"^\(.*\)$", re.DOTALL)
"""What stands in a file's place: ``(File not included. Change data exporting settings to download.)`` and its like."""


class Chat:
    """What stands before a chat's messages: its name, sort and id. ``is_left``: the account is no longer in it."""

    def __init__(self, facts: Mapping[str, Any], is_left: bool = False) -> None:
        self.native_id = text_of(facts.get("id"))
        self.name = text_of(facts.get("name"))
        self.sort = text_of(facts.get("type"))
        self.is_left = is_left

    def details(self) -> dict[str, str]:
        """Return what Telegram says of the chat: no content, since it is renamed without an edit."""
        sort = f"{self.sort}, left" if self.is_left else self.sort
        return {key: value for key, value in ((CONVERSATION, self.name), (SORT, sort)) if value}


class Messages:
    """Drafts messages. ``own`` is the account's id (``user…``), empty in the export of a single chat."""

    def __init__(self, own: str, files: FilesByName, member: Member) -> None:
        self._own = own
        self._files = files
        self._member = member

    def read(self, item: Mapping[str, Any], native: bytes, place: str, chat: Chat) -> Iterator[Draft]:
        """Yield one message or event."""
        sort = text_of(item.get("type"))
        if sort not in ("message", "service"):
            raise ValueError(f"its sort is “{sort}”")
        edited = _time(item, "edited")
        text, links = _text(item)
        author = self._author(item)
        answered = text_of(item.get("reply_to_message_id"))
        elsewhere = text_of(item.get("reply_to_peer_id"))
        yield Draft(
            kind="message",
            place=place,
            native=native,
            native_id=f"{chat.native_id} {text_of(item['id'])}".lstrip(),
            revision=edited.raw if edited else "",
            created=_time(item, "date"),
            edited=edited,
            author=author,
            text="\n".join(filter(None, (text, _poll(item)))),
            parent=f"{re.sub(r'^[a-z]+', '', elsewhere) or chat.native_id} {answered}".lstrip() if answered else "",
            thread=chat.native_id,
            attachments=tuple(self._attachments(item)),
            links=links,
            tags=_entities(item, "hashtag", "#"),
            mentions=_entities(item, "mention", ""),
            audience=AUDIENCES.get(chat.sort, "private"),
            recipients=_recipients(chat, author),
            details=chat.details() | _details(item, sort),
            metrics=_counts(item),
        )

    def _author(self, item: Mapping[str, Any]) -> Author:
        native_id = text_of(item.get("from_id") or item.get("actor_id"))
        if native_id.isdigit():
            native_id = f"user{native_id}"
        name = text_of(item.get("from") or item.get("actor"))
        return Author(name, native_id=native_id, is_account=bool(native_id) and native_id == self._own)

    def _attachments(self, item: Mapping[str, Any]) -> Iterator[SourceAttachment]:
        for key in FILES:
            path = item.get(key)
            if not isinstance(path, str) or not path:
                continue
            stated = text_of(item.get("file_name")) if key == "file" else ""
            if _ABSENT.match(path):
                yield SourceAttachment(stated or f"{text_of(item.get('media_type')) or key} {text_of(item.get('id'))}")
            else:
                yield SourceAttachment(stated or path.rsplit("/", 1)[-1], self._files.find(path, self._member))


def _time(item: Mapping[str, Any], key: str) -> Timestamp | None:
    """Read a time: exports since about 2022 have it in UTC too; before, only as the exporter's clock showed it."""
    if since_1970 := text_of(item.get(f"{key}_unixtime")):
        return from_unix(since_1970)
    raw = text_of(item.get(key))
    return from_iso(raw, "unknown") if raw and not raw.startswith("1970-") else None


def _text(item: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return a message's words, and the addresses in them; an address behind words follows them in brackets."""
    found = item.get("text_entities") or item.get("text")
    if isinstance(found, str):
        return found, ()
    words, links = [], []
    for one in found if isinstance(found, list) else ():
        if isinstance(one, str):
            words.append(one)
        elif isinstance(one, dict):
            said, address = text_of(one.get("text")), text_of(one.get("href"))
            words.append(f"{said} ({address})" if address and address != said else said)
            links += [address or said] if one.get("type") in ("link", "text_link") else []
    return "".join(words), tuple(dict.fromkeys(one for one in links if one))


def _entities(item: Mapping[str, Any], sort: str, sign: str) -> tuple[str, ...]:
    found = item.get("text_entities") or item.get("text")
    named = (text_of(one.get("text")) for one in objects(found) if one.get("type") == sort)
    return tuple(dict.fromkeys(one.removeprefix(sign) for one in named if one))


def _poll(item: Mapping[str, Any]) -> str:
    poll = inside(item, "poll")
    answers = [f"- {text_of(one.get('text'))}" for one in objects(poll.get("answers"))]
    return "\n".join([text_of(poll.get("question")), *answers]) if poll else ""


def _recipients(chat: Chat, author: Author) -> tuple[Recipient, ...]:
    """Return the other side of a chat of two, where it is not the author; in groups nobody says who is in them."""
    other = f"user{chat.native_id}"
    if chat.sort not in ("personal_chat", "bot_chat") or author.native_id == other:
        return ()
    return (Recipient("to", chat.name, other),)


def _details(item: Mapping[str, Any], sort: str) -> dict[str, str]:
    found = {key: text_of(item.get(key)) for key in NAMED if text_of(item.get(key))}
    if "forwarded_from" in item and not item["forwarded_from"]:
        found["forwarded_from"] = "somebody whose account is gone"
    if signed := text_of(item.get("author")):
        found["signed"] = signed
    place = inside(item, "location_information")
    if place:
        found["location"] = f"{text_of(place.get('latitude'))}, {text_of(place.get('longitude'))}"
    who = inside(item, "contact_information")
    if who:
        found["contact"] = " ".join(
            text_of(who.get(key)) for key in ("first_name", "last_name", "phone_number")
        ).strip()
    if sort == "service":
        found["event"] = text_of(item.get("action"))
        found |= {key: text_of(item.get(key)) for key in EVENT_FACTS if text_of(item.get(key))}
        if people := ", ".join(texts(item.get("members"))):
            found["members"] = people
    return found


def _counts(item: Mapping[str, Any]) -> dict[str, int]:
    found = reactions(
        (text_of(one.get("emoji") or one.get("document_id") or one.get("type")), one["count"])
        for one in objects(item.get("reactions"))
        if isinstance(one.get("count"), int)
    )
    for one in objects(inside(item, "poll").get("answers")):
        if isinstance(one.get("voters"), int):
            found[clean(f"votes.{text_of(one.get('text'))}")] = one["voters"]
    return found
