"""The files of a Graph API dump: what each answers, whether all pages of it were fetched, and no tokens.

One response is ``{"data": […], "paging": {"next": "…"}}``; how a dump is cut into files is its maker's choice, so
nothing is known by a file's name alone. Addresses of further pages carry the token that made the dump: it is
struck out of everything that is kept.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from ingest.backup import Backup, Member
from ingest.json_items import as_utf8

HEAD = 1 << 16
"""Bytes by which a file is known."""

LARGEST_OBJECT = 256 << 20
"""Bytes of the largest file that is decoded in one piece."""

ANSWERS = (".json", ".jsonl", ".ndjson")
"""Endings of the files that may hold answers."""

LINES = (".jsonl", ".ndjson")
"""Endings of files that hold an object on each line."""

POST_EDGES = ("feed", "posts", "published_posts", "visitor_posts", "tagged")
STRUCK_OUT = b"struck-out"

RANKED = 500
"""Posts of one year from which a feed may have been cut: it is said to give about 600, and the best first."""

_ITEM = re.compile(rb'"created_time"\s*:\s*"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000"')
_ID = re.compile(rb'"id"\s*:\s*"(\d+)(?:_(\d+))?"')
_PAGE = re.compile(rb'^\s*\{(?!\s*"data"\s*:)')
_NEXT = re.compile(rb'"next"\s*:\s*"https:[^"]*?/(?:v\d+\.\d+\\?/)?(\d+(?:_\d+)?)\\?/([a-z_]+)(\?[^"]*)')
_OWNER = re.compile(r"(\d+(?:_\d+)?)_(?:comments|replies)[^/]*$|(t_[^/]+?)_messages[^/]*$")
_SECRETS = rb"access_token|appsecret_proof|input_token|fb_exchange_token|client_secret|app_secret"
_TOKEN = re.compile(
    rb"((?:" + _SECRETS + rb')(?:=|%3[dD]|\\u003[dD]|"\s*:\s*"))(?!struck-out)[^&"\\\s]+'
    rb"|(?<![\w-])EAA[A-Za-z0-9]{30,}"
)
_ADDRESS = re.compile(rb'"(?:next|previous)"\s*:\s*"https:\\?/\\?/graph\.facebook\.com')
_ERROR = re.compile(rb'"error"\s*:\s*\{[^{}]*"fbtrace_id"')
_ANSWERED = re.compile(rb'"comment_count"\s*:\s*[1-9]')
_ANSWER = re.compile(rb'"parent"\s*:\s*\{|"comment_count"[^{}]*"comments"\s*:\s*\{\s*"data"\s*:\s*\[\s*\{')
_ANSWERS = re.compile(rb'\s*\{\s*"(data|paging|summary)"')
_NUMBERED = re.compile(r"(.*?)(\d{1,6})\.\w+$")
_OTHER_ITEMS = re.compile(rb'"(?:reviewer|recommendation_type|review_text|has_rating|participants|senders)"\s*:')
_COMMENT_KEYS = re.compile(rb'"(?:comment_count|like_count|can_remove|can_hide|can_comment|parent|object)"\s*:')


def is_dump(member: Member) -> bool:
    """Say whether a file looks like answers of the Graph API."""
    head = first_bytes(member)
    return bool(_ITEM.search(head) and _ID.search(head)) or bool(_ADDRESS.search(head) or _ERROR.search(head))


def first_bytes(member: Member) -> bytes:
    """Return the beginning of a file, empty if it cannot be read."""
    try:
        return member.read(HEAD).removeprefix(codecs.BOM_UTF8)
    except OSError:
        return b""


def without_tokens(native: bytes) -> bytes:
    """Return bytes with every access token struck out."""
    if b"token" in native or b"secret" in native or b"proof" in native or b"EAA" in native:
        return _TOKEN.sub(lambda found: (found[1] or b"") + STRUCK_OUT, native)
    return native


def text_without_tokens(text: str) -> str:
    """Return a text, such as a file's name or Facebook's own words, with every access token struck out."""
    return without_tokens(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def number(native_id: str) -> str:
    """Return the last number of an id: a post is ``<page>_<post>``, a comment ``<post>_<comment>``."""
    return native_id.rpartition("_")[2]


class Dump(Struct):
    """What a dump says of itself as a whole.

    ``page_id`` is the Page's, empty if nothing tells. ``pages`` counts responses with posts, ``to_come`` those of them
    that name a further one; ``wanted`` and ``fetched`` count, by post or comment, further pages of comments.
    ``numbers`` are those in the names of files with posts, by the rest of the name; ``years`` counts posts.
    ``is_bare`` if posts are there without the answer around them, which alone tells that no further page follows;
    ``limited`` if a range of time was asked for. ``answered`` if comments say that they have answers, ``has_answers``
    if any of those are here.
    """

    page_id: str = ""
    pages: int = 0
    to_come: int = 0
    has_comments: bool = False
    failed: bool = False
    is_bare: bool = False
    limited: bool = False
    answered: bool = False
    has_answers: bool = False
    wanted: Counter[str] = Counter()
    fetched: Counter[str] = Counter()
    years: Counter[str] = Counter()
    numbers: dict[str, set[int]] = {}

    @property
    def holds_every_post(self) -> bool:
        """Whether the feed was fetched to its end."""
        ended = self.pages > 0 and self.to_come < self.pages
        return ended and not (self.failed or self.is_bare or self.limited or self.left_out or self.crowded)

    @property
    def left_out(self) -> list[str]:
        """The beginnings of the names of files with posts whose numbers have a hole: a page is not here."""
        several = {stem: found for stem, found in self.numbers.items() if len(found) > 1}
        return sorted(
            stem for stem, found in several.items() if min(found) > 1 or max(found) - min(found) >= len(found)
        )

    @property
    def crowded(self) -> str:
        """A year with so many posts that the API may have left others out, empty if there is none."""
        return min((year for year, count in self.years.items() if count >= RANKED), default="")

    @property
    def unfinished(self) -> list[str]:
        """The posts and comments of which not all comments were fetched, by number."""
        return sorted(one for one, count in self.wanted.items() if self.fetched[one] < count)

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
    dump = Dump(wanted=Counter(), fetched=Counter(), years=Counter(), numbers={})
    for member in members(backup):
        head = first_bytes(member)
        before = dump.pages
        _look(dump, member, head)
        if dump.pages > before:
            _count(dump, member, is_lines(member, head))
        for owner, edge, rest in _noted(dump, member):
            if edge in POST_EDGES:
                dump.to_come += 1
                dump.limited = dump.limited or _is_limited(rest)
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
    if found := _NUMBERED.match(member.path):
        dump.numbers.setdefault(found[1], set()).add(int(found[2]))
    answers = 0
    for native in _pieces(member, by_line):
        try:
            posts = _posts(native).data
        except (ValueError, RecursionError):
            continue
        answers += _ANSWERS.match(native) is not None or _holds_posts(native[:HEAD])
        dump.years.update(one.created_time[:4] for one in posts if one.id.startswith(f"{dump.page_id}_"))
    dump.pages += max(answers - 1, 0)
    dump.is_bare = dump.is_bare or not answers


def _pieces(member: Member, by_line: bool) -> Iterator[bytes]:
    """Yield a file whole, or line by line; nothing if it is too large or cannot be read."""
    try:
        with member.open() as stream:
            if by_line:
                yield from (line.removeprefix(codecs.BOM_UTF8) for line in stream)
            elif member.size <= LARGEST_OBJECT:
                yield stream.read().removeprefix(codecs.BOM_UTF8)
    except OSError:
        return


def _is_limited(query: bytes) -> bool:
    """Say whether a page's address asks for a range of time; paging by time has a token of its own."""
    return re.search(rb"[?&](since|until)=", query) is not None and b"__paging_token" not in query


