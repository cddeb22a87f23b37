"""Whom an Instagram export is of, and what the account says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from archive.records import Author
from ingest.backup import Backup, Member
from ingest.ingestor import Coverage, Draft
from ingest.platforms import instagram_values as values
from ingest.platforms.facebook_drafts import Drafting, with_text
from ingest.platforms.facebook_people import name_in_every_conversation
from ingest.platforms.facebook_text import repaired
from ingest.platforms.instagram_files import INSTAGRAM
from ingest.platforms.instagram_items import with_handles
from ingest.platforms.meta_files import Files, exported, whole_object

PROFILE = ("username", "name", "bio", "website")
"""What is read of a profile; addresses, phone numbers, birthdays and gender are not."""

FIRST_KEYS = {"username": "username", "name": "name", "biography": "bio", "website": "website"}
"""The same in the flat layout."""


def coverage(backup: Backup) -> Coverage:
    """Return what file or folder names say, to the end of that day, and whether the followers are in it."""
    files = Files(backup, INSTAGRAM)
    made_at, handle = exported(backup, "instagram")
    followers = files.of("followers", "first connections") or backup.find("followers_and_following/no-data.txt")
    lists = frozenset({"followers"}) if followers else frozenset()
    return Coverage(exported_at=made_at, account_handle=handle, lists=lists)


def account(files: Files, backup: Backup) -> Author:
    """Return the account: by its profile, its folder's name, or as the one in every conversation."""
    told = next((one for member in files.of("profile", "first profile") if (one := profile_of(member))), {})
    handle = told.get("username") or exported(backup, "instagram")[1]
    name = told.get("name") or name_in_every_conversation(files)
    return Author(name, handle, is_account=True)


def profile_of(member: Member) -> dict[str, str]:
    """Return what is read of a profile; empty if it cannot be."""
    whole = whole_object(member)
    found: Mapping[str, Any] = repaired(whole) if isinstance(whole, dict) else {}
    if "username" in found:
        return {FIRST_KEYS[key]: str(found[key]) for key in FIRST_KEYS if found.get(key)}
    users = values.listed(found, "profile_user")
    told = values.named(users[0]) if users else {}
    return {key: values.text(told, key) for key in PROFILE if values.text(told, key)}


def profiles(files: Files, drafting: Drafting) -> Iterator[Draft]:
    """Yield the account's profile; its native bytes are the part that is read, as JSON."""
    for member in files.of("profile", "first profile"):
        if told := profile_of(member):
            base = Draft(
                kind="profile",
                place=member.path,
                native=msgspec.json.encode(told),
                native_id="profile",
                author=drafting.author,
                title=told.get("name", ""),
                links=(told["website"],) if "website" in told else (),
            )
            yield replace(with_handles(with_text(base, told.get("bio", ""))))
