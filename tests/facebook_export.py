"""Facebook exports that a test makes up, written as Facebook writes them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ACTIVITY = "this_profile's_activity_across_facebook"
POSTS = f"{ACTIVITY}/posts/profile_posts_1.json"
EDITS = f"{ACTIVITY}/posts/edits_you_made_to_posts.json"
TRASH = f"{ACTIVITY}/posts/trash.json"
COMMENTS = f"{ACTIVITY}/comments_and_reactions/comments.json"
FOLLOWERS = "connections/followers/people_who_followed_you.json"
DASHBOARD = "logged_information/professional_dashboard/your_professional_dashboard_activity.json"
INBOX = f"{ACTIVITY}/messages/inbox"
CITY = {DASHBOARD: {"prodash_activity": [{"page_name": "City of Milbrook"}]}}


def ascii_json(value: Any) -> bytes:
    """Return JSON in which every byte of a UTF-8 character is an escape of its own."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(c if c.isascii() else "".join(f"\\u00{b:02x}" for b in c.encode()) for c in text).encode()


def export(path: Path, files: Mapping[str, Any], folder: str = "") -> Path:
    """Write a zip of these files: bytes as they are, everything else as Facebook's JSON."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, value in files.items():
            packed.writestr(f"{folder}{name}", value if isinstance(value, bytes) else ascii_json(value))
    return path


def post(at: int, text: str, *media: str, **more: Any) -> dict[str, Any]:
    """Return a post in the classic style."""
    shown = [{"data": [{"media": {"uri": one, "creation_timestamp": at, "description": text}}]} for one in media]
    return {"timestamp": at, "data": [{"post": text}, {}], **({"attachments": shown} if shown else {}), **more}


def wording(at: int, text: str, fbid: str) -> dict[str, Any]:
    """Return one saved wording of the history of edits."""
    return {"timestamp": at, "media": [], "label_values": [{"label": "Text", "value": text}], "fbid": fbid}


def trashed(at: int, text: str, number: str = "1") -> list[dict[str, Any]]:
    """Return the labels of a post in the trash."""
    address = f"https://www.facebook.com/milbrook/posts/pfbid0{number}"
    return [
        {"label": "URL", "value": address, "href": address},
        {"label": "Message", "value": text},
        {"label": "Modified time", "timestamp_value": at},
    ]


def conversation(thread: str, *messages: dict[str, Any], people: tuple[str, ...] = ("Tou Vang",)) -> dict[str, Any]:
    """Return the file of a conversation between the city and these people."""
    return {
        "participants": [{"name": name} for name in (*people, "City of Milbrook")],
        "messages": list(messages),
        "title": people[0],
        "is_still_participant": True,
        "thread_path": f"inbox/{thread}",
        "magic_words": [],
    }


def message(at: int, text: str, sender: str = "Tou Vang", **more: Any) -> dict[str, Any]:
    """Return one message; ``at`` in milliseconds."""
    return {"sender_name": sender, "timestamp_ms": at, "content": text, **more}
