"""WordPress exports (WXR): posts, pages, media and the comments on them, with their states of moderation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from archive.records import Audience, Author, Kind, Timestamp
from ingest.backup import Backup, Member
from ingest.files_named import FilesNamed
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading
from ingest.text import clean, html_to_text
from ingest.timestamps import from_iso
from ingest.websites.xml_items import content, elements, local, namespace, source, texts

if TYPE_CHECKING:
    from lxml.etree import _Element

ENDINGS = (".xml", ".wxr", ".rss", ".txt")
HEAD = 16 << 10
"""Bytes in which an export says what it is."""

MARKS = (b"http://wordpress.org/export/", b"<wp:wxr_version")

GAPS = (
    "files: an export has their addresses only (put a copy of wp-content/uploads beside it)",
    "earlier wordings, and what was deleted for good before the export",
    "on purpose: passwords of posts, IP addresses and browsers of those who commented",
)

AUDIENCES: Mapping[str, Audience] = {
    "publish": "public", "inherit": "public", "private": "private", "draft": "draft", "auto-draft": "draft",
    "pending": "draft", "future": "draft", "trash": "removed",
}  # fmt: skip
APPROVAL: Mapping[str, Audience] = {
    "1": "public", "approve": "public", "0": "hidden", "hold": "hidden", "spam": "spam", "trash": "removed",
    "post-trashed": "removed",
}  # fmt: skip
KINDS: Mapping[str, Kind] = {"post": "article", "page": "page", "attachment": "page", "revision": "article"}
PRIVATE = ("post_password", "comment_author_IP", "comment_agent")
"""Elements whose text is not taken in."""

MACHINERY = re.compile(
    r"nav_menu_item|custom_css|customize_changeset|oembed_cache|user_request|wp_\w+|acf-.*|elementor_\w+|amp_\w+"
)
"""Types of posts that are parts of the site's works and no writings."""

_LINK = re.compile(r"""(?:href|src)\s*=\s*["'](https?://[^"'\s<>]+)""", re.IGNORECASE)


class WordPressIngestor(Ingestor):
    """Reads WordPress exports (WXR 1.0 to 1.2), in one file or several."""

    name = "wordpress"
    platform = "website"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the export's namespace or version."""
        return Confidence.CONTENT if any(map(is_wxr, backup.likely(50, *ENDINGS))) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Tell when it was made: the channel's date. It does not say whether everything was chosen."""
        made = [moment for one in backup.members() if is_wxr(one) and (moment := _made_at(one))]
        return Coverage(exported_at=max(made, default=None))

    def read(self, backup: Backup) -> Reading:
        """Yield the items of every file with their comments."""
        yield from (Gap(what) for what in GAPS)
        ours = [one for one in backup.members() if is_wxr(one)]
        files = FilesNamed([one for one in backup.members() if one not in ours])
        names: dict[str, str] = {}
        for member in ours:
            yield from _Export(member, files, names).read()
        yield from files.unnamed()


def is_wxr(member: Member) -> bool:
    """Say whether a file is a WordPress export."""
    name = member.path.rsplit("/", 1)[-1].lower()
    if "." in name and not name.endswith(ENDINGS):
        return False
    try:
        head = member.read(HEAD)
    except OSError:
        return False
    return any(one in head for one in MARKS)


def _made_at(member: Member) -> datetime | None:
    found = re.search(rb"<pubDate>([^<]{10,60})</pubDate>", member.read(HEAD).partition(b"<item>")[0])
    try:
        moment = parsedate_to_datetime(found[1].decode()) if found else None
    except (ValueError, TypeError):
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


