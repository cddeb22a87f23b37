"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from archive.canonical import canonical
from archive.records import Author
from ingest.backup import Member
from ingest.files_named import FilesNamed
from ingest.ingestor import Defect, Draft
from ingest.text import clean
from ingest.websites.feed_items import files_at, when, words

_VERSION = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/')


def is_json_feed(head: bytes) -> bool:
    """Say whether a file begins as a JSON Feed."""
    return head.lstrip().startswith(b"{") and _VERSION.search(head) is not None


def read_json_feed(member: Member, raw: bytes, files: FilesNamed, revision: str) -> Iterator[Draft | Defect]:
    """Yield the feed itself and its items."""
    try:
        feed = json.loads(raw.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        yield Defect(member.path, f"this JSON Feed is damaged: {error}", native=raw)
        return
    items = feed.get("items")
    try:
        yield _profile(member, feed, revision)
    except RecursionError as error:
        yield Defect(member.path, f"what the feed says of itself cannot be read: {error}")
    for number, item in enumerate(items if isinstance(items, list) else (), 1):
        place = f"{member.path}, item {number}"
        try:
            if not isinstance(item, dict):
                raise ValueError("it is no item")
            yield _draft(item, place, files, revision)
        except (ValueError, RecursionError) as error:
            yield Defect(place, f"it cannot be read: {error}")


def _profile(member: Member, feed: dict[str, Any], revision: str) -> Draft:
    about = {key: value for key, value in feed.items() if key not in ("items", "next_url")}
    return Draft(
        kind="profile",
        place=member.path,
        native=canonical(_plain(about)),
        native_id=_text(feed, "feed_url") or _text(feed, "home_page_url") or None,
        revision=revision,
        author=Author(_text(feed, "title"), is_account=True),
        title=_text(feed, "title"),
        text=_text(feed, "description"),
        url=_text(feed, "home_page_url"),
    )


def _draft(item: dict[str, Any], place: str, files: FilesNamed, revision: str) -> Draft:
    attached = [
        (_text(one, "url"), _text(one, "title")) for one in item.get("attachments") or () if isinstance(one, dict)
    ]
    images = [(_text(item, key), "") for key in ("image", "banner_image")]
    attachments, links = files_at([*attached, *images], files)
    html = _text(item, "content_html")
    authors = item.get("authors") or [item.get("author")]
    author = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    native_id = item.get("id")
    summary = _text(item, "summary")
    return Draft(
        kind="article",
        place=place,
        native=canonical(_plain(item)),
        native_id=str(native_id) if native_id not in (None, "") else None,
        revision=revision,
        created=when(_text(item, "date_published")),
        edited=when(_text(item, "date_modified")),
        author=Author(_text(author, "name"), is_account=True),
        title=words(_text(item, "title")),
        text=words(html, True) if html else clean(_text(item, "content_text")),
        url=_text(item, "url") or _text(item, "external_url"),
        attachments=attachments,
        links=links,
        tags=tuple(str(one) for one in item.get("tags") or () if isinstance(one, str)),
        details={"summary": clean(summary)} if summary else {},
    )


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _plain(value: Any) -> Any:
    """Return JSON without floats, which canonical JSON does not have: they stay as their text."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
