"""What the readers of messages share: who is in a conversation, reactions, small files of facts, files by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from archive.matching import PLATFORM_SAYS
from archive.records import Recipient
from ingest.backup import Backup, Member
from ingest.text import clean

MOST_NAMED = 100
"""People up to whom a message names all who are in its conversation; a channel of thousands has no addressees."""

LARGEST_FACTS = 64 << 20
"""Bytes of the largest file that is read as one object."""

CONVERSATION = f"{PLATFORM_SAYS}: conversation"
SORT = f"{PLATFORM_SAYS}: sort of conversation"
EVENT = f"{PLATFORM_SAYS}: event"


MOST_LOOKED_AT = 200
"""Files of the right name that are looked at to recognise a format."""


class Conversation:
    """One conversation: its id at the platform, its name, what sort the platform calls it, who is in it."""

    def __init__(self, native_id: str, name: str = "", sort: str = "", members: Iterable[Recipient] = ()) -> None:
        self.native_id = native_id
        self.name = name
        self.sort = sort
        self.members = tuple(members)
        self._others: dict[str, tuple[Recipient, ...]] = {}

    def others(self, sender: str) -> tuple[Recipient, ...]:
        """Return who else is in it, by the sender's address or name; nobody where there are too many."""
        if len(self.members) > MOST_NAMED:
            return ()
        if sender not in self._others:
            kept = tuple(one for one in self.members if not sender or sender not in (one.address, one.name))
            if len(self._others) > MOST_NAMED:
                return kept
            self._others[sender] = kept
        return self._others[sender]

    def details(self) -> dict[str, str]:
        """Return what the platform says of it: no content, since it is renamed without an edit."""
        found = {CONVERSATION: self.name, SORT: self.sort}
        return {key: value for key, value in found.items() if value}


def reactions(signs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return how often each sign was given, as metrics, in the order of the signs."""
    counted: Counter[str] = Counter()
    for sign, count in signs:
        if sign and count > 0:
            counted[clean(sign)] += count
    return {f"reaction.{sign}": count for sign, count in sorted(counted.items())}


def facts(member: Member | None) -> Any:
    """Return the value of a small JSON file; None if there is none, or it cannot be read."""
    if member is None or member.size > LARGEST_FACTS:
        return None
    try:
        return json.loads(member.read().decode("utf-8-sig", "surrogateescape"))
    except (OSError, ValueError, RecursionError):
        return None


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a list; nothing if it is none."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            yield one


def texts(value: Any) -> Iterator[str]:
    """Yield the texts in a list; nothing if it is none."""
    for one in value if isinstance(value, list) else ():
        if isinstance(one, str):
            yield one


def inside(item: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the object under a key, an empty one if there is none."""
    value = item.get(key)
    return value if isinstance(value, dict) else {}


def text_of(value: Any) -> str:
    """Return a scalar as text; nothing for null and for what is no scalar."""
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)


class FilesByName:
    """The members of a backup by the last part of their path, for records that name their files."""

    def __init__(self, backup: Backup) -> None:
        self._by_name: dict[str, list[Member]] = {}
        for member in backup.members():
            self._by_name.setdefault(member.path.rsplit("/", 1)[-1].casefold(), []).append(member)

    def only(self, name: str) -> Member | None:
        """Return the member of this name, if there is one and no other."""
        named = self._by_name.get(name.casefold(), ())
        return named[0] if len(named) == 1 else None

    def find(self, path: str, of: Member, anywhere: bool = True) -> Member | None:
        """Return the member that a record in the file ``of`` names by a path (with either slash) from its folder.

        If there is none, and names are unlikely to be given twice (``anywhere``), the one member that ends so, or
        has the name; where several have, none is taken.
        """
        wanted = path.replace("\\", "/").removeprefix("./").casefold()
        named = self._by_name.get(wanted.rsplit("/", 1)[-1], ()) if wanted else ()
        folder = of.path.rpartition("/")[0].casefold()
        exact = f"{folder}/{wanted}" if folder else wanted
        for member in named:
            if member.path.casefold() == exact:
                return member
        if not anywhere:
            return None
        ending = [one for one in named if one.path.casefold().endswith(f"/{wanted}")]
        for found in (ending, named):
            if len(found) == 1:
                return found[0]
        return None
