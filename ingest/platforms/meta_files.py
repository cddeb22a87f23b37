"""The files of Meta's exports (Facebook, Instagram, Threads): which are read, what they are, and the records in them.

Files are known by the end of their path, since the folders above them have had many names, and tools that
unpack replace their apostrophes. Only what a layout names is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Defect
from ingest.json_items import Reading, ReadItem, first_bytes, guarded, read_items

LARGEST_OBJECT = 64 << 20
"""Bytes of the largest file that is one object and not a list of items."""

WRAPPER = r"(?:^|/){platform}-(?P<handle>[^/]+?)-(?P<day>\d{{4}}-\d{{2}}-\d{{2}})(?=[-./ ]|$)"
"""How an export's folder or zip is named."""

_NUMBER = re.compile(r"_(\d+)\.\w+$")
_FIRST_KEY = re.compile(r'\{\s*"((?:[^"\\]|\\.)*)"\s*:\s*(.)', re.DOTALL)
_OF_ONE_RECORD = ("timestamp", "media", "label_values", "fbid", "title", "data", "attachments", "name", "uri")
_NESTED = '"activity_log_data"'


class Layout(Struct, frozen=True):
    """What one platform's export is made of.

    ``sorts`` tell what a file is by the end of its path, in small letters and without its ending. A file in a
    ``content_folder`` that no sort knows is told, unless it matches ``no_records``. Files in folders that match
    ``elsewhere`` are another platform's, which one download of Meta's may hold too.
    """

    platform: str
    sorts: Mapping[str, re.Pattern[str]]
    content_folder: re.Pattern[str]
    no_records: re.Pattern[str]
    elsewhere: re.Pattern[str]

    def sort_of(self, member: Member, ending: str = ".json") -> str:
        """Return what a file is, empty for one that is not read."""
        path = member.path.lower()
        if not path.endswith(ending) or is_residue(path) or self.elsewhere.search(path):
            return ""
        stem = path.removesuffix(ending)
        return next((sort for sort, pattern in self.sorts.items() if pattern.search(stem)), "")

    def is_new(self, member: Member, ending: str = ".json") -> bool:
        """Say whether a file lies among the account's own and is none of those known."""
        path = member.path.lower()
        if not path.endswith(ending) or is_residue(path) or self.elsewhere.search(path) or self.sort_of(member, ending):
            return False
        return bool(self.content_folder.search(path)) and not self.no_records.search(path.removesuffix(ending))


def sorts(patterns: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    """Return patterns of ends of paths, compiled."""
    return {sort: re.compile(f"(^|/)({pattern})$") for sort, pattern in patterns.items()}


class Files:
    """The files of one export by their sorts; ``ending`` tells its JSON from its HTML."""

    def __init__(self, backup: Backup, layout: Layout, ending: str = ".json") -> None:
        self._backup = backup
        self._layout = layout
        self._by_sort: dict[str, list[Member]] = {}
        for member in backup.members():
            if sort := layout.sort_of(member, ending):
                self._by_sort.setdefault(sort, []).append(member)

    def of(self, *sorts: str) -> Sequence[Member]:
        """Return the files of some sorts, series in the order of their numbers."""
        found = [member for sort in sorts for member in self._by_sort.get(sort, ())]
        return sorted(found, key=lambda one: (_NUMBER.sub("", one.path), _number(one.path), one.part))

    def unread(self) -> Iterator[Defect]:
        """Name the files among the account's own that are none of those known."""
        for member in self._backup.members():
            if self._layout.is_new(member):
                reason = f"a file that {self._layout.platform} has not written before; it was not read"
                yield Defect(member.path, reason, quarantined=False)


def exported(backup: Backup, platform: str) -> tuple[datetime | None, str]:
    """Return when an export was made, the end of that day in UTC, and whose it is, as its folder or zip is named."""
    names = [part.name for part in backup.parts] + [one.path for one in backup.members()]
    for found in filter(None, (re.search(WRAPPER.format(platform=platform), name) for name in names)):
        try:
            day = date.fromisoformat(found["day"])
        except ValueError:
            continue
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, milliseconds=-1), found["handle"]
    return None, ""


def html_beside(backup: Backup, layout: Layout, format_name: str) -> Iterator[Defect]:
    """Say which pages in HTML lie beside the JSON: the twins of it, and what is in HTML alone."""
    stems = {member.path.lower().removesuffix(".json") for member in backup.members()}
    for member in backup.members():
        if not layout.sort_of(member, ".html"):
            continue
        if member.path.lower().removesuffix(".html") in stems:
            reason = "the twin of what was read as JSON, which is more exact: it was not read"
        else:
            reason = f"this is in HTML alone: take the backup in once more with --format {format_name}"
        yield Defect(member.path, reason, quarantined=False)


def is_named(backup: Backup, platform: str) -> bool:
    """Say whether what was brought is named for a platform."""
    return any(part.name.lower().startswith(platform) for part in backup.parts)


def _number(path: str) -> int:
    found = _NUMBER.search(path)
    return int(found[1]) if found else 0


# -- records of one file


def records(member: Member, read: ReadItem) -> Reading:
    """Read every record of a file: a list, a list under a key, or (few records) one bare object."""
    head = first_bytes(member).lstrip()
    key = _array_key(head)
    if key is not None:
        yield from read_items(member, guarded(read), after=key)
        if key.strip('"'):
            yield from _other_lists(member, key)
        return
    whole = whole_object(member)
    if isinstance(whole, Defect):
        yield whole
    elif whole:
        yield from _one(member, whole, guarded(read))


def _one(member: Member, value: Any, read: ReadItem) -> Reading:
    native = member.read()
    try:
        yield from read(value, native, member.path)
    except (ValueError, TypeError, AttributeError) as error:
        yield Defect(member.path, f"this object is not what Meta writes here ({error})", native=native)


def _array_key(head: str) -> str | None:
    """Return after which text a file's records begin, None if the file is one object."""
    if not head.startswith("{"):
        return ""
    match = _FIRST_KEY.match(head)
    if match is None:
        return None
    if match[2] == "{" and _NESTED in head[:1000]:
        return _NESTED
    return f'"{match[1]}"' if match[2] == "[" and match[1] not in _OF_ONE_RECORD else None


def _other_lists(member: Member, key: str) -> Iterator[Defect]:
    """Name what else stands beside the list that was read."""
    if member.size > LARGEST_OBJECT:
        return
    try:
        beside = msgspec.json.decode(member.read().removeprefix(b"\xef\xbb\xbf"), type=dict[str, msgspec.Raw])
    except (OSError, ValueError):
        return
    for name, raw in beside.items():
        if f'"{name}"' != key and bytes(memoryview(raw)[:1]) == b"[" and not _is_empty(raw):
            yield Defect(member.path, f"the list “{name}” in this file was not read", quarantined=False)


def _is_empty(raw: msgspec.Raw) -> bool:
    return len(memoryview(raw)) < 1000 and not msgspec.json.decode(raw)


def whole_object(member: Member) -> dict[str, Any] | Defect:
    """Return the one object of a small file, or why there is none."""
    if member.size > LARGEST_OBJECT:
        return Defect(member.path, f"one object of {member.size:,} bytes: more than is read at once")
    try:
        native = member.read()
    except OSError as error:
        return Defect(member.path, str(error))
    try:
        value = json.loads(native.decode("utf-8-sig", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        return Defect(member.path, f"not JSON as Meta writes it ({error})", native=native)
    if isinstance(value, dict):
        return value
    return Defect(member.path, "there is neither a list nor an object in it", native=native)
