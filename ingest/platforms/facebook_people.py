"""Whom a Facebook export is of, and who follows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from archive.records import Author
from ingest.backup import Backup, Member
from ingest.ingestor import Coverage, Draft
from ingest.json_items import Item, Reading, first_bytes, items
from ingest.platforms.facebook_drafts import inner, moment, with_text
from ingest.platforms.facebook_files import FACEBOOK
from ingest.platforms.facebook_messages import HEAD, participants
from ingest.platforms.facebook_text import repaired, repaired_item
from ingest.platforms.meta_files import Files, exported, whole_object

LISTS = {"followers": "followers", "friends": "friends"}
"""The subscriber lists, by the sort of the file that holds them."""

PROFILE_KEYS = ("name", "username", "profile_uri", "about_me", "intro_bio", "profile_category", "websites")
"""What is read of a profile; addresses, phone numbers, birthdays and relations are not."""


def coverage(backup: Backup) -> Coverage:
    """Return what file or folder names say, to the end of that day, and which lists of people are in it."""
    files = Files(backup, FACEBOOK)
    made_at, handle = exported(backup, "facebook")
    lists = {name for sort, name in LISTS.items() if files.of(sort)}
    lists |= {name for name in LISTS.values() if backup.find(f"{name}/no-data.txt")}
    return Coverage(exported_at=made_at, account_handle=handle, lists=frozenset(lists))


# -- the account


def account(files: Files) -> Author:
    """Return the account: by the dashboard, the profile, its own comments, or as the one in every conversation."""
    name = _of_dashboard(files) or _of_profile(files) or _of_comments(files) or name_in_every_conversation(files)
    return Author(name, is_account=True)


def _of_dashboard(files: Files) -> str:
    for member in files.of("dashboard"):
        found = _object(member).get("prodash_activity")
        for one in found if isinstance(found, list) else ():
            if isinstance(one, dict) and one.get("page_name"):
                return str(one["page_name"])
    return ""


def _of_profile(files: Files) -> str:
    return next((name for one in files.of("profile") if (name := _full_name(profile_of(one)))), "")


def _of_comments(files: Files) -> str:
    for member in files.of("comments", "reactions"):
        with member.open() as stream:
            first = next(iter(items(stream)), None)
        if isinstance(first, Item) and isinstance(first.value, dict) and isinstance(first.value.get("data"), list):
            item = repaired_item(first.value, first.native)
            return str(inner(item, "comment").get("author") or inner(item, "reaction").get("actor") or "")
    return ""


def name_in_every_conversation(files: Files) -> str:
    """Return the one name that takes part in every conversation, if there are several."""
    common: set[str] | None = None
    seen = set()
    for member in files.of("messages"):
        names = participants(first_bytes(member, HEAD))
        if names:
            seen.add(names)
            common = set(names) if common is None else common & set(names)
    return common.pop() if common and len(common) == 1 and len(seen) > 1 else ""


def _object(member: Member) -> Mapping[str, Any]:
    found = whole_object(member)
    mended: Mapping[str, Any] = repaired(found) if isinstance(found, dict) else {}
    return mended


def profile_of(member: Member) -> Mapping[str, Any]:
    """Return what is read of a profile; empty if it cannot be."""
    whole = _object(member)
    found = next((one for key, one in whole.items() if key.startswith("profile") and isinstance(one, dict)), {})
    return {key: found[key] for key in PROFILE_KEYS if found.get(key)}


def _full_name(profile: Mapping[str, Any]) -> str:
    name = profile.get("name")
    return str(name.get("full_name") or "") if isinstance(name, dict) else str(name or "")


def profiles(files: Files, author: Author) -> Iterator[Draft]:
    """Yield the account's profile; its native bytes are the part that is read, as JSON."""
    for member in files.of("profile"):
        found = profile_of(member)
        if not found:
            continue
        about = found.get("about_me") or found.get("intro_bio") or ""
        base = Draft(
            kind="profile",
            place=member.path,
            native=msgspec.json.encode(found),
            native_id="profile",
            author=author,
            title=_full_name(found),
            url=str(found.get("profile_uri") or ""),
            links=tuple(_websites(found.get("websites"))),
            details={"category": str(found["profile_category"])} if found.get("profile_category") else {},
        )
        yield with_text(base, str(about.get("name") or "") if isinstance(about, dict) else str(about))


def _websites(found: Any) -> Iterator[str]:
    for one in found if isinstance(found, list) else ():
        address = one.get("address") if isinstance(one, dict) else one
        if address:
            yield str(address)


# -- who follows


class Subscribers:
    """Reads followers or friends: names, each row somebody of their own, and since when if that is told."""

    def __init__(self, list_name: str) -> None:
        self._list_name = list_name

    def read(self, value: Any, native: bytes, place: str) -> Reading:
        """Yield one of them."""
        item = repaired_item(value, native)
        yield Draft(
            kind="subscriber",
            place=place,
            native=native,
            created=moment(item.get("timestamp")),
            author=Author(str(item["name"])),
            list_name=self._list_name,
        )