class _Export:
    """One file of an export. ``names`` are authors' names by login, shared by all files."""

    def __init__(self, member: Member, files: FilesNamed, names: dict[str, str]) -> None:
        self._member = member
        self._files = files
        self._names = names
        self._passed_over: Counter[str] = Counter()

    def read(self) -> Reading:
        number = 0
        for element in elements(self._member, ("item", "author")):
            if isinstance(element, Defect):
                yield element
            elif local(element) == "author":
                about = texts(element)
                self._names[about.get("author_login", "")] = about.get("author_display_name", "")
            else:
                number += 1
                yield from self._item(element, f"{self._member.path}, item {number}")
        if self._passed_over:
            told = ", ".join(f"{count:,} {name}" for name, count in sorted(self._passed_over.items()))
            yield Defect(self._member.path, f"parts of the site's works were not read: {told}", quarantined=False)

    def _item(self, element: _Element, place: str) -> Reading:
        about = _about(element)
        sort = about.get("post_type", "post")
        if MACHINERY.fullmatch(sort):
            self._passed_over[sort] += 1
            return
        comments = [one for one in element if local(one) == "comment"]
        for comment in comments:
            element.remove(comment)
        try:
            yield self._post(element, about, sort, place)
        except ValueError as error:
            yield Defect(place, str(error), native=source(element))
        for number, comment in enumerate(comments, 1):
            yield _comment(comment, about.get("post_id", ""), f"{place}, comment {number}")

    def _post(self, element: _Element, about: Mapping[str, str], sort: str, place: str) -> Draft:
        if not (about.get("post_id") or about.get("guid") or about.get("title")):
            raise ValueError("an item without id and title")
        login = about.get("creator", "")
        body = about.get("content", "")
        address = about.get("attachment_url", "")
        attachment = self._files.attachment(address) if address else None
        is_locked = bool(about.get("post_password", "").strip())
        audience: Audience = AUDIENCES.get(about.get("status", "publish"), "draft")
        audience = "private" if audience == "public" and is_locked else audience
        parent = about.get("post_parent", "")
        created = moment(about.get("post_date_gmt", ""), about.get("post_date", ""))
        edited = moment(about.get("post_modified_gmt", ""), about.get("post_modified", ""))
        same = created is not None and edited is not None and created.at == edited.at
        links = [*([address] if address else []), *_LINK.findall(body)]
        return Draft(
            kind=KINDS.get(sort, "event" if "event" in sort else "page"),
            place=place,
            native=_native(element),
            native_id=about.get("post_id") or about.get("guid") or None,
            created=created,
            edited=None if same else edited,
            removed_by="city" if audience == "removed" else "",
            author=Author(self._names.get(login, "") or login, login, is_account=True),
            title=clean(html_to_text(about.get("title", ""))),
            text=clean(html_to_text(body)),
            parent=parent if parent != "0" else "",
            url=about.get("link", ""),
            attachments=(attachment,) if attachment is not None else (),
            links=tuple(dict.fromkeys(links)),
            tags=tuple(dict.fromkeys(one.text for one in element if local(one) == "category" and one.text)),
            audience=audience,
            details=_details(about, sort),
        )


def _about(element: _Element) -> dict[str, str]:
    """Return an item's values; its content and excerpt have one local name and two namespaces."""
    about = texts(element)
    for child in element:
        if local(child) == "encoded":
            about["excerpt" if "excerpt" in namespace(child) else "content"] = content(child)
    return about


def _details(about: Mapping[str, str], sort: str) -> dict[str, str]:
    excerpt = html_to_text(about.get("excerpt", ""))
    kept = {
        "excerpt": excerpt,
        "type": sort if sort not in ("post", "page") else "",
        "name": about.get("post_name", ""),
    }
    return {name: clean(value) for name, value in kept.items() if value}


def _comment(element: _Element, post: str, place: str) -> Draft:
    about = texts(element)
    parent = about.get("comment_parent", "0")
    user = about.get("comment_user_id", "0")
    audience = APPROVAL.get(about.get("comment_approved", "1"), "hidden")
    sort = about.get("comment_type", "")
    kept = {
        "email": about.get("comment_author_email", ""),
        "website": about.get("comment_author_url", ""),
        "type": sort if sort != "comment" else "",
    }
    return Draft(
        kind="comment",
        place=place,
        native=_native(element),
        native_id=about.get("comment_id") or None,
        created=moment(about.get("comment_date_gmt", ""), about.get("comment_date", "")),
        removed_by="unknown" if audience == "removed" else "",
        author=Author(about.get("comment_author", ""), native_id=user if user not in ("", "0") else ""),
        text=clean(html_to_text(about.get("comment_content", ""))),
        parent=parent if parent not in ("", "0") else post,
        thread=post,
        audience=audience,
        details={name: clean(value) for name, value in kept.items() if value},
    )


def _native(element: _Element) -> bytes:
    """Return the element's XML without what is private."""
    for child in element.iter():
        if local(child) in PRIVATE:
            child.text = None
    return source(element)


def moment(gmt: str, there: str) -> Timestamp | None:
    """Return a moment: in UTC where WordPress knows it, else the site's own time, whose zone an export never tells."""
    if gmt and not gmt.startswith("0000"):
        return from_iso(gmt)
    if there and not there.startswith("0000"):
        return from_iso(there, "unknown")
    return None
