"""The files of a dump of Meta's Graph API: which hold answers, what further pages they name, and no tokens.

One response is ``{"data": […], "paging": {"next": "…"}}``; how a dump is cut into files is its maker's choice, so
nothing is known by a file's name alone. Addresses of further pages carry the token that made the dump: it is
struck out of everything that is kept.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct, field

from ingest.backup import Backup, Member
from ingest.utf16 import as_utf8

HEAD = 1 << 16
"""Bytes by which a file is known."""

LARGEST_OBJECT = 256 << 20
"""Bytes of the largest file that is decoded in one piece."""

ANSWERS = (".json", ".jsonl", ".ndjson")
"""Endings of the files that may hold answers."""

STRUCK_OUT = b"struck-out"

ID = re.compile(rb'"id"\s*:\s*"(\d+)(?:_(\d+))?"')
ANSWER = re.compile(rb'\s*\{\s*"(data|paging|summary)"')
NUMBERED = re.compile(r"(.*?)(\d{1,6})\.\w+$")
"""A file's name that counts."""

_NEXT = re.compile(rb'"next"\s*:\s*"https:[^"]*?/(?:v\d+\.\d+\\?/)?(\d+(?:_\d+)?)\\?/([a-z_]+)(\?[^"]*)')
_SECRETS = rb"access_token|appsecret_proof|input_token|fb_exchange_token|client_secret|app_secret"
_TOKEN = re.compile(
    rb"((?:" + _SECRETS + rb')(?:=|%3[dD]|\\u003[dD]|"\s*:\s*"))(?!struck-out)[^&"\\\s]+'
    rb"|(?<![\w-])(?:EAA|IG(?:QV|AA))[A-Za-z0-9]{30,}"
)
_ADDRESS = re.compile(rb'"(?:next|previous)"\s*:\s*"https:\\?/\\?/graph\.(?:facebook|instagram)\.com')
_ERROR = re.compile(rb'"error"\s*:\s*\{[^{}]*"fbtrace_id"')
_MEDIA = re.compile(rb'"(?:media_type|media_product_type|comments_count|caption|hidden|followers_count|username)"\s*:')
_TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000"')


def is_an_answer(head: bytes) -> bool:
    """Say whether a file begins with an address or an error of the API, whatever it is about."""
    return bool(_ADDRESS.search(head) or _ERROR.search(head))


def is_instagrams(head: bytes) -> bool:
    """Say whether a file begins with what the API tells of Instagram: media, comments, or the account."""
    if not (ID.search(head) and _MEDIA.search(head)):
        return False
    return _TIMESTAMP.search(head) is not None or b'"media_count"' in head


def first_bytes(member: Member) -> bytes:
    """Return the beginning of a file, empty if it cannot be read."""
    try:
        return member.read(HEAD).removeprefix(codecs.BOM_UTF8)
    except OSError:
        return b""


def without_tokens(native: bytes) -> bytes:
    """Return bytes with every access token struck out."""
    if b"token" in native or b"secret" in native or b"proof" in native or b"EAA" in native or b"IG" in native:
        return _TOKEN.sub(lambda found: (found[1] or b"") + STRUCK_OUT, native)
    return native


def text_without_tokens(text: str) -> str:
    """Return a text, such as a file's name or Facebook's own words, with every access token struck out."""
    return without_tokens(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def number(native_id: str) -> str:
    """Return the last number of an id: a post is ``<page>_<post>``, a comment ``<post>_<comment>``."""
    return native_id.rpartition("_")[2]


def members(backup: Backup) -> Iterator[Member]:
    """Yield the files that are, or may be, answers of the API, by path: as UTF-8, under names without tokens."""
    for member in backup.members():
        if is_answer(member):
            yield as_utf8(member.renamed(text_without_tokens(member.path)))


def is_answer(member: Member) -> bool:
    """Say whether a file may be an answer, by its name; what macOS adds is none."""
    name = member.path.rsplit("/", 1)[-1].lower()
    return name.endswith(ANSWERS) and not name.startswith("._") and "__MACOSX" not in member.path


def pieces(member: Member, by_line: bool) -> Iterator[bytes]:
    """Yield a file whole, or line by line; nothing if it is too large or cannot be read."""
    try:
        with member.open() as stream:
            if by_line:
                yield from (line.removeprefix(codecs.BOM_UTF8) for line in stream)
            elif member.size <= LARGEST_OBJECT:
                yield stream.read().removeprefix(codecs.BOM_UTF8)
    except OSError:
        return


def is_limited(query: bytes) -> bool:
    """Say whether a page's address asks for a range of time; paging by time has a token of its own."""
    return re.search(rb"[?&](since|until)=", query) is not None and b"__paging_token" not in query


def further_pages(block: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield (id, edge, query) for every address of a further page in a stretch of a file."""
    for found in _NEXT.finditer(block):
        yield found[1].decode(), found[2].decode(), found[3]


def stretches(member: Member) -> Iterator[bytes]:
    """Yield a file in stretches that end where an address of a further page does, or a few kilobytes overlap."""
    rest = b""
    try:
        with member.open() as stream:
            while block := stream.read(1 << 20):
                text = rest + block
                yield text
                end = max((found.end() for found in _NEXT.finditer(text)), default=0)
                rest = text[max(end, len(text) - 4096) :]
    except OSError:
        return


class Fetched(Struct):
    """What was fetched of a list of posts and of the lists in them, and what is known to be missing.

    ``pages`` counts responses with posts, ``to_come`` those of them that name a further one; ``wanted`` and
    ``fetched`` count, by post or comment, further pages of comments. ``numbers`` are those in the names of files with
    posts, by the rest of the name. ``is_bare`` if posts are there without the answer around them, which alone tells
    that no further page follows; ``limited`` if a range of time was asked for; ``failed`` if an answer is an error.
    """

    pages: int = 0
    to_come: int = 0
    failed: bool = False
    is_bare: bool = False
    limited: bool = False
    wanted: Counter[str] = field(default_factory=Counter)
    fetched: Counter[str] = field(default_factory=Counter)
    numbers: dict[str, set[int]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the posts were fetched to their end, so far as the files tell."""
        ended = self.pages > 0 and self.to_come < self.pages
        return ended and not (self.failed or self.is_bare or self.limited or self.left_out)

    @property
    def left_out(self) -> list[str]:
        """The beginnings of the names of files with posts whose numbers have a hole: a page is not here."""
        several = {stem: found for stem, found in self.numbers.items() if len(found) > 1}
        return sorted(
            stem for stem, found in several.items() if min(found) > 1 or max(found) - min(found) >= len(found)
        )

    @property
    def unfinished(self) -> list[str]:
        """The posts and comments of which not all comments were fetched, by number."""
        return sorted(one for one, count in self.wanted.items() if self.fetched[one] < count)
