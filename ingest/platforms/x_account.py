"""Who an X archive is of: ``account.js``, ``profile.js``, ``manifest.js``, and their older cousins."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from archive.records import Author, Kind
from ingest.backup import Backup
from ingest.ingestor import Coverage
from ingest.timestamps import from_iso

SMALL_FILE = 32 << 20
"""Bytes of the largest file that is read whole; the files here have some kilobytes."""


class XAccount(Struct, frozen=True):
    """The account an archive is of; empty where the archive does not say."""

    native_id: str = ""
    handle: str = ""
    name: str = ""

    def author(self) -> Author:
        """The account as the author of its own posts."""
        return Author(self.name, self.handle, self.native_id, is_account=True)


def assigned_json(backup: Backup, name: str) -> Any:
    """Return what a small ``window.… = JSON`` file assigns; None if it is absent or cannot be read."""
    member = backup.find(name)
    if member is None or member.size > SMALL_FILE:
        return None
    try:
        text = member.read().decode("utf-8-sig", "replace")
        return json.loads(text[_start(text) :].rstrip().rstrip(";"))
    except (OSError, ValueError, RecursionError):
        return None


def _start(text: str) -> int:
    found = re.search(r"=\s*(?=[\[{])", text[:1000])
    return found.end() if found else 0


def account(backup: Backup) -> XAccount:
    """Return the account: by account.js, else by manifest.js, else by the older user_details.js."""
    for wrapped in _entries(assigned_json(backup, "account.js")):
        one = wrapped.get("account", wrapped)
        if isinstance(one, dict) and one.get("accountId"):
            return XAccount(str(one["accountId"]), str(one.get("username", "")), str(one.get("accountDisplayName", "")))
    user = manifest(backup).get("userInfo")
    if isinstance(user, dict) and user.get("accountId"):
        return XAccount(str(user["accountId"]), str(user.get("userName", "")), str(user.get("displayName", "")))
    details = assigned_json(backup, "user_details.js")
    if isinstance(details, dict) and details.get("id"):
        return XAccount(str(details["id"]), str(details.get("screen_name", "")), str(details.get("full_name", "")))
    return XAccount()


def _entries(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def manifest(backup: Backup) -> dict[str, Any]:
    """Return manifest.js as an object, empty where there is none."""
    found = assigned_json(backup, "manifest.js")
    return found if isinstance(found, dict) else {}


DATA_TYPES: dict[str, Kind] = {
    "tweets": "post",
    "tweet": "post",
    "follower": "subscriber",
    "directMessages": "message",
    "profile": "profile",
}
"""Which of the manifest's data types holds all items of a kind."""


def coverage(backup: Backup) -> Coverage:
    """Return what the manifest says: when the archive was made and which kinds it holds in full."""
    facts = manifest(backup)
    about = facts.get("archiveInfo")
    user = facts.get("userInfo")
    about = about if isinstance(about, dict) else {}
    made = from_iso(str(about.get("generationDate", ""))).at
    complete: frozenset[Kind] = frozenset()
    if about.get("isPartialArchive") is False and not missing_files(backup, facts):
        types = facts.get("dataTypes")
        names = types if isinstance(types, dict) else {}
        complete = frozenset(kind for name, kind in DATA_TYPES.items() if name in names)
    handle = str(user.get("userName", "")) if isinstance(user, dict) else ""
    return Coverage(exported_at=made, complete=complete, account_handle=handle)


def listed_files(facts: dict[str, Any]) -> list[tuple[str, int]]:
    """Return (file name, declared number of items) of every file that the manifest lists."""
    found: list[tuple[str, int]] = []
    types = facts.get("dataTypes")
    for one in types.values() if isinstance(types, dict) else ():
        for file in one.get("files") or () if isinstance(one, dict) else ():
            if isinstance(file, dict) and file.get("fileName"):
                count = str(file.get("count", "0"))
                found.append((str(file["fileName"]), int(count) if count.isdigit() else 0))
    return found


def missing_files(backup: Backup, facts: dict[str, Any]) -> list[str]:
    """Return the files that the manifest lists, of the kinds read here, and the backup does not hold."""
    wanted = (
        "tweet",
        "note-tweet",
        "follower",
        "direct-message",
        "profile",
        "deleted-tweet",
        "community-tweet",
    )
    return [
        name
        for name, count in listed_files(facts)
        if count and name.rsplit("/", 1)[-1].startswith(wanted) and backup.find(name) is None
    ]


def snowflake_time(native_id: str) -> datetime | None:
    """Return the moment that an id of X carries (ids since 4 November 2010 do)."""
    if not native_id.isdigit() or int(native_id) < 29_700_000_000:
        return None
    return datetime.fromtimestamp(((int(native_id) >> 22) + 1_288_834_974_657) / 1000, UTC)
