"""A web page out of its bytes: title, words, links, and the dates that the page itself tells."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from archive.records import Timestamp
from ingest.text import clean, decoded, html_to_text, is_too_deep
from ingest.timestamps import from_iso

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

LONGEST = 4 << 20
"""Bytes of a page that are looked at for its words; no page that a person reads has more."""

MOST_LINKS = 5000

_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_PUBLISHED = ("article:published_time", "datepublished", "dcterms.created", "dc.date.issued", "date")
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified")


class Page(Struct, frozen=True):
    """What a page says. ``published`` and ``modified`` are None unless the page tells them."""

    title: str
    text: str
    links: tuple[str, ...]
    published: Timestamp | None
    modified: Timestamp | None


def read_page(raw: bytes, content_type: str, address: str) -> Page:
    """Return what a page says; ``content_type`` is the header that came with it."""
    from selectolax.lexbor import LexborHTMLParser

    html = page_text(raw[:LONGEST], content_type)
    if is_too_deep(html):
        return Page("", clean(html_to_text(html)), (), None, None)
    tree = LexborHTMLParser(html.replace("\0", ""))
    title = tree.css_first("title")
    told = _told(tree)
    return Page(
        clean(" ".join(title.text().split())) if title is not None else "",
        clean(html_to_text(html)),
        _links(tree, address),
        _moment(told, _PUBLISHED),
        _moment(told, _MODIFIED),
    )


def page_text(raw: bytes, content_type: str) -> str:
    """Return a page's text: by its byte order mark, its header, its own word, else UTF-8 or Windows-1252."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    header = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    own = _CHARSET.search(raw[:4096])
    for name in (header[1] if header else "", own[1].decode() if own else ""):
        try:
            if name and codecs.lookup(name).name not in ("utf-8", "ascii", "iso8859-1"):
                return raw.decode(name, "replace")
        except (LookupError, UnicodeError):
            continue
    return decoded(raw)


def _told(tree: LexborHTMLParser) -> dict[str, str]:
    """Return the page's meta elements by name, property or itemprop."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        about = node.attributes
        name = about.get("property") or about.get("name") or about.get("itemprop") or ""
        if name and about.get("content"):
            found.setdefault(name.lower(), about.get("content") or "")
    return found


def _moment(told: dict[str, str], names: tuple[str, ...]) -> Timestamp | None:
    for name in names:
        found = from_iso(told[name], "unknown") if name in told else None
        if found is not None and found.at is not None:
            return found
    return None


def _links(tree: LexborHTMLParser, address: str) -> tuple[str, ...]:
    """Return where the page leads, without its own parts."""
    found: dict[str, None] = {}
    for node in tree.css("a[href]"):
        target = absolute(address, node.attributes.get("href") or "")
        if target and target != address:
            found[target] = None
        if len(found) >= MOST_LINKS:
            break
    return tuple(found)


def absolute(address: str, link: str) -> str:
    """Return a link as a full web address without its fragment, empty if it is none."""
    try:
        target = urljoin(address, link.strip()).partition("#")[0]
        return clean(target) if urlsplit(target).scheme in ("http", "https") else ""
    except ValueError:
        return ""
