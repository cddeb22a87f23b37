"""The files of a Graph API dump: what each answers, whether all pages of it were fetched, and no tokens.

One response is ``{"data": […], "paging": {"next": "…"}}``; how a dump is cut into files is its maker's choice, so
nothing is known by a file's name alone. Addresses of further pages carry the token that made the dump: it is
struck out of everything that is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from ingest.backup import Backup, Member

HEAD = 1 << 16
"""Bytes by which a file is known."""

POST_EDGES = ("feed", "posts", "published_posts", "visitor_posts", "tagged")
STRUCK_OUT = b"struck-out"

_ITEM = re.compile(rb'"created_time"\s*:\s*"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000"')
_ID = re.compile(rb'"id"\s*:\s*"(\d+)(?:_(\d+))?"')
_PAGE = re.compile(rb'^\s*\{(?!\s*"data"\s*:)')
_NEXT = re.compile(rb'"next"\s*:\s*"https:[^"]*?/(?:v\d+\.\d+\\?/)?(\d+(?:_\d+)?)\\?/([a-z_]+)\?')
_OWNER = re.compile(r"(\d+(?:_\d+)?)_(?:comments|replies)[^/]*$")
_TOKEN = re.compile(rb'((?:access_token|appsecret_proof|input_token)(?:=|%3D|"\s*:\s*"))[^&"\\\s]+')
_OTHER_ITEMS = re.compile(rb'"(?:reviewer|recommendation_type|participants|senders)"\s*:')
_COMMENT_KEYS = re.compile(rb'"(?:comment_count|like_count|can_remove|can_hide|can_comment|parent|object)"\s*:')


def is_dump(member: Member) -> bool:
    """Say whether a file looks like answers of the Graph API."""
    if not member.path.lower().endswith((".json", ".jsonl")):
        return False
    head = first_bytes(member)
    return bool(_ITEM.search(head) and _ID.search(head)) or b"graph.facebook.com" in head.replace(b"\\/", b"/")


def first_bytes(member: Member) -> bytes:
    """Return the beginning of a file, empty if it cannot be read."""
    try:
        return member.read(HEAD)
    except OSError:
        return b""


def without_tokens(native: bytes) -> bytes:
    """Return an item's own bytes with every access token struck out."""
    return _TOKEN.sub(rb"\1" + STRUCK_OUT, native) if b"token" in native or b"proof" in native else native


def number(native_id: str) -> str:
    """Return the last number of an id: a post is ``<page>_<post>``, a comment ``<post>_<comment>``."""
    return native_id.rpartition("_")[2]


class Dump(Struct):
    """What a dump says of itself as a whole.

    ``page_id`` is the Page's, empty if nothing tells. ``pages`` counts responses with posts, ``to_come`` those of them
    that name a further one; ``wanted`` and ``fetched`` count, by post or comment, further pages of comments.
    """

    page_id: str = ""
    pages: int = 0
    to_come: int = 0
    has_comments: bool = False
    failed: bool = False
    wanted: Counter[str] = Counter()
    fetched: Counter[str] = Counter()

    @property
    def holds_every_post(self) -> bool:
        """Whether the feed was fetched to its end."""
        return not self.failed and self.pages > 0 and self.to_come < self.pages

    @property
    def unfinished(self) -> list[str]:
        """The posts and comments of which not all comments were fetched, by number."""
        return sorted(one for one, count in self.wanted.items() if self.fetched[one] < count)

    @property
    def holds_every_comment(self) -> bool:
        """Whether the comments of every post were fetched to their end."""
        return self.holds_every_post and self.has_comments and not self.unfinished


def survey(backup: Backup) -> Dump:
    """Look through all files for what was fetched and what they say is still to come."""
    dump = Dump(wanted=Counter(), fetched=Counter())
    for member in members(backup):
        head = first_bytes(member)
        _look(dump, member, head)
        for owner, edge in _further(member):
            if edge in POST_EDGES:
                dump.to_come += 1
            elif edge == "comments":
                dump.wanted[number(owner)] += 1
    return dump


def members(backup: Backup) -> Iterator[Member]:
    """Yield the files of a backup that are, or may be, answers of the API, in the order of their paths."""
    for member in backup.members():
        name = member.path.rsplit("/", 1)[-1]
        if name.lower().endswith((".json", ".jsonl")) and not name.startswith("._") and "__MACOSX" not in member.path:
            yield member


def _look(dump: Dump, member: Member, head: bytes) -> None:
    dump.has_comments = dump.has_comments or b'"comments"' in head
    if re.match(rb'\s*\{\s*"error"', head):
        dump.failed = True
        return
    found = _ID.search(head)
    if found is None:
        dump.pages += b'"data"' in head and not owner_by_name(member)
        return
    whole = f"{found[1].decode()}_{found[2].decode()}" if found[2] else found[1].decode()
    if holds_comments(member, head):
        dump.has_comments = True
        dump.fetched[number(owner_by_name(member) or _parent(head) or found[1].decode())] += 1
    elif _PAGE.match(head) and not found[2]:
        dump.page_id = whole
        dump.pages += any(f'"{edge}"'.encode() in head for edge in POST_EDGES)
    elif not _OTHER_ITEMS.search(head):
        dump.page_id = dump.page_id or (found[1].decode() if found[2] else "")
        dump.pages += 1


def holds_comments(member: Member, head: bytes) -> bool:
    """Say whether a file is a page of comments: by its name, or by what its first item has before any nested one."""
    if owner_by_name(member):
        return True
    first = head.split(b'"comments"', 1)[0]
    return bool(_COMMENT_KEYS.search(first)) and not re.search(rb'"(?:status_type|is_published|shares)"', first)


def owner_by_name(member: Member) -> str:
    """Return the id of the post or comment that a file of comments is named for, empty if it is not."""
    found = _OWNER.search(member.path.rsplit("/", 1)[-1])
    return found[1] if found else ""


def _parent(head: bytes) -> str:
    found = re.search(rb'"parent"\s*:\s*\{[^{}]*?"id"\s*:\s*"(\d+(?:_\d+)?)"', head)
    return found[1].decode() if found else ""


def _further(member: Member) -> Iterator[tuple[str, str]]:
    """Yield (id, edge) for every address of a further page that a file names."""
    rest = b""
    try:
        with member.open() as stream:
            while block := stream.read(1 << 20):
                text = rest + block
                end = 0
                for found in _NEXT.finditer(text):
                    yield found[1].decode(), found[2].decode()
                    end = found.end()
                rest = text[max(end, len(text) - 4096) :]
    except OSError:
        return
