"""Google Chat's messages: from what Takeout writes to drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from archive.records import Author, Recipient, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Draft, SourceAttachment
from ingest.messaging.conversations import Conversation, FilesByName, facts, inside, objects, reactions, text_of
from ingest.messaging.long_dates import long_date

WRAPPED = "private_do_not_access_or_else_safe_url_wrapped_value"
"""Under which key Google keeps the address of a link."""

DEEPEST = 8
"""Levels of an annotation that are looked into."""


class Group:
    """One conversation: its folder is ``DM <id>`` or ``Space <id>``, its people stand in ``group_info.json``."""

    def __init__(self, member: Member, backup: Backup) -> None:
        self.member = member
        self.folder = member.path.rpartition("/")[0]
        sort, _, native_id = self.folder.rpartition("/")[2].partition(" ")
        found = [one for one in backup.members() if one.path == f"{self.folder}/group_info.json"]
        info = facts(found[0]) if found else None
        self.is_told = isinstance(info, dict)
        said: Mapping[str, Any] = info if isinstance(info, dict) else {}
        people = [
            Recipient("member", text_of(one.get("name")), text_of(one.get("email")))
            for one in objects(said.get("members"))
        ]
        self.conversation = Conversation(native_id or sort, text_of(said.get("name")), sort, people)


class Messages:
    """Drafts the messages of one account, whose address is ``own``."""

    def __init__(self, own: str, backup: Backup) -> None:
        self._own = own.casefold()
        self._files = FilesByName(backup)

    def read(self, item: Mapping[str, Any], native: bytes, place: str, group: Group) -> Iterator[Draft]:
        """Yield the wordings that Google keeps of a message, oldest first, and the message as it is."""
        before = list(objects(item.get("previous_message_versions")))
        for number, one in enumerate(before):
            earlier = {**item, "updated_date": "", "reactions": [], **one, "message_state": ""}
            yield self._draft(earlier, native, place, group, f"{number:04}")
        yield self._draft(item, native, place, group, "9999" if before else "")

    def _draft(self, item: Mapping[str, Any], native: bytes, place: str, group: Group, revision: str) -> Draft:
        conversation = group.conversation
        native_id = text_of(item.get("message_id"))
        created, edited = _time(item, "created_date"), _time(item, "updated_date")
        author = self._author(inside(item, "creator"))
        is_gone = item.get("message_state") == "DELETED"
        if not (native_id or created):
            raise ValueError("it has neither an id nor a date")
        return Draft(
            kind="message",
            place=place,
            native=native,
            native_id=native_id or None,
            revision=revision or (edited.raw if edited and native_id else ""),
            created=created,
            edited=edited,
            removed_by=_removed_by(item) if is_gone else "",
            author=author,
            text=text_of(item.get("text")),
            parent=_parent(item, native_id),
            thread=conversation.native_id,
            attachments=tuple(self._attachments(item, group)),
            links=tuple(dict.fromkeys(_wrapped(item.get("annotations"), 0))),
            audience="removed" if is_gone else "private",
            recipients=conversation.others(author.handle or author.name),
            details=_details(item, conversation),
            metrics=reactions(
                (text_of(inside(one, "emoji").get("unicode")), len(one.get("reactor_emails") or ()))
                for one in objects(item.get("reactions"))
            ),
        )

    def _author(self, creator: Mapping[str, Any]) -> Author:
        address = text_of(creator.get("email"))
        is_own = bool(address) and address.casefold() == self._own
        return Author(text_of(creator.get("name")), address, is_account=is_own)

    def _attachments(self, item: Mapping[str, Any], group: Group) -> Iterator[SourceAttachment]:
        for one in objects(item.get("attached_files")):
            stored = text_of(one.get("export_name"))
            name = text_of(one.get("original_name")) or stored
            if name:
                yield SourceAttachment(name, self._files.find(stored, group.member, anywhere=False))


def _time(item: Mapping[str, Any], key: str) -> Timestamp | None:
    raw = text_of(item.get(key))
    return long_date(raw) if raw else None


def _parent(item: Mapping[str, Any], native_id: str) -> str:
    """Return what a message answers: the one it quotes, or the first of its topic, which has the topic's id."""
    quoted = text_of(inside(item, "quoted_message_metadata").get("message_id"))
    if quoted:
        return quoted
    parts = native_id.split("/")
    return f"{parts[0]}/{parts[1]}/{parts[1]}" if len(parts) == 3 and parts[1] != parts[2] else ""


def _removed_by(item: Mapping[str, Any]) -> Literal["", "unknown"]:
    """Leave it to whose message it is (the city's own or somebody's) where Google says that its creator did it."""
    how = text_of(inside(item, "deletion_metadata").get("deletion_type"))
    return "" if how.startswith("CREATOR") else "unknown"


def _details(item: Mapping[str, Any], conversation: Conversation) -> dict[str, str]:
    found = conversation.details()
    if how := text_of(inside(item, "deletion_metadata").get("deletion_type")):
        found["deleted"] = how
    shared = [inside(one, "drive_metadata").get("title") for one in objects(item.get("annotations"))]
    if any(shared):
        found["from Drive"] = ", ".join(text_of(one) for one in shared if one)
    if text_of(inside(item, "creator").get("user_type")) not in ("", "Human"):
        found["written by"] = text_of(inside(item, "creator")["user_type"])
    return found


def _wrapped(value: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _wrapped(one, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key == WRAPPED and isinstance(one, str):
                yield one
            elif key != "image_url" and isinstance(one, dict | list):
                yield from _wrapped(one, depth + 1)
