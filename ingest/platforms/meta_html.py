"""Meta's exports in HTML, as a page of blocks: one block an item, whatever it is.

A page is cut into its blocks as it streams, each with its own bytes; only one block is parsed at a time. What a part
of a block is follows from where it stands; class names, which Meta changes, only help to find the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from ingest.backup import Member
from ingest.localised_dates import looks_like_date, offset_between, stated_offset
from ingest.timestamps import from_iso

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

HEAD = 1 << 16
"""Bytes in which a page says of whom and when it is."""

LONGEST_BLOCK = 32 << 20
"""Bytes after which a block that does not end is given up."""

MANY_TAGS = 2000
"""Tags up to which a block is taken apart without a look at how deep they stand."""

DEEPEST = 200
"""Elements inside one another beyond which nothing is looked for."""

_CLASSES = re.compile(rb'<(?:div|section|article)\b[^>]*class="[^"]*(?:\b_a6-g\b|\buiBoxWhite\b)[^"]*"[^>]*>')
_MAIN = re.compile(rb'<[^>]*role="main"[^>]*>\s*(?:<main[^>]*>\s*)?(<(?:div|section|article)\b[^>]*>)')
_END = re.compile(rb"</(?:main|body)>")
_TIMES = re.compile(r'<time[^>]*datetime="([^"]+)"[^>]*>([^<]*)</time>')
_INLINE = frozenset(
    ("a", "span", "b", "i", "u", "em", "strong", "wbr", "time", "img", "video", "audio", "source", "-text")
)
_TAG = re.compile(rb"<(/?)([a-zA-Z]+)")
_VOID = (b"br", b"img", b"input", b"hr", b"wbr", b"source", b"meta", b"link", b"p", b"li")
_BREAK = re.compile(rb"<br\s*/?>")
_HEADING = re.compile(rb"<h[1-6]")
_NOT_WORDS_IN = re.compile(rb"<(?:table|ul|script|style|figcaption)")
_NOT_WORDS = ("table", "ul", "script", "style", "figcaption")


class Page(Struct, frozen=True):
    """What a page says of itself: its heading, of whom it is, when it was made and by which clock.

    ``offset`` is the one from UTC of the clock, None if nothing tells. ``since`` and ``until`` are days, where the
    export was limited to a range.
    """

    title: str = ""
    owner: str = ""
    made_at: datetime | None = None
    offset: timedelta | None = None
    since: datetime | None = None
    until: datetime | None = None


class Row(Struct, frozen=True):
    """One row of a table of labels and values."""

    label: str
    value: str


class Block(Struct, frozen=True):
    """One item of a page.

    ``title`` is its heading, ``texts`` are the paragraphs of its body, each once; ``date`` is the text at its foot.
    ``links`` are (address, text), ``media`` paths in the export, ``rows`` those of its tables.
    """

    number: int
    native: bytes
    title: str
    texts: tuple[str, ...]
    date: str
    links: tuple[tuple[str, str], ...]
    media: tuple[str, ...]
    rows: tuple[Row, ...]


def is_export(head: bytes) -> bool:
    """Say whether a page begins as Meta's exports do."""
    return _CLASSES.search(head) is not None


def page(member: Member) -> Page:
    """Return what a page says of itself; the two clocks of its heading tell the offset."""
    from selectolax.lexbor import LexborHTMLParser

    raw = head_of(member)
    first = _separator(raw)
    head = raw[: raw.find(first)] if first else raw
    text = head.decode("utf-8", "replace").replace("\0", "")
    tree = LexborHTMLParser(text)
    heading = tree.css_first("h1") or tree.css_first("title")
    aside = tree.css_first("aside") or tree.css_first("header")
    owner = aside.text(separator=" ") if aside is not None else ""
    times = [(from_iso(at).at, shown) for at, shown in _TIMES.findall(text)]
    made_at, shown = times[0] if times else (None, "")
    by_clocks = offset_between(shown, made_at) if made_at is not None else None
    return Page(
        title=heading.text(strip=True) if heading is not None else "",
        owner=" ".join(owner.split()),
        made_at=made_at,
        offset=by_clocks if by_clocks is not None else stated_offset(text) or _foot(member),
        since=times[1][0] if len(times) > 2 else None,
        until=times[2][0] if len(times) > 2 else None,
    )


def _foot(member: Member) -> timedelta | None:
    """Return the offset that a page states at its foot, as those before 2022 do."""
    if member.size > LONGEST_BLOCK:
        return None
    try:
        return stated_offset(member.read()[-2048:].decode("utf-8", "replace").rpartition("<div")[2])
    except OSError:
        return None


def head_of(member: Member) -> bytes:
    """Return the beginning of a page, empty if it cannot be read."""
    try:
        return member.read(HEAD)
    except OSError:
        return b""


# -- cutting


def _separator(head: bytes) -> bytes:
    """Return the tag that every block begins with: the first one in the page's main part, else by its class."""
    main = _MAIN.search(head)
    if main is not None and (head.count(main[1]) > 1 or _CLASSES.search(head) is None):
        return main[1]
    found = _CLASSES.search(head)
    return found[0] if found is not None else b""


