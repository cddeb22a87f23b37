"""One place for text: HTML to plain text, and text that storage cannot hold."""

from __future__ import annotations

import re
from html import unescape

from archive.canonical import storable

_SECRET = re.compile(r"((?:token|key|secret|password|signature|proof)=)[^&\s]+", re.IGNORECASE)

_BLANKS = re.compile(r"[ \t\r\f\v\xa0]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_MARKED_UP = re.compile("[<&\r\0]")
"""What makes a text other than what it says: without these it is the same in HTML."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
_NEVER_NESTED = frozenset(
    ("area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "source",
     "tbody", "td", "tfoot", "th", "thead", "tr", "wbr")
)  # fmt: skip
"""Elements without an end, or ended by the next of their kind."""

_SIMPLE = re.compile(
    r"(?:[^<&\r\0]++|&(?:#(?:3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6])|amp|lt|gt|quot|apos|nbsp);"
    r"|</?(?:p|div|a|at|attachment|emoji|img|span|b|i|em|strong|br)(?:[ ][\w-]++=\"[^\"<>]*+\")*+[ ]?/?>)*+"
)
"""Short paragraphs as people's posts have them: nothing that an HTML parser would have to set right."""
_BREAK = re.compile(r"<(/?)(p|div|br)\b[^>]*>|<[^>]*>")

DEEPEST = 3000
"""Elements inside one another from which a document is no page."""

BLOCKS = (
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
)  # fmt: skip
"""Elements that start a new line."""


def html_to_text(html: str) -> str:
    """Return what a person reads of an HTML document: no scripts, no styles, blocks on their own lines."""
    if not _MARKED_UP.search(html):
        return tidy(html)
    if _SIMPLE.fullmatch(html):
        return _simple_text(html)
    from selectolax.lexbor import LexborHTMLParser

    if is_too_deep(html):
        return tidy(unescape(_ANY_TAG.sub("\n", html.replace("\0", ""))))
    tree = LexborHTMLParser(html.replace("\0", ""))
    tree.strip_tags(["script", "style", "head", "template", "noscript"], recursive=True)
    for node in tree.css(", ".join(BLOCKS)):
        node.insert_before("\n")
        node.insert_after("\n")
    for cell in tree.css("td, th"):
        cell.insert_after("\t")
    body = tree.body
    return tidy(body.text(deep=True) if body is not None else tree.text(deep=True))


def _simple_text(html: str) -> str:
    """Return what the parser would give for simple markup, in a tenth of its time.

    A paragraph ends with the next one or with a division; an end of a paragraph that is none is one without words.
    """
    is_open, divisions = False, 0

    def lines(match: re.Match[str]) -> str:
        nonlocal is_open, divisions
        slash, name = match.groups()
        if name in (None, "br"):
            return "\n\n" if name else ""
        was_open = is_open
        if name == "p":
            is_open = not slash
            return "\n" if was_open == bool(slash) else "\n\n"
        if slash and not divisions:
            return ""
        is_open = False
        divisions += -1 if slash else 1
        return "\n\n" if was_open else "\n"

    return tidy(unescape(_BREAK.sub(lines, html)))


def is_too_deep(html: str) -> bool:
    """Say whether elements are nested so deeply that parsing them would take hours: no page is, an attack may be."""
    if html.count("<") <= DEEPEST:
        return False
    depth = 0
    for slash, name in _TAG.findall(html):
        if name.lower() not in _NEVER_NESTED:
            depth = max(depth - 1, 0) if slash else depth + 1
        if depth > DEEPEST:
            return True
    return False


def tidy(text: str) -> str:
    """Return text without trailing blanks and without more than one empty line at a time."""
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def decoded(raw: bytes) -> str:
    """Return text that is UTF-8, or else Windows-1252; what is neither becomes U+FFFD."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def clean(text: str) -> str:
    """Return text that can be stored: half characters (lone surrogates) become U+FFFD, NUL goes."""
    return storable(text.replace("\0", ""))


def without_secrets(name: str) -> str:
    """Return a name without the secrets that an address in it carries (``feed?access_token=…``, as wget has it)."""
    return _SECRET.sub(r"\1struck-out", name)
