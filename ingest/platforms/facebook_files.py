"""The files of a Facebook export: which are read, what they are, and the records in them.

Files are known by the end of their path, since the folder above them has had four names, and tools
that unpack replace its apostrophe. Only what is named here is read: security and login
files, contacts, advertising, searches and whom the account follows are nobody's record of the city.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ingest.backup import Backup, Member, is_residue
from ingest.ingestor import Defect
from ingest.json_items import Reading, ReadItem, first_bytes, guarded, read_items

LARGEST_OBJECT = 64 << 20
"""Bytes of the largest file that is one object and not a list of items."""

SORTS: Mapping[str, re.Pattern[str]] = {
    sort: re.compile(f"(^|/){pattern}$")
    for sort, pattern in {
        "posts": r"(posts/(your|profile)_posts[^/]*|posts/posts_on_other_pages_and_profiles|reels/your_reels)\.json",
        "visitors' posts": r"posts/other_people[^/]*posts_to_your_timeline\.json",
        "group posts": r"groups/(your_posts_in_groups|group_posts_and_comments)[^/]*\.json",
        "stories": r"stories/(archived|your)_stories[^/]*\.json",
        "comments": r"(comments[^/]*/(your_)?comments(_\d+)?|groups/your_comments_in[^/]*)\.json",
        "reactions": r"((likes|comments)_and_)?reactions/"
        r"(likes_and_reactions|posts_and_comments|pages)?(_\d+)?\.json",
        "albums": r"album/\d+\.json",
        "videos": r"(posts|photos_and_videos)/(your_)?videos(_\d+)?\.json",
        "photos": r"(posts|photos_and_videos)/(your_)?(uncategorized_)?photos(_\d+)?\.json",
        "messages": r"(messages|your_group_messages)/([^/]+/)*message(_\d+)?\.json",
        "followers": r"(people_who_follow(ed)?_you|followers)\.json",
        "friends": r"friends/(your_)?friends\.json",
        "events": r"events/(your_)?events(_\d+)?\.json",
        "hosted events": r"events/events_you_hosted\.json",
        "reviews": r"[^/]*(reviews|recommendations)[^/]*/[^/]*(reviews?|recommendations)[^/]*\.json",
        "edits": r"edits_you_made_to_posts\.json",
        "comment edits": r"your_comment_edits\.json",
        "trash": r"posts/trash\.json|trash\.json",
        "archived": r"posts/archive\.json|archive\.json",
        "pending": r"groups/your_pending_(group_posts|posts_in_groups)[^/]*\.json",
        "moderation": r"groups/(your_actions_on_violating_content_in_your_groups|your_admin_actions"
        r"|your_participation_requests)[^/]*\.json",
        "profile": r"profile_information/profile_information\.json",
        "dashboard": r"professional_dashboard/your_professional_dashboard_activity\.json",
    }.items()
}
"""What a file is, by the end of its path in small letters."""

CONTENT_FOLDER = re.compile(r"(^|/)(posts|reels|groups|stories|events|(likes_and_|comments_and_)?reactions|comments)/")
"""Folders of what the account wrote: a file in them that is not read is told."""

NO_RECORDS = re.compile(
    r"(content_sharing_links_you_have_created|places_you_have_been_tagged_in|check-ins|birthday_media"
    r"|media_used_for_memories|video_collaboration_events|facebook_editor|event_invitations|your_event_invitation_links"
    r"|(your_)?event_responses|story_reactions|your_groups|your_group_membership_activity|your_comment_active_days"
    r"|your_group_shortcuts|your_badges|your_settings_for_groups_tab)\.json$"
)
"""Files in those folders that hold settings, memberships or a second list of what other files tell."""

_NUMBER = re.compile(r"_(\d+)\.json$")
_FIRST_KEY = re.compile(r'\{\s*"((?:[^"\\]|\\.)*)"\s*:\s*(.)', re.DOTALL)
_OF_ONE_RECORD = ("timestamp", "media", "label_values", "fbid", "title", "data", "attachments", "name", "uri")
_NESTED = '"activity_log_data"'


def sort_of(member: Member) -> str:
    """Return what a file is, empty for one that is not read."""
    path = member.path.lower()
    if not path.endswith(".json") or is_residue(path):
        return ""
    return next((sort for sort, pattern in SORTS.items() if pattern.search(path)), "")


class Files:
    """The files of one export by their sorts."""

    def __init__(self, backup: Backup) -> None:
        self._backup = backup
        self._by_sort: dict[str, list[Member]] = {}
        for member in backup.members():
            if sort := sort_of(member):
                self._by_sort.setdefault(sort, []).append(member)

    def of(self, *sorts: str) -> Sequence[Member]:
        """Return the files of some sorts, series in the order of their numbers."""
        found = [member for sort in sorts for member in self._by_sort.get(sort, ())]
        return sorted(found, key=lambda one: (_NUMBER.sub("", one.path), _number(one.path), one.part))

    def unread(self) -> Iterator[Defect]:
        """Name the files among the account's own that are none of those known."""
        for member in self._backup.members():
            path = member.path.lower()
            if path.endswith(".json") and CONTENT_FOLDER.search(path) and not _is_known(member):
                yield Defect(
                    member.path, "a file that Facebook has not written before; it was not read", quarantined=False
                )


def _is_known(member: Member) -> bool:
    return bool(sort_of(member)) or is_residue(member.path) or NO_RECORDS.search(member.path.lower()) is not None


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
        yield Defect(member.path, f"this object is not what Facebook writes here ({error})", native=native)


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
        return Defect(member.path, f"not JSON as Facebook writes it ({error})", native=native)
    if isinstance(value, dict):
        return value
    return Defect(member.path, "there is neither a list nor an object in it", native=native)