def pieces(member: Member) -> Iterator[bytes]:
    """Yield the bytes of each block; raises OSError where the page cannot be read on."""
    mark = _separator(head_of(member))
    if not mark:
        return
    with member.open() as stream:
        rest, begun = b"", False
        while block := stream.read(1 << 20):
            rest += block
            *whole, rest = rest.split(mark)
            for piece in whole:
                if begun:
                    yield mark + piece
                begun = True
            if len(rest) > LONGEST_BLOCK:
                raise OSError(f"a block of more than {LONGEST_BLOCK:,} bytes does not end")
    end = _END.search(rest)
    if begun:
        yield mark + (rest[: end.start()] if end else rest)


def _balanced(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield blocks whole: one that has a block of the same kind inside it was cut there."""
    kept: list[bytes] = []
    depth = size = 0
    for part in parts:
        kept.append(part)
        depth += part.count(b"<div") - part.count(b"</div>")
        size += len(part)
        if depth <= 0 or size > LONGEST_BLOCK:
            yield b"".join(kept)
            kept, depth, size = [], 0, 0
    if kept:
        yield b"".join(kept)


def cut(member: Member) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the bytes of every block of a page; raises OSError where it cannot be read on."""
    yield from enumerate(_balanced(pieces(member)), 1)


def blocks(member: Member) -> Iterator[Block]:
    """Yield the blocks of a page that can be taken apart."""
    for number, native in cut(member):
        if not is_too_deep(native):
            yield block(native, number)


def is_too_deep(native: bytes) -> bool:
    """Say whether elements stand in one another deeper than in any page: taking them apart could take hours."""
    if native.count(b"<") < MANY_TAGS:
        return False
    depth = 0
    for found in _TAG.finditer(native):
        depth += -1 if found[1] else found[2].lower() not in _VOID
        if depth > MANY_TAGS:
            return True
    return False


# -- one block


def block(native: bytes, number: int) -> Block:
    """Return one block, taken apart."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_BREAK.sub(b"\n", native).decode("utf-8", "replace").replace("\0", ""))
    root = tree.body.child if tree.body is not None else None
    if root is None:
        return Block(number, native, "", (), "", (), (), ())
    anchors = root.css("a[href]") if b"<a" in native else []
    links = [(node.attributes.get("href") or "", _words(node)) for node in anchors]
    pictures = root.css("img[src], video[src], audio[src], source[src]") if b"src=" in native else []
    sources = [node.attributes.get("src") or "" for node in pictures]
    rows = tuple(_rows(root)) if b"<tr" in native else ()
    for node in root.css(", ".join(_NOT_WORDS)) if _NOT_WORDS_IN.search(native) else ():
        node.decompose()
    heading = (root.css_first("h1, h2, h3, h4, h5, h6") if _HEADING.search(native) else None) or _heading(root)
    title = _words(heading) if heading is not None else ""
    found = [_words(one) for one in _leaves(root) if heading is None or one.mem_id != heading.mem_id]
    said = [one for one in found if one]
    date = said.pop() if said and looks_like_date(said[-1]) else ""
    only_links = {text for address, text in links if "://" in address and not text.startswith(("#", "@"))}
    texts = [one for one in dict.fromkeys(said) if one != date and one not in only_links]
    return Block(
        number=number,
        native=native,
        title=title,
        texts=tuple(texts),
        date=date,
        links=tuple((address, text) for address, text in links if "://" in address),
        media=tuple(dict.fromkeys(_local([*sources, *(address for address, _ in links)]))),
        rows=rows,
    )


def _heading(root: LexborNode) -> LexborNode | None:
    """Return a block's heading where it is no heading element: its first child, if a body and a foot follow."""
    children = [one for one in root.iter() if one.tag not in _INLINE]
    return children[0] if len(children) > 2 and _is_leaf(children[0]) else None


def _leaves(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the innermost elements that hold words, in their order; no deeper than a page that Meta writes."""
    stack = [(node, 0)]
    while stack:
        one, depth = stack.pop()
        children = list(one.iter(include_text=True))
        if _INLINE.issuperset([child.tag for child in children]):
            yield one
        elif depth < DEEPEST:
            stack.extend([(child, depth + 1) for child in reversed(children)])


def _is_leaf(node: LexborNode) -> bool:
    return all(child.tag in _INLINE for child in node.iter())


def _words(node: LexborNode) -> str:
    """Return an element's words with its line breaks."""
    return node.text(deep=True).replace("\xa0", " ").strip()


def _rows(root: LexborNode) -> Iterator[Row]:
    """Yield the rows of tables: a cell for the label and one for the value, or one cell with the value inside it."""
    for row in root.css("tr"):
        cells = [one for one in row.iter() if one.tag in ("td", "th")]
        if len(cells) > 1:
            yield Row(_words(cells[0]), _words(cells[1]))
        elif cells:
            inner = [one for one in cells[0].iter() if one.tag == "div"]
            label = cells[0].text(deep=False).strip()
            if not label and inner:
                label, inner = _words(inner[0]), inner[1:]
            yield Row(label, "\n".join(filter(None, map(_words, inner))))


def _local(addresses: Sequence[str]) -> Iterator[str]:
    """Yield the addresses that are paths inside the export, and of files."""
    for one in addresses:
        path = one.partition("?")[0].removeprefix("../").removeprefix("../")
        if "://" in one or path.startswith(("#", "mailto:", "data:", "files/")):
            continue
        if path and not path.endswith((".html", ".htm", "/")):
            yield path