def members(backup: Backup) -> Iterator[Member]:
    """Yield the files that are, or may be, answers of the API, by path: as UTF-8, under names without tokens."""
    for member in backup.members():
        if is_answer(member):
            yield as_utf8(member.renamed(text_without_tokens(member.path)))


def is_answer(member: Member) -> bool:
    """Say whether a file may be an answer, by its name; what macOS adds is none."""
    name = member.path.rsplit("/", 1)[-1].lower()
    return name.endswith(ANSWERS) and not name.startswith("._") and "__MACOSX" not in member.path


def is_lines(member: Member, head: bytes) -> bool:
    """Say whether a file has an object on each line."""
    first, _, second = head.lstrip().partition(b"\n")
    by_look = first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")
    return by_look or member.path.lower().endswith(LINES)


def _look(dump: Dump, member: Member, head: bytes) -> None:
    dump.has_comments = dump.has_comments or b'"comments"' in head
    if re.match(rb'\s*\{\s*"error"', head):
        dump.failed = True
        return
    if owner_by_name(member).startswith("t_"):
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
    rest = b""
    try:
        with member.open() as stream:
            while block := stream.read(1 << 20):
                text = rest + block
                dump.answered = dump.answered or _ANSWERED.search(text) is not None
                dump.has_answers = dump.has_answers or _ANSWER.search(text) is not None
                end = 0
                for found in _NEXT.finditer(text):
                    yield found[1].decode(), found[2].decode(), found[3]
                    end = found.end()
                rest = text[max(end, len(text) - 4096) :]
    except OSError:
        return
