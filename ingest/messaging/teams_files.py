"""The files of a Teams export by Microsoft Graph: which hold messages, which say who is in a chat, and their items.

One answer is ``{"@odata.context": "…", "value": […], "@odata.nextLink": "…"}``; how an export is cut into files is
its maker's choice. Bare lists, single objects, an object a line and PowerShell's capital letters are read too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Recipient
from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Defect
from ingest.json_items import Item, Reading, ReadItem, broken, first_bytes, items, read_items, read_value
from ingest.messaging.conversations import Conversation, facts, objects, text_of
from ingest.utf16 import as_utf8

HEAD = 1 << 16
"""Bytes by which a file is known."""

LONGEST_LINE = 64 << 20
"""Bytes of the longest line that is read as one object."""

_KEYS = re.compile(r'"(messageType|chatType|membershipType|lastModifiedDateTime|createdDateTime|body|userId)"', re.I)
_LIKELY = re.compile(r'"(messageType|createdDateTime|replyToId|chatId)"|#microsoft\.graph|graph\.microsoft\.com', re.I)
_ITEM = re.compile(r"#microsoft\.graph\.chatMessage\b|#Collection\(chatMessage\)", re.I)
_CHAT_OF_MEMBERS = re.compile(r"chats\('([^']+)'\)/members")
_IN_TWO = re.compile(r"19:([0-9a-f-]{36})_([0-9a-f-]{36})@unq\.gbl\.spaces")


def members(backup: Backup) -> Iterator[Member]:
    """Yield the files that may be answers, as UTF-8."""
    for member in backup.members():
        if member.path.lower().endswith((".json", ".jsonl", ".ndjson")) and not is_residue(member.path):
            yield as_utf8(member)


def holds_messages(member: Member) -> bool:
    """Say whether a file begins like messages of Teams."""
    if not _LIKELY.search(first_bytes(member, 8192)):
        return False
    head = first_bytes(member, HEAD)
    keys = {found.lower() for found in _KEYS.findall(head)}
    return {"messagetype", "createddatetime", "body"} <= keys or _ITEM.search(head) is not None


def each(member: Member, read: ReadItem) -> Reading:
    """Read every object of a file, in whatever way it holds them."""
    try:
        yield from _each(member, read)
    except OSError as error:
        yield Defect(member.path, str(error))


def _each(member: Member, read: ReadItem) -> Reading:
    head = first_bytes(member, HEAD).lstrip()
    if head.startswith("["):
        yield from read_items(member, read)
    elif re.match(r'\{\s*("[^"]*"\s*:\s*("[^"]*"|\d+|null)\s*,\s*)*"value"\s*:\s*\[', head):
        yield from read_items(member, read, after='"value"')
    elif re.match(r"\{[^\n]*\}\s*\n\s*\{", head) or member.path.lower().endswith((".jsonl", ".ndjson")):
        yield from _lines(member, read)
    else:
        native = member.read(LONGEST_LINE).removeprefix(b"\xef\xbb\xbf")
        yield from _listed(member, b"[" + native + b"]", member.path, read)


def _lines(member: Member, read: ReadItem) -> Reading:
    number = 0
    try:
        with member.open() as stream:
            while line := stream.readline(LONGEST_LINE):
                number += 1
                if line.strip():
                    after = '"value"' if re.match(rb'\s*\{\s*"@odata\.context"', line) else ""
                    native = line if after else b"[" + line.removeprefix(b"\xef\xbb\xbf") + b"]"
                    yield from _listed(member, native, f"{member.path}, line {number}", read, after)
    except OSError as error:
        yield Defect(f"{member.path}, line {number + 1}", str(error))


def _listed(member: Member, native: bytes, place: str, read: ReadItem, after: str = "") -> Reading:
    whole = Member(place, len(native), member.part, lambda: io.BytesIO(native))
    for item in items(io.BytesIO(native), after=after):
        if isinstance(item, Item):
            one = f"{place}, item {item.number}" if after else place
            yield from read_value(read, item.value, item.native, one)
        else:
            yield broken(whole, item)


def nested(native: bytes, key: str) -> Iterator[Item]:
    """Yield the items of a list inside an object, each with its own bytes."""
    for item in items(io.BytesIO(native), after=f'"{key}"'):
        if isinstance(item, Item):
            yield item


class Chats:
    """Who is in which chat, and what chats and channels are called, as far as the export has files that say so."""

    def __init__(self, backup: Backup) -> None:
        self._found: dict[str, Conversation] = {}
        self.addresses: dict[str, str] = {}
        for member in members(backup):
            if not holds_messages(member):
                self._look(member)

    def _look(self, member: Member) -> None:
        value = facts(member)
        if value is None:
            return
        context = text_of(value.get("@odata.context")) if isinstance(value, dict) else ""
        listed = value.get("value", [value]) if isinstance(value, dict) else value
        of_chat = _CHAT_OF_MEMBERS.search(context.replace("%3A", ":").replace("%40", "@"))
        people = [self._person(one) for one in objects(listed) if one.get("userId")]
        if of_chat and people:
            known = self._found.get(of_chat[1])
            name, sort = (known.name, known.sort) if known else ("", "")
            self._found[of_chat[1]] = Conversation(of_chat[1], name, sort, people)
        for one in objects(listed):
            if one.get("chatType") or one.get("membershipType"):
                self._open(one)

    def _open(self, one: Mapping[str, Any]) -> None:
        native_id = text_of(one.get("id"))
        known = self._found.get(native_id)
        people = [self._person(who) for who in objects(one.get("members"))] or (known.members if known else ())
        name = text_of(one.get("topic") or one.get("displayName"))
        sort = text_of(one.get("chatType") or one.get("membershipType"))
        sort = f"{sort} channel" if one.get("membershipType") else sort
        self._found[native_id] = Conversation(native_id, name, sort, people)

    def _person(self, one: Mapping[str, Any]) -> Recipient:
        native_id, address = text_of(one.get("userId")), text_of(one.get("email"))
        if native_id and address:
            self.addresses[native_id] = address
        return Recipient("member", text_of(one.get("displayName")), address or native_id)

    def of(self, native_id: str) -> Conversation:
        """Return a conversation by its id; a chat of two tells by its id who they are."""
        if native_id not in self._found:
            two = _IN_TWO.fullmatch(native_id)
            people = [
                Recipient("member", address=self.addresses.get(one, one)) for one in (two.groups() if two else ())
            ]
            self._found[native_id] = Conversation(native_id, sort="oneOnOne" if two else "", members=people)
        return self._found[native_id]
