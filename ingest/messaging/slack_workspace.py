"""The people and the conversations of a Slack export, and which folder is whose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from archive.records import Author, Recipient
from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Defect
from ingest.json_items import Item, items
from ingest.messaging.conversations import Conversation, inside, texts

SORTS: Mapping[str, str] = {
    "channels": "public channel",
    "groups": "private channel",
    "mpims": "group message",
    "dms": "direct message",
}
"""The files that list conversations, and what they list."""

DAY = re.compile(r"(?:^|([^/]+)/)\d{4}-\d{2}-\d{2}\.json$")
"""The path of one day's messages; the folder is the conversation's name or id, none if the file came alone."""


class Workspace:
    """Who is in the workspace, and its conversations by the names of their folders."""

    def __init__(self, backup: Backup) -> None:
        self.defects: list[Defect] = []
        self.people: dict[str, Author] = {}
        self.handles: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self._by_folder: dict[str, Conversation] = {}
        for name in ("users", "org_users"):
            for member in named(backup, name):
                for user in self._listed(member):
                    self._meet(user)
        for name, sort in SORTS.items():
            for member in named(backup, name):
                for one in self._listed(member):
                    self._open(one, sort)

    def _listed(self, member: Member) -> Iterator[Mapping[str, Any]]:
        with member.open() as stream:
            for item in items(stream):
                if isinstance(item, Item) and isinstance(item.value, dict) and item.value.get("id"):
                    yield item.value
                elif not isinstance(item, Item):
                    reason = f"who or what stands here cannot be told ({item.reason})"
                    self.defects.append(Defect(f"{member.path}, item {item.number}", reason, quarantined=False))

    def _meet(self, user: Mapping[str, Any]) -> None:
        profile = inside(user, "profile")
        handle = str(user.get("name") or "")
        shown = profile.get("real_name") or user.get("real_name") or profile.get("display_name") or handle
        native_id = str(user["id"])
        self.handles[native_id] = handle
        self.people[native_id] = Author(str(shown), str(profile.get("email") or handle), native_id)

    def _open(self, one: Mapping[str, Any], sort: str) -> None:
        native_id = str(one["id"])
        name = str(one.get("name") or "")
        members = [self.recipient(who) for who in texts(one.get("members"))]
        shown = name if sort != SORTS["dms"] else ", ".join(who.name or who.address for who in members)
        conversation = Conversation(native_id, shown, sort, members)
        self.names[native_id] = name
        for folder in (native_id, name):
            if folder:
                self._by_folder.setdefault(folder.casefold(), conversation)

    def recipient(self, native_id: str) -> Recipient:
        """Return somebody as a member of a conversation, by the id if nothing else is known."""
        person = self.people.get(native_id)
        return Recipient("member", person.name, person.handle) if person else Recipient("member", address=native_id)

    def conversation(self, member: Member) -> Conversation:
        """Return the conversation of a day's file; one that no list names is known by its folder."""
        found = DAY.search(member.path)
        folder = (found and found[1]) or ""
        return self._by_folder.setdefault(folder.casefold(), Conversation(folder, folder))


def named(backup: Backup, name: str) -> Iterator[Member]:
    """Yield the files ``name.json`` of the export, in each of its parts."""
    wanted = f"{name}.json"
    for member in backup.members():
        if member.path.rsplit("/", 1)[-1].casefold() == wanted and not is_residue(member.path):
            yield member
