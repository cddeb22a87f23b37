"""A Flickr account's data: a file a photo with everybody's comments on it, lists in parts, the pictures.

The shapes are those of programs that read them. Commenters stand there with their account numbers (NSID). What is
deleted is gone, and nothing tells of edits.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import pictures, zips
from demo.every.small_life import address_name
from demo.people import Person
from demo.schedule import ANY_KIND, Format
from demo.shown import Item, profile
from demo.world import Account, Entry

SITE = "https://www.flickr.com"
Json = dict[str, Any]


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the zip: Flickr's two, of files and of what is told of them, are one folder here."""
    standing = account.standing(at)
    with zipfile.ZipFile(path, "w") as archive:
        _add(archive, "account_profile.json", _profile(account, at))
        people = [one for one in account.subscriptions if one.stands(at)]
        followers = {address_name(one.person): f"{SITE}/people/{one.id}/" for one in people}
        _add(archive, "followers_part001.json", {"followers": followers})
        for one in standing:
            if one.kind == "post":
                comments = [_comment(account, each, at) for each in standing if each.thread == one.id]
                _add(archive, f"photo_{one.id}.json", _photo(account, one, at) | {"comments": comments})
                for media in one.media:
                    zips.add(archive, _file(one), [pictures.of(media)])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """Own photos, private ones told apart, and everybody's comments on them; followers, the profile."""
    for one in account.standing(at):
        hidden = one.absence(at) is not None
        yield Item(kind=one.kind, id=one.id, says=one.wording(at).text, audience="hidden" if hidden else "there")
    standing = [one for one in account.subscriptions if one.stands(at)]
    for member in standing:
        yield Item(kind="subscriber", id=member.id, says=address_name(member.person), list_name="followers")
    yield profile(account, at)


FORMAT = Format("flickr", write, show, ANY_KIND, declared=True)


def nsid(person: Person) -> str:
    """Return somebody's account number."""
    return f"{person.x_id[:9]}@N0{int(person.x_id[9:]) % 8 + 1}"


def _add(archive: zipfile.ZipFile, name: str, value: Json) -> None:
    zips.add(archive, name, [json.dumps(value, ensure_ascii=False, indent=1).encode()])


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _profile(account: Account, at: datetime) -> Json:
    return {
        "real_name": account.title, "screen_name": account.handle, "nsid": account.native_id,
        "profile_url": f"{SITE}/people/{account.native_id}/", "description": profile(account, at).says,
        "email": "clerk@milbrook.example",
    }  # fmt: skip


def _file(one: Entry) -> str:
    return f"{re.sub(r'[^a-z0-9]+', '-', one.title.lower()).strip('-')}_{one.id}_o.jpg"


def _photo(account: Account, one: Entry, at: datetime) -> Json:
    return {
        "id": one.id, "name": one.title, "description": one.wording(at).text, "count_views": str(one.likes * 9),
        "count_faves": str(one.likes), "date_taken": _moment(one.at), "date_imported": _moment(one.at),
        "photopage": f"{SITE}/photos/{account.handle}/{one.id}/", "original": f"{SITE}/{_file(one)}",
        "license": "Public Domain Mark", "albums": [], "tags": [],
        "privacy": "private" if one.absence(at) is not None else "public",
    }  # fmt: skip


def _comment(account: Account, one: Entry, at: datetime) -> Json:
    user = account.native_id if one.author is None else nsid(one.author)
    where = f"{SITE}/photos/{account.handle}/{one.thread}/#comment{one.id}"
    return {"id": one.id, "date": _moment(one.at), "user": user, "comment": one.wording(at).text, "url": where}
