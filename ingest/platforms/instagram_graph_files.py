"""The files of a Graph API dump about an Instagram account: what each answers, and whether all pages were fetched."""

from __future__ import annotations

import re

from ingest.backup import Backup, Member
from ingest.platforms.answers import is_lines
from ingest.platforms.meta_graph_files import (
    ANSWER,
    HEAD,
    NUMBERED,
    Fetched,
    first_bytes,
    further_pages,
    is_limited,
    members,
    pieces,
    stretches,
)

MOST = 10_000
"""Posts beyond which the API gives none, the newest first."""

OTHER_LISTS = ("stories", "tags", "mentioned", "conversations")
"""How files of lists that are not the account's own posts are named."""

_OWNER = re.compile(r"(\d+)_(?:comments|replies)[^/]*$|([^/]+?)_messages[^/]*$")
_USER = re.compile(rb'"(?:followers_count|media_count|biography)"\s*:')
_USERNAME = re.compile(rb'"username"\s*:\s*"([^"\\]+)"')
_USER_ID = re.compile(rb'^\s*\{[^{}\[\]]*?"id"\s*:\s*"(\d+)"')
_COMMENT = re.compile(rb'"(?:text|hidden|parent_id)"\s*:')
_OF_POSTS = re.compile(rb'"(?:media_type|media_product_type|permalink|caption|comments_count|shortcode)"\s*:')
_REPLY = re.compile(rb'"(?:parent_id|replies)"\s*:')


class Dump(Fetched):
    """What a dump says of itself as a whole.

    ``page_id`` is the account's id and ``username`` its handle, empty if nothing tells. ``tags`` and ``tags_to_come``
    count answers with posts that the account is tagged in, as ``pages`` and ``to_come`` count its own.
    """

    page_id: str = ""
    username: str = ""
    posts: int = 0
    tags: int = 0
    tags_to_come: int = 0
    has_comments: bool = False
    has_replies: bool = False

    @property
    def holds_every_post(self) -> bool:
        """Whether the account's posts, and those it is tagged in, were fetched to their end."""
        return self.is_whole and self.posts < MOST and self.tags > self.tags_to_come

    @property
    def holds_every_comment(self) -> bool:
        """Whether the comments of every post were fetched to their end, with what was answered to them."""
        return self.holds_every_post and self.has_comments and self.has_replies and not self.unfinished


def survey(backup: Backup) -> Dump:
    """Look through all files for whose they are, what was fetched and what they say is still to come."""
    dump = Dump()
    for member in members(backup):
        head = first_bytes(member)
        _look(dump, member, head)
        for text in stretches(member):
            dump.has_replies = dump.has_replies or _REPLY.search(text) is not None
            dump.posts += text.count(b'"media_type"')
            for owner, edge, query in further_pages(text):
                _note(dump, owner, edge, query)
    return dump


def _note(dump: Dump, owner: str, edge: str, query: bytes) -> None:
    """Note the address of a further page."""
    if edge == "media":
        dump.page_id = dump.page_id or owner
        dump.to_come += 1
        dump.limited = dump.limited or is_limited(query)
    elif edge == "tags":
        dump.tags_to_come += 1
    elif edge in ("comments", "replies"):
        dump.wanted[owner] += 1


def _look(dump: Dump, member: Member, head: bytes) -> None:
    dump.has_comments = dump.has_comments or b'"comments"' in head
    if re.match(rb'\s*\{\s*"error"', head):
        dump.failed = True
    elif owner := owner_by_name(member):
        if holds_comments(member, head):
            dump.has_comments = True
            dump.fetched[owner] += 1
    elif other := list_by_name(member.path):
        dump.tags += other == "tags"
    elif _is_user(head):
        _note_user(dump, head)
        dump.pages += b'"media"' in head
        dump.tags += b'"tags"' in head
    elif _OF_POSTS.search(head) or re.match(rb'\s*\{\s*"data"\s*:\s*\[\s*\]', head):
        _note_posts(dump, member, head)


def _note_user(dump: Dump, head: bytes) -> None:
    if found := _USERNAME.search(head):
        dump.username = found[1].decode("utf-8", "replace")
    if told := _USER_ID.search(head):
        dump.page_id = told[1].decode()


def _note_posts(dump: Dump, member: Member, head: bytes) -> None:
    """Count a file's answers with posts; note the number in its name, or that it is a bare list."""
    if found := NUMBERED.match(member.path):
        dump.numbers.setdefault(found[1], set()).add(int(found[2]))
    if not dump.username and (told := _USERNAME.search(head.split(b'"comments"', 1)[0])):
        dump.username = told[1].decode("utf-8", "replace")
    answers = sum(ANSWER.match(one[:HEAD]) is not None for one in pieces(member, is_lines(member, head)))
    dump.pages += max(answers, 1)
    dump.is_bare = dump.is_bare or not answers


def _is_user(head: bytes) -> bool:
    return head.lstrip().startswith(b"{") and not ANSWER.match(head) and _USER.search(head) is not None


def holds_comments(member: Member, head: bytes) -> bool:
    """Say whether a file is a page of comments: by its name, or by what its first item has before any nested one."""
    if owner := owner_by_name(member):
        return owner.isdigit() and "_messages" not in member.path
    first = head.split(b'"replies"', 1)[0].split(b'"comments"', 1)[0]
    return bool(_COMMENT.search(first)) and not _OF_POSTS.search(first)


def owner_by_name(member: Member) -> str:
    """Return the id of the post, comment or conversation that a file is named for, empty if it is not."""
    found = _OWNER.search(member.path.rsplit("/", 1)[-1])
    return found[1] or found[2] if found else ""


def list_by_name(place: str) -> str:
    """Return which list that is not the account's own posts a file, or a key in it, is named for."""
    words = place.lower().rpartition("/")[2].split(",")
    names = [re.split(r"[^a-z]", word.strip())[0] for word in words]
    return next((name for name in names if name in OTHER_LISTS), "")
