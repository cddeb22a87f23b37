"""The files of a Graph API dump about a Page: what each answers, and whether all pages of it were fetched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from ingest.backup import Backup, Member
from ingest.platforms.answers import is_lines
from ingest.platforms.meta_graph_files import (
    ANSWER,
    HEAD,
    ID,
    NUMBERED,
    Fetched,
    first_bytes,
    further_pages,
    is_an_answer,
    is_limited,
    members,
    number,
    pieces,
    stretches,
)

POST_EDGES = ("feed", "posts", "published_posts", "visitor_posts", "tagged")

RANKED = 500
"""Posts of one year from which a feed may have been cut: it is said to give about 600, and the best first."""

_ITEM = re.compile(rb'"created_time"\s*:\s*"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000"')
_PAGE = re.compile(rb'^\s*\{(?!\s*"data"\s*:)')
_OWNER = re.compile(r"(\d+(?:_\d+)?)_(?:comments|replies)[^/]*$|(t_[^/]+?)_messages[^/]*$")
_ANSWERED = re.compile(rb'"comment_count"\s*:\s*[1-9]')
_ANSWER = re.compile(rb'"parent"\s*:\s*\{|"comment_count"[^{}]*"comments"\s*:\s*\{\s*"data"\s*:\s*\[\s*\{')
_OTHER_ITEMS = re.compile(rb'"(?:reviewer|recommendation_type|review_text|has_rating|participants|senders)"\s*:')
_COMMENT_KEYS = re.compile(rb'"(?:comment_count|like_count|can_remove|can_hide|can_comment|parent|object)"\s*:')


def is_dump(head: bytes) -> bool:
    """Say whether a file begins like answers of the Graph API."""
    return bool(_ITEM.search(head) and ID.search(head)) or is_an_answer(head)


def is_post(head: bytes) -> bool:
    """Say whether a file begins with items of a Page, whose ids name the Page too."""
    return bool(_ITEM.search(head)) and any(found[2] for found in ID.finditer(head))


class Dump(Fetched):
    """What a dump says of itself as a whole.

    ``page_id`` is the Page's, empty if nothing tells; ``years`` counts posts. ``answered`` if comments say that they
    have answers, ``has_answers`` if any of those are here.
    """

    page_id: str = ""
    has_comments: bool = False
    answered: bool = False
    has_answers: bool = False
    years: Counter[str] = field(default_factory=Counter)

    @property
    def holds_every_post(self) -> bool:
        """Whether the feed was fetched to its end."""
        return self.is_whole and not self.crowded

    @property
    def crowded(self) -> str:
        """A year with so many posts that the API may have left others out, empty if there is none."""
        return min((year for year, count in self.years.items() if count >= RANKED), default="")

    @property
    def holds_every_comment(self) -> bool:
        """Whether the comments of every post were fetched to their end."""
        return self.holds_every_post and self.has_comments and not (self.unfinished or self.without_answers)

    @property
    def without_answers(self) -> bool:
        """Whether comments were fetched without what was answered to them."""
        return self.answered and not self.has_answers


def survey(backup: Backup) -> Dump:
    """Look through all files for what was fetched and what they say is still to come."""
    dump = Dump()
    for member in members(backup):
        head = first_bytes(member)
        before = dump.pages
        _look(dump, member, head)
        if dump.pages > before:
            _count(dump, member, is_lines(member, head))
        for owner, edge, rest in _noted(dump, member):
            if edge in POST_EDGES:
                dump.to_come += 1
                dump.limited = dump.limited or is_limited(rest)
            elif edge == "comments":
                dump.wanted[number(owner)] += 1
    return dump


class _Post(Struct):
    id: str = ""
    created_time: str = ""


class _Posts(Struct):
    data: list[_Post] = []


_posts = msgspec.json.Decoder(_Posts).decode


def _count(dump: Dump, member: Member, by_line: bool) -> None:
    """Count a file's posts by year, and its answers; note the number in its name, or that it is a bare list."""
    if found := NUMBERED.match(member.path):
        dump.numbers.setdefault(found[1], set()).add(int(found[2]))
    answers = 0
    for native in pieces(member, by_line):
        try:
            posts = _posts(native).data
        except (ValueError, RecursionError):
            continue
        answers += ANSWER.match(native) is not None or _holds_posts(native[:HEAD])
        dump.years.update(one.created_time[:4] for one in posts if one.id.startswith(f"{dump.page_id}_"))
    dump.pages += max(answers - 1, 0)
    dump.is_bare = dump.is_bare or not answers


def _look(dump: Dump, member: Member, head: bytes) -> None:
    dump.has_comments = dump.has_comments or b'"comments"' in head
    if re.match(rb'\s*\{\s*"error"', head):
        dump.failed = True
        return
    if owner_by_name(member).startswith("t_"):
        return
    found = ID.search(head)
    if found is None:
        dump.pages += b'"data"' in head and not owner_by_name(member)
        return
    whole = f"{found[1].decode()}_{found[2].decode()}" if found[2] else found[1].decode()
    if holds_comments(member, head):
        dump.has_comments = True
        dump.fetched[number(owner_by_name(member) or _parent(head) or found[1].decode())] += 1
    elif _PAGE.match(head) and not found[2]:
        dump.page_id = whole
        dump.pages += _holds_posts(head)
    elif not _OTHER_ITEMS.search(head):
        dump.page_id = dump.page_id or (found[1].decode() if found[2] else "")
        dump.pages += 1


def _holds_posts(head: bytes) -> bool:
    """Say whether an object begins with the Page's posts inside it."""
    return any(f'"{edge}"'.encode() in head for edge in POST_EDGES)


def holds_comments(member: Member, head: bytes) -> bool:
    """Say whether a file is a page of comments: by its name, or by what its first item has before any nested one."""
    if owner := owner_by_name(member):
        return owner[0].isdigit()
    first = head.split(b'"comments"', 1)[0]
    return bool(_COMMENT_KEYS.search(first)) and not re.search(rb'"(?:status_type|is_published|shares)"', first)


def owner_by_name(member: Member) -> str:
    """Return the id of the post, comment or conversation that a file is named for, empty if it is not."""
    found = _OWNER.search(member.path.rsplit("/", 1)[-1])
    return found[1] or found[2] if found else ""


def _parent(head: bytes) -> str:
    found = re.search(rb'"parent"\s*:\s*\{[^{}]*?"id"\s*:\s*"(\d+(?:_\d+)?)"', head)
    return found[1].decode() if found else ""


def _noted(dump: Dump, member: Member) -> Iterator[tuple[str, str, bytes]]:
    """Yield (id, edge, query) for every address of a further page that a file names; note if comments have answers."""
    for text in stretches(member):
        dump.answered = dump.answered or _ANSWERED.search(text) is not None
        dump.has_answers = dump.has_answers or _ANSWER.search(text) is not None
        yield from further_pages(text)
