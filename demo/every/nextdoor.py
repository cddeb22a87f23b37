"""Answers of Nextdoor's developer interface: an agency's posts with the comments nested in them.

Field names are those of Nextdoor's public description; no real answer was at hand. Neighbours stand there with their
first name and an initial. What is deleted is gone, and nothing tells of edits.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import zips
from demo.every.small_life import newest
from demo.people import Person
from demo.schedule import ANY_KIND, Format
from demo.shown import Item
from demo.world import Account, Entry

Json = dict[str, Any]
A_PAGE = 20
NEIGHBORHOODS = ("Old Mill", "Riverside", "Prairie Heights")


def write(path: Path, account: Account, at: datetime, _: str) -> None:
    """Write the answers as a zip: newest posts first, some in each file."""
    standing = account.standing(at)
    answers: dict[str, list[Entry]] = defaultdict(list)
    for one in standing:
        answers[one.parent].append(one)
    posts = newest(standing, "post")
    with zipfile.ZipFile(path, "w") as archive:
        for number, begin in enumerate(range(0, len(posts), A_PAGE), 1):
            page = [_post(account, one, at, answers) for one in posts[begin : begin + A_PAGE]]
            zips.add(archive, f"posts_{number:04}.json", [json.dumps({"posts": page}, ensure_ascii=False).encode()])


def show(account: Account, at: datetime, _: str) -> Iterator[Item]:
    """The agency's posts and everybody's comments on them."""
    return (Item(kind=one.kind, id=one.id, says=one.wording(at).text) for one in account.standing(at))


FORMAT = Format("nextdoor", write, show, ANY_KIND, declared=True)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _post(account: Account, one: Entry, at: datetime, answers: dict[str, list[Entry]]) -> Json:
    agency = {"name": account.title, "agency_type": "city"}
    return {
        "id": one.id,
        "author": {"id": account.native_id, "name": account.title, "type": "agency", "agency_info": agency},
        "body": one.wording(at).text,
        "category": "alert" if one.likes > 40 else "general",
        "creation_date": _moment(one.at),
        "url": f"https://nextdoor.com/p/{one.id}",
        "neighborhoods": list(NEIGHBORHOODS),
        "like_count": one.likes,
        "comments": [_comment(account, inner, at, answers) for inner in answers[one.id]],
    }


def _comment(account: Account, one: Entry, at: datetime, answers: dict[str, list[Entry]]) -> Json:
    return {
        "id": one.id,
        "body": one.wording(at).text,
        "creation_date": _moment(one.at),
        "like_count": one.likes,
        "author_name": account.title if one.author is None else _neighbour(one.author),
        **({"parent_comment_id": one.parent} if one.parent != one.thread else {}),
        "comments": [_comment(account, inner, at, answers) for inner in answers[one.id]],
    }


def _neighbour(person: Person) -> str:
    return f"{person.first} {person.name.rpartition(' ')[2][0]}."
